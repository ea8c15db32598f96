"""One budget for all hosts: requests a minute, requests at a time, bytes a second.

The limits are Wikimedia's and count for all its hosts together (w.wiki/4wJS, the robot policy;
mediawiki.org/wiki/Wikimedia_APIs/Rate_limits, 2026).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

PER_MINUTE, PER_MINUTE_WITH_TOKEN = 200.0, 2000.0  # requests: with a contact in the User-Agent; with an OAuth token
API_AT_ONCE, API_AT_ONCE_WITH_TOKEN = 1, 3
MEDIA_AT_ONCE = 2
MEDIA_BYTES, MEDIA_WINDOW_S = 25_000_000 / 8 * 10, 10.0  # 25 Mbit/s over 10 s


@dataclass(frozen=True)
class Pace:
    """How fast and how patiently servers are asked."""

    per_minute: float = PER_MINUTE
    api_at_once: int = API_AT_ONCE
    slow_answer_s: float = 1.0  # an API answer that takes longer
    slow_pause_s: float = 5.0  # is followed by this pause
    first_pause_s: float = 5.0  # between tries, doubled each time (mediawiki.org/wiki/Manual:Maxlag_parameter)
    max_pause_s: float = 60.0
    patience_s: float = 900.0  # with a server that says that it is busy or lagging
    patience_unsaid_s: float = 120.0  # with status 503 that names no pause

    @classmethod
    def of(cls, per_minute: float | None, *, has_token: bool) -> Pace:
        """The limits with or without an OAuth token; `per_minute` overrides the rate."""
        usual, at_once = (PER_MINUTE_WITH_TOKEN, API_AT_ONCE_WITH_TOKEN) if has_token else (PER_MINUTE, API_AT_ONCE)
        return cls(per_minute=per_minute or usual, api_at_once=at_once)


class Clock:
    """The time as requests are paced by it."""

    def now(self) -> float:
        """Seconds of a clock that does not jump."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class RequestBudget:
    """Says when a request may begin. Shared by all requests of a run."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._pace, self._clock = pace, clock
        self._api, self._media = asyncio.Semaphore(pace.api_at_once), asyncio.Semaphore(MEDIA_AT_ONCE)
        self._turns = asyncio.Lock()
        self._next_at = self._api_next_at = 0.0  # before which no request, and none to an API, begins
        self._received: deque[tuple[float, int]] = deque()  # when, and bytes of a file

    @asynccontextmanager
    async def api(self) -> AsyncIterator[None]:
        """A request to an API; a pause follows a slow answer."""
        async with self._api:
            while (wait_s := self._api_next_at - self._clock.now()) > 0:
                await self._clock.sleep(wait_s)
            await self._turn()
            began = self._clock.now()
            try:
                yield
            finally:
                ended = self._clock.now()
                if ended - began > self._pace.slow_answer_s:
                    self._api_next_at = ended + self._pace.slow_pause_s

    @asynccontextmanager
    async def media(self) -> AsyncIterator[None]:
        """A request for a file; `received` is told its bytes."""
        async with self._media:
            while (wait_s := self._media_wait_s()) > 0:
                await self._clock.sleep(wait_s)
            await self._turn()
            yield

    def received(self, size_bytes: int) -> None:
        """Count the bytes of a file."""
        self._received.append((self._clock.now(), size_bytes))

    def pause(self, seconds: float) -> None:
        """Let no request begin for so long."""
        self._next_at = max(self._next_at, self._clock.now() + seconds)

    async def _turn(self) -> None:
        async with self._turns:
            while (wait_s := self._next_at - self._clock.now()) > 0:  # a pause may be set meanwhile
                await self._clock.sleep(wait_s)
            self._next_at = self._clock.now() + 60.0 / self._pace.per_minute

    def _media_wait_s(self) -> float:
        """Seconds until the bytes of the last MEDIA_WINDOW_S are within MEDIA_BYTES."""
        now = self._clock.now()
        while self._received and self._received[0][0] <= now - MEDIA_WINDOW_S:
            self._received.popleft()
        if sum(size for _, size in self._received) < MEDIA_BYTES:
            return 0.0
        return max(0.01, self._received[0][0] + MEDIA_WINDOW_S - now)
