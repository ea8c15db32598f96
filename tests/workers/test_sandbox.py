"""The filter of system calls, run by a small interpreter, so that both kinds of machine are tested on either."""

import platform

import pytest

from lookalike.workers.sandbox import (
    ALLOW,
    ARCH,
    ARGUMENT_0,
    AUDIT_ARCH,
    CLONE,
    CLONE3,
    CLONE_THREAD,
    IF_ANY_BIT,
    IF_AT_LEAST,
    IF_EQUAL,
    KILL,
    LOAD,
    MACHINES,
    NUMBER,
    PRLIMIT,
    REFUSE,
    REFUSED,
    RETURN,
    TGKILL,
    UNKNOWN,
    X32,
    call_filter,
)

PID = 4711
FORK_FLAGS = 0x1200011  # what fork() of glibc asks for
THREAD_FLAGS = 0x3D0F00  # what pthread_create() of glibc asks for, CLONE_THREAD among it
# What a worker needs all day long: read, write, openat, mmap, munmap, mprotect, futex, brk, clock_gettime, exit_group.
NEEDED = {"x86_64": (0, 1, 257, 9, 11, 10, 202, 12, 228, 231), "aarch64": (63, 64, 56, 222, 215, 226, 98, 214, 113, 94)}

machines = pytest.mark.parametrize("machine", range(len(MACHINES)), ids=MACHINES)


def verdict(machine: int, number: int, argument: int = 0, arch: int | None = None) -> int:
    """What the kernel would do with a system call."""
    data = {NUMBER: number, ARCH: AUDIT_ARCH[MACHINES[machine]] if arch is None else arch, ARGUMENT_0: argument}
    program = call_filter(machine, PID)
    at = loaded = 0
    while True:
        code, so, not_so, operand = program[at]
        if code == RETURN:
            return operand
        if code == LOAD:
            loaded, skip = data[operand], 0
        else:
            conditions = {IF_EQUAL: loaded == operand, IF_AT_LEAST: loaded >= operand, IF_ANY_BIT: loaded & operand}
            skip = so if conditions[code] else not_so
        at += 1 + skip


@machines
def test_what_is_refused_is_refused(machine: int) -> None:
    numbers = [pair[machine] for pair in REFUSED.values()]

    assert {verdict(machine, number) for number in numbers if number is not None} == {REFUSE}


@machines
def test_what_a_worker_needs_is_allowed(machine: int) -> None:
    assert {verdict(machine, number, 0xFFFFFFFF) for number in NEEDED[MACHINES[machine]]} == {ALLOW}


@machines
def test_threads_may_be_started_and_processes_may_not(machine: int) -> None:
    assert THREAD_FLAGS & CLONE_THREAD
    assert verdict(machine, CLONE[machine], THREAD_FLAGS) == ALLOW
    assert verdict(machine, CLONE[machine], FORK_FLAGS) == REFUSE
    assert verdict(machine, CLONE3[machine]) == UNKNOWN


@machines
def test_a_worker_may_signal_and_bound_itself_alone(machine: int) -> None:
    assert [verdict(machine, TGKILL[machine], pid) for pid in (PID, PID + 1, 0)] == [ALLOW, REFUSE, REFUSE]
    assert [verdict(machine, PRLIMIT[machine], pid) for pid in (0, PID + 1)] == [ALLOW, REFUSE]


@machines
def test_calls_under_another_numbering_are_not_made(machine: int) -> None:
    i386, number = 0x40000003, 102  # socketcall, as a 32-bit program makes it
    assert verdict(machine, number, arch=i386) == KILL
    assert verdict(machine, X32 | 41) == REFUSE


def test_this_machine_is_known() -> None:
    assert platform.machine() in MACHINES
