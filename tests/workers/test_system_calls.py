"""The filter of system calls, run by a small interpreter, so that both kinds of machine are tested on either."""

import platform
import subprocess
import sys

import pytest

from lookalike.core.paths import ROOT
from lookalike.workers.system_calls import (
    ALLOW,
    ALLOWED,
    ALLOWED_WITH,
    ARCH,
    AUDIT_ARCH,
    IF_AT_LEAST,
    IF_EQUAL,
    KILL,
    LOAD,
    MACHINES,
    NUMBER,
    REFUSE,
    RETURN,
    UNKNOWN,
    X32,
    argument,
    call_filter,
)
from tests.conftest import missing

pytestmark = pytest.mark.fast

PID = 4711
FORK_FLAGS = 0x1200011  # what fork() of glibc asks for
THREAD_FLAGS = 0x3D0F00  # what pthread_create() of glibc asks for
F_GETFD, F_SETLK = 1, 6
LAST_NUMBER = 600  # no system call has a higher number yet
# Refused, by numbers of x86_64 and aarch64 (asm/unistd_64.h, asm-generic/unistd.h).
HARMFUL = {
    "socket": (41, 198), "connect": (42, 203), "clone": (56, 220), "execve": (59, 221), "kill": (62, 129),
    "tkill": (200, 130), "ptrace": (101, 117), "truncate": (76, 45), "ftruncate": (77, 46), "setxattr": (188, 5),
    "fchmod": (91, 52), "fchown": (93, 55), "unlinkat": (263, 35), "renameat": (264, 38), "mkdirat": (258, 34),
    "utimensat": (280, 88), "sched_setscheduler": (144, 119), "sched_setaffinity": (203, 122),
    "ioprio_set": (251, 30), "setpriority": (141, 140), "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190),
    "ioctl": (16, 29), "prctl": (157, 167), "pipe2": (293, 59), "memfd_create": (319, 279), "unshare": (272, 97),
    "process_vm_readv": (310, 270), "keyctl": (250, 219), "bpf": (321, 280), "seccomp": (317, 277),
}  # fmt: skip

machines = pytest.mark.parametrize("machine", range(len(MACHINES)), ids=MACHINES)


def verdict(machine: int, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the kernel would do with a system call."""
    data = {NUMBER: number, ARCH: AUDIT_ARCH[MACHINES[machine]] if arch is None else arch}
    data |= {argument(index): 0 for index in range(6)} | {argument(i): value for i, value in enumerate(arguments)}
    program = call_filter(machine, PID)
    at = loaded = 0
    while True:
        code, so, not_so, operand = program[at]
        if code == RETURN:
            return operand
        if code == LOAD:
            loaded, skip = data[operand], 0
        else:
            skip = so if {IF_EQUAL: loaded == operand, IF_AT_LEAST: loaded >= operand}[code] else not_so
        at += 1 + skip


@machines
def test_exactly_the_listed_calls_are_allowed(machine: int) -> None:
    listed = {numbers[machine] for numbers in ALLOWED.values()} - {None}

    assert {number for number in range(LAST_NUMBER) if verdict(machine, number, 99, 99) == ALLOW} == listed


@machines
def test_no_call_is_listed_twice(machine: int) -> None:
    tables = [*ALLOWED.values(), *(numbers for numbers, *_ in ALLOWED_WITH.values())]
    numbers = [pair[machine] for pair in tables if pair[machine] is not None]

    assert len(numbers) == len(set(numbers))


@machines
def test_harmful_calls_are_refused(machine: int) -> None:
    assert {verdict(machine, numbers[machine]) for numbers in HARMFUL.values()} == {REFUSE}


@machines
def test_neither_threads_nor_processes_may_be_started(machine: int) -> None:
    clone, clone3 = (56, 220)[machine], 435

    assert {verdict(machine, clone, flags) for flags in (THREAD_FLAGS, FORK_FLAGS)} == {REFUSE}
    assert verdict(machine, clone3) == UNKNOWN  # libc then tries clone


@machines
def test_a_worker_may_signal_and_limit_itself_alone(machine: int) -> None:
    tgkill, prlimit = (234, 131)[machine], (302, 261)[machine]

    assert [verdict(machine, tgkill, pid) for pid in (PID, PID + 1, 0)] == [ALLOW, REFUSE, REFUSE]
    assert [verdict(machine, prlimit, pid) for pid in (0, PID + 1)] == [ALLOW, REFUSE]


@machines
def test_a_worker_may_set_flags_of_files_and_lock_none(machine: int) -> None:
    fcntl = (72, 25)[machine]

    assert [verdict(machine, fcntl, 5, command) for command in (F_GETFD, F_SETLK)] == [ALLOW, REFUSE]


@machines
def test_calls_newer_than_the_list_do_not_exist(machine: int) -> None:
    """So that a later libc takes the older call instead of failing."""
    assert {verdict(machine, number) for number in range(424, LAST_NUMBER)} == {UNKNOWN}


@machines
def test_calls_under_another_numbering_are_not_made(machine: int) -> None:
    i386, number = 0x40000003, 102  # socketcall, as a 32-bit program makes it
    assert verdict(machine, number, arch=i386) == KILL
    assert verdict(machine, X32 | 0) == REFUSE


def test_this_machine_is_known() -> None:
    assert platform.machine() in MACHINES


def test_a_process_that_refuses_the_network_can_do_anything_else() -> None:
    program = (
        "import socket, tempfile, threading; from lookalike.workers.sandbox import refuse_network\n"
        "without = refuse_network(); threading.Thread(target=tempfile.TemporaryFile().close).start()\n"
        "if without: print(without)\n"
        "for make in (socket.socket, socket.socketpair):\n"
        "    try: make(); print('made')\n"
        "    except PermissionError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    if "network (" in done.stdout:
        missing(f"this machine cannot refuse {done.stdout}")

    assert done.stdout == "refused\nrefused\n"
