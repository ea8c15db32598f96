"""What a process of ours sets for itself: nobody reads its memory, it gives way to others, it ends with its parent."""

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

STDERR = 2  # a process's standard streams are 0, 1 and 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4  # linux/prctl.h


def forbid_dumps() -> None:
    """No core dump of this process, and no reading of its memory or environment through `/proc` but by root.

    Keeps what it holds (the token, the key, names, photos) from the disk and from other processes. Holds until it runs
    another program; its children that do so are as any other process.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def lower_priority(niceness: int, *, oom_score: int) -> None:
    """Add so much niceness (1..19), also to that of the session; the kernel ends high scores (..1000) first.

    Each session that setsid(2) begins is an autogroup (sched(7)): between two of them only the niceness of the groups
    counts, where autogrouping is on.
    """
    total = os.nice(niceness)
    for file, value in (("autogroup", total), ("oom_score_adj", oom_score)):
        with contextlib.suppress(OSError):  # no autogroups here; a score that is higher already
            Path("/proc/self", file).write_text(str(value))


def keep_files_to_itself() -> None:
    """Let no child have the files that this process was started with; Python opens all others so by itself.

    Standard streams excepted. asyncio closes them in each child, uvloop does not.
    """
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        if number > STDERR:
            with contextlib.suppress(OSError):  # the one by which the folder was read is closed
                os.set_inheritable(number, False)


def end_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends, unless it has ended before (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
