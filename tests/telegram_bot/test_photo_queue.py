"""The line of photos: so many at a time, first come first served, and a place that is told when it is far back."""

import asyncio

import pytest

from lookalike.telegram_bot.photo_queue import FIRST_GUESS_S, MAX_NOTICES_PER_10_S, TELL_AFTER_S, PhotoQueue

LONG = int(TELL_AFTER_S / FIRST_GUESS_S) + 1  # so many in front take longer than TELL_AFTER_S


class Standing:
    """People in a line of one slot, which somebody holds until `leave`."""

    def __init__(self, people: int) -> None:
        self.line, self.order = PhotoQueue(1), list[int]()
        self._leave = asyncio.Event()
        self._tasks = [asyncio.create_task(self._stand(number)) for number in range(people + 1)]

    async def _stand(self, number: int) -> None:
        async with self.line.turn():
            await self._leave.wait()
            self.order.append(number)

    async def __aenter__(self) -> "Standing":
        await asyncio.sleep(0)  # all of them take their places
        return self

    async def __aexit__(self, *_: object) -> None:
        self._leave.set()
        await asyncio.gather(*self._tasks)


async def test_who_comes_first_goes_first_and_places_are_counted() -> None:
    async with Standing(5) as standing:
        assert standing.line.waiting == 5
        assert standing.line.place().number == 6

    assert standing.order == sorted(standing.order)
    assert standing.line.waiting == 0


async def test_a_short_wait_is_not_worth_a_message() -> None:
    async with Standing(3) as standing:
        assert standing.line.notice_due(1) is None


async def test_a_long_wait_is_told_once() -> None:
    async with Standing(LONG) as standing:
        place = standing.line.notice_due(1)
        assert place is not None
        assert (place.number, place.wait_s) == (LONG + 1, LONG * FIRST_GUESS_S)
        assert standing.line.notice_due(1) is None
        assert standing.line.notice_due(2) is not None


async def test_telling_never_takes_more_than_its_share() -> None:
    async with Standing(LONG) as standing:
        told = [standing.line.notice_due(person) for person in range(MAX_NOTICES_PER_10_S + 20)]

    assert sum(place is not None for place in told) == MAX_NOTICES_PER_10_S


async def test_the_guess_is_made_of_busy_times_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("lookalike.telegram_bot.photo_queue.time.monotonic", lambda: now[0])
    quiet = PhotoQueue(1)
    for _ in range(3):  # one photo an hour: nobody waits
        async with quiet.turn():
            now[0] += 3600.0
    assert quiet._pace_s() == FIRST_GUESS_S

    async def stand() -> None:
        async with quiet.turn():
            await asyncio.sleep(0)  # the others come and wait
            now[0] += 0.2

    await asyncio.gather(*(stand() for _ in range(10)))
    assert quiet._pace_s() == pytest.approx(0.2)


async def test_who_gives_up_waiting_leaves_the_line() -> None:
    async with Standing(1) as standing:
        leaver = asyncio.create_task(standing._stand(99))
        await asyncio.sleep(0)
        assert standing.line.waiting == 2
        leaver.cancel()
        await asyncio.gather(leaver, return_exceptions=True)
        assert standing.line.waiting == 1
