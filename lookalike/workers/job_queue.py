"""The requests that wait for a worker: cards before faces, and every owner in turn.

An owner is whoever a photo is from: a user, an address. Owners take turns, so that somebody who sends one photo waits
for one photo of everybody else, however many those have sent; nobody has more than MAX_PER_OWNER at work at a time.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field

from lookalike.workers.protocol import Answer, PhotoTask, Request

Owner = Hashable

MAX_PER_OWNER = 2  # photos at work at a time


@dataclass(eq=False)
class Job:
    """One request on its way to a worker, and the answer to it. A job without an owner is an owner of its own."""

    request: Request
    owner: Owner | None = None
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    queued_s: float = field(default_factory=time.monotonic)

    @property
    def is_urgent(self) -> bool:
        """Whether it goes first: a card is the last step of an answer that has had its turn."""
        return self.request.task == PhotoTask.DRAW


class JobQueue:
    """Jobs that no worker has begun, and how many each owner has at work."""

    def __init__(self) -> None:
        self._urgent: deque[Job] = deque()
        self._by_owner: OrderedDict[Owner, deque[Job]] = OrderedDict()  # in the order of their turns
        self._at_work: Counter[Owner] = Counter()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._urgent) + sum(map(len, self._by_owner.values()))

    def put(self, job: Job) -> None:
        """Add a job."""
        if job.is_urgent:
            self._urgent.append(job)
        else:
            self._by_owner.setdefault(_owner(job), deque()).append(job)
        self._changed.set()

    async def take(self) -> Job:
        """Wait for the next job; `done` must be called when it is no longer at work."""
        while (job := self._next()) is None:
            self._changed.clear()
            await self._changed.wait()
        if not job.is_urgent:
            self._at_work[_owner(job)] += 1
        return job

    def done(self, job: Job) -> None:
        """Let the owner of a job that was taken have another one at work."""
        if not job.is_urgent:
            owner = _owner(job)
            self._at_work[owner] -= 1
            if not self._at_work[owner]:
                del self._at_work[owner]
        self._changed.set()

    def cancel_all(self) -> None:
        """Cancel whatever waits."""
        for jobs in (self._urgent, *self._by_owner.values()):
            while jobs:
                jobs.popleft().answer.cancel()
        self._by_owner.clear()

    def _next(self) -> Job | None:
        if self._urgent:
            return self._urgent.popleft()
        for owner, jobs in self._by_owner.items():
            if self._at_work[owner] < MAX_PER_OWNER:
                job = jobs.popleft()
                self._by_owner.move_to_end(owner)
                if not jobs:
                    del self._by_owner[owner]
                return job
        return None


def _owner(job: Job) -> Owner:
    return job if job.owner is None else job.owner
