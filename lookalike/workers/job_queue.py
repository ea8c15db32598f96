"""The requests that wait for a worker, in the order they came; cards before faces, morphs and drawings after them.

Of several workers one is always left for what is quick: neither morphs and drawings nor photos that were sent as files,
of which one at the limits takes over a second (faults A2), ever have all of them.

Users take turns before their photos come here (telegram_bot/photos/photo_queue.py), and so do visitors of the page
(web/visitors.py).
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field

from lookalike.workers.protocol import KEPT_PHOTOS, Answer, PhotoTask, Request

CARDS = (PhotoTask.DRAW, PhotoTask.NUMBER)
PATIENCE_S = 0.2  # of a card for its worker: several times what another photo takes
MADE_PICTURES = (PhotoTask.MORPH, PhotoTask.STRIP, PhotoTask.AVATAR)


@dataclass(eq=False)
class Job:
    """One request on its way to a worker, and the answer to it."""

    request: Request
    is_file: bool = False  # whether the photo was sent as a file: as somebody made it, and not by Telegram
    keeper: object | None = None  # the worker that keeps the photo decoded, of a card
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    queued_s: float = field(default_factory=time.monotonic)

    def rank(self, worker: object) -> float:
        """Whether a worker takes it first (0): a card is the last step of an answer that has had its turn; or last (2).

        A card of a file does not go first: the file is decoded anew.
        """
        if self.request.task in MADE_PICTURES:
            return 2
        if self.is_file or self.request.task not in CARDS:
            return 1
        is_anybodys = self.keeper in (None, worker) or time.monotonic() - self.queued_s > PATIENCE_S
        return 0 if is_anybodys else 1.5

    @property
    def is_costly(self) -> bool:
        """Whether it may take a worker longer than a face (bench/pictures.py, bench/stages.py)."""
        return self.is_file or self.request.task in MADE_PICTURES


class JobQueue:
    """Jobs that no worker has begun; of several workers one is always left for jobs that are not costly."""

    def __init__(self, workers: int) -> None:
        self._waiting: list[Job] = []  # in the order they came
        self._free_for_costly = max(1, workers - 1)
        self._kept: deque[tuple[int, object]] = deque(maxlen=KEPT_PHOTOS * workers)  # hash of a photo, its worker
        self._idle: list[object] = []  # workers that wait for a job
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, job: Job) -> None:
        """Add a job."""
        if job.request.task is PhotoTask.DRAW:
            photo = hash(job.request.photo)
            job.keeper = next((worker for kept, worker in reversed(self._kept) if kept == photo), None)
        self._waiting.append(job)
        self._changed.set()

    async def take(self, worker: object) -> Job:
        """Wait for the next job of a worker; whoever takes it calls `done` when it has ended."""
        while (job := self._next(worker)) is None:
            self._changed.clear()
            self._idle.append(worker)
            try:
                await self._changed.wait()
            finally:
                self._idle.remove(worker)
        self._waiting.remove(job)
        self._free_for_costly -= job.is_costly
        if self._waiting:  # by those who wait, one of these may have been left to this worker
            self._changed.set()
        return job

    def _next(self, worker: object) -> Job | None:
        """The oldest of those that go first, of the jobs that this worker is free for."""
        jobs = [job for job in self._waiting if self._free_for_costly or not job.is_costly]
        mine = (job for job in jobs if job.keeper is worker or job.keeper not in self._idle)
        return min(mine, key=lambda job: job.rank(worker), default=None)

    def answered(self, job: Job, worker: object) -> None:
        """A worker has answered a job, and may keep its photo for the card: if not, it only decodes it again."""
        if job.request.panel:
            self._kept.append((hash(job.request.photo), worker))

    def done(self, job: Job) -> None:
        """A job that was taken has ended."""
        self._free_for_costly += job.is_costly
        self._changed.set()

    def cancel_all(self) -> None:
        """Cancel whatever waits."""
        while self._waiting:
            self._waiting.pop().answer.cancel()
