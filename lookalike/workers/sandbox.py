"""What a worker process gives up for good: network, other programs, other processes, changing files.

Pictures come from strangers. One that takes over a decoder finds itself in a process that can compute, read files and
answer over its pipes. Two features of Linux do it, and neither needs root: seccomp(2) refuses system calls by number,
Landlock refuses changes of files (and hides the bot's environment and memory, as `/proc` shows them).
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from errno import ENOSYS, EPERM

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
MACHINES = tuple(AUDIT_ARCH)
# Refused always. Numbers on x86_64 (asm/unistd_64.h) and aarch64 (asm-generic/unistd.h); None: it has no such call.
REFUSED = {
    "socket": (41, 198), "socketpair": (53, 199), "io_uring_setup": (425, 425),  # io_uring opens sockets unseen
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "kill": (62, 129), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "setpriority": (141, 140),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "truncate": (76, 45),
    "chown": (92, None), "lchown": (94, None), "fchown": (93, 55), "fchownat": (260, 54), "utimensat": (280, 88),
    "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
}  # fmt: skip
CLONE, CLONE3, TGKILL, PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
CLONE_THREAD = 0x10000  # linux/sched.h: a thread of this process, which ONNX Runtime may start
X32 = 0x40000000  # a second numbering of the calls of x86_64
# linux/filter.h and linux/bpf_common.h: load a word; compare and skip so many instructions if so, if not; return
LOAD, IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCH, ARGUMENT_0 = 0, 4, 16  # offsets in struct seccomp_data; of the argument the lower half
ALLOW, KILL, REFUSE, UNKNOWN = 0x7FFF0000, 0x80000000, 0x50000 | EPERM, 0x50000 | ENOSYS  # linux/seccomp.h

SECCOMP = (317, 277)
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446  # on every machine
PR_SET_NO_NEW_PRIVS = 38
CAPABILITIES, READ_ANY_FILE = 0x20080522, 1 << 2  # linux/capability.h: the version, CAP_DAC_READ_SEARCH
# linux/landlock.h: execute, write, make and remove files of every kind; truncate; signals and sockets to others.
CHANGES, TRUNCATE, OTHERS = 0x1FF3, 1 << 14, 3
TRUNCATE_SINCE, OTHERS_SINCE = 3, 6  # versions of Landlock

Instruction = tuple[int, int, int, int]  # code, instructions to skip if so, if not, operand


def confine() -> list[str]:
    """Give all of it up, in this thread and those it starts; returns what this machine cannot refuse, and why."""
    libc = ctypes.CDLL(None, use_errno=True)
    missing = []
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # what both demand of a process that is not root
    _drop_capabilities(libc)
    for name, refuse in (("changing files", _refuse_changes), ("network and other processes", _refuse_calls)):
        try:
            refuse(libc)
        except OSError as error:
            missing.append(f"{name} ({error.strerror})")
    return missing


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """All that root may do, but for reading: the models may lie in somebody else's home."""
    process, held = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITIES, 0)), ctypes.create_string_buffer(24)
    libc.capget(process, held)
    kept = struct.unpack("=6I", held.raw)[1] & READ_ANY_FILE  # effective, permitted, inheritable; the same for 32..63
    libc.capset(process, struct.pack("=6I", kept, kept, 0, 0, 0, 0))


def _refuse_changes(libc: ctypes.CDLL) -> None:
    version = _checked(libc.syscall(LANDLOCK_CREATE, None, 0, 1))  # 1: only tell the version
    rights = struct.pack("=Q", CHANGES | (TRUNCATE if version >= TRUNCATE_SINCE else 0))
    if version >= OTHERS_SINCE:
        rights += struct.pack("=QQ", 0, OTHERS)
    rules = _checked(libc.syscall(LANDLOCK_CREATE, rights, len(rights), 0))
    try:
        _checked(libc.syscall(LANDLOCK_RESTRICT, rules, 0))  # no exception has been added: nowhere at all
    finally:
        os.close(rules)


def _refuse_calls(libc: ctypes.CDLL) -> None:
    machine = os.uname().machine
    if machine not in MACHINES or sys.maxsize < 2**32:
        raise OSError(ENOSYS, f"not known how on {machine}")
    steps = call_filter(MACHINES.index(machine), os.getpid())
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    _checked(libc.syscall(SECCOMP[MACHINES.index(machine)], 1, 0, program))  # 1: SECCOMP_SET_MODE_FILTER


def call_filter(machine: int, pid: int) -> list[Instruction]:
    """The filter as instructions of classic BPF, for MACHINES[machine]; the kernel runs it at every system call."""
    refused = [numbers[machine] for numbers in REFUSED.values()]
    return [
        (LOAD, 0, 0, ARCH), (IF_EQUAL, 1, 0, AUDIT_ARCH[MACHINES[machine]]), (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER), (IF_AT_LEAST, 0, 1, X32), (RETURN, 0, 0, REFUSE),
        *(step for number in refused if number for step in ((IF_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE))),
        (IF_EQUAL, 0, 1, CLONE3[machine]), (RETURN, 0, 0, UNKNOWN),  # its flags cannot be seen: libc then uses clone
        *_only(CLONE[machine], (IF_ANY_BIT, 0, 1, CLONE_THREAD)),
        *_only(TGKILL[machine], (IF_EQUAL, 0, 1, pid)),  # abort() signals its own process
        *_only(PRLIMIT[machine], (IF_EQUAL, 0, 1, 0)),  # 0: its own limits
        (RETURN, 0, 0, ALLOW),
    ]  # fmt: skip


def _only(number: int, condition: Instruction) -> list[Instruction]:
    """Allow a call only if its first argument is so."""
    return [
        (IF_EQUAL, 0, 4, number), (LOAD, 0, 0, ARGUMENT_0), condition, (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE),
    ]  # fmt: skip


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
