"""Attacks on the page, from one address, while users send photos and another visitor uses the page.

F1, F2, F3, F5, F6 and F13 are those of page_attacker.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from faults import processes
from faults.attacks.page_attacker import ATTACKS
from faults.rig import BotUnderTest, Rig, Row
from tests.support.mongo_server import free_port
from tests.support.web.page import send, visitor

CONNECTIONS = 60
USERS, RATE_PER_S = 20, 4.0
PHOTO_S, VISITOR_S = 2.0, 5.0  # p95 of Telegram's photos; every answer to the other visitor
BOT_MB = 300.0  # resident in the bot
ALL_MB = 700.0  # proportional: the bot, its workers, the page and its workers
DRAWING = "F13"  # the attack that asks for drawings
DRAWING_MB = 150.0  # more while they are made: two networks, SciPy and the planes of a picture in the page's worker
VISITOR_PAUSE_S = 3.5  # a visitor may send 20 photos a minute
READY_S = 60.0
TARGET = f"photos' p95 < {PHOTO_S:.0f} s; visitor < {VISITOR_S:.0f} s; bot < {BOT_MB:.0f} MB, all < "


@dataclass
class Seen:
    """What was seen while an attack ran."""

    bot_mb: float = 0.0
    all_mb: float = 0.0
    visitor_s: list[float] = field(default_factory=list)
    refused: int = 0  # answers to the other visitor that were none


async def page_attacks(rig: Rig) -> list[Row]:
    """Each attack alone, then all at once; the short form: all at once."""
    cases = [{name: CONNECTIONS} for name in ATTACKS] if not rig.is_short else []
    cases.append(dict.fromkeys(ATTACKS, CONNECTIONS // len(ATTACKS)))
    return [await _under(rig, case) for case in cases]


async def _under(rig: Rig, attacks: dict[str, int]) -> Row:
    port, seconds = free_port(), rig.size(60, 10)
    async with rig.run_bot("A1", users=USERS, WEB_LISTEN=f"127.0.0.1:{port}") as bot:
        url = f"http://127.0.0.1:{port}"
        await wait_for_page(url)
        page, seen = _page_of(bot), Seen()
        async with _watching(bot, seen), _visiting(url, bot.picture(), seen):
            with _attacking(attacks, port):
                photos = await bot.send_at_rate(RATE_PER_S, seconds)
            await bot.settle(60)
        p95_s = bot.ledger.latency_s(95, photos)
        visitor_s = max(seen.visitor_s, default=float("inf"))
        all_mb = ALL_MB + (DRAWING_MB if DRAWING in attacks else 0)
        holds = (
            p95_s < PHOTO_S and visitor_s < VISITOR_S and not seen.refused
            and seen.bot_mb < BOT_MB and seen.all_mb < all_mb and _page_of(bot) == page
        )  # fmt: skip
        names = ", ".join(f"{count} × {name}" for name, count in attacks.items())
        return await bot.row(
            "A1", f"attacks on the page for {seconds} s: {names}", f"{TARGET}{all_mb:.0f} MB", holds=holds,
            note=f"p95 {p95_s:.2f} s; {len(seen.visitor_s)} visits, slowest {visitor_s:.2f} s, {seen.refused} refused; "
            f"bot {seen.bot_mb:.0f} MB, all {seen.all_mb:.0f} MB",
        )  # fmt: skip


@contextlib.contextmanager
def _attacking(attacks: dict[str, int], port: int) -> Iterator[None]:
    """Meanwhile the attacks run, each in a process of its own."""
    command = [sys.executable, "-m", "faults.attacks.page_attacker"]
    started = [
        subprocess.Popen([*command, name, str(port), str(count)], cwd=Path(__file__).parents[2])
        for name, count in attacks.items()
    ]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


@contextlib.asynccontextmanager
async def _watching(bot: BotUnderTest, seen: Seen) -> AsyncIterator[None]:
    """Meanwhile the memory is looked at."""

    async def look() -> None:
        while True:
            family = [bot.pid, *processes.descendants(bot.pid)]
            seen.bot_mb = max(seen.bot_mb, processes.usage(bot.pid).rss_mb)
            seen.all_mb = max(seen.all_mb, sum(map(processes.proportional_mb, family)))
            await asyncio.sleep(0.5)

    async with _beside(look()):
        yield


@contextlib.asynccontextmanager
async def _visiting(url: str, photo: bytes, seen: Seen) -> AsyncIterator[None]:
    """Meanwhile somebody at another address sends photos to the page."""

    async def visit() -> None:
        async with visitor(url, "127.0.0.2") as client:
            while True:
                began = time.monotonic()
                try:
                    seen.refused += not (await send(client, photo)).is_success
                except httpx.HTTPError:
                    seen.refused += 1
                seen.visitor_s.append(time.monotonic() - began)
                await asyncio.sleep(VISITOR_PAUSE_S)

    async with _beside(visit()):
        yield


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def wait_for_page(url: str) -> None:
    """Wait until the page says that it is well."""
    async with asyncio.timeout(READY_S), httpx.AsyncClient(trust_env=False, timeout=READY_S) as client:
        while not (await client.get(f"{url}/healthz")).is_success:
            await asyncio.sleep(0.1)


def _page_of(bot: BotUnderTest) -> list[int]:
    return [pid for pid in processes.descendants(bot.pid) if b"page_process" in processes.command(pid)]


SCENARIOS = {"A1": page_attacks}
