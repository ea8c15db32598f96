"""Face workers that die, hang or run out of memory in the middle of a photo, and photos that do it every time."""

from __future__ import annotations

import asyncio
import io
import random
import signal
import time
from collections.abc import Callable

from PIL import Image

from faults import processes
from faults.rig import Rig, Row, Stage, summed
from tests.support.bot_api.server import Call

BURST = 10  # photos at once: the workers are busy for a third of a second or more
OTHERS_P95_S = 3.0
POOL_BACK_S = 2.0
ANSWER_S = 60.0  # a bound that only a broken bot meets
BOOT_S = 10.0
TRIES = 3  # of an update (storage.MAX_ATTEMPTS)
# A pool that loses more than five workers a minute starts new ones slower (workers.py): that is not what K3 measures,
# so no bot loses more than that.
HITS_A_BOT = 3
ROOM_BYTES = 60_000_000  # of address space, for a worker that is to run out of it: enough for a photo of 800 px
LARGE_PX = 5500  # 30 megapixels: 90 MB as RGB


async def workers_hit(rig: Rig) -> list[Row]:
    """Each way for a worker to fail, in the middle of a photo, while others wait for theirs."""
    return [
        await _hit(rig, "SIGKILL", signal.SIGKILL, rig.size(100, 3)),
        await _hit(rig, "SIGSEGV", signal.SIGSEGV, rig.size(100, 3)),
        await _hit(rig, "SIGSTOP (hangs)", signal.SIGSTOP, rig.size(12, 1)),
        await _out_of_memory(rig),
    ]


