"""MongoDB is down, slow or loses answers: photos are answered as before, and in the end it has every answer once."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from faults.ledger import SentPhoto
from faults.proxy import Proxy
from faults.rig import STORE, BotUnderTest, Rig, Row, skipped
from faults.store_rows import empties
from tests.support.mongo_server import FERRETDB, MongoServer

RATE_PER_S = 1.0  # photos; five bots share the machine
LATE_S = 5.0  # an answer that takes longer has failed
DRAIN_S = 90.0  # the longest pause between two tries is 30 s
LATENCY_S = 10.0
LOST = 0.5  # share of the writes whose answer is lost
DATABASE = "lookalike"


@dataclass(frozen=True)
class Peer:
    """A MongoDB server and the proxy before it."""

    server: MongoServer
    proxy: Proxy

    @property
    def uri(self) -> str:
        """What MONGODB_URI is set to."""
        return f"mongodb://127.0.0.1:{self.proxy.port}/{DATABASE}"

    async def start(self) -> None:
        """Start the server, and return when it accepts connections."""
        try:
            await asyncio.to_thread(self.server.start)
        except pytest.fail.Exception as error:  # it is written for tests
            raise RuntimeError(str(error)) from None

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """All documents of a collection, read past the proxy."""
        with MongoClient[dict[str, Any]](self.server.uri(DATABASE)) as client:
            return list(client[DATABASE][collection].find())


Disturbance = Callable[[Rig, Peer], Coroutine[Any, Any, None]]


async def away(rig: Rig) -> list[Row]:
    """Down at the start, stopped, restarted, silent, slow: each with its own bot and server, all in parallel."""
    cases: dict[str, tuple[Disturbance, bool]] = {
        "down at the start": (_down_at_start, False),
        f"stopped for {rig.size(300, 5)} s in the middle of a load": (_stopped, True),
        f"kill -9 and restarted {rig.size(20, 3)} times": (_restarted, True),
        f"a black hole for {rig.size(60, 5)} s": (_black_hole, True),
        f"every answer {LATENCY_S:.0f} s late for {rig.size(60, 5)} s": (_slow, True),
    }
    target = f"every answer < {LATE_S:.0f} s; outbox drains; counts exact"
    if not command():
        return [skipped("M1", case, target, NO_SERVER) for case in cases]
    async with asyncio.TaskGroup() as group:
        rows = [
            group.create_task(
                _case(rig, f"MongoDB {case}", target, disturb, is_up=is_up, home=rig.scratch / f"M1-{number}")
            )
            for number, (case, (disturb, is_up)) in enumerate(cases.items())
        ]
    return [row.result() for row in rows]


async def _case(rig: Rig, case: str, target: str, disturb: Disturbance, *, is_up: bool, home: Path) -> Row:
    """Send photos on schedule until the disturbance is over, then compare the counts."""
    async with serve_peer(rig, home, case, is_up=is_up) as peer, _logging_bot(rig, "M1", peer) as bot:
        disturbed = asyncio.create_task(_until_over(disturb(rig, peer)))
        sent: list[SentPhoto] = []
        began = time.monotonic()
        while not disturbed.done():
            sent.append(bot.photo())
            await asyncio.sleep(max(0.0, began + len(sent) / RATE_PER_S - time.monotonic()))
        over = await disturbed
        await bot.settle(DRAIN_S)
        is_drained = await empties(bot.process.data / STORE, "outbox", DRAIN_S)
        drained_s = time.monotonic() - over
        slowest_s = bot.ledger.latency_s(100, sent)
        off = await asyncio.to_thread(_miscounted, peer, bot)
        return await bot.row(
            "M1", case, target, holds=is_drained and not off and slowest_s < LATE_S, recovery_s=drained_s,
            note=f"slowest {slowest_s:.2f} s; {off or 'counts exact'}",
        )  # fmt: skip


async def _until_over(disturb: Coroutine[Any, Any, None]) -> float:
    """Run the disturbance; time.monotonic() of its end."""
    await disturb
    return time.monotonic()


async def _down_at_start(rig: Rig, peer: Peer) -> None:
    await asyncio.sleep(rig.size(30, 4))
    await peer.start()


async def _stopped(rig: Rig, peer: Peer) -> None:
    await asyncio.sleep(1.0)
    await asyncio.to_thread(peer.server.stop)
    await asyncio.sleep(rig.size(300, 5))
    await peer.start()


async def _restarted(rig: Rig, peer: Peer) -> None:
    chance = rig.random("M1 restarts")
    for _ in range(rig.size(20, 3)):
        await asyncio.sleep(chance.uniform(0.2, 2.0))
        await asyncio.to_thread(peer.server.kill)
        await asyncio.sleep(chance.uniform(0.0, 1.0))
        await peer.start()


async def _black_hole(rig: Rig, peer: Peer) -> None:
    await asyncio.sleep(1.0)
    peer.proxy.passing.clear()
    await asyncio.sleep(rig.size(60, 5))
    peer.proxy.passing.set()


async def _slow(rig: Rig, peer: Peer) -> None:
    await asyncio.sleep(1.0)
    peer.proxy.latency_s = LATENCY_S
    await asyncio.sleep(rig.size(60, 5))
    peer.proxy.latency_s = 0.0


# Writes repeated


async def written_twice(rig: Rig) -> list[Row]:
    """Half of all writes take effect but their answers are lost; the bot is killed in between."""
    case, target = "half of the writes done, their answers lost; kill -9", "counts equal the answers"
    if not command():
        return [skipped("M2", case, target, NO_SERVER)]
    kills = rig.size(10, 2)
    async with serve_peer(rig, rig.scratch / "M2", case) as peer, _logging_bot(rig, "M2", peer) as bot:
        peer.proxy.lost = LOST
        for _ in range(kills):
            await bot.send_at_rate(RATE_PER_S, 4.0)
            await bot.kill()
            await bot.start()
        await bot.settle(DRAIN_S)
        peer.proxy.lost = 0.0
        is_drained = await empties(bot.process.data / STORE, "outbox", DRAIN_S)
        off = await asyncio.to_thread(_miscounted, peer, bot)
        return [
            await bot.row(
                "M2", case, target, holds=is_drained and not off and peer.proxy.lost_writes > 0, rounds=kills,
                note=f"{peer.proxy.lost_writes} answers lost; {off or 'counts exact'}",
            )
        ]  # fmt: skip


# The server

NO_SERVER = "no mongod on the PATH and no .cache/ferretdb: run tests/ferretdb/build.sh"


def command() -> Callable[[int, Path], list[str]] | None:
    """How to start a server here; None if there is none."""
    if mongod := shutil.which("mongod"):
        return lambda port, data: [mongod, "--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1"]
    if FERRETDB.exists():
        return lambda port, data: [str(FERRETDB), "-listen", f"127.0.0.1:{port}", "-data", str(data)]
    return None


@contextlib.asynccontextmanager
async def serve_peer(rig: Rig, home: Path, seed: str, *, is_up: bool = True) -> AsyncIterator[Peer]:
    """A server behind a proxy; both end with the block."""
    how = command()
    if how is None:
        raise RuntimeError(NO_SERVER)
    server = MongoServer(how, home)  # makes the directory
    proxy = Proxy(server.port, rig.random(seed))
    peer = Peer(server, proxy)
    async with proxy.serve():
        try:
            if is_up:
                await peer.start()
            yield peer
        finally:
            await asyncio.to_thread(server.kill)


@contextlib.asynccontextmanager
async def _logging_bot(rig: Rig, name: str, peer: Peer) -> AsyncIterator[BotUnderTest]:
    """A bot that logs to this server, through the proxy."""
    async with rig.run_bot(name, users=4, WORKERS="1", MONGODB_URI=peer.uri) as bot:
        yield bot


def _miscounted(peer: Peer, bot: BotUnderTest) -> str:
    """How the user log differs from what users were sent; '' if it does not."""
    held = [one["person"] for one in peer.documents("answers")]
    people = {one["_id"] for one in peer.documents("people")}
    answered = [photo.sent.chat_id for photo in bot.ledger.sent if photo.answers]
    return difference(held, people, answered, {person.id for person in bot.users})


def difference(held: list[int], people: set[int], answered: list[int], known: set[int]) -> str:
    """How the user log (answers, people) differs from the answers given and the users there are."""
    wrong = []
    if sorted(held) != sorted(answered):
        wrong.append(f"{len(held)} answers in MongoDB, {len(answered)} given")
    if people != known:
        wrong.append(f"{len(people)} people in MongoDB, {len(known)} there are")
    return ", ".join(wrong)


SCENARIOS = {"M1": away, "M2": written_twice}
