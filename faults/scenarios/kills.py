"""The bot is killed or stopped, polled and by webhook: no photo is lost."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import Any

from faults.rig import BotUnderTest, Rig, Row
from tests.support.mongo_server import free_port

IN_FLIGHT = 30
DRAIN_S = 60.0
EXIT_S = 8.0
REPEATS_MAX = 8  # a round
PHOTOS_BY_WEBHOOK = 100
BOOT_S = 10.0


async def kill_nine(rig: Rig) -> list[Row]:
    """End the bot by kill -9 at a random moment of 30 photos, from the first request to the last answer."""
    rounds, chance = rig.size(100, 5), rig.random("K1")
    recovery_s, worst, started_s = 0.0, 0, 0.0
    async with rig.run_bot("K1", users=IN_FLIGHT) as bot:
        for _ in range(rounds):
            before = bot.ledger.repeated
            for _ in range(IN_FLIGHT):
                bot.photo()
            await asyncio.sleep(chance.uniform(0.0, 1.5))
            await bot.kill()
            began = time.monotonic()
            started_s = max(started_s, await bot.start())
            await bot.settle(DRAIN_S)
            recovery_s = max(recovery_s, time.monotonic() - began)
            worst = max(worst, bot.ledger.repeated - before)
        note = f"at most {worst} repeated a round; polls again after {started_s:.1f} s"
        return [
            await bot.row(
                "K1", f"kill -9 at random, {IN_FLIGHT} in flight", f"0 lost; ≤ {REPEATS_MAX} repeated a round",
                holds=worst <= REPEATS_MAX, rounds=rounds, recovery_s=recovery_s, note=note,
            )
        ]  # fmt: skip


async def stop_signals(rig: Rig) -> list[Row]:
    """SIGTERM once, twice, and with a SIGKILL five seconds later, as a supervisor does it."""
    return [
        await _stop(rig, "SIGTERM", [(0.0, signal.SIGTERM)]),
        await _stop(rig, "SIGTERM twice", [(0.0, signal.SIGTERM), (0.1, signal.SIGTERM)]),
        await _stop(rig, "SIGTERM, SIGKILL 5 s later", [(0.0, signal.SIGTERM), (5.0, signal.SIGKILL)]),
    ]


async def _stop(rig: Rig, case: str, signals: list[tuple[float, signal.Signals]]) -> Row:
    rounds, chance = rig.size(30, 2), rig.random(f"K2 {case}")
    longest_s, statuses = 0.0, set()
    async with rig.run_bot("K2", users=IN_FLIGHT) as bot:
        for _ in range(rounds):
            for _ in range(IN_FLIGHT):
                bot.photo()
            await asyncio.sleep(chance.uniform(0.0, 1.2))
            took_s, status = await _signal(bot, signals)
            longest_s = max(longest_s, took_s)
            statuses.add(status)
            await bot.start()
            await bot.settle(DRAIN_S)
        is_graceful = statuses <= ({0, -signal.SIGKILL} if signals[-1][1] == signal.SIGKILL else {0})
        return await bot.row(
            "K2", f"{case}, {IN_FLIGHT} in flight", f"0 lost; exit ≤ {EXIT_S:.0f} s",
            holds=longest_s <= EXIT_S and is_graceful, rounds=rounds,
            note=f"exit within {longest_s:.1f} s, status {', '.join(map(str, sorted(statuses)))}",
        )  # fmt: skip


async def _signal(bot: BotUnderTest, signals: list[tuple[float, signal.Signals]]) -> tuple[float, int]:
    """Send the signals at their seconds; how long the bot took to end, and its exit status."""
    began = time.monotonic()
    bot.ledger.allowed_repeats += bot.ledger.lost
    ended = asyncio.create_task(bot.process.wait())
    for at_s, number in signals:
        await asyncio.wait((ended,), timeout=max(0.0, began + at_s - time.monotonic()))
        if not ended.done():
            bot.process.send(number)
    status = await ended
    return time.monotonic() - began, status


# Webhook


async def killed_while_posting(rig: Rig) -> list[Row]:
    """A hundred photos by webhook, and kill -9 at random moments among them."""
    rounds, chance, port = rig.size(20, 3), rig.random("V1"), free_port()
    settings: dict[str, Any] = {
        "TELEGRAM_WEBHOOK_URL": "https://bot.example/hook", "TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    recovery_s = 0.0
    api = {"webhook_front": f"http://127.0.0.1:{port}"}
    async with rig.run_bot("V1", users=30, api=api, **settings) as bot:
        for _ in range(rounds):
            for _ in range(PHOTOS_BY_WEBHOOK // rounds):
                bot.photo()
            await asyncio.sleep(chance.uniform(0.0, 1.0))
            await bot.kill()
            began = time.monotonic()
            await bot.start()
            await bot.settle(DRAIN_S)
            recovery_s = max(recovery_s, time.monotonic() - began)
        polls = sum(call.method == "getUpdates" for call in bot.api.calls)
        return [
            await bot.row(
                "V1", f"{PHOTOS_BY_WEBHOOK} photos by webhook, kill -9 in between", "0 lost", holds=not polls,
                rounds=rounds, recovery_s=recovery_s, note=f"{polls} polls",
            )
        ]  # fmt: skip


SCENARIOS = {"K1": kill_nine, "K2": stop_signals, "V1": killed_while_posting}
