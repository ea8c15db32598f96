"""Workers that are stopped, killed, starved and replaced: it costs a photo a retry, and the others nothing."""

import asyncio
import os
import resource
import signal
from pathlib import Path

import pytest

from lookalike.core.errors import WorkerDied
from lookalike.faces.share_card import Card
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import pool as workers
from lookalike.workers.pool import FIND_NEXT, WorkerPool
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


async def test_a_photo_that_kills_two_workers_is_given_up_and_the_next_one_answered(single: WorkerPool) -> None:
    deaths = single.deaths

    with pytest.raises(WorkerDied):
        await asyncio.wait_for(single._ask(FIND_NEXT, FATAL), GIVE_UP_S)
    assert single.deaths == deaths + 2
    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE


async def test_a_deadly_photo_costs_the_others_no_answer(single: WorkerPool) -> None:
    async with asyncio.timeout(GIVE_UP_S):
        deadly = asyncio.create_task(single._ask(FIND_NEXT, FATAL))
        answers = await asyncio.gather(*(single.find(b"x") for _ in range(20)))
        with pytest.raises(WorkerDied):
            await deadly

    assert answers == [NOT_A_PICTURE] * 20


async def test_a_photo_over_its_deadline_is_given_up_and_the_next_one_answered(
    single: WorkerPool, shared_faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = await the_worker(single)
    with stopped(pid), monkeypatch.context() as patch:
        patch.setattr(single, "_deadline_s", 0.001)
        with pytest.raises(WorkerDied):
            await single.find((shared_faces / "groups" / "bald_guys.jpg").read_bytes())

    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    assert pid not in pids(single)


async def test_a_worker_is_replaced_after_its_share_of_photos(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that dlib forgets to free some memory."""
    pid, deaths = await the_worker(single), single.deaths
    monkeypatch.setattr(workers, "PHOTOS_PER_WORKER", 1)
    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    monkeypatch.undo()

    assert await asyncio.wait_for(the_worker(single), GIVE_UP_S) != pid
    assert single.deaths == deaths


# A picture that takes over its worker: each of these deaths is a real one, in the middle of a photo.


@pytest.mark.parametrize("photo", [b"segfault", b"abort", b"loop", b"eat"])
async def test_whatever_a_photo_does_to_its_worker_only_that_photo_is_lost(
    rogue: WorkerPool, astronaut: bytes, photo: bytes
) -> None:
    deaths = rogue.deaths
    async with asyncio.timeout(GIVE_UP_S):
        deadly = asyncio.create_task(rogue.find(photo))
        answers = await asyncio.gather(*(rogue.find(astronaut) for _ in range(6)))
        with pytest.raises(WorkerDied):
            await deadly

    assert all(isinstance(answer, tuple) for answer in answers)
    assert rogue.deaths == deaths + workers.TRIES
    await until(lambda: rogue.alive == rogue.size)


async def test_a_photo_in_a_loop_is_ended_by_the_kernel_and_not_by_the_deadline(
    rogue: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGXCPU: so a core is free again even if the bot is too busy to look."""
    monkeypatch.setattr(rogue, "_deadline_s", 2 * GIVE_UP_S)  # on a busy machine it would come first
    before = {worker._process for worker in rogue._workers if worker.is_alive}
    with pytest.raises(WorkerDied, match="IncompleteReadError"):
        await asyncio.wait_for(rogue.find(b"loop"), GIVE_UP_S)
    gone = before - {worker._process for worker in rogue._workers}

    assert -signal.SIGXCPU in {process.returncode for process in gone}  # beside what an earlier test left to be ended


async def test_a_worker_that_is_stopped_is_replaced_and_its_photo_answered(
    models: Path, astronaut: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with WorkerPool(1, models) as pool:
        pid = await the_worker(pool)
        with stopped(pid):
            task = asyncio.create_task(asyncio.wait_for(pool.find(astronaut), GIVE_UP_S))
            monkeypatch.setattr(pool, "_deadline_s", 0.001)
            await begun(task, pool)
            await until(lambda: pool.deaths == 1)
            monkeypatch.undo()

            assert isinstance(await task, tuple)
        assert await the_worker(pool) != pid


async def test_a_worker_short_of_memory_is_replaced_and_the_photo_answered(single: WorkerPool) -> None:
    """It is no fault of the picture, so nobody is told that it cannot be read."""
    pid, deaths = await the_worker(single), single.deaths
    used = int((Path("/proc") / str(pid) / "statm").read_text().split()[0]) * workers.PAGE_BYTES
    resource.prlimit(pid, resource.RLIMIT_AS, (used + 20_000_000, 2_000_000_000))

    assert await asyncio.wait_for(single.find(large_photo()), GIVE_UP_S) == Refusal(Reason.NO_FACE)
    assert single.deaths == deaths + 1


# Replaced between two photos.


async def test_a_worker_that_has_grown_is_replaced(rogue: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "RESIDENT_BYTES", 350_000_000)
    before, deaths, recycled = pids(rogue), rogue.deaths, rogue.recycled
    assert await asyncio.wait_for(rogue.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    assert (rogue.recycled, pids(rogue)) == (recycled, before)
    assert await asyncio.wait_for(rogue.find(b"grow"), GIVE_UP_S) == NOT_A_PICTURE
    await until(lambda: len(before - pids(rogue)) == 1 and rogue.alive == rogue.size)

    assert rogue.recycled == recycled + 1
    assert rogue.deaths == deaths


# Many deaths.


async def test_many_deaths_in_a_minute_are_said_once_and_slow_the_starts_but_end_nothing(
    models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pauses: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr(workers, "DEATHS_A_MINUTE", 2)
    async with WorkerPool(1, models) as pool:
        with monkeypatch.context() as patch:
            patch.setattr("workers.asyncio.sleep", sleep)
            for _ in range(2):
                with pytest.raises(WorkerDied):
                    await pool._ask(FIND_NEXT, FATAL)
            assert await pool.find(b"x") == NOT_A_PICTURE

    assert pauses == [0.0, 0.0, workers.STORM_PAUSE_S, workers.STORM_PAUSE_S]
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1


async def test_deaths_that_are_far_apart_slow_nothing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = WorkerPool(1, models)
    now = 0.0
    monkeypatch.setattr("workers.time.monotonic", lambda: now)
    for _ in range(20):
        now += 60 / workers.DEATHS_A_MINUTE + 1
        pool._count_death()

    assert not pool._storm
    for _ in range(workers.DEATHS_A_MINUTE):
        pool._count_death()
    assert pool._storm


# What whoever watches sees.


async def test_a_pool_tells_how_it_is_doing(models: Path) -> None:
    seen: list[str] = []
    pool = WorkerPool(1, models, observe=lambda stage, seconds: seen.append(stage) if seconds >= 0 else None)
    assert (pool.alive, pool.busy, pool.waiting) == (0, 0, 0)
    async with pool:
        assert (pool.alive, pool.busy, pool.waiting) == (1, 0, 0)
        pid = await the_worker(pool)
        with stopped(pid):
            first = asyncio.create_task(pool.find(b"x"))
            await begun(first, pool)
            second = asyncio.create_task(pool.draw(b"x", Card((0, 0, 1, 1), "", "", "", "/", 1, "", "")))
            await until(lambda: pool.waiting == 1)
            assert (pool.alive, pool.busy) == (1, 1)
            os.kill(pid, signal.SIGKILL)
        assert await asyncio.wait_for(first, GIVE_UP_S) == NOT_A_PICTURE
        assert await asyncio.wait_for(second, GIVE_UP_S) is None
        assert (pool.alive, pool.busy, pool.waiting, pool.deaths, pool.recycled) == (1, 0, 0, 1, 0)
    assert pool.alive == 0
    assert seen == ["wait", "find"] * 3 + ["wait", "draw"]  # the lost one is tried again before anything else
