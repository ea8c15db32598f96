"""Processes as /proc shows them: descendants, memory, open files, processor time."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Usage:
    """What a process holds: resident megabytes and open file descriptors."""

    rss_mb: float
    fds: int


def usage(pid: int) -> Usage:
    """What a process holds now; zeros if it is gone."""
    try:
        pages = int((PROC / str(pid) / "statm").read_text().split()[1])
        return Usage(round(pages * PAGE_BYTES / 1e6, 1), len(list((PROC / str(pid) / "fd").iterdir())))
    except (OSError, IndexError):
        return Usage(0.0, 0)


def proportional_mb(pid: int) -> float:
    """Megabytes of a process, its part of shared pages divided by those who share them; 0 if it is gone."""
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    return 0.0


def descendants(pid: int) -> list[int]:
    """The children of a process, their children, and so on; zombies are left out."""
    parents: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (found := _state_and_parent(int(entry.name))) and found[0] != "Z":
            parents.setdefault(found[1], []).append(int(entry.name))
    family: list[int] = []
    newest = [pid]
    while newest:
        newest = [child for parent in newest for child in parents.get(parent, [])]
        family += newest
    return family


def workers(pid: int) -> list[int]:
    """The face workers of a bot, in the order they were started."""
    return sorted(one for one in descendants(pid) if b"worker_main" in command(one))


def command(pid: int) -> bytes:
    """The command line of a process; empty if it is gone."""
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / "cmdline").read_bytes()
    return b""


def is_running(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    found = _state_and_parent(pid)
    return found is not None and found[0] != "Z"


def is_stopped(pid: int) -> bool:
    """Whether a process was stopped by a signal."""
    found = _state_and_parent(pid)
    return found is not None and found[0] == "T"


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to the processes that still exist."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def cpu_s(pid: int) -> float:
    """Seconds of processor time a process has used; 0 if it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def read_bytes(pid: int) -> int:
    """Bytes a process has read so far, from files and pipes; 0 if it is gone."""
    with contextlib.suppress(OSError):
        for line in (PROC / str(pid) / "io").read_text().splitlines():
            if line.startswith("rchar:"):
                return int(line.split()[1])
    return 0


def limit_memory(pid: int, room_bytes: int) -> None:
    """Limit a process to so many more bytes of address space than it uses."""
    used_bytes = int((PROC / str(pid) / "statm").read_text().split()[0]) * PAGE_BYTES
    resource.prlimit(pid, resource.RLIMIT_AS, (used_bytes + room_bytes, used_bytes + room_bytes))


@contextlib.contextmanager
def no_new_files(pid: int) -> Iterator[None]:
    """Meanwhile a process can open no file, so neither start another one; what is open stays open."""
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def _state_and_parent(pid: int) -> tuple[str, int] | None:
    try:
        fields = (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return fields[0], int(fields[1])
