"""The requests that wait for a worker, in the order they came; cards before faces, morphs and drawings after them.

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

    @property
    def is_costly(self) -> bool:
        """Whether it goes last: it takes a worker longer than a face (bench/pictures.py, bench/stages.py)."""
        return self.request.task in (PhotoTask.MORPH, PhotoTask.STRIP, PhotoTask.AVATAR)


class JobQueue:
    """Jobs that no worker has begun; of several workers one is always left for jobs that are not costly."""

    def __init__(self, workers: int) -> None:
        self._urgent: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._costly: deque[Job] = deque()
        self._free_for_costly = max(1, workers - 1)
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._urgent) + len(self._others) + len(self._costly)

    def put(self, job: Job) -> None:
        """Add a job."""
        (self._urgent if job.is_urgent else self._costly if job.is_costly else self._others).append(job)
        self._changed.set()

    async def take(self) -> Job:
        """Wait for the next job; whoever takes it calls `done` when it has ended."""
        while not (self._urgent or self._others or (self._costly and self._free_for_costly)):
            self._changed.clear()
            await self._changed.wait()
        job = (self._urgent or self._others or self._costly).popleft()
        self._free_for_costly -= job.is_costly
        return job

    def done(self, job: Job) -> None:
        """A job that was taken has ended."""
        self._free_for_costly += job.is_costly
        self._changed.set()

    def cancel_all(self) -> None:
        """Cancel whatever waits."""
        while self:
            (self._urgent or self._others or self._costly).popleft().answer.cancel()
