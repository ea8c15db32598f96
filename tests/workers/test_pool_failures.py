"""Workers that crash, hang, answer nonsense or are replaced: a photo is tried again or refused, others are answered."""

import asyncio
import os
import resource
import signal
import time
from pathlib import Path

import pytest

from lookalike.core.errors import ModelError, WorkerDied
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import pool as pool_module
from lookalike.workers.pool import STALLED_S, TRIES, WorkerPool
from lookalike.workers.protocol import SIZES
from lookalike.workers.worker_process import PAGE_BYTES, WorkerProcess
from tests.support.hostile.rogue_worker import HUGE_FRAME, RAW
from tests.support.pools import (
    FATAL,
    GIVE_UP_S,
    NOT_A_PICTURE,
    begun,
    large_photo,
    pids,
    stopped,
    the_worker,
    until,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNREADABLE = Refusal(Reason.UNREADABLE)


async def test_a_worker_killed_at_its_photo_costs_a_retry_and_no_answer(single: WorkerPool, astronaut: bytes) -> None:
    pid, deaths = await the_worker(single), single.deaths
    with stopped(pid):
        task = asyncio.create_task(single.find(astronaut))
        await begun(task, single)
        os.kill(pid, signal.SIGKILL)
        answer = await asyncio.wait_for(task, GIVE_UP_S)

    assert isinstance(answer, tuple)
    assert single.deaths == deaths + 1
    assert await the_worker(single) != pid


async def test_a_worker_killed_between_photos_costs_no_answer(single: WorkerPool, astronaut: bytes) -> None:
    os.kill(await the_worker(single), signal.SIGKILL)

    assert isinstance(await asyncio.wait_for(single.find(astronaut), GIVE_UP_S), tuple)


async def test_a_photo_that_crashes_two_workers_is_given_up_and_the_next_one_answered(single: WorkerPool) -> None:
    deaths = single.deaths

    with pytest.raises(WorkerDied):
        await asyncio.wait_for(single.find(FATAL), GIVE_UP_S)
    assert single.deaths == deaths + TRIES
    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE


async def test_a_photo_that_crashes_workers_costs_the_others_no_answer(single: WorkerPool) -> None:
    async with asyncio.timeout(GIVE_UP_S):
        deadly = asyncio.create_task(single.find(FATAL))
        answers = await asyncio.gather(*(single.find(b"x") for _ in range(20)))
        with pytest.raises(WorkerDied):
            await deadly

    assert answers == [NOT_A_PICTURE] * 20


async def test_a_worker_is_replaced_after_its_share_of_photos(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dlib's allocations are reported to creep."""
    pid, deaths = await the_worker(single), single.deaths
    monkeypatch.setattr(pool_module, "PHOTOS_PER_WORKER", 1)
    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    monkeypatch.undo()

    assert await asyncio.wait_for(the_worker(single), GIVE_UP_S) != pid
    assert single.deaths == deaths


async def test_a_worker_short_of_memory_is_replaced_and_the_photo_answered(single: WorkerPool) -> None:
    """It is no fault of the picture, so nobody is told that it cannot be read."""
    pid, deaths = await the_worker(single), single.deaths
    used = int((Path("/proc") / str(pid) / "statm").read_text().split()[0]) * PAGE_BYTES
    resource.prlimit(pid, resource.RLIMIT_AS, (used + 20_000_000, 2_000_000_000))

    assert await asyncio.wait_for(single.find(large_photo()), GIVE_UP_S) == Refusal(Reason.NO_FACE)
    assert single.deaths == deaths + 1


# A photo that takes a worker's whole time is refused, not tried again, and known for an hour.


async def test_a_photo_over_its_deadline_is_refused_once_and_for_all(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid, deaths, slow = await the_worker(single), single.deaths, b"over its deadline"
    with stopped(pid):
        task = asyncio.create_task(single.find(slow))
        with monkeypatch.context() as patch:
            patch.setattr(single, "_deadline_s", 0.001)
            assert await asyncio.wait_for(task, GIVE_UP_S) == UNREADABLE
    lost = single.deaths - deaths

    assert lost == 1
    assert await single.find(slow) == UNREADABLE
    assert await single.find(b"another photo 123") == NOT_A_PICTURE  # of the same size
    assert pid not in pids(single)
    assert single.deaths == deaths + lost


async def test_a_photo_in_a_loop_is_ended_by_the_kernel_and_refused_once_and_for_all(single: WorkerPool) -> None:
    """SIGXCPU, and not the deadline: so a core is free again even if the bot is too busy to look."""
    deaths = single.deaths
    async with asyncio.timeout(GIVE_UP_S):
        same = [asyncio.create_task(single.find(b"loop")) for _ in range(5)]  # four are waiting when the first is lost

        assert await asyncio.gather(*same) == [UNREADABLE] * 5
        assert await single.find(b"loop") == UNREADABLE
        assert await single.find(b"x") == NOT_A_PICTURE
    assert single.deaths == deaths + 1


async def test_a_pause_of_the_whole_process_is_no_deadline(single: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGSTOP, a suspended laptop: the clock jumps by any length, and the worker still has nearly all of its time."""
    monkeypatch.setattr(single, "_deadline_s", 100.0)
    deaths, real, now_s = single.deaths, asyncio.get_running_loop().time, [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: real() + now_s[0])
    with stopped(await the_worker(single)):
        task = asyncio.create_task(single.find(b"x"))
        await begun(task, single)
        now_s[0] = 100_000.0

        assert not (await asyncio.wait([task], timeout=0.05))[0]
    assert await asyncio.wait_for(task, GIVE_UP_S) == NOT_A_PICTURE
    assert single.deaths == deaths


# A picture that takes over its worker: each of these deaths is a real one, in the middle of a photo.


@pytest.mark.parametrize("photo", [b"segfault", b"abort", b"eat"])
async def test_a_photo_that_crashes_its_worker_is_lost_alone(rogue: WorkerPool, astronaut: bytes, photo: bytes) -> None:
    deaths = rogue.deaths
    async with asyncio.timeout(GIVE_UP_S):
        deadly = asyncio.create_task(rogue.find(photo))
        answers = await asyncio.gather(*(rogue.find(astronaut) for _ in range(6)))
        with pytest.raises(WorkerDied):
            await deadly

    assert all(isinstance(answer, tuple) for answer in answers)
    assert rogue.deaths == deaths + TRIES
    await until(lambda: rogue.alive == rogue.size)


@pytest.mark.parametrize(
    "nonsense",
    [b"no frame at all", HUGE_FRAME, SIZES.pack(7, 0) + b"no JSON", SIZES.pack(2, 3) + b"{}key"],
    ids=["text", "4 GB announced", "no JSON", "another file"],
)
async def test_a_worker_that_answers_nonsense_is_lost_and_its_photo_given_up(
    rogue: WorkerPool, nonsense: bytes
) -> None:
    before, deaths = pids(rogue), rogue.deaths
    with pytest.raises(WorkerDied):
        await asyncio.wait_for(rogue.find(RAW + nonsense), GIVE_UP_S)

    assert rogue.deaths == deaths + TRIES
    await until(lambda: rogue.alive == rogue.size)
    assert pids(rogue) != before
    assert await asyncio.wait_for(rogue.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE


# Replaced between two photos.


async def test_a_worker_that_has_grown_is_replaced(rogue: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RESIDENT_BYTES", 270_000_000)  # between a fresh worker and one of 200 MB more
    before, deaths, recycled = pids(rogue), rogue.deaths, rogue.recycled
    assert await asyncio.wait_for(rogue.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    assert (rogue.recycled, pids(rogue)) == (recycled, before)
    assert await asyncio.wait_for(rogue.find(b"grow"), GIVE_UP_S) == NOT_A_PICTURE
    await until(lambda: len(before - pids(rogue)) == 1 and rogue.alive == rogue.size)

    assert rogue.recycled == recycled + 1
    assert rogue.deaths == deaths


# The tasks that serve the workers.


@pytest.mark.parametrize("end", ["cancelled", "failed"])
async def test_a_serving_task_that_ends_is_replaced_with_its_worker(
    single: WorkerPool, end: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pid, restarts = await the_worker(single), single.restarts
    if end == "cancelled":
        (slot,) = single._slots
        assert slot.task
        slot.task.cancel()
    else:
        with monkeypatch.context() as patch:
            patch.setattr(single, "_answer", None)
            with pytest.raises(WorkerDied):
                await asyncio.wait_for(single.find(b"x"), GIVE_UP_S)

    assert await asyncio.wait_for(the_worker(single), GIVE_UP_S) != pid
    assert single.restarts == restarts + 1
    assert single.is_healthy()
    assert end in caplog.text or "TypeError" in caplog.text


async def test_a_pool_is_unhealthy_when_work_waits_and_nothing_is_answered(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped(await the_worker(single)):
        assert (single.is_healthy(), single.stalled_s) == (True, 0.0)
        task = asyncio.create_task(single.find(b"x"))
        await begun(task, single)
        assert single.is_healthy()
        with monkeypatch.context() as patch:
            now_s = time.monotonic() + STALLED_S
            patch.setattr("lookalike.workers.pool.time.monotonic", lambda: now_s)
            stalled_s, healthy = single.stalled_s, single.is_healthy()
    await asyncio.wait_for(task, GIVE_UP_S)

    assert stalled_s > STALLED_S - 1
    assert not healthy
    assert (single.is_healthy(), single.stalled_s) == (True, 0.0)


async def test_a_pool_that_can_start_no_worker_is_unhealthy_until_it_can(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(WorkerProcess, "start", no_start)
        patch.setattr(pool_module, "MAX_RESTART_PAUSE_S", 0.01)
        os.kill(await the_worker(single), signal.SIGKILL)
        task = asyncio.create_task(single.find(b"x"))
        await until(lambda: not single.is_healthy())
        assert single.stalled_s < STALLED_S
    await asyncio.wait_for(task, GIVE_UP_S)

    assert single.is_healthy()


async def no_start(models: Path) -> WorkerProcess:
    raise ModelError("no memory")


# Many deaths.


async def test_many_deaths_in_a_minute_are_logged_once_and_slow_the_starts_but_end_nothing(
    models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr(pool_module, "DEATHS_PER_MINUTE", 2)
    async with WorkerPool(1, models) as pool:
        pool._died_at_s = type(pool._died_at_s)(maxlen=3)
        with monkeypatch.context() as patch:
            patch.setattr("lookalike.workers.pool.asyncio.sleep", sleep)
            for _ in range(4):
                os.kill(await the_worker(pool), signal.SIGKILL)
            assert await pool.find(b"x") == NOT_A_PICTURE

    assert pauses == [0.0, 0.0, pool_module.RESTART_PAUSE_S, pool_module.RESTART_PAUSE_S]
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


async def test_deaths_that_are_far_apart_slow_nothing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool(1, models)
    now_s = 0.0
    monkeypatch.setattr("lookalike.workers.pool.time.monotonic", lambda: now_s)
    for _ in range(20):
        now_s += 60 / pool_module.DEATHS_PER_MINUTE + 1
        pool._count_death()

    assert not pool._is_slow
    for _ in range(pool_module.DEATHS_PER_MINUTE):
        pool._count_death()
    assert pool._is_slow


# What can be measured.


async def test_a_pool_says_how_it_is_doing(models: Path) -> None:
    seen: list[str] = []
    pool = WorkerPool(1, models, observe=lambda stage, seconds: seen.append(stage) if seconds >= 0 else None)
    assert (pool.alive, pool.busy, pool.waiting) == (0, 0, 0)
    async with pool:
        assert (pool.alive, pool.busy, pool.waiting) == (1, 0, 0)
        pid = await the_worker(pool)
        with stopped(pid):
            first = asyncio.create_task(pool.find(b"x"))
            await begun(first, pool)
            second = asyncio.create_task(pool.draw(b"x", Card((0, 0, 1, 1), "", "", "", __file__, 1, "", "")))
            await until(lambda: pool.waiting == 1)
            assert (pool.alive, pool.busy) == (1, 1)
            os.kill(pid, signal.SIGKILL)
        assert await asyncio.wait_for(first, GIVE_UP_S) == NOT_A_PICTURE
        assert await asyncio.wait_for(second, GIVE_UP_S) is None
        states = pool.states()
    assert states | {"work_stalled_s": 0.0} == {
        "workers": 1, "workers_alive": 1, "workers_busy": 0, "workers_lost": 1, "workers_recycled": 0,
        "workers_restarted": 0, "work_waiting": 0, "work_stalled_s": 0.0,
    }  # fmt: skip
    assert pool.alive == 0
    assert seen == ["wait", "find"] * 3 + ["wait", "draw"]  # the lost one is tried again before anything else
