"""The requests that wait: cards first, then the others in the order they came, morphs and drawings last.

Files leave a worker to others.
"""

import asyncio

import pytest

from lookalike.workers.job_queue import Job, JobQueue
from lookalike.workers.protocol import KEPT_PHOTOS, PhotoTask, Request

pytestmark = pytest.mark.fast


def job(name: str, task: PhotoTask = PhotoTask.FIND, *, is_file: bool = False) -> Job:
    return Job(Request(task, name.encode()), is_file)


async def taken(queue: JobQueue, worker: object = None) -> str:
    """The name of the next job of a worker."""
    async with asyncio.timeout(10):
        one = await queue.take(worker)
    return one.request.photo.decode()


def filled(*jobs: Job, workers: int = 1) -> JobQueue:
    queue = JobQueue(workers)
    for one in jobs:
        queue.put(one)
    return queue


async def test_jobs_go_in_the_order_they_came() -> None:
    queue = filled(job("a"), job("b"), job("c"))

    assert [await taken(queue) for _ in range(3)] == ["a", "b", "c"]


async def test_a_card_goes_before_faces() -> None:
    queue = filled(job("a"), job("b"), job("card", task=PhotoTask.DRAW))

    assert [await taken(queue) for _ in range(3)] == ["card", "a", "b"]


async def test_whoever_waits_for_a_job_gets_it_when_it_comes() -> None:
    queue = JobQueue(1)
    waiting = [asyncio.create_task(taken(queue)) for _ in range(2)]
    await asyncio.sleep(0)
    queue.put(job("a"))
    queue.put(job("b"))

    assert sorted(await asyncio.gather(*waiting)) == ["a", "b"]


async def test_a_taker_that_is_cancelled_takes_nothing() -> None:
    queue = JobQueue(1)
    first, second = (asyncio.create_task(taken(queue)) for _ in range(2))
    await asyncio.sleep(0)
    queue.put(job("a"))
    first.cancel()

    assert await second == "a"


async def test_the_length_is_what_nobody_has_taken() -> None:
    queue = filled(job("a"), job("b"), job("c", task=PhotoTask.DRAW))
    await taken(queue)

    assert len(queue) == 2
    queue.cancel_all()
    assert len(queue) == 0


async def test_cancelling_all_cancels_every_answer() -> None:
    jobs = [job("a"), job("b"), job("c", task=PhotoTask.DRAW)]
    filled(*jobs).cancel_all()

    assert all(one.answer.cancelled() for one in jobs)


async def test_morphs_and_drawings_go_last() -> None:
    queue = filled(
        job("morph", task=PhotoTask.MORPH), job("avatar", task=PhotoTask.AVATAR), job("a"),
        job("card", task=PhotoTask.DRAW), workers=3,
    )  # fmt: skip

    assert [await taken(queue) for _ in range(4)] == ["card", "a", "morph", "avatar"]


async def test_of_several_workers_one_is_left_for_other_jobs() -> None:
    first = job("morph", task=PhotoTask.MORPH)
    queue = filled(first, job("strip", task=PhotoTask.STRIP), workers=2)
    assert await taken(queue) == "morph"
    second = asyncio.create_task(taken(queue))
    queue.put(job("a"))
    assert await second == "a"
    third = asyncio.create_task(taken(queue))
    await asyncio.sleep(0)
    assert not third.done()
    queue.done(first)

    assert await third == "strip"


async def test_of_several_workers_one_is_left_by_files() -> None:
    first = job("file", is_file=True)
    queue = filled(first, job("other file", is_file=True), job("a"), workers=2)
    assert [await taken(queue) for _ in range(2)] == ["file", "a"]
    third = asyncio.create_task(taken(queue))
    queue.put(job("b"))
    assert await third == "b"
    queue.done(first)

    assert await taken(queue) == "other file"


