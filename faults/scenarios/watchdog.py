"""The bot no longer hears Telegram, or its event loop stands still: it ends itself, and a supervisor starts another."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from faults import processes
from faults.ledger import after
from faults.rig import Rig, Row, Stage, skipped
from tests.support.bot_api.server import Fault, error, html, stall

EXIT_S = 60.0
RECOVERY_S = 35.0
NEVER_S = 3600.0
ANSWER_S = 90.0  # a bound that only a broken bot meets
PTRACE_ATTACH = 16  # sys/ptrace.h
WALL = 0x40000000  # of waitpid(2): also what is no child
TARGET = "exits ≠ 0 < 60 s, is started again, 0 lost"

Way = Callable[[Stage], AbstractAsyncContextManager[None]]


async def deaf_and_frozen(rig: Rig) -> list[Row]:
    """Five ways for a bot to be there and no use; and garbage, through which it should live."""
    rows = await asyncio.gather(
        _ends(rig, "polls are never answered", _answered("getUpdates", stall(NEVER_S))),
        _ends(rig, "connections are taken and never answered", _answered("*", stall(NEVER_S))),
        _lives(rig, "connections are refused", _refused),
        _frozen(rig),
        _ends(rig, "the log is a pipe that nobody reads", _full_log, log_is_pipe=True),
        _lives(rig, "polls are answered with garbage", _answered("getUpdates", html())),
    )
    return list(rows)


async def _ends(rig: Rig, case: str, way: Way, *, log_is_pipe: bool = False) -> Row:
    """The fault stands until the bot has ended, or too long; then a supervisor starts it again."""
    home = rig.scratch / f"R1-{'-'.join(case.split())}"
    home.mkdir()
    if log_is_pipe:
        os.mkfifo(home / "bot.log")
    with _pipe(home / "bot.log") if log_is_pipe else contextlib.nullcontext():
        async with rig.stage("R1", home=home, WORKERS="1") as stage:
            async with way(stage):
                began = time.monotonic()
                stage.ledger.allowed_repeats += 3
                shots = [stage.photo() for _ in range(3)]
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(stage.bot.wait()), 2 * EXIT_S)
                took_s, status = time.monotonic() - began, stage.status
                await stage.kill()  # what its workers left behind, or the bot that did not end
            healed = time.monotonic()
            await stage.start()
            await stage.settle(ANSWER_S)
            note = (
                f"status {status} after {took_s:.0f} s" if status is not None else f"still there after {took_s:.0f} s"
            )
            return await stage.row(
                "R1", case, TARGET, holds=bool(status) and took_s < EXIT_S, recovery_s=after(shots, healed), note=note
            )


async def _lives(rig: Rig, case: str, way: Way) -> Row:
    """Whatever answers is not dead: the fault is waited through, however long it lasts."""
    lasts_s = rig.size(80, 10)
    async with rig.stage("R1", WORKERS="1") as stage:
        async with way(stage):
            shots = [stage.photo() for _ in range(3)]
            await asyncio.sleep(lasts_s)
            lives = stage.bot.is_running
        healed = time.monotonic()
        await stage.settle(ANSWER_S)
        recovery_s = after(shots, healed)
        return await stage.row(
            "R1", f"{case} for {lasts_s} s", f"lives on, recovers < {RECOVERY_S:.0f} s, 0 lost",
            holds=lives and recovery_s < RECOVERY_S, recovery_s=recovery_s, note="lived on" if lives else "ended",
        )  # fmt: skip


async def _frozen(rig: Rig) -> Row:
    case = "the event loop stands still"
    if why_not := await asyncio.to_thread(_may_not_trace):
        return skipped("R1", case, TARGET, why_not)
    return await _ends(rig, case, _stopped_thread)


# The ways


def _answered(method: str, fault: Fault) -> Way:
    @contextlib.asynccontextmanager
    async def way(stage: Stage) -> AsyncIterator[None]:
        stage.api.fault(method, fault)
        yield
        stage.api.clear()

    return way


@contextlib.asynccontextmanager
async def _refused(stage: Stage) -> AsyncIterator[None]:
    """Nobody listens on the port; then somebody does again."""
    await stage.api.__aexit__(None, None, None)
    yield
    await stage.api.__aenter__()


@contextlib.asynccontextmanager
async def _stopped_thread(stage: Stage) -> AsyncIterator[None]:
    """Another process holds the main thread, as a debugger does; the other threads go on."""
    command = f"from faults.scenarios.watchdog import hold; hold({stage.pid})"
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", command)
    yield
    with contextlib.suppress(ProcessLookupError):
        holder.kill()
    await holder.wait()


@contextlib.asynccontextmanager
async def _full_log(stage: Stage) -> AsyncIterator[None]:
    """Nobody reads the log any more, its pipe is full, and there is something to be logged."""
    with _pipe(stage.bot.log_file) as pipe:
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, bytes(4096))
        stage.api.fail("getUpdates", error(500))
        yield
        with contextlib.suppress(BlockingIOError):
            while os.read(pipe, 1 << 16):
                pass


@contextlib.contextmanager
def _pipe(path: Path) -> Iterator[int]:
    """Hold both ends of a named pipe, so that whoever writes to it is not told that nobody reads."""
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def hold(pid: int) -> None:
    """Stop one thread, the main one, of a process for as long as either process lives."""
    if attach(pid) != 0:
        sys.exit("not allowed to trace")
    while os.WIFSTOPPED(os.waitpid(pid, WALL)[1]):  # first that it stands; then that it has ended, which must be taken
        pass


def attach(pid: int) -> int:
    """ptrace(2): 0, or the error number."""
    library = ctypes.CDLL(None, use_errno=True)
    return 0 if library.ptrace(PTRACE_ATTACH, pid, None, None) == 0 else ctypes.get_errno()


def _may_not_trace() -> str:
    """Why one process may not hold another here; empty if it may."""
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as other:
        command = f"import sys; from faults.scenarios.watchdog import attach; sys.exit(attach({other.pid}))"
        errno = subprocess.run([sys.executable, "-c", command], check=False).returncode
        processes.send([other.pid], signal.SIGKILL)
    return os.strerror(errno) if errno else ""


SCENARIOS = {"R1": deaf_and_frozen}
