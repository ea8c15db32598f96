"""The requests that wait for a worker, in the order they came; cards before faces.

Users take turns before their photos come here (telegram_bot/photos/photo_queue.py), and so do visitors of the page
(web/visitors.py).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from lookalike.workers.protocol import Answer, PhotoTask, Request


@dataclass(eq=False)
class Job:
    """One request on its way to a worker, and the answer to it."""

    request: Request
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    queued_s: float = field(default_factory=time.monotonic)

    @property
    def is_urgent(self) -> bool:
        """Whether it goes first: a card is the last step of an answer that has had its turn."""
        return self.request.task in (PhotoTask.DRAW, PhotoTask.NUMBER)


class JobQueue:
    """Jobs that no worker has begun."""

    def __init__(self) -> None:
        self._urgent: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._added = asyncio.Event()

    def __len__(self) -> int:
        return len(self._urgent) + len(self._others)

    def put(self, job: Job) -> None:
        """Add a job."""
        (self._urgent if job.is_urgent else self._others).append(job)
        self._added.set()

    async def take(self) -> Job:
        """Wait for the next job."""
        while not self:
            self._added.clear()
            await self._added.wait()
        return (self._urgent or self._others).popleft()

    def cancel_all(self) -> None:
        """Cancel whatever waits."""
        while self:
            (self._urgent or self._others).popleft().answer.cancel()