async def test_a_morph_and_files_leave_a_worker_together() -> None:
    morph = job("morph", task=PhotoTask.MORPH)
    queue = filled(morph, workers=2)
    assert await taken(queue) == "morph"
    for one in (job("file", is_file=True), job("a")):
        queue.put(one)
    assert await taken(queue) == "a"
    queue.done(morph)

    assert await taken(queue) == "file"


async def test_a_file_goes_when_it_is_the_oldest_and_before_morphs() -> None:
    queue = filled(
        job("morph", task=PhotoTask.MORPH), job("a"), job("file", is_file=True), job("b"), workers=3
    )  # fmt: skip

    assert [await taken(queue) for _ in range(4)] == ["a", "file", "b", "morph"]


async def test_a_single_worker_takes_files_in_their_order() -> None:
    queue = filled(job("a"), job("file", is_file=True), job("b"))

    assert [await taken(queue) for _ in range(3)] == ["a", "file", "b"]


async def test_a_card_that_is_drawn_from_a_file_has_to_wait_like_a_face() -> None:
    queue = filled(
        job("a"), job("card of a file", task=PhotoTask.DRAW, is_file=True), job("card", task=PhotoTask.NUMBER),
        job("b"),
    )  # fmt: skip

    assert [await taken(queue) for _ in range(4)] == ["card", "a", "card of a file", "b"]


# A card goes to the worker that keeps its photo.


def with_a_photo_kept(by: str) -> JobQueue:
    """A queue of two workers, one of which has found the faces of `a`."""
    queue = JobQueue(2)
    queue.answered(Job(Request(PhotoTask.FIND, b"a", panel=True)), by)
    return queue


async def test_a_card_is_left_to_the_worker_that_keeps_its_photo() -> None:
    queue = with_a_photo_kept(by="Ann")
    for one in (job("a", PhotoTask.DRAW), job("b"), job("c")):
        queue.put(one)

    assert [await taken(queue, worker) for worker in ("Bo", "Ann", "Ann")] == ["b", "a", "c"]


async def test_a_card_goes_to_another_worker_that_has_nothing_else_to_do() -> None:
    queue = with_a_photo_kept(by="Ann")
    queue.put(job("a", PhotoTask.DRAW))

    assert await taken(queue, "Bo") == "a"


async def test_of_two_idle_workers_the_one_that_keeps_the_photo_gets_the_card() -> None:
    queue = with_a_photo_kept(by="Ann")
    others, keeper = (asyncio.create_task(taken(queue, worker)) for worker in ("Bo", "Ann"))
    await asyncio.sleep(0)
    queue.put(job("a", PhotoTask.DRAW))

    assert await keeper == "a"
    queue.put(job("b"))
    assert await others == "b"


async def test_what_was_left_to_a_worker_that_took_something_else_goes_to_the_other() -> None:
    queue = with_a_photo_kept(by="Ann")
    other, keeper = (asyncio.create_task(taken(queue, worker)) for worker in ("Bo", "Ann"))
    await asyncio.sleep(0)
    queue.put(job("x", PhotoTask.DRAW))
    queue.put(job("a", PhotoTask.DRAW))

    assert sorted(await asyncio.gather(other, keeper)) == ["a", "x"]


async def test_a_card_does_not_wait_long_for_its_worker() -> None:
    queue = with_a_photo_kept(by="Ann")
    card = job("a", PhotoTask.DRAW)
    for one in (job("b"), card):
        queue.put(one)
    card.queued_s -= 1  # so long ago

    assert await taken(queue, "Bo") == "a"


async def test_photos_that_a_worker_has_forgotten_are_forgotten_here() -> None:
    queue = with_a_photo_kept(by="Ann")
    for number in range(2 * KEPT_PHOTOS):
        queue.answered(Job(Request(PhotoTask.FIND, str(number).encode(), panel=True)), "Bo")
    for one in (job("b"), job("a", PhotoTask.DRAW)):
        queue.put(one)

    assert await taken(queue, "Bo") == "a"
