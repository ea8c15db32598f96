"""Attacks with pictures: files that are cheap to send and cost a decoder seconds or minutes."""

from __future__ import annotations

import asyncio
import itertools
import time

from faults.rig import Rig, Row
from lookalike.faces.types import Refusal
from lookalike.workers.pool import WorkerPool
from tests.support.hostile.pictures import hostile_pictures

REFUSED_S = 1.0  # with the way of 20 MB through the pipe, beside other scenarios; the check itself takes 50 ms
OTHERS_S = 2.0  # p95 of everybody else
ATTACKERS, DOCUMENTS = 2, 20
RATE_PER_S = 4.0
ANSWER_S = 120.0


async def hostile(rig: Rig) -> list[Row]:
    """Each file straight at a worker; then twenty of them from two users, while others send photos."""
    files = await asyncio.to_thread(hostile_pictures)
    return [await _refused(files), await _beside_others(rig, list(files.values()))]


async def _refused(files: dict[str, bytes]) -> Row:
    slowest_s, accepted = 0.0, []
    async with WorkerPool(1) as pool:
        for name, data in files.items():
            began = time.monotonic()
            if not isinstance(await pool.find(data), Refusal):
                accepted.append(name)
            slowest_s = max(slowest_s, time.monotonic() - began)
        note = f"slowest {1000 * slowest_s:.0f} ms, {pool.deaths} deaths" + "".join(
            f"; decoded: {one}" for one in accepted
        )
        held = not accepted and not pool.deaths and slowest_s < REFUSED_S
    target = f"all refused within {REFUSED_S:.0f} s each; 0 worker deaths"
    return Row("A2", "pictures that are expensive to decode", target, held, photos=len(files), note=note)


async def _beside_others(rig: Rig, files: list[bytes]) -> Row:
    seconds = rig.size(60, 15)
    async with rig.run_bot("A2", users=20) as bot:
        await bot.add_users(ATTACKERS)
        attackers = [bot.users.pop() for _ in range(ATTACKERS)]
        before = bot.workers
        documents = itertools.cycle(files)
        attack = [bot.ledger.expect(attackers[n % ATTACKERS].document(next(documents))) for n in range(DOCUMENTS)]
        others = await bot.send_at_rate(RATE_PER_S, seconds)
        await bot.settle(ANSWER_S)
        p95_s = bot.ledger.latency_s(95, others)
        deaths = len(set(before) - set(bot.workers))
        return await bot.row(
            "A2", f"{DOCUMENTS} of them as documents from {ATTACKERS} users, {RATE_PER_S:.0f} photos/s from others",
            f"others' p95 < {OTHERS_S:.0f} s; all answered; 0 worker deaths", holds=p95_s < OTHERS_S and not deaths,
            refusals=len(attack), note=f"p95 {p95_s:.2f} s; {deaths} deaths",
        )  # fmt: skip


SCENARIOS = {"A2": hostile}
