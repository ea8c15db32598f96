"""The photo queue: so many at a time, in order of arrival, few of one user, and a notice for who waits long."""

import asyncio

import pytest

from lookalike.telegram_bot.photos.photo_queue import (
    FIRST_GUESS_S,
    MAX_NOTICES_PER_10_S,
    NOTICE_AFTER_S,
    PHOTOS_OF_A_USER,
    PhotoQueue,
)

LONG = int(NOTICE_AFTER_S / FIRST_GUESS_S) + 1  # so many in front take longer than NOTICE_AFTER_S


class Full:
    """A queue of one slot, held until the block ends, and a photo of each of these users behind it."""

    def __init__(self, *users: int) -> None:
        self.queue, self.order = PhotoQueue(1), list[int]()
        self._leave = asyncio.Event()
        self._tasks = [asyncio.create_task(self.stay(user_id)) for user_id in (0, *users)]

    async def stay(self, user_id: int) -> None:
        async with self.queue.turn(user_id):
            await self._leave.wait()
            self.order.append(user_id)

    async def __aenter__(self) -> "Full":
        await asyncio.sleep(0)  # all of them take their places
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leave.set()
        await asyncio.gather(*self._tasks)


async def test_who_comes_first_goes_first_and_places_are_counted() -> None:
    async with Full(1, 2, 3, 4, 5) as full:
        assert full.queue.waiting == 5
        assert full.queue.place().number == 6

    assert full.order == [0, 1, 2, 3, 4, 5]
    assert full.queue.waiting == 0


async def test_a_user_has_at_most_two_photos_in_work_while_others_go_first() -> None:
    queue, in_work, leave = PhotoQueue(4), list[str](), {name: asyncio.Event() for name in "abcdef"}

    async def stay(name: str, user_id: int) -> None:
        async with queue.turn(user_id):
            in_work.append(name)
            await leave[name].wait()

    # user 1 sends a, b, c, d; user 2 sends e; user 3 sends f
    users = {"a": 1, "b": 1, "c": 1, "d": 1, "e": 2, "f": 3}
    tasks = [asyncio.create_task(stay(name, user_id)) for name, user_id in users.items()]
    for _ in range(5):
        await asyncio.sleep(0)
    assert PHOTOS_OF_A_USER == 2
    assert in_work == ["a", "b", "e", "f"]
    assert queue.waiting == 2

    leave["e"].set()  # a free slot, but not for user 1
    for _ in range(5):
        await asyncio.sleep(0)
    assert in_work == ["a", "b", "e", "f"]
    for event in leave.values():
        event.set()
    await asyncio.gather(*tasks)
    assert in_work == ["a", "b", "e", "f", "c", "d"]


async def test_a_short_wait_gets_no_notice() -> None:
    async with Full(1, 2, 3) as full:
        assert full.queue.notice_due(1) is None


async def test_a_long_wait_gets_one_notice() -> None:
    async with Full(*range(1, LONG + 1)) as full:
        place = full.queue.notice_due(1)
        assert place is not None
        assert (place.number, place.wait_s) == (LONG + 1, LONG * FIRST_GUESS_S)
        assert full.queue.notice_due(1) is None
        assert full.queue.notice_due(2) is not None


async def test_notices_never_take_more_than_their_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookalike.telegram_bot.photos.photo_queue.time.monotonic", lambda: 100.0)
    async with Full(*range(1, LONG + 1)) as full:
        due = [full.queue.notice_due(user_id) for user_id in range(MAX_NOTICES_PER_10_S + 20)]

    assert sum(place is not None for place in due) == MAX_NOTICES_PER_10_S


async def test_the_guess_is_made_of_busy_times_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("lookalike.telegram_bot.photos.photo_queue.time.monotonic", lambda: now[0])
    quiet = PhotoQueue(1)
    for _ in range(3):  # one photo an hour: nobody waits
        async with quiet.turn(1):
            now[0] += 3600.0
    assert quiet.place().wait_s == 0

    arrived = 0

    async def stay(user_id: int) -> None:
        nonlocal arrived
        arrived += 1
        async with quiet.turn(user_id):
            while arrived < 10:  # the others come and wait  # noqa: ASYNC110
                await asyncio.sleep(0)
            now[0] += 0.2

    await asyncio.gather(*(stay(user_id) for user_id in range(10)))
    assert quiet._pace_s() == pytest.approx(0.2)


async def test_who_gives_up_waiting_leaves_the_queue() -> None:
    async with Full(1) as full:
        leaver = asyncio.create_task(full.stay(99))
        await asyncio.sleep(0)
        assert full.queue.waiting == 2
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        assert full.queue.waiting == 1
