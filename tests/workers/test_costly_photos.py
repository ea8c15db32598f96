"""Photos that took a worker's whole time are known again for an hour."""

import pytest

from lookalike.workers import costly_photos
from lookalike.workers.costly_photos import REMEMBERED_S, CostlyPhotos
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


def test_a_photo_is_known_for_an_hour(clock: Clock) -> None:
    costly = CostlyPhotos()
    costly.add(PHOTO)
    clock.now_s += REMEMBERED_S - 1
    assert PHOTO in costly
    clock.now_s += 1

    assert PHOTO not in costly


@pytest.mark.parametrize(
    "other", [Request(PhotoTask.FIND, b"others"), Request(PhotoTask.FIND, b"x"), Request(PhotoTask.DRAW, b"costly")]
)
def test_another_photo_or_task_is_not(clock: Clock, other: Request) -> None:
    costly = CostlyPhotos()
    costly.add(PHOTO)

    assert other not in costly


def test_the_oldest_is_forgotten_when_there_are_too_many(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costly_photos, "MAX_REMEMBERED", 3)
    costly = CostlyPhotos()
    photos = [Request(PhotoTask.FIND, bytes([number])) for number in range(4)]
    for photo in photos:
        costly.add(photo)

    assert [photo in costly for photo in photos] == [False, True, True, True]


def test_a_photo_of_another_size_is_not_hashed(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing 20 MB would hold up the event loop."""
    costly = CostlyPhotos()
    costly.add(PHOTO)
    monkeypatch.setattr(costly_photos, "_key", lambda request: pytest.fail("hashed"))

    assert Request(PhotoTask.FIND, b"longer than the other") not in costly