async def _hit(rig: Rig, case: str, number: signal.Signals, rounds: int) -> Row:
    """Signal one worker in the middle of a photo, so often; then all of them at once while they have nothing to do."""
    chance, back_s, others_s, rows = rig.random(f"K3 {case}"), 0.0, 0.0, []
    for first in range(0, rounds, HITS_A_BOT):
        hits = min(HITS_A_BOT, rounds - first)
        async with rig.stage("K3", people=BURST) as stage:
            stage.ledger.shots.clear()  # the first photos wait for consent: no measure of anything
            for _ in range(hits):
                await _burst(stage, number, chance)
            latencies = sorted(shot.latency_s or float("inf") for shot in stage.ledger.shots)[:-hits]
            others_s = max(others_s, latencies[-(len(latencies) // 20) - 1])
            if number != signal.SIGSTOP:
                processes.send(stage.workers, number)
                shot = stage.photo()
                await shot.answered(ANSWER_S)
                back_s = max(back_s, shot.latency_s or float("inf"))
            rows.append(await stage.row("K3", "", ""))
    measured = f"others' p95 {others_s:.2f} s"
    if number != signal.SIGSTOP:
        measured += f"; all killed while idle: the next answer after {back_s:.2f} s"
    return summed(
        rows, f"a worker: {case}, mid-photo", "only that photo tried again; others' p95 < 3 s; pool back < 2 s",
        holds=others_s < OTHERS_P95_S and back_s < POOL_BACK_S, rounds=rounds,
        recovery_s=back_s or None, note=measured,
    )  # fmt: skip


async def _burst(stage: Stage, number: signal.Signals, chance: random.Random) -> None:
    """Photos of ten people at once, and a signal to a worker as soon as it is at work."""
    workers = stage.workers
    before = {pid: processes.cpu_s(pid) for pid in workers}
    for _ in range(BURST):
        stage.photo()
    target = chance.choice(workers)
    await _until(lambda: processes.cpu_s(target) > before[target] + chance.uniform(0.02, 0.2))
    processes.send([target], number)
    await stage.settle(ANSWER_S)


async def _until(condition: Callable[[], bool]) -> None:
    """Look again every few milliseconds: the kernel tells nobody how much time a process has used."""
    deadline = time.monotonic() + ANSWER_S
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.003)


async def _out_of_memory(rig: Rig) -> Row:
    """A picture that needs more memory than the workers may have, amid others that do not."""
    rounds, rows, p95_s, refused = rig.size(20, 2), [], 0.0, 0
    large = await asyncio.to_thread(_large_picture, rig.materials.pictures[0], LARGE_PX)
    for _ in range(rounds):
        async with rig.stage("K3", people=BURST) as stage:
            stage.ledger.shots.clear()
            for pid in stage.workers:
                processes.limit_memory(pid, ROOM_BYTES)
            stage.ledger.expect(stage.people[0].document(large, "large.png", "image/png"))
            others = [stage.photo(person) for person in stage.people[1:]]
            await stage.settle(ANSWER_S)
            refused += stage.ledger.refused
            p95_s = max(p95_s, stage.ledger.latency_s(95, others))
            innocent = sum(shot.is_refused for shot in others)
            rows.append(await stage.row("K3", "", "", holds=not innocent, refusals=1))
    return summed(
        rows, "a worker out of memory, mid-photo", "only that photo tried again or refused; others' p95 < 3 s",
        holds=p95_s < OTHERS_P95_S, rounds=rounds, note=f"{refused} refused; others' p95 {p95_s:.2f} s",
    )  # fmt: skip


def _large_picture(face: bytes, side_px: int) -> bytes:
    """The face enlarged, as PNG: some megabytes that become a hundred when they are decoded."""
    data = io.BytesIO()
    Image.open(io.BytesIO(face)).resize((side_px, side_px), Image.Resampling.NEAREST).save(
        data, "PNG", compress_level=1
    )
    return data.getvalue()


# Poison


async def poison(rig: Rig) -> list[Row]:
    """A photo at which the bot dies, at every start; and one at which every worker dies."""
    return [await _kills_the_bot(rig), await _kills_its_worker(rig)]


async def _kills_the_bot(rig: Rig) -> Row:
    rounds, slowest_s, starts, told = rig.size(10, 2), 0.0, [], 0
    async with rig.stage("K4") as stage:
        for _ in range(rounds):
            others = [stage.photo(person) for person in stage.people[1:]]
            shot = stage.photo(stage.people[0])
            files = {size["file_id"] for size in shot.sent.message["photo"]}

            def kill(call: Call, files: set[str] = files) -> None:
                if call.method == "file" and call.result in files:
                    stage.bot.send(signal.SIGKILL)

            stage.api.listeners.append(kill)
            deaths = 0
            while not shot.answers and deaths <= 2 * TRIES:
                answered = asyncio.create_task(shot.answered(ANSWER_S))
                ended = asyncio.create_task(stage.bot.wait())
                await asyncio.wait((answered, ended), return_when=asyncio.FIRST_COMPLETED)
                answered.cancel()
                ended.cancel()
                if not stage.bot.is_running:
                    deaths += 1
                    await stage.kill()
                    slowest_s = max(slowest_s, await stage.start())
            stage.api.listeners.remove(kill)
            starts.append(deaths)
            told += shot.is_refused
            await stage.ledger.settle(ANSWER_S, others)
        return await stage.row(
            "K4", "a photo at which the bot dies, at every start", "given up after 3 tries, told; boot < 10 s",
            holds=starts == [TRIES] * rounds and told == rounds and slowest_s < BOOT_S, rounds=rounds,
            recovery_s=slowest_s, refusals=rounds, note=f"{max(starts)} deaths a photo, {told} told",
        )  # fmt: skip


async def _kills_its_worker(rig: Rig) -> Row:
    """Every worker that has read the whole picture is killed; its counter of bytes read tells when."""
    rounds, deaths, rows, status = rig.size(10, 1), [], [], 0.0
    large = await asyncio.to_thread(_large_picture, rig.materials.pictures[0], LARGE_PX)
    for _ in range(rounds):
        async with rig.stage("K4", WORKERS="1") as stage:
            pid = stage.pid
            ready_bytes = processes.read_bytes(stage.workers[0])
            shot = stage.ledger.expect(stage.people[0].document(large, "large.png", "image/png"))
            killed: set[int] = set()
            while not shot.answers:
                for worker in stage.workers:
                    if worker not in killed and processes.read_bytes(worker) > ready_bytes + len(large) // 2:
                        processes.send([worker], signal.SIGKILL)
                        killed.add(worker)
                await asyncio.sleep(0.01)
            deaths.append(len(killed))
            began = time.monotonic()
            await stage.photo(stage.people[1]).answered(ANSWER_S)
            status = max(status, time.monotonic() - began)
            rows.append(await stage.row("K4", "", "", holds=stage.pid == pid, refusals=1))
    return summed(
        rows, "a photo at which every worker dies", "refused after 2 tries, the bot unaffected",
        holds=deaths == [2] * rounds, rounds=rounds, recovery_s=status,
        note=f"{max(deaths)} workers a photo; the next photo answered within {status:.1f} s",
    )  # fmt: skip


SCENARIOS = {"K3": workers_hit, "K4": poison}
