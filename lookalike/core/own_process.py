"""What a child process sets for itself: it gives way to others, and ends with its parent."""

import contextlib
import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def lower_priority(niceness: int, *, oom_score: int) -> None:
    """Add so much niceness (1..19), also to that of the session; the kernel ends high scores (..1000) first.

    Each session that setsid(2) begins is an autogroup (sched(7)): between two of them only the niceness of the groups
    counts, where autogrouping is on.
    """
    total = os.nice(niceness)
    for file, value in (("autogroup", total), ("oom_score_adj", oom_score)):
        with contextlib.suppress(OSError):  # no autogroups here; a score that is higher already
            Path("/proc/self", file).write_text(str(value))


def end_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends, unless it has ended before (prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
