"""The clock on the wall jumps while the bot runs: time that passes goes on passing, and no history is erased early."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.rig import STORE, Rig, Row, Stage, skipped
from faults.store_rows import count
from tests.support.bot_api.server import Call, slow, too_many

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1")  # Debian: faketime
JUMPS = {
    "+1 h": "+3600", "-1 h": "-3600", "+1 day": "+86400", "-1 day": "-86400", "+1 year": "+31536000",
}  # fmt: skip
ALARM = "the clock of this machine jumped"
RATE_PER_S = 2.0  # photos
PAUSE_S = 2  # Telegram asks for it
CUT_S = 30.0  # of a download at 1 kB/s
EARLY_S, LATE_S = 0.5, 5.0  # the machine is busy
ANSWER_S, ALARM_S = 60.0, 15.0
# The bot looks every hour for what is past its days; here its hours take a second. And time.sleep() asks the kernel for
# a moment of the steady clock, which libfaketime 0.9.10 refuses (EINVAL); select() does the same without it.
INSIDE = """
import asyncio
import select
import time

_sleep = asyncio.sleep


async def sleep(delay, result=None):
    return await _sleep(1.0 if delay == 3600.0 else delay, result)


asyncio.sleep = sleep
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""


@dataclass(frozen=True)
class _Wall:
    """The wall clock of one bot: libfaketime reads it from a file at every look."""

    file: Path
    settings: dict[str, Any]  # strings, for the environment

    @classmethod
    def hang(cls, library: Path, home: Path) -> _Wall:
        home.mkdir(parents=True)
        (home / "sitecustomize.py").write_text(INSIDE)
        file = home / "clock"
        file.write_text("+0\n")
        settings = {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": str(home),
        }  # fmt: skip
        return cls(file, settings)

    def jump(self, offset: str) -> None:
        """Move it by so many seconds."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.rename(self.file)


async def jumps(rig: Rig) -> list[Row]:
    """One bot lives through all of them; meanwhile Telegram asks for pauses, and a download is slow."""
    case = f"the wall clock jumps to {', '.join(JUMPS)}"
    target = "timeouts as before; nothing purged; alarm logged; 0 lost"
    library = _library()
    if library is None:
        return [skipped("C1", case, target, "no libfaketime: apt install faketime")]
    wall = _Wall.hang(library, rig.scratch / "C1-clock")
    async with rig.stage("C1", people=6, **wall.settings) as stage:
        jumps = [await _jump(stage, wall, offset, rig.size(40, 1)) for offset in JUMPS.values()]
        cut_s = await _cut_s(stage, wall) if not rig.is_short else CUT_S
        await stage.settle(ANSWER_S)
        kept = await asyncio.to_thread(count, stage.bot.data / STORE, "answers")
        in_time = all(_is_about(one.pause_s, PAUSE_S) for one in jumps) and _is_about(cut_s, CUT_S)
        alarms = sum(one.is_alarmed for one in jumps)
        return [
            await stage.row(
                "C1", case, target, rounds=len(jumps),
                holds=in_time and alarms == len(jumps) and kept == stage.ledger.photos,
                note=f"pauses of {PAUSE_S} s took {min(one.pause_s for one in jumps):.1f} to "
                f"{max(one.pause_s for one in jumps):.1f} s"
                + ("" if rig.is_short else f", a download was cut after {cut_s:.1f} s")
                + f"; {kept} of {stage.ledger.photos} answers kept; {alarms} alarms",
            )
        ]  # fmt: skip


@dataclass(frozen=True)
class _Jump:
    """What one jump did."""

    pause_s: float
    is_alarmed: bool


async def _jump(stage: Stage, wall: _Wall, offset: str, load_s: float) -> _Jump:
    paused = asyncio.create_task(_pause_s(stage))
    await stage.play(RATE_PER_S, PAUSE_S / 2)
    alarms = stage.bot.log.count(ALARM)
    wall.jump(offset)
    pause_s = await paused
    await stage.play(RATE_PER_S, load_s)
    return _Jump(pause_s, await _alarm(stage, alarms))


def _is_about(measured_s: float, right_s: float) -> bool:
    """Whether a time is as it should be; a clock that counts would make it nothing, or at least an hour."""
    return right_s - EARLY_S < measured_s < right_s + LATE_S


async def _pause_s(stage: Stage) -> float:
    """Let Telegram ask for silence; how long the bot does not poll."""
    before = len(stage.api.calls)
    stage.api.fail("getUpdates", too_many(PAUSE_S))
    told = await stage.api.wait_for(lambda call: call.status == 429, ANSWER_S, since=before)
    polled = await stage.api.wait_for(
        lambda call: call.method == "getUpdates" and call.at > told.at, ANSWER_S, since=before
    )
    return polled.at - told.at


async def _cut_s(stage: Stage, wall: _Wall) -> float:
    """Let a download be slow while the clock jumps; how long the bot waits before it asks for a new link."""
    before = len(stage.api.calls)
    stage.api.fail("file", slow(200.0))
    shot = stage.photo()
    files = [size["file_id"] for size in shot.sent.message["photo"]]

    def asks(call: Call) -> bool:
        return call.method == "getFile" and call.params.get("file_id") in files

    first = await stage.api.wait_for(asks, ANSWER_S, since=before)
    wall.jump(JUMPS["+1 h"])
    again = await stage.api.wait_for(lambda call: asks(call) and call is not first, 2 * ANSWER_S, since=before)
    return again.at - first.at


async def _alarm(stage: Stage, before: int) -> bool:
    """Whether the bot notices the jump; by the second line it has erased what it takes for old."""
    deadline = time.monotonic() + ALARM_S
    while stage.bot.log.count(ALARM) < before + 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    return stage.bot.log.count(ALARM) >= before + 2


def _library() -> Path | None:
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))), None)


SCENARIOS = {"C1": jumps}
