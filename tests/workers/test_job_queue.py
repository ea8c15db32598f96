"""The requests that wait: cards first, owners in turn, at most two of an owner at work."""

import asyncio

import pytest

from lookalike.workers.job_queue import MAX_PER_OWNER, Job, JobQueue
from lookalike.workers.protocol import PhotoTask, Request

pytestmark = pytest.mark.fast


def job(name: str, owner: str | None = None, task: PhotoTask = PhotoTask.FIND) -> Job:
    return Job(Request(task, name.encode()), owner)


async def taken(queue: JobQueue, *, done: bool = True) -> str:
    """The name of the next job."""
    async with asyncio.timeout(10):
        one = await queue.take()
    if done:
        queue.done(one)
    return one.request.photo.decode()


def filled(*jobs: Job) -> JobQueue:
    queue = JobQueue()
    for one in jobs:
        queue.put(one)
    return queue


async def test_jobs_without_owners_go_in_the_order_they_came() -> None:
    queue = filled(job("a"), job("b"), job("c"))

    assert [await taken(queue) for _ in range(3)] == ["a", "b", "c"]


async def test_a_card_goes_before_faces() -> None:
    queue = filled(job("a"), job("b", "Ada"), job("card", task=PhotoTask.DRAW))

    assert [await taken(queue) for _ in range(3)] == ["card", "a", "b"]


async def test_whoever_sends_one_photo_waits_for_one_of_everybody_else() -> None:
    queue = filled(*(job(f"ada {number}", "Ada") for number in range(20)), job("bob", "Bob"), job("nobody's"))

    assert [await taken(queue) for _ in range(5)] == ["ada 0", "bob", "nobody's", "ada 1", "ada 2"]


async def test_one_owner_has_at_most_two_at_work() -> None:
    queue = filled(*(job(f"ada {number}", "Ada") for number in range(4)))
    at_work = [await queue.take() for _ in range(MAX_PER_OWNER)]
    third = asyncio.create_task(queue.take())
    queue.put(job("bob", "Bob"))

    assert (await third).request.photo == b"bob"
    fourth = asyncio.create_task(queue.take())
    queue.done(at_work[0])
    assert (await fourth).request.photo == b"ada 2"


async def test_whoever_waits_for_a_job_gets_it_when_it_comes() -> None:
    queue = JobQueue()
    waiting = [asyncio.create_task(taken(queue)) for _ in range(2)]
    await asyncio.sleep(0)
    queue.put(job("a"))
    queue.put(job("b"))

    assert sorted(await asyncio.gather(*waiting)) == ["a", "b"]


async def test_a_taker_that_is_cancelled_takes_nothing() -> None:
    queue = JobQueue()
    first, second = (asyncio.create_task(taken(queue)) for _ in range(2))
    await asyncio.sleep(0)
    queue.put(job("a"))
    first.cancel()

    assert await second == "a"


async def test_the_length_is_what_nobody_has_taken() -> None:
    queue = filled(job("a", "Ada"), job("b", "Ada"), job("c", task=PhotoTask.DRAW))
    await taken(queue)

    assert len(queue) == 2
    queue.cancel_all()
    assert len(queue) == 0


async def test_cancelling_all_cancels_every_answer() -> None:
    jobs = [job("a"), job("b", "Ada"), job("c", task=PhotoTask.DRAW)]
    filled(*jobs).cancel_all()

    assert all(one.answer.cancelled() for one in jobs)


async def test_nothing_is_kept_of_owners_that_are_served() -> None:
    queue = filled(*(job(f"{number}", f"owner {number}") for number in range(100)))
    for _ in range(100):
        await taken(queue)

    assert not queue._at_work
    assert not queue._by_owner
