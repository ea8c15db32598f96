"""The line of photos that wait for a worker: so many at a time, first come first served, and a guess of how long.

What one person sends is handled one after the other (intake.py), so everybody has one place in it.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

FIRST_GUESS_S = 0.05  # a photo, before any was timed: 27 ms of work and what is around it (README, "Measured")
TIMED = 50  # turns that the guess is made from
TELL_AFTER_S = 2.0  # whoever waits longer is told their place
TELL_AGAIN_S = 60.0
MAX_NOTICES_PER_10_S = 50  # a sixth of what Telegram lets a bot send: being told must not keep others waiting
REMEMBERED = 10_000


@dataclass(frozen=True)
class Place:
    """How many photos are looked at before this one ends, itself counted, and how long that takes by present pace."""

    number: int
    wait_s: float


class PhotoQueue:
    """Lets `slots` photos in at a time."""

    def __init__(self, slots: int) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._gaps_s: deque[float] = deque(maxlen=TIMED)  # from one end of a turn to the next, while somebody waited
        self._ended_at: float | None = None  # time.monotonic() of the last end, if somebody waited then
        self._told: OrderedDict[int, float] = OrderedDict()  # by person
        self._telling: deque[float] = deque(maxlen=MAX_NOTICES_PER_10_S)
        self.waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a slot, and hold it."""
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._slots.release()
            now = time.monotonic()
            if self._ended_at is not None:
                self._gaps_s.append(now - self._ended_at)
            self._ended_at = now if self.waiting else None

    def place(self) -> Place:
        """Where somebody who comes now would stand."""
        return Place(self.waiting + 1, self.waiting * self._pace_s())

    def notice_due(self, user_id: int) -> Place | None:
        """The place of somebody who comes now, if it should be told; that is then noted."""
        place, now = self.place(), time.monotonic()
        if place.wait_s < TELL_AFTER_S or now - self._told.get(user_id, -TELL_AGAIN_S) < TELL_AGAIN_S:
            return None
        if len(self._telling) == MAX_NOTICES_PER_10_S and now - self._telling[0] < 10.0:
            return None
        self._telling.append(now)
        self._told[user_id] = now
        self._told.move_to_end(user_id)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return place

    def _pace_s(self) -> float:
        """Seconds a photo, by the last turns."""
        return sum(self._gaps_s) / len(self._gaps_s) if self._gaps_s else FIRST_GUESS_S
