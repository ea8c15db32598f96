"""Hostile and damaged picture files, against the workers and through the bot."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from faults import processes
from faults.corpus import hand_made, mutations, orientations
from faults.rig import STORE, Rig, Row
from faults.store_rows import empties
from lookalike.core.errors import WorkerDied
from lookalike.faces.types import Face, Refusal
from lookalike.workers.pool import WorkerPool

PHOTO_S, MEMORY_MB = 10.0, 1000.0  # for one file
SAME = 0.05  # distance between embeddings of one face, turned eight ways
ANSWER_S = 240.0
WAITING = "journal WHERE state = 'new'"
FACES = 3  # turned
EXAMPLES = 200  # of hypothesis in one go


async def corpus(rig: Rig) -> list[Row]:
    """All files against the workers; then those made by hand, and some of the others, through the bot."""
    pictures = rig.materials.pictures
    chance = rig.random("I1")
    made = await asyncio.to_thread(hand_made, pictures[0])
    count = rig.size(10_000, 1000)
    mutants = await asyncio.to_thread(lambda: list(mutations(pictures, chance, count)))
    async with WorkerPool(2) as pool:
        rows = [
            await _harmless(pool, f"{count:,} mutated files", mutants),
            await _harmless(pool, f"{len(made)} made by hand", made.values()),
            await _turned(pool, pictures[:FACES]),
        ]
    return [*rows, await _through_the_bot(rig, made, mutants[: rig.size(300, 60)])]


@dataclass
class _Seen:
    """Outcomes of files and the longest time of one."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0

    async def take(self, pool: WorkerPool, data: bytes) -> None:
        began = time.monotonic()
        try:
            found = await pool.find(data)
            self.outcomes[str(found.reason) if isinstance(found, Refusal) else "faces"] += 1
        except WorkerDied:
            self.outcomes["worker died"] += 1
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)


async def _harmless(pool: WorkerPool, case: str, files: Iterable[bytes]) -> Row:
    """Two at a time, one a worker, so that no file waits."""
    seen, deaths, waiting = _Seen(), pool.deaths, list(files)
    count = len(waiting)

    async def serve() -> None:
        while waiting:
            await seen.take(pool, waiting.pop())

    await asyncio.gather(serve(), serve())
    died, most_mb = pool.deaths - deaths, max(map(_peak_mb, _own_workers()))
    note = f"{died} deaths, slowest {seen.slowest_s:.1f} s, at most {most_mb:.0f} MB; "
    note += ", ".join(f"{name} {number}" for name, number in seen.outcomes.most_common())
    is_right = not died and seen.slowest_s <= PHOTO_S and most_mb <= MEMORY_MB
    return Row("I1", case, f"0 worker deaths; each ≤ {PHOTO_S:.0f} s, ≤ 1 GB", is_right, photos=count, note=note)


def _own_workers() -> list[int]:
    """Workers of the pools in this process, without those of bots that run beside it."""
    bots = [pid for pid in processes.descendants(os.getpid()) if b"bot.py" in processes.command(pid)]
    return sorted(set(processes.workers(os.getpid())).difference(*(processes.workers(pid) for pid in bots)))


def _peak_mb(pid: int) -> float:
    """Peak resident megabytes of a process (proc(5), VmHWM)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM:")), 0.0)


async def _turned(pool: WorkerPool, pictures: tuple[bytes, ...]) -> Row:
    """One face in all EXIF orientations has one embedding."""
    farthest, missed = 0.0, 0
    for picture in pictures:
        found = {number: await pool.find(data) for number, data in orientations(picture, "PNG").items()}
        faces = {number: one[0] for number, one in found.items() if isinstance(one, tuple) and one}
        missed += len(found) - len(faces)
        farthest = max([farthest, *(_distance(face, faces[1]) for face in faces.values() if 1 in faces)])
    note = f"farthest {farthest:.3f}, {missed} without a face"
    return Row(
        "I1", "a face in all 8 EXIF orientations", f"equal embeddings (< {SAME})", not missed and farthest < SAME,
        rounds=len(pictures), photos=8 * len(pictures), note=note,
    )  # fmt: skip


def _distance(one: Face, other: Face) -> float:
    return float(np.linalg.norm(one.embedding - other.embedding))


async def _through_the_bot(rig: Rig, made: dict[str, bytes], mutants: list[bytes]) -> Row:
    """As documents, which Telegram passes on unchanged, with good photos between them; every one is answered."""
    files = [*made.values(), *mutants]
    async with rig.run_bot("I1", users=40) as bot:
        before = bot.workers
        hostile = [
            bot.ledger.expect(bot.users[number % len(bot.users)].document(data)) for number, data in enumerate(files)
        ]
        good = [bot.photo() for _ in range(20)]
        await bot.settle(ANSWER_S)
        await empties(bot.process.data / STORE, WAITING, ANSWER_S)
        lost_workers = len(set(before) - set(bot.workers))
        refused = sum(photo.is_refused for photo in hostile)
        wrong = sum(photo.is_refused for photo in good)
        return await bot.row(
            "I1", "such files through the bot, good photos between them", "all answered; 0 worker deaths",
            holds=not lost_workers and not wrong, refusals=refused,
            note=f"{refused} of {len(files)} refused in words, {wrong} of {len(good)} good ones; {lost_workers} deaths",
        )  # fmt: skip


# Hypothesis


async def searched(rig: Rig) -> list[Row]:
    """Hypothesis searches for a file that kills a worker, for some minutes."""
    duration_s = rig.size(300, 10)
    seeds = await asyncio.to_thread(lambda: list(mutations(rig.materials.pictures, rig.random("I2"), 40)))
    loop = asyncio.get_running_loop()
    seen = _Seen()
    async with WorkerPool(1) as pool:

        def take(data: bytes) -> None:
            asyncio.run_coroutine_threadsafe(seen.take(pool, data), loop).result()
            if pool.deaths:
                raise AssertionError(f"a file of {len(data)} bytes killed its worker")

        killer = await asyncio.to_thread(_search, rig, take, seeds, duration_s)
        count = seen.outcomes.total()
        note = f"{count} files in {duration_s} s, slowest {seen.slowest_s:.1f} s" + (f"; {killer}" if killer else "")
        return [Row("I2", "hypothesis on decode and detect", "0 crashes", not killer, photos=count, note=note)]


def _search(rig: Rig, take: Callable[[bytes], None], seeds: list[bytes], duration_s: float) -> str:
    """Search until the time is up; what was found, in words."""
    change = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40))  # where, how much goes, what comes
    deadline = time.monotonic() + duration_s
    for number in itertools.count():
        if time.monotonic() > deadline:
            return ""

        @seed(f"{rig.seed} {number}")
        @settings(
            max_examples=EXAMPLES, database=None, deadline=None, phases=(Phase.generate, Phase.target),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(st.sampled_from(seeds), st.lists(change, min_size=1, max_size=6))
        def look(data: bytes, changes: list[tuple[float, int, bytes]]) -> None:
            if time.monotonic() < deadline:
                take(_changed(data, changes))

        try:
            look()
        except AssertionError as error:
            return str(error)
    raise AssertionError("unreachable")


def _changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, length, new in changes:
        at = int(share * len(data))
        data = data[:at] + new + data[at + length :]
    return data


SCENARIOS = {"I1": corpus, "I2": searched}
