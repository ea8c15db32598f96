"""What a worker process gives up for good, so that a picture that takes over a decoder finds little.

It can compute, read programs and fonts, and answer over its pipes. Three features of Linux do that, and
none needs root: Landlock (landlock(7)) refuses every file but those that are named, and hides other processes in
`/proc`; seccomp(2) refuses system calls by number; limits (setrlimit(2)) bound memory, CPU time and threads.
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
import sysconfig
from collections.abc import Callable, Iterable
from errno import EBUSY, ENOSYS
from pathlib import Path

from lookalike.core.paths import ROOT
from lookalike.workers.system_calls import MACHINES, Instruction, call_filter, network_filter

# Libraries of the system, which are read when they are first used.
SYSTEM_FILES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/dev/null")

PR_SET_NO_NEW_PRIVS = 38  # linux/prctl.h
CAPABILITY_VERSION = 0x20080522  # linux/capability.h
SECCOMP, SET_FILTER, ALL_THREADS = (317, 277), 1, 1  # the call on each of MACHINES; linux/seccomp.h
# linux/landlock.h; the calls have the same numbers on every machine.
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT, PATH_BENEATH = 444, 445, 446, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# By version: every access to files that it knows (truncating since 3, devices' ioctl since 5), TCP since 4, signals and
# sockets to others since 6. Moving files between folders is refused without being named.
FILE_ACCESS = {1: 0x1FFF, 3: 0x5FFF, 5: 0xDFFF}
TCP, TCP_SINCE = 3, 4
OTHERS, OTHERS_SINCE = 3, 6


def readable_files(*folders: Path) -> list[Path]:
    """What a worker at work may read: the interpreter and its libraries, this package, and these folders."""
    paths = sysconfig.get_paths()
    libraries = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    libraries.add(str(Path(sys.base_prefix).resolve() / "lib"))
    return [*map(Path, SYSTEM_FILES), *map(Path, sorted(libraries)), ROOT / "lookalike", *folders]


def confine(readable: Iterable[Path]) -> list[str]:
    """Give up all files but these, capabilities, threads, and system calls that a worker at work does not need.

    For good; the models must be loaded. Returns what this machine cannot refuse, and why.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # what Landlock and seccomp demand of a process that is not root
    missing = _attempt("other files", lambda: _restrict_files(libc, readable))
    empty = struct.pack("=6I", 0, 0, 0, 0, 0, 0)  # effective, permitted, inheritable; the same for 32..63
    libc.capset(ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION, 0)), empty)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # no further thread, even where seccomp is missing
    pid = os.getpid()
    calls = _attempt("network and other processes", lambda: _add_filter(lambda machine: call_filter(machine, pid)))
    return missing + calls


def refuse_network() -> list[str]:
    """Give up sockets for good, and nothing else. Returns what this machine cannot refuse, and why."""
    ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return _attempt("network", lambda: _add_filter(network_filter))


def _attempt(name: str, restrict: Callable[[], None]) -> list[str]:
    try:
        restrict()
    except OSError as error:
        return [f"{name} ({error.strerror})"]
    return []


def _restrict_files(libc: ctypes.CDLL, readable: Iterable[Path]) -> None:
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208 - Landlock restricts the thread that asks for it
        raise OSError(EBUSY, "a library has started threads")
    version = _checked(libc.syscall(LANDLOCK_CREATE, None, 0, 1))  # 1: only tell the version
    access = struct.pack("=Q", max(bits for since, bits in FILE_ACCESS.items() if since <= version))
    if version >= TCP_SINCE:
        access += struct.pack("=Q", TCP)
    if version >= OTHERS_SINCE:
        access += struct.pack("=Q", OTHERS)
    rules = _checked(libc.syscall(LANDLOCK_CREATE, access, len(access), 0))
    try:
        for path in readable:
            _allow_reading(libc, rules, path)
        _checked(libc.syscall(LANDLOCK_RESTRICT, rules, 0))
    finally:
        os.close(rules)


def _allow_reading(libc: ctypes.CDLL, rules: int, path: Path) -> None:
    """Add the rule for a file, or for a folder and all below; what is not there needs none."""
    try:
        file = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        access = READ_FILE | READ_DIR if path.is_dir() else READ_FILE
        _checked(libc.syscall(LANDLOCK_ADD, rules, PATH_BENEATH, struct.pack("=Qi", access, file), 0))
    finally:
        os.close(file)


def _add_filter(make: Callable[[int], list[Instruction]]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    machine = os.uname().machine
    if machine not in MACHINES or sys.maxsize < 2**32:
        raise OSError(ENOSYS, f"not known how on {machine}")
    steps = make(MACHINES.index(machine))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    _checked(libc.syscall(SECCOMP[MACHINES.index(machine)], SET_FILTER, ALL_THREADS, program))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
