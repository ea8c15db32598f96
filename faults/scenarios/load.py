"""Load: steady, in bursts, for long, and above what the bot can answer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx

from faults import processes
from faults.ledger import Ledger
from faults.rig import BotUnderTest, Rig, Row
from tests.support.bot_api.server import Call
from tests.support.mongo_server import free_port

PEOPLE = 100
PACE_PER_S = 28.0  # just under the 30 messages a second that Telegram allows
STEADY_PER_S, OVERLOAD_PER_S = 20.0, 90.0
BURST = 200
BURST_S, NOTE_S = 15.0, 1.0
MEMORY_MB = 250.0  # that an overload may add to bot and workers together
FREE = {"remember": False}  # the stand-in drops uploads, for hours of load
FDS_SPARE = 4  # connections kept alive
IDLE_S = 35.0  # by then all others are closed: aiohttp keeps an idle one for 15 s, and looks for them every 15 s
LOOK_S = 0.5


@dataclass
class Samples:
    """Samples taken while a load ran."""

    rss_mb: list[float] = field(default_factory=list)  # bot and workers together
    bot: list[processes.Usage] = field(default_factory=list)
    ping_s: list[float] = field(default_factory=list)  # response times of /metrics, which the bot's event loop serves


@contextlib.asynccontextmanager
async def _watching(bot: BotUnderTest, page: str = "") -> AsyncIterator[Samples]:
    watch = Samples()

    async def look() -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                watch.bot.append(processes.usage(bot.pid))
                family = [processes.usage(pid).rss_mb for pid in bot.workers]
                watch.rss_mb.append(watch.bot[-1].rss_mb + sum(family))
                if page:
                    began = time.monotonic()
                    await client.get(f"{page}/metrics", timeout=10.0)
                    watch.ping_s.append(time.monotonic() - began)
                await asyncio.sleep(LOOK_S)

    task = asyncio.create_task(look())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def steady(rig: Rig) -> list[Row]:
    """Twenty photos a second."""
    seconds = rig.size(300, 15)
    port = free_port()
    async with rig.run_bot("L1", users=PEOPLE, api=FREE, METRICS_LISTEN=f"127.0.0.1:{port}") as bot:
        async with _watching(bot, f"http://127.0.0.1:{port}") as watch:
            sent = await bot.send_at_rate(STEADY_PER_S, seconds)
            await bot.settle(60)
        p50_s, p95_s = (bot.ledger.latency_s(percent, sent) for percent in (50, 95))
        lag_s = _percentile(watch.ping_s, 95)
        return [
            await bot.row(
                "L1", f"steady {STEADY_PER_S:.0f} photos/s, {seconds} s", "p50 < 0.3 s; p95 < 1 s; loop lag < 50 ms",
                holds=p50_s < 0.3 and p95_s < 1.0 and lag_s < 0.05,
                note=f"p50 {p50_s:.2f} s, p95 {p95_s:.2f} s; metrics answered within {1000 * lag_s:.0f} ms (p95)",
            )
        ]  # fmt: skip


async def burst(rig: Rig) -> list[Row]:
    """Two hundred photos at once: two batches of updates."""
    async with rig.run_bot("L2", users=PEOPLE) as bot:
        began, before = time.monotonic(), len(bot.api.calls)
        sent = [bot.photo() for _ in range(BURST)]
        await bot.settle(60)
        slowest_s = bot.ledger.latency_s(100, sent)
        notes = [call.at - began for call in bot.api.calls[before:] if _is_note(bot.ledger, call)]
        note_s = min(notes, default=float("inf"))
        return [
            await bot.row(
                "L2", f"burst of {BURST} at once", f"answered < {BURST_S:.0f} s; first note < {NOTE_S:.0f} s",
                holds=slowest_s < BURST_S and note_s < NOTE_S, recovery_s=slowest_s,
                note=f"first note after {note_s:.2f} s, {len(notes)} in all",
            )
        ]  # fmt: skip


async def soak(rig: Rig) -> list[Row]:
    """Telegram's own limit, for long; memory and open files at the end against those after the warm-up."""
    photos = rig.size(20_000, 300)
    async with rig.run_bot("L3", users=PEOPLE, api=FREE) as bot:
        await bot.send_at_rate(PACE_PER_S, photos / 10 / PACE_PER_S)
        await bot.settle(60)
        await asyncio.sleep(IDLE_S)
        warm = processes.usage(bot.pid)
        for _ in range(9):
            await bot.send_at_rate(PACE_PER_S, photos / 10 / PACE_PER_S)
            await bot.settle(60)
        await asyncio.sleep(IDLE_S)
        now = processes.usage(bot.pid)
        growth = 100 * (now.rss_mb / warm.rss_mb - 1)
        return [
            await bot.row(
                "L3", f"soak: {photos:,} photos at {PACE_PER_S:.0f}/s", "memory grows < 5 %; no file leaks",
                holds=growth < 5.0 and now.fds <= warm.fds + FDS_SPARE,
                note=f"{warm.rss_mb:.0f} → {now.rss_mb:.0f} MB ({growth:+.1f} %), {warm.fds} → {now.fds} open files",
            )
        ]  # fmt: skip


async def overload(rig: Rig) -> list[Row]:
    """Three times the rate at which Telegram lets a bot answer."""
    seconds = rig.size(120, 8)
    async with rig.run_bot("L4", users=PEOPLE, api=FREE) as bot:
        base_mb = bot.base.rss_mb + sum(processes.usage(pid).rss_mb for pid in bot.workers)
        async with _watching(bot) as watch:
            sent = await bot.send_at_rate(OVERLOAD_PER_S, seconds)
            await bot.settle(60 + 4 * seconds)
        worst_mb = max(watch.rss_mb) - base_mb
        return [
            await bot.row(
                "L4", f"overload: {OVERLOAD_PER_S:.0f} photos/s, {seconds} s", "memory bounded; 0 lost",
                holds=worst_mb < MEMORY_MB, recovery_s=bot.ledger.latency_s(100, sent),
                note=f"at most {worst_mb:.0f} MB more in bot and workers; {bot.ledger.noted} notices to wait",
            )
        ]  # fmt: skip


def _is_note(ledger: Ledger, call: Call) -> bool:
    """Whether a call is a notice to a user who waits."""
    return call.ok and (call.method == "sendChatAction" or ledger.is_note(call))


def _percentile(values: list[float], percent: int) -> float:
    """The value that `percent` % do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else float("inf")


SCENARIOS = {"L1": steady, "L2": burst, "L3": soak, "L4": overload}
