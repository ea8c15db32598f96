"""How this project starts a Python process of its own: by module, from this checkout, with none of our environment."""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

from lookalike.core.paths import ROOT

PR_SET_PDEATHSIG = 1  # linux/prctl.h
RUN_MODULE = (sys.executable, "-P", "-m")  # -P: the working directory is not searched for modules


def child_environment() -> dict[str, str]:
    """The environment of a child: no token, no setting; one thread for each library."""
    return {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


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
