"""Face workers that crash, hang or run out of memory during a photo, and photos that crash them every time."""

from __future__ import annotations

import asyncio
import io
import random
import signal
import time
from collections.abc import Callable

from PIL import Image

from faults import processes
from faults.ledger import SentPhoto
from faults.rig import BotUnderTest, Rig, Row, summed
from tests.support.bot_api.server import Call

BURST = 10  # photos at once: the workers are busy for a third of a second or more
OTHERS_P95_S = 3.0
POOL_BACK_S = 2.0
ANSWER_S = 60.0  # a bound that only a broken bot meets
BOOT_S = 10.0
TRIES = 3  # of an update (store.MAX_ATTEMPTS)
# A pool that loses more than five workers a minute starts new ones slower (workers/pool.py), which K3 does not measure.
HITS_A_BOT = 3
ROOM_BYTES = 60_000_000  # of address space, for a worker that is to run out of it: enough for a photo of 800 px
LARGE_PX = 5500  # 30 megapixels: 90 MB as RGB


async def workers_hit(rig: Rig) -> list[Row]:
    """Each way a worker can fail during a photo, while other photos wait."""
    return [
        await _hit(rig, "SIGKILL", signal.SIGKILL, rig.size(100, 3)),
        await _hit(rig, "SIGSEGV", signal.SIGSEGV, rig.size(100, 3)),
        await _hit(rig, "SIGSTOP (hangs)", signal.SIGSTOP, rig.size(12, 1)),
        await _out_of_memory(rig),
    ]


