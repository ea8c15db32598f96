"""When Telegram last answered: for the watchdog, for the health check, and for what waits until it answers again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Liveness:
    """Times of the last answers, in seconds of `clock` (time.monotonic).

    A flood wait (429 with retry_after) is an order to be silent: until it ends, both times lie in the future.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = asyncio.Event()
        self.last_answer = self.last_sign = clock()  # of a request that worked; of an answer of any kind

    def answered(self) -> None:
        """Note an answer as it should be; a flood wait goes on, for it is about other requests (by webhook)."""
        self.last_answer = self.last_sign = max(self.last_sign, self._clock())
        self._next.set()
        self._next = asyncio.Event()

    def refused(self) -> None:
        """Note an answer that is an error: a sign of life, no more."""
        self.last_sign = max(self.last_sign, self._clock())

    def flood_wait(self, seconds: float) -> None:
        """Note that Telegram wants to hear nothing for so long."""
        self.last_answer = self.last_sign = max(self.last_sign, self._clock() + seconds)

    @property
    def silence_s(self) -> float:
        """Seconds since the last answer as it should be; 0 during a flood wait."""
        return max(0.0, self._clock() - self.last_answer)

    async def next_answer(self) -> None:
        """Wait for the next answer as it should be."""
        await self._next.wait()
