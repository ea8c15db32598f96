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
        async with self.queue.turn(user_id, is_file=False):
            await self._leave.wait()
            self.order.append(user_id)

    async def __aenter__(self) -> "Full":
        await asyncio.sleep(0)  # all of them take their places
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leave.set()
        await asyncio.gather(*self._tasks)


class Turns:
    """Turns in queues, each under a name of one letter."""

    def __init__(self) -> None:
        self._in_work: list[str] = []
        self._ends = dict[str, asyncio.Event]()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Turns":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(
        self, name: str, queue: PhotoQueue, user_id: int, *, is_file: bool = False, is_part: bool = False
    ) -> None:
        async def stay() -> None:
            async with queue.turn(user_id, is_file=is_file, is_part=is_part):
                self._in_work.append(name)
                await self._ends[name].wait()
                self._in_work.remove(name)

        self._ends[name] = asyncio.Event()
        self._tasks.append(asyncio.create_task(stay()))

    def end(self, name: str) -> None:
        self._ends[name].set()

    async def in_work(self) -> str:
        """Those who have a turn, in the order they got it."""
        for _ in range(10):
            await asyncio.sleep(0)
        return "".join(self._in_work)


async def test_who_comes_first_goes_first_and_places_are_counted() -> None:
    async with Full(1, 2, 3, 4, 5) as full:
        assert full.queue.waiting == 5
        assert full.queue.place().number == 6

    assert full.order == [0, 1, 2, 3, 4, 5]
    assert full.queue.waiting == 0


async def test_a_user_has_at_most_two_photos_in_work_while_others_go_first() -> None:
    queue = PhotoQueue(4)
    async with Turns() as turns:
        for name, user_id in {"a": 1, "b": 1, "c": 1, "d": 1, "e": 2, "f": 3}.items():
            turns.begin(name, queue, user_id)
        assert PHOTOS_OF_A_USER == 2
        assert await turns.in_work() == "abef"
        assert queue.waiting == 2

        turns.end("e")  # a free slot, but not for user 1
        assert await turns.in_work() == "abf"
        turns.end("a")
        assert await turns.in_work() == "bfc"


async def test_files_leave_half_of_the_slots_to_photos_and_those_that_wait_keep_nobody_waiting() -> None:
    queue = PhotoQueue(4)
    async with Turns() as turns:
        for user_id, name in enumerate("ABCD"):
            turns.begin(name, queue, user_id, is_file=True)
        for user_id, name in enumerate("ef", start=10):
            turns.begin(name, queue, user_id)
        assert await turns.in_work() == "ABef"

        turns.end("A")
        assert await turns.in_work() == "BefC"


async def test_a_file_that_has_waited_longest_goes_before_photos() -> None:
    queue = PhotoQueue(2)
    async with Turns() as turns:
        for user_id, name in enumerate("abCd"):
            turns.begin(name, queue, user_id, is_file=name == "C")
        assert await turns.in_work() == "ab"

        turns.end("a")
        assert await turns.in_work() == "bC"


async def test_a_single_slot_takes_files_too() -> None:
    async with Turns() as turns:
        turns.begin("A", PhotoQueue(1), 1, is_file=True)

        assert await turns.in_work() == "A"


async def test_photos_of_a_user_are_counted_together_in_two_queues() -> None:
    photos = PhotoQueue(4)
    drawings = PhotoQueue(4, beside=photos)
    async with Turns() as turns:
        turns.begin("a", photos, 1)
        turns.begin("b", drawings, 1)
        turns.begin("c", photos, 1)
        turns.begin("d", drawings, 1)
        turns.begin("e", photos, 2)
        assert await turns.in_work() == "abe"

        turns.end("b")  # of the one queue: a photo in the other goes
        assert await turns.in_work() == "aec"
        turns.end("a")
        assert await turns.in_work() == "ecd"


async def test_a_part_of_what_is_in_work_needs_a_slot_but_is_not_counted_again() -> None:
    photos = PhotoQueue(1)
    drawings = PhotoQueue(2, beside=photos)
    async with Turns() as turns:
        for name in "ab":
            turns.begin(name, drawings, 1)
        for name in "cd":
            turns.begin(name, photos, 1, is_part=True)
        assert await turns.in_work() == "abc"

        turns.end("c")
        assert await turns.in_work() == "abd"
        turns.begin("e", photos, 1)
        turns.end("d")
        assert await turns.in_work() == "ab"


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
        async with quiet.turn(1, is_file=False):
            now[0] += 3600.0
    assert quiet.place().wait_s == 0

    arrived = 0

    async def stay(user_id: int) -> None:
        nonlocal arrived
        arrived += 1
        async with quiet.turn(user_id, is_file=False):
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
