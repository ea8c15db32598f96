"""The wall clock jumps while the bot runs: timeouts stay as they are, and no history is erased early."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.rig import STORE, BotUnderTest, Rig, Row, skipped
from faults.store_rows import count
from tests.support.bot_api.server import Call, slow, too_many

LIBRARIES = ("/usr/lib/*/faketime/libfaketime.so.1", "/usr/local/lib/faketime/libfaketime.so.1")  # Debian: faketime
JUMPS = {
    "+1 h": "+3600", "-1 h": "-3600", "+1 day": "+86400", "-1 day": "-86400", "+1 year": "+31536000",
}  # fmt: skip
ALARM = "the clock of this machine jumped"
RATE_PER_S = 2.0  # photos
PAUSE_S = 2  # the retry_after of a 429
CUT_S = 30.0  # of a download at 1 kB/s
EARLY_S, LATE_S = 0.5, 5.0  # how much earlier or later a measured time may be
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
class _WallClock:
    """The wall clock of one bot: libfaketime reads its offset from a file."""

    file: Path
    settings: dict[str, Any]  # strings, for the environment

    @classmethod
    def create(cls, library: Path, home: Path) -> _WallClock:
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
        """Set it off by so many seconds."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{offset}\n")
        fresh.rename(self.file)


async def jumps(rig: Rig) -> list[Row]:
    """One bot, all jumps; meanwhile Telegram sends flood waits, and a download is slow."""
    case = f"the wall clock jumps to {', '.join(JUMPS)}"
    target = "timeouts as before; nothing purged; alarm logged; 0 lost"
    library = _library()
    if library is None:
        return [skipped("C1", case, target, "no libfaketime: apt install faketime")]
    wall = _WallClock.create(library, rig.scratch / "C1-clock")
    async with rig.run_bot("C1", users=6, **wall.settings) as bot:
        jumps = [await _jump(bot, wall, offset, rig.size(40, 1)) for offset in JUMPS.values()]
        cut_s = await _cut_s(bot, wall) if not rig.is_short else CUT_S
        await bot.settle(ANSWER_S)
        kept = await asyncio.to_thread(count, bot.process.data / STORE, "answers")
        in_time = all(_is_about(one.pause_s, PAUSE_S) for one in jumps) and _is_about(cut_s, CUT_S)
        alarms = sum(one.is_alarmed for one in jumps)
        return [
            await bot.row(
                "C1", case, target, rounds=len(jumps),
                holds=in_time and alarms == len(jumps) and kept == bot.ledger.photos,
                note=f"pauses of {PAUSE_S} s took {min(one.pause_s for one in jumps):.1f} to "
                f"{max(one.pause_s for one in jumps):.1f} s"
                + ("" if rig.is_short else f", a download was cut after {cut_s:.1f} s")
                + f"; {kept} of {bot.ledger.photos} answers kept; {alarms} alarms",
            )
        ]  # fmt: skip


@dataclass(frozen=True)
class _Jump:
    """What one jump caused."""

    pause_s: float
    is_alarmed: bool


async def _jump(bot: BotUnderTest, wall: _WallClock, offset: str, load_s: float) -> _Jump:
    paused = asyncio.create_task(_pause_s(bot))
    await bot.send_at_rate(RATE_PER_S, PAUSE_S / 2)
    alarms = bot.process.log.count(ALARM)
    wall.jump(offset)
    pause_s = await paused
    await bot.send_at_rate(RATE_PER_S, load_s)
    return _Jump(pause_s, await _alarm(bot, alarms))


def _is_about(measured_s: float, right_s: float) -> bool:
    """Whether a time is right; one measured by the wall clock would be off by an hour or more."""
    return right_s - EARLY_S < measured_s < right_s + LATE_S


async def _pause_s(bot: BotUnderTest) -> float:
    """Answer one poll with 429; seconds until the next poll."""
    before = len(bot.api.calls)
    bot.api.fail("getUpdates", too_many(PAUSE_S))
    refused = await bot.api.wait_for(lambda call: call.status == 429, ANSWER_S, since=before)
    polled = await bot.api.wait_for(
        lambda call: call.method == "getUpdates" and call.at > refused.at, ANSWER_S, since=before
    )
    return polled.at - refused.at


async def _cut_s(bot: BotUnderTest, wall: _WallClock) -> float:
    """Make a download slow while the clock jumps; seconds until the bot asks for a new link."""
    await bot.settle(ANSWER_S)  # a photo that is still under way would take the slow download for itself
    before = len(bot.api.calls)
    bot.api.fail("file", slow(200.0))
    photo = bot.photo()
    files = [size["file_id"] for size in photo.sent.message["photo"]]

    def asks(call: Call) -> bool:
        return call.method == "getFile" and call.params.get("file_id") in files

    first = await bot.api.wait_for(asks, ANSWER_S, since=before)
    wall.jump(JUMPS["+1 h"])
    again = await bot.api.wait_for(lambda call: asks(call) and call is not first, 2 * ANSWER_S, since=before)
    return again.at - first.at


async def _alarm(bot: BotUnderTest, before: int) -> bool:
    """Whether the bot logs the jump twice: by the second line it has purged what it considers old."""
    deadline = time.monotonic() + ALARM_S
    while bot.process.log.count(ALARM) < before + 2 and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
    return bot.process.log.count(ALARM) >= before + 2


def _library() -> Path | None:
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))), None)


SCENARIOS = {"C1": jumps}
