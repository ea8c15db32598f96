"""Attacks with pictures: files that are cheap to send and cost a decoder much, and the costliest that are allowed."""

from __future__ import annotations

import asyncio
import itertools
import time

from faults.ledger import after
from faults.rig import Rig, Row
from lookalike.faces.types import Refusal
from lookalike.telegram_bot.texts import Texts
from lookalike.workers.pool import WorkerPool
from tests.support.hostile.pictures import hostile_pictures, photo_at_the_limits

REFUSED_S = 1.0  # with the way of 20 MB through the pipe, beside other scenarios; the check itself takes 50 ms
OTHERS_S = 2.0  # p95 of everybody else
ATTACKERS, DOCUMENTS = 2, 20
RATE_PER_S = 4.0
ANSWER_S = 120.0
NO_FACE = Texts("en")("no-face")  # so one is answered that was decoded to its end


async def hostile(rig: Rig) -> list[Row]:
    """Each file straight at a worker; twenty of them beside others' photos; the same with twenty that are allowed."""
    files = await asyncio.to_thread(hostile_pictures)
    return [await _refused(files), await _beside_others(rig, list(files.values())), await at_the_limits(rig)]


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


async def at_the_limits(rig: Rig) -> Row:
    """Twenty photos that are allowed and cost a worker over a second each, from two users."""
    return await _beside_others(rig, [await asyncio.to_thread(photo_at_the_limits)], allowed=True)


async def _beside_others(rig: Rig, files: list[bytes], *, allowed: bool = False) -> Row:
    seconds, count = rig.size(60, 15), rig.size(DOCUMENTS, 6) if allowed else DOCUMENTS
    async with rig.run_bot("A2", users=20) as bot:
        await bot.add_users(ATTACKERS)
        attackers = [bot.users.pop() for _ in range(ATTACKERS)]
        before, began = bot.workers, time.monotonic()
        documents = itertools.cycle(files)
        attack = [bot.ledger.expect(attackers[n % ATTACKERS].document(next(documents))) for n in range(count)]
        others = await bot.send_at_rate(RATE_PER_S, seconds)
        await bot.settle(ANSWER_S)
        p95_s = bot.ledger.latency_s(95, others)
        deaths = len(set(before) - set(bot.workers))
        decoded = sum(one.text == NO_FACE for one in attack)
        what = "of 40 megapixels in 12 scans" if allowed else "of them as documents"
        return await bot.row(
            "A2", f"{count} {what} from {ATTACKERS} users, {RATE_PER_S:.0f} photos/s from others",
            f"others' p95 < {OTHERS_S:.0f} s; all answered; 0 worker deaths",
            holds=p95_s < OTHERS_S and not deaths and decoded == (count if allowed else 0), refusals=len(attack),
            note=f"p95 {p95_s:.2f} s; {deaths} deaths; {decoded} decoded, the last after {after(attack, began):.0f} s",
        )  # fmt: skip


SCENARIOS = {"A2": hostile}
