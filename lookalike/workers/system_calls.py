"""The system calls that a worker may make once it has its models, as a filter program for seccomp(2).

The list is what Python, Pillow, dlib, ONNX Runtime, numpy and glibc were seen to call between two photos (strace), and
what glibc calls in their place in other versions and on other machines. Threads, processes, sockets, signals to others,
changes of files and everything unknown are refused.
"""

from __future__ import annotations

from errno import ENOSYS, EPERM

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
MACHINES = tuple(AUDIT_ARCH)

Numbers = tuple[int | None, int | None]  # on x86_64 (asm/unistd_64.h) and aarch64 (asm-generic/unistd.h); None: no such

# The most frequent first: the filter compares one after the other.
ALLOWED: dict[str, Numbers] = {
    "read": (0, 63), "write": (1, 64), "clock_gettime": (228, 113), "lseek": (8, 62), "close": (3, 57),
    "newfstatat": (262, 79), "openat": (257, 56), "fstat": (5, 80), "mmap": (9, 222), "munmap": (11, 215),
    "brk": (12, 214), "futex": (202, 98), "mprotect": (10, 226), "madvise": (28, 233), "mremap": (25, 216),
    "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "getdents64": (217, 61), "statx": (332, 291),
    "stat": (4, None), "lstat": (6, None), "open": (2, None), "access": (21, None), "faccessat": (269, 48),
    "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "fadvise64": (221, 223),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "restart_syscall": (219, 128), "exit": (60, 93), "exit_group": (231, 94), "getrandom": (318, 278),
    "gettimeofday": (96, 169), "time": (201, None), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101), "getrusage": (98, 165), "sysinfo": (99, 179), "uname": (63, 160), "getpid": (39, 172),
    "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "poll": (7, None), "ppoll": (271, 73),
}  # fmt: skip
# Allowed with these arguments: which one (from 0), and its values. abort() signals the process itself, whose id is put
# in the place of OWN_PID; a worker sets its own limits (0: itself); files are opened close-on-exec.
OWN_PID = -1
FCNTL_FLAGS = (1, 2, 3)  # F_GETFD, F_SETFD, F_GETFL (asm-generic/fcntl.h)
ALLOWED_WITH: dict[str, tuple[Numbers, int, tuple[int, ...]]] = {
    "tgkill": ((234, 131), 0, (OWN_PID,)),
    "prlimit64": ((302, 261), 0, (0,)),
    "fcntl": ((72, 25), 1, FCNTL_FLAGS),
}
NETWORK: dict[str, Numbers] = {"socket": (41, 198), "socketpair": (53, 199), "io_uring_setup": (425, 425)}
# From here on numbers are the same on every machine. A libc that tries one of these first, as glibc 2.34 does with
# clone3 and 2.33 with faccessat2, takes the older call when it is told that there is no such.
UNKNOWN_FROM = 424
X32 = 0x40000000  # a second numbering of the calls of x86_64

# linux/filter.h and linux/bpf_common.h: load a word; compare and skip so many instructions if so, if not; return
LOAD, IF_EQUAL, IF_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER, ARCH = 0, 4  # offsets in struct seccomp_data
ALLOW, KILL, REFUSE, UNKNOWN = 0x7FFF0000, 0x80000000, 0x50000 | EPERM, 0x50000 | ENOSYS  # linux/seccomp.h

Instruction = tuple[int, int, int, int]  # code, instructions to skip if so, if not, operand


def argument(index: int) -> int:
    """Offset in struct seccomp_data of the lower half of an argument (both machines are little-endian)."""
    return 16 + 8 * index


def call_filter(machine: int, pid: int) -> list[Instruction]:
    """The filter as instructions of classic BPF, for MACHINES[machine]; the kernel runs it at every system call."""
    allowed = (numbers[machine] for numbers in ALLOWED.values())
    return [
        (LOAD, 0, 0, ARCH), (IF_EQUAL, 1, 0, AUDIT_ARCH[MACHINES[machine]]), (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER), (IF_AT_LEAST, 0, 1, X32), (RETURN, 0, 0, REFUSE),
        *(step for number in allowed if number is not None
          for step in ((IF_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW))),
        *(step for numbers, index, values in ALLOWED_WITH.values()
          for step in _with_argument(numbers[machine] or 0, index, [pid if one == OWN_PID else one for one in values])),
        (IF_AT_LEAST, 0, 1, UNKNOWN_FROM), (RETURN, 0, 0, UNKNOWN),
        (RETURN, 0, 0, REFUSE),
    ]  # fmt: skip


def network_filter(machine: int) -> list[Instruction]:
    """A filter that refuses sockets, and io_uring, which can make them; everything else is allowed."""
    return [
        (LOAD, 0, 0, ARCH), (IF_EQUAL, 1, 0, AUDIT_ARCH[MACHINES[machine]]), (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER), (IF_AT_LEAST, 0, 1, X32), (RETURN, 0, 0, REFUSE),
        *(step for numbers in NETWORK.values()
          for step in ((IF_EQUAL, 0, 1, numbers[machine] or 0), (RETURN, 0, 0, REFUSE))),
        (RETURN, 0, 0, ALLOW),
    ]  # fmt: skip


def _with_argument(number: int, index: int, values: list[int]) -> list[Instruction]:
    """Allow a call if that argument has one of these values; refuse it otherwise."""
    checks = [step for value in values for step in ((IF_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
    return [(IF_EQUAL, 0, len(checks) + 2, number), (LOAD, 0, 0, argument(index)), *checks, (RETURN, 0, 0, REFUSE)]
