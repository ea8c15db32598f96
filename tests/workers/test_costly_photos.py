"""Photos that took a worker's whole time are known again for an hour."""

import threading

import pytest

from lookalike.workers import costly_photos
from lookalike.workers.costly_photos import REMEMBERED_S, CostlyPhotos, Key
from lookalike.workers.protocol import PhotoTask, Request

pytestmark = pytest.mark.fast

PHOTO = Request(PhotoTask.FIND, b"costly")


class Clock:
    """time.monotonic() that stands still."""

    now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(costly_photos, "time", clock)
    return clock


async def test_a_photo_is_known_for_an_hour(clock: Clock) -> None:
    costly = CostlyPhotos()
    await costly.add(PHOTO)
    clock.now_s += REMEMBERED_S - 1
    assert await costly.holds(PHOTO)
    clock.now_s += 1

    assert not await costly.holds(PHOTO)


@pytest.mark.parametrize(
    "other", [Request(PhotoTask.FIND, b"others"), Request(PhotoTask.FIND, b"x"), Request(PhotoTask.DRAW, b"costly")]
)
async def test_another_photo_or_task_is_not(clock: Clock, other: Request) -> None:
    costly = CostlyPhotos()
    await costly.add(PHOTO)

    assert not await costly.holds(other)


async def test_the_oldest_is_forgotten_when_there_are_too_many(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costly_photos, "MAX_REMEMBERED", 3)
    costly = CostlyPhotos()
    photos = [Request(PhotoTask.FIND, bytes([number])) for number in range(4)]
    for photo in photos:
        await costly.add(photo)

    assert [await costly.holds(photo) for photo in photos] == [False, True, True, True]


async def test_only_a_photo_of_the_same_size_is_hashed_and_not_on_the_event_loop(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    costly, key, threads = CostlyPhotos(), costly_photos._key, list[threading.Thread]()

    def noted(request: Request) -> Key:
        threads.append(threading.current_thread())
        return key(request)

    monkeypatch.setattr(costly_photos, "_key", noted)
    await costly.add(PHOTO)
    assert await costly.holds(PHOTO)
    assert not await costly.holds(Request(PhotoTask.FIND, b"longer than the other"))

    assert len(threads) == 2
    assert threading.current_thread() not in threads
