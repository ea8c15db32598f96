"""Keeps what a process holds in memory (the token, the key, names, photos) from the disk and from other processes."""

from __future__ import annotations

import ctypes
import resource

PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_dumps() -> None:
    """No core dump of this process, and no reading of its memory or environment through `/proc` but by root.

    Holds until it runs another program; its children that do so are as any other process.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
