"""Telegram is silent, or the event loop hangs: the bot ends itself, and a supervisor starts it again."""

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
from faults.rig import BotUnderTest, Rig, Row, skipped
from tests.support.bot_api.server import Fault, error, html, stall

EXIT_S = 60.0
RECOVERY_S = 35.0
NEVER_S = 3600.0
ANSWER_S = 90.0  # a bound that only a broken bot meets
PTRACE_ATTACH = 16  # sys/ptrace.h
WALL = 0x40000000  # of waitpid(2): also what is no child
TARGET = "exits ≠ 0 < 60 s, is started again, 0 lost"

Disturbance = Callable[[BotUnderTest], AbstractAsyncContextManager[None]]


async def silent_and_hung(rig: Rig) -> list[Row]:
    """Faults that must end the process, and faults that must not."""
    rows = await asyncio.gather(
        _ends(rig, "polls are never answered", _answered("getUpdates", stall(NEVER_S))),
        _ends(rig, "connections are taken and never answered", _answered("*", stall(NEVER_S))),
        _stays(rig, "connections are refused", _refused),
        _hung(rig),
        _ends(rig, "the log is a full pipe", _full_log, log_is_pipe=True),
        _stays(rig, "polls are answered with garbage", _answered("getUpdates", html())),
    )
    return list(rows)


async def _ends(rig: Rig, case: str, disturb: Disturbance, *, log_is_pipe: bool = False) -> Row:
    """The fault lasts until the bot has ended, or too long; then the bot is started again."""
    home = rig.scratch / f"R1-{'-'.join(case.split())}"
    home.mkdir()
    if log_is_pipe:
        os.mkfifo(home / "bot.log")
    with _pipe(home / "bot.log") if log_is_pipe else contextlib.nullcontext():
        async with rig.run_bot("R1", home=home, WORKERS="1") as bot:
            async with disturb(bot):
                began = time.monotonic()
                bot.ledger.allowed_repeats += 3
                sent = [bot.photo() for _ in range(3)]
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.shield(bot.process.wait()), 2 * EXIT_S)
                took_s, status = time.monotonic() - began, bot.status
                await bot.kill()  # workers that are left, or a bot that did not end
            ended = time.monotonic()
            await bot.start()
            await bot.settle(ANSWER_S)
            note = (
                f"status {status} after {took_s:.0f} s" if status is not None else f"still there after {took_s:.0f} s"
            )
            return await bot.row(
                "R1", case, TARGET, holds=bool(status) and took_s < EXIT_S, recovery_s=after(sent, ended), note=note
            )


async def _stays(rig: Rig, case: str, disturb: Disturbance) -> Row:
    """The fault lasts; the bot retries and does not end."""
    lasts_s = rig.size(80, 10)
    async with rig.run_bot("R1", WORKERS="1") as bot:
        async with disturb(bot):
            sent = [bot.photo() for _ in range(3)]
            await asyncio.sleep(lasts_s)
            stays = bot.process.is_running
        ended = time.monotonic()
        await bot.settle(ANSWER_S)
        recovery_s = after(sent, ended)
        return await bot.row(
            "R1", f"{case} for {lasts_s} s", f"stays, recovers < {RECOVERY_S:.0f} s, 0 lost",
            holds=stays and recovery_s < RECOVERY_S, recovery_s=recovery_s, note="stayed" if stays else "ended",
        )  # fmt: skip


async def _hung(rig: Rig) -> Row:
    case = "the event loop hangs"
    if why_not := await asyncio.to_thread(_may_not_trace):
        return skipped("R1", case, TARGET, why_not)
    return await _ends(rig, case, _stopped_thread)


# The faults


def _answered(method: str, fault: Fault) -> Disturbance:
    @contextlib.asynccontextmanager
    async def disturb(bot: BotUnderTest) -> AsyncIterator[None]:
        bot.api.fault(method, fault)
        yield
        bot.api.clear()

    return disturb


@contextlib.asynccontextmanager
async def _refused(bot: BotUnderTest) -> AsyncIterator[None]:
    """Close the port, then open it again."""
    await bot.api.__aexit__(None, None, None)
    yield
    await bot.api.__aenter__()


@contextlib.asynccontextmanager
async def _stopped_thread(bot: BotUnderTest) -> AsyncIterator[None]:
    """Another process stops the main thread, as a debugger does; the other threads go on."""
    command = f"from faults.scenarios.watchdog import hold; hold({bot.pid})"
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", command)
    yield
    with contextlib.suppress(ProcessLookupError):
        holder.kill()
    await holder.wait()


@contextlib.asynccontextmanager
async def _full_log(bot: BotUnderTest) -> AsyncIterator[None]:
    """The pipe of the log is full and nobody reads it."""
    with _pipe(bot.process.log_file) as pipe:
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, bytes(4096))
        bot.api.fail("getUpdates", error(500))
        yield
        with contextlib.suppress(BlockingIOError):
            while os.read(pipe, 1 << 16):
                pass


@contextlib.contextmanager
def _pipe(path: Path) -> Iterator[int]:
    """Hold both ends of a named pipe, so that a writer gets no SIGPIPE."""
    descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def hold(pid: int) -> None:
    """Stop one thread, the main one, of a process for as long as either process lives."""
    if attach(pid) != 0:
        sys.exit("not allowed to trace")
    while os.WIFSTOPPED(os.waitpid(pid, WALL)[1]):  # first that it has stopped; then that it has ended
        pass


def attach(pid: int) -> int:
    """ptrace(2): 0, or the error number."""
    library = ctypes.CDLL(None, use_errno=True)
    return 0 if library.ptrace(PTRACE_ATTACH, pid, None, None) == 0 else ctypes.get_errno()


def _may_not_trace() -> str:
    """Why ptrace is not permitted here; empty if it is."""
    with subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]) as other:
        command = f"import sys; from faults.scenarios.watchdog import attach; sys.exit(attach({other.pid}))"
        errno = subprocess.run([sys.executable, "-c", command], check=False).returncode
        processes.send([other.pid], signal.SIGKILL)
    return os.strerror(errno) if errno else ""


SCENARIOS = {"R1": silent_and_hung}
