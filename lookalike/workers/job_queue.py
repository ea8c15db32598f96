"""The requests that wait for a worker, in the order they came; cards before faces, morphs and drawings after them.

Of several workers one is always left for what is quick: neither morphs and drawings nor photos that were sent as files,
of which one at the limits takes over a second (faults A2), ever have all of them.

Users take turns before their photos come here (telegram_bot/photos/photo_queue.py), and so do visitors of the page
(web/visitors.py).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from lookalike.workers.protocol import Answer, PhotoTask, Request

CARDS = (PhotoTask.DRAW, PhotoTask.NUMBER)
MADE_PICTURES = (PhotoTask.MORPH, PhotoTask.STRIP, PhotoTask.AVATAR)


@dataclass(eq=False)
class Job:
    """One request on its way to a worker, and the answer to it."""

    request: Request
    is_file: bool = False  # whether the photo was sent as a file: as somebody made it, and not by Telegram
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    queued_s: float = field(default_factory=time.monotonic)

    @property
    def rank(self) -> int:
        """Whether it goes first (0): a card is the last step of an answer that has had its turn; or last (2).

        A card of a file does not: the file is decoded anew.
        """
        if self.request.task in MADE_PICTURES:
            return 2
        return 0 if self.request.task in CARDS and not self.is_file else 1

    @property
    def is_costly(self) -> bool:
        """Whether it may take a worker longer than a face (bench/pictures.py, bench/stages.py)."""
        return self.is_file or self.request.task in MADE_PICTURES


class JobQueue:
    """Jobs that no worker has begun; of several workers one is always left for jobs that are not costly."""

    def __init__(self, workers: int) -> None:
        self._waiting: list[Job] = []  # in the order they came
        self._free_for_costly = max(1, workers - 1)
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, job: Job) -> None:
        """Add a job."""
        self._waiting.append(job)
        self._changed.set()

    async def take(self) -> Job:
        """Wait for the next job; whoever takes it calls `done` when it has ended."""
        while (job := self._next()) is None:
            self._changed.clear()
            await self._changed.wait()
        self._waiting.remove(job)
        self._free_for_costly -= job.is_costly
        return job

    def _next(self) -> Job | None:
        """The oldest of those that go first, of the jobs that a worker is free for."""
        free = (job for job in self._waiting if self._free_for_costly or not job.is_costly)
        return min(free, key=lambda job: job.rank, default=None)

    def done(self, job: Job) -> None:
        """A job that was taken has ended."""
        self._free_for_costly += job.is_costly
        self._changed.set()

    def cancel_all(self) -> None:
        """Cancel whatever waits."""
        while self._waiting:
            self._waiting.pop().answer.cancel()
