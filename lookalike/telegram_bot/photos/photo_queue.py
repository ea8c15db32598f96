"""The queue of photos that wait for a worker: who has waited longest goes first, and a guess of how long it takes."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

FIRST_GUESS_S = 0.05  # a photo, before any was timed: 27 ms of work and what is around it (bench/README.md)
TIMED = 50  # turns that the guess is made from
PHOTOS_OF_A_USER = 2  # in work at a time; further ones let others go first
NOTICE_AFTER_S = 2.0  # whoever waits longer gets a notice of their place
NOTICE_AGAIN_S = 60.0
MAX_NOTICES_PER_10_S = 50  # a sixth of what Telegram lets a bot send: notices must not keep answers waiting
REMEMBERED = 10_000


@dataclass(frozen=True)
class Place:
    """How many photos are looked at before this one ends, itself counted, and how long that takes by present pace."""

    number: int
    wait_s: float


@dataclass(eq=False)
class _Waiting:
    user_id: int
    is_file: bool
    is_part: bool
    turn: asyncio.Event = field(default_factory=asyncio.Event)


class PhotoQueue:
    """Lets `slots` photos in at a time, at most PHOTOS_OF_A_USER of one user, and of files no more than half as many.

    `beside`: another queue, with whose photos those of a user are counted together.
    """

    def __init__(self, slots: int, beside: PhotoQueue | None = None) -> None:
        self._free = slots
        self._free_for_files = max(1, slots // 2)  # a file may be downloaded, and keep a worker, for seconds
        self._in_work: Counter[int] = beside._in_work if beside else Counter()  # photos by user
        self._counted_together: list[PhotoQueue] = beside._counted_together if beside else []
        self._counted_together.append(self)
        self._queue: dict[_Waiting, None] = {}  # in order of arrival
        self._gaps_s: deque[float] = deque(maxlen=TIMED)  # from one end of a turn to the next, while somebody waited
        self._ended_at: float | None = None  # time.monotonic() of the last end, if somebody waited then
        self._noticed_at: OrderedDict[int, float] = OrderedDict()  # by user
        self._notices_at: deque[float] = deque(maxlen=MAX_NOTICES_PER_10_S)

    @property
    def waiting(self) -> int:
        """Photos that wait for a slot."""
        return len(self._queue)

    @asynccontextmanager
    async def turn(self, user_id: int, *, is_file: bool, is_part: bool = False) -> AsyncIterator[None]:
        """Wait for a slot, and hold it.

        `is_part`: of what has a turn in the queue beside this one, and is counted there.
        """
        mine = _Waiting(user_id, is_file, is_part)
        self._queue[mine] = None
        self._let_in()
        try:
            await mine.turn.wait()
            yield
        finally:
            if mine.turn.is_set():
                self._leave(mine)
            else:
                del self._queue[mine]

    def _let_in(self) -> None:
        """Give free slots to those who have waited longest and may have one more."""
        for one in [*self._queue]:
            if not self._free:
                return
            if one.is_file and not self._free_for_files:
                continue
            if one.is_part or self._in_work[one.user_id] < PHOTOS_OF_A_USER:
                del self._queue[one]
                self._free -= 1
                self._free_for_files -= one.is_file
                self._in_work[one.user_id] += not one.is_part
                one.turn.set()

    def _leave(self, one: _Waiting) -> None:
        self._free += 1
        self._free_for_files += one.is_file
        self._in_work[one.user_id] -= not one.is_part
        if not self._in_work[one.user_id]:
            del self._in_work[one.user_id]
        now = time.monotonic()
        if self._ended_at is not None:
            self._gaps_s.append(now - self._ended_at)
        self._ended_at = now if self._queue else None
        for queue in self._counted_together:
            queue._let_in()

    def place(self) -> Place:
        """The place of a photo that comes now."""
        return Place(self.waiting + 1, self.waiting * self._pace_s())

    def notice_due(self, user_id: int) -> Place | None:
        """The place of a user whose photo comes now, if they should get a notice; that is then noted."""
        place, now = self.place(), time.monotonic()
        if place.wait_s < NOTICE_AFTER_S or now - self._noticed_at.get(user_id, -NOTICE_AGAIN_S) < NOTICE_AGAIN_S:
            return None
        if len(self._notices_at) == MAX_NOTICES_PER_10_S and now - self._notices_at[0] < 10.0:
            return None
        self._notices_at.append(now)
        self._noticed_at[user_id] = now
        self._noticed_at.move_to_end(user_id)
        if len(self._noticed_at) > REMEMBERED:
            self._noticed_at.popitem(last=False)
        return place

    def _pace_s(self) -> float:
        """Seconds a photo, by the last turns."""
        return sum(self._gaps_s) / len(self._gaps_s) if self._gaps_s else FIRST_GUESS_S