async def _hit(rig: Rig, case: str, number: signal.Signals, rounds: int) -> Row:
    """Signal one worker during a photo, `rounds` times; then all of them at once while they are idle."""
    chance, back_s, others_s, rows = rig.random(f"K3 {case}"), 0.0, 0.0, []
    for first in range(0, rounds, HITS_A_BOT):
        hits = min(HITS_A_BOT, rounds - first)
        async with rig.run_bot("K3", users=BURST) as bot:
            bot.ledger.sent.clear()  # the first photos waited for consent: their times do not count
            for _ in range(hits):
                await _burst(bot, number, chance)
            latencies = sorted(photo.latency_s or float("inf") for photo in bot.ledger.sent)[:-hits]
            others_s = max(others_s, latencies[-(len(latencies) // 20) - 1])
            if number != signal.SIGSTOP:
                processes.send(bot.workers, number)
                photo = bot.photo()
                await photo.answered(ANSWER_S)
                back_s = max(back_s, photo.latency_s or float("inf"))
            rows.append(await bot.row("K3", "", "", refusals=hits if number == signal.SIGSTOP else 0))
    measured = f"others' p95 {others_s:.2f} s"
    if number != signal.SIGSTOP:
        measured += f"; all killed while idle: the next answer after {back_s:.2f} s"
    lost_photo = "refused" if number == signal.SIGSTOP else "tried again"
    return summed(
        rows, f"a worker: {case}, mid-photo", f"only that photo {lost_photo}; others' p95 < 3 s; pool back < 2 s",
        holds=others_s < OTHERS_P95_S and back_s < POOL_BACK_S, rounds=rounds,
        recovery_s=back_s or None, note=measured,
    )  # fmt: skip


async def _burst(bot: BotUnderTest, number: signal.Signals, chance: random.Random) -> None:
    """Photos of ten users at once, and a signal to a worker when it is at work."""
    workers = bot.workers
    before = {pid: processes.cpu_s(pid) for pid in workers}
    for _ in range(BURST):
        bot.photo()
    target = chance.choice(workers)
    await _until(lambda: processes.cpu_s(target) > before[target] + chance.uniform(0.02, 0.2))
    processes.send([target], number)
    await bot.settle(ANSWER_S)
    if processes.is_stopped(target):  # it had done its work before; left so, the next photos would meet two that hang
        processes.send([target], signal.SIGCONT)
        await _burst(bot, number, chance)


async def _until(condition: Callable[[], bool]) -> None:
    """Poll: there is no event for processor time used."""
    deadline = time.monotonic() + ANSWER_S
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.003)


async def _out_of_memory(rig: Rig) -> Row:
    """A picture that needs more memory than the workers may have, among others that do not."""
    rounds, rows, p95_s, refused = rig.size(20, 2), [], 0.0, 0
    large = await asyncio.to_thread(_large_picture, rig.materials.pictures[0], LARGE_PX)
    for _ in range(rounds):
        async with rig.run_bot("K3", users=BURST) as bot:
            bot.ledger.sent.clear()
            for pid in bot.workers:
                processes.limit_memory(pid, ROOM_BYTES)
            bot.ledger.expect(bot.users[0].document(large, "large.png", "image/png"))
            others = [bot.photo(person) for person in bot.users[1:]]
            await bot.settle(ANSWER_S)
            refused += bot.ledger.refused
            p95_s = max(p95_s, bot.ledger.latency_s(95, others))
            wrongly_refused = sum(photo.is_refused for photo in others)
            rows.append(await bot.row("K3", "", "", holds=not wrongly_refused, refusals=1))
    return summed(
        rows, "a worker out of memory, mid-photo", "only that photo tried again or refused; others' p95 < 3 s",
        holds=p95_s < OTHERS_P95_S, rounds=rounds, note=f"{refused} refused; others' p95 {p95_s:.2f} s",
    )  # fmt: skip


def _large_picture(face: bytes, side_px: int) -> bytes:
    """The face enlarged, as PNG: some megabytes, a hundred when decoded."""
    data = io.BytesIO()
    Image.open(io.BytesIO(face)).resize((side_px, side_px), Image.Resampling.NEAREST).save(
        data, "PNG", compress_level=1
    )
    return data.getvalue()


# Photos that crash


async def crashing_photos(rig: Rig) -> list[Row]:
    """A photo that crashes the bot at every start, and one that crashes every worker."""
    return [await _kills_the_bot(rig), await _kills_its_worker(rig)]


async def _kills_the_bot(rig: Rig) -> Row:
    rounds, slowest_s, starts, apologies = rig.size(10, 2), 0.0, [], 0
    async with rig.run_bot("K4") as bot:
        for _ in range(rounds):
            others = [bot.photo(person) for person in bot.users[1:]]
            photo = bot.photo(bot.users[0])
            files = {size["file_id"] for size in photo.sent.message["photo"]}

            def kill(call: Call, files: set[str] = files) -> None:
                if call.method == "file" and call.result in files:
                    bot.process.send(signal.SIGKILL)

            bot.api.listeners.append(kill)
            deaths = 0
            while not photo.answers and deaths <= 2 * TRIES:
                answered = asyncio.create_task(photo.answered(ANSWER_S))
                ended = asyncio.create_task(bot.process.wait())
                await asyncio.wait((answered, ended), return_when=asyncio.FIRST_COMPLETED)
                answered.cancel()
                ended.cancel()
                if not bot.process.is_running:
                    deaths += 1
                    await bot.kill()
                    slowest_s = max(slowest_s, await bot.start())
            bot.api.listeners.remove(kill)
            starts.append(deaths)
            apologies += photo.is_refused
            await bot.ledger.settle(ANSWER_S, others)
        return await bot.row(
            "K4", "a photo that crashes the bot, at every start", "apology after 3 attempts; start < 10 s",
            holds=starts == [TRIES] * rounds and apologies == rounds and slowest_s < BOOT_S, rounds=rounds,
            recovery_s=slowest_s, refusals=rounds, note=f"{max(starts)} deaths a photo, {apologies} apologies",
        )  # fmt: skip


async def _kills_its_worker(rig: Rig) -> Row:
    """Every worker that has read the whole picture is killed; its counter of bytes read tells when."""
    rounds, deaths, rows, status = rig.size(10, 1), [], [], 0.0
    large = await asyncio.to_thread(_large_picture, rig.materials.pictures[0], LARGE_PX)
    for _ in range(rounds):
        # two users: what the first worker has read of earlier photos is less than half of this one
        async with rig.run_bot("K4", users=2, WORKERS="1") as bot:
            pid = bot.pid
            ready_bytes = processes.read_bytes(bot.workers[0])
            photo = bot.ledger.expect(bot.users[0].document(large, "large.png", "image/png"))
            deaths.append(await asyncio.to_thread(_kill_readers, bot, ready_bytes + len(large) // 2, photo))
            began = time.monotonic()
            await bot.photo(bot.users[1]).answered(ANSWER_S)
            status = max(status, time.monotonic() - began)
            rows.append(await bot.row("K4", "", "", holds=bot.pid == pid, refusals=1))
    return summed(
        rows, "a photo that crashes every worker", "refused after 2 attempts, the bot unaffected",
        holds=deaths == [2] * rounds, rounds=rounds, recovery_s=status,
        note=f"{max(deaths)} workers a photo; the next photo answered within {status:.1f} s",
    )  # fmt: skip


def _kill_readers(bot: BotUnderTest, read_bytes: int, photo: SentPhoto) -> int:
    """Kill every worker that has read so much, until the photo is answered; how many. In a thread: the loop is busy."""
    killed: set[int] = set()
    while not photo.answers:
        for worker in bot.workers:
            if worker not in killed and processes.read_bytes(worker) > read_bytes:
                processes.send([worker], signal.SIGKILL)
                killed.add(worker)
        time.sleep(0.005)
    return len(killed)


SCENARIOS = {"K3": workers_hit, "K4": crashing_photos}
