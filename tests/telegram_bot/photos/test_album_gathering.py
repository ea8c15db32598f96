"""Handlers of the photos of one album wait for each other."""

import asyncio

import pytest

from lookalike.telegram_bot.photos.album_gathering import MOST_PHOTOS, AlbumGatherer

pytestmark = pytest.mark.asyncio
NEVER_S = 600.0


async def test_all_photos_of_a_full_album_are_answered_as_one() -> None:
    gatherer: AlbumGatherer[int] = AlbumGatherer(NEVER_S)
    answered: list[list[int]] = []

    async def answer(members: list[int]) -> None:
        answered.append(members)

    await asyncio.gather(*(gatherer.join("album", number, answer) for number in range(MOST_PHOTOS)))

    assert answered == [list(range(MOST_PHOTOS))]


async def test_an_album_of_which_no_more_comes_is_answered() -> None:
    gatherer: AlbumGatherer[int] = AlbumGatherer(0.01)
    answered: list[list[int]] = []

    async def answer(members: list[int]) -> None:
        answered.append(members)

    await asyncio.gather(gatherer.join("one", 1, answer), gatherer.join("other", 2, answer))
    await gatherer.join("one", 3, answer)

    assert sorted(answered) == [[1], [2], [3]]


async def test_a_failure_reaches_every_photo_of_the_album() -> None:
    gatherer: AlbumGatherer[int] = AlbumGatherer(0.01)

    async def fail(members: list[int]) -> None:
        raise ValueError(str(members))

    raised = await asyncio.gather(*(gatherer.join("album", number, fail) for number in (1, 2)), return_exceptions=True)

    assert [str(one) for one in raised] == ["[1, 2]"] * 2


async def test_a_stop_ends_the_answer_under_way_before_it_returns() -> None:
    gatherer: AlbumGatherer[int] = AlbumGatherer(0.0)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def answer(members: list[int]) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.create_task(gatherer.join("album", 1, answer))
    await begun.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert ended.is_set()
