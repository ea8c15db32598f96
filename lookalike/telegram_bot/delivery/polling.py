"""Long polling: one batch of updates after the other, each in the journal before the next request confirms it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from typing import Any, Protocol

from lookalike.core.errors import LookalikeError, PollFailed
from lookalike.core.metrics import Metrics
from lookalike.telegram_bot.delivery.update_kinds import is_update
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0  # after a poll that failed; doubled each time
SHORTEST_POLL_S = 0.5  # of a poll that brought nothing: a server that answers at once must not make a hot loop


class Fetch(Protocol):
    """Asks Telegram for the updates from `offset` on; it may hold the request until there is one."""

    def __call__(self, offset: int | None, *, hold: bool = True) -> Awaitable[list[Any]]:
        """Whatever Telegram gives; PollFailed if it gives nothing."""
        ...


class Poller:
    """Brings updates to the queue until the queue stops."""

    def __init__(self, queue: UpdateQueue, fetch: Fetch, metrics: Metrics | None = None) -> None:
        self._queue, self._fetch, self._metrics = queue, fetch, metrics or Metrics()

    async def run(self) -> None:
        """Poll until `UpdateQueue.stop()`. A flood wait is kept, however long it is."""
        offset, pause_s = None, 0.0
        while not self._queue.stopping.is_set():
            began = time.monotonic()
            try:
                before, offset = offset, await self._poll(offset, hold=not pause_s)  # after a failure: a quick look
            except (LookalikeError, OSError) as error:
                self._metrics.failure("poll")
                pause_s = self._pause_after(error, pause_s)
                log.warning("no updates: %s; next poll in %.0f s", error, pause_s)
                await self._queue.sleep(pause_s)
            else:
                pause_s = 0.0
                if offset == before:
                    await self._queue.sleep(SHORTEST_POLL_S - (time.monotonic() - began))

    def _pause_after(self, error: Exception, last_s: float) -> float:
        """Seconds until the next poll."""
        if isinstance(error, PollFailed) and error.retry_after_s:
            self._queue.liveness.flood_wait(error.retry_after_s)
            return error.retry_after_s
        if not isinstance(error, PollFailed) or not error.is_silence:
            self._queue.liveness.refused()
        return min(LONGEST_PAUSE_S, max(last_s * 2, FIRST_PAUSE_S))

    async def _poll(self, offset: int | None, *, hold: bool) -> int | None:
        """One batch, put into the journal; the offset that confirms it."""
        poll = asyncio.ensure_future(self._fetch(offset, hold=hold))
        stop = asyncio.ensure_future(self._queue.stopping.wait())
        try:
            await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
            if not poll.done():
                return offset
            updates = poll.result()
        finally:
            poll.cancel()
            stop.cancel()
        await self._queue.take(updates)
        return max((one["update_id"] for one in updates if is_update(one)), default=(offset or 0) - 1) + 1 or None
