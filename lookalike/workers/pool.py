"""A pool of worker processes for everything that costs CPU: finding faces and drawing cards.

dlib and ONNX Runtime hold the interpreter lock, so a thread would stop the event loop; and a picture that crashes a
decoder must cost one photo, not the bot. Each worker is a plain subprocess with an empty environment (no token), spoken
to over pipes (frames.py). A worker that dies or hangs is replaced, and its photo gets one more try; one that is old or
has grown is replaced between two photos.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import signal
import time
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from lookalike.core.child_process import RUN_MODULE, child_environment
from lookalike.core.errors import ModelError, WorkerDied
from lookalike.core.paths import MODELS_DIR
from lookalike.faces.share_card import Card
from lookalike.faces.types import EMBEDDING_SIZE, Face, MeasuredFace, Reason, Refusal
from lookalike.workers.protocol import SIZES, Head, pack, unpack

log = logging.getLogger(__name__)

Observe = Callable[[str, float], None]

PROGRAM = "lookalike.workers.worker_main"
DEADLINE_S = 10.0  # for one photo; the slowest allowed one takes under 2 s (bench)
START_S = 60.0  # for loading the models, on a machine that is busy with other things
PHOTOS_PER_WORKER = 20_000  # then it is replaced: dlib's allocations are reported to creep (davisking/dlib#2960)
RESIDENT_BYTES = 600_000_000  # seen between two photos: 170-210 MB, and 40 for stars that are kept (cards.py)
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TRIES = 2
DRAW_FIRST, FIND_NEXT = 0, 1  # an answer that is nearly done goes before one that is not begun
STAGES = ("draw", "find")  # by urgency
# More deaths than that within a minute: the machine is ill, or somebody sends poison. New workers then wait a little,
# so that starting them does not take the cores from those who still answer.
DEATHS_A_MINUTE = 5
STORM_PAUSE_S = 1.0  # with the start itself (0.6 s) the pool is whole again within two seconds

_BROKEN = (asyncio.IncompleteReadError, ConnectionError, TimeoutError)


@dataclass(order=True)
class _Job:
    """One request on its way to a worker; ordered by urgency, then by arrival."""

    urgency: int
    number: int
    message: bytes = field(compare=False)
    answer: asyncio.Future[tuple[Head, bytes]] = field(compare=False)
    tries: int = field(default=0, compare=False)
    queued_s: float = field(default_factory=time.monotonic, compare=False)


class WorkerPool:
    """`size` workers with one model set each, alive between `start()` and `close()`.

    `observe` is told how many seconds each request waited ("wait") and took ("find", "draw"), tries that failed too.
    For whoever watches: `alive` and `busy` workers, requests `waiting`, workers that were lost at a photo (`deaths`)
    or replaced between two (`recycled`) since the start.
    """

    def __init__(
        self,
        size: int | None = None,
        models: Path = MODELS_DIR,
        deadline_s: float = DEADLINE_S,
        observe: Observe = lambda _stage, _seconds: None,
    ) -> None:
        self.size = size or os.cpu_count() or 1
        self.busy = self.deaths = self.recycled = 0
        self._models = models
        self._deadline_s = deadline_s
        self._observe = observe
        self._died_at: deque[float] = deque(maxlen=DEATHS_A_MINUTE + 1)
        self._storm = False
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []
        self._workers: set[_Worker] = set()
        self._closed = False

    async def __aenter__(self) -> WorkerPool:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start every worker; ModelError if the models cannot be loaded."""
        starting = [asyncio.create_task(_Worker.start(self._models)) for _ in range(self.size)]
        started = await asyncio.gather(*starting, return_exceptions=True)
        self._workers = {one for one in started if isinstance(one, _Worker)}
        for failure in started:
            if isinstance(failure, BaseException):
                await self.close()
                raise failure
        self._tasks = [asyncio.create_task(self._serve(worker)) for worker in self._workers]
        for lack in sorted({lack for worker in self._workers for lack in worker.missing}):
            log.warning("this machine cannot keep a face worker from: %s", lack)

    async def close(self) -> None:
        """End all workers; a second call does nothing."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in self._workers))
        self._workers.clear()
        while not self._jobs.empty():  # whoever still waits is told
            self._jobs.get_nowait().answer.cancel()

    @property
    def alive(self) -> int:
        """Workers whose process runs."""
        return sum(worker.is_alive for worker in self._workers)

    @property
    def waiting(self) -> int:
        """Requests that no worker has begun."""
        return self._jobs.qsize()

    async def find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
        """The faces of an encoded photo, main one first, or the reason why none; WorkerDied if it kills its workers."""
        head, body = await self._ask(FIND_NEXT, pack({"do": "find"}, photo))
        if "refusal" in head:
            return Refusal(Reason(head["refusal"]))
        embeddings = np.frombuffer(body, dtype="<f4").reshape(-1, EMBEDDING_SIZE)
        return tuple(Face(tuple(box), row) for box, row in zip(head["boxes"], embeddings, strict=True))

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """The main face of an encoded photo with how good the photo is; or the reason why none; WorkerDied as above."""
        head, body = await self._ask(FIND_NEXT, pack({"do": "inspect"}, photo))
        if "refusal" in head:
            return Refusal(Reason(head["refusal"]))
        return MeasuredFace(np.frombuffer(body, dtype="<f4"), **head["measures"])

    async def draw(self, photo: bytes, card: Card) -> bytes | None:
        """The share card as JPEG; None if one of its pictures cannot be read; WorkerDied as above."""
        _, body = await self._ask(DRAW_FIRST, pack({"do": "draw", "card": asdict(card)}, photo))
        return body or None

    async def _ask(self, urgency: int, message: bytes) -> tuple[Head, bytes]:
        if self._closed:
            raise WorkerDied("the pool is closed")
        future: asyncio.Future[tuple[Head, bytes]] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(urgency, next(self._numbers), message, future))
        return await future

    async def _serve(self, worker: _Worker) -> None:
        """Give one worker job after job; one that it dies of is tried again by its successor, which is surely alive."""
        job: _Job | None = None
        try:
            while not self._closed:
                job = job or await self._jobs.get()
                if job.answer.done():  # whoever asked has gone
                    job = None
                    continue
                if not worker.is_alive:  # lost between two photos: this one has not been tried
                    self._count_death()
                    worker = await self._replace(worker)
                    continue
                try:
                    answer = await self._have_done(job, worker)
                except _BROKEN as error:
                    job = self._once_more(job, error)
                    worker = await self._replace(worker)
                    continue
                if not job.answer.done():
                    job.answer.set_result(answer)
                job = None
                if worker.answered >= PHOTOS_PER_WORKER or worker.resident_bytes() > RESIDENT_BYTES:
                    self.recycled += 1
                    worker = await self._replace(worker)
        finally:  # the pool is being closed
            if job:
                job.answer.cancel()

    async def _have_done(self, job: _Job, worker: _Worker) -> tuple[Head, bytes]:
        """The worker's answer within the deadline; one of _BROKEN if there is none."""
        began_s = time.monotonic()
        self._observe("wait", began_s - job.queued_s)
        self.busy += 1
        try:
            async with asyncio.timeout(self._deadline_s):  # wait_for() can swallow a cancellation (Python 3.11)
                return await worker.ask(job.message)
        finally:
            self.busy -= 1
            self._observe(STAGES[job.urgency], time.monotonic() - began_s)

    def _once_more(self, job: _Job, error: BaseException) -> _Job | None:
        """The job of a dead worker, to be tried again; None if it was its last try."""
        self._count_death()
        job.tries += 1
        job.queued_s = time.monotonic()
        log.warning("a face worker was lost (%s), try %d of %d of its photo", type(error).__name__, job.tries, TRIES)
        if job.tries < TRIES:
            return job
        if not job.answer.done():
            job.answer.set_exception(WorkerDied(type(error).__name__))
        return None

    def _count_death(self) -> None:
        self.deaths += 1
        self._died_at.append(time.monotonic())
        before = self._storm
        self._storm = len(self._died_at) > DEATHS_A_MINUTE and self._died_at[-1] - self._died_at[0] < 60
        if self._storm and not before:
            log.error("over %d face workers lost within a minute: new ones start slower", DEATHS_A_MINUTE)

    async def _replace(self, worker: _Worker) -> _Worker:
        """End a worker and start another; waits longer from try to try, but never gives up."""
        await worker.kill()
        self._workers.discard(worker)
        pause_s = STORM_PAUSE_S if self._storm else 0.0
        while True:  # the machine may be short of memory for a moment: try until it works
            await asyncio.sleep(pause_s)
            try:
                worker = await _Worker.start(self._models)
                self._workers.add(worker)
                return worker
            except (ModelError, OSError) as error:
                pause_s = min(30.0, pause_s * 2 or 1.0)
                log.error("a face worker does not start (%s), next try in %d s", error, pause_s)


class _Worker:
    """One subprocess and its two pipes."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.answered = 0
        self.missing: list[str] = []  # what the machine cannot keep it from

    @classmethod
    async def start(cls, models: Path) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            *RUN_MODULE, PROGRAM, str(models),
            stdin=PIPE, stdout=PIPE, start_new_session=True, env=child_environment(),
        )  # fmt: skip
        worker = cls(process)
        try:
            async with asyncio.timeout(START_S):
                head, _ = await worker._receive()
        except _BROKEN:
            head = {"error": "a face worker ended while it loaded its models"}
        except asyncio.CancelledError:
            await worker.kill()
            raise
        if "error" in head:
            await worker.kill()
            raise ModelError(head["error"])
        worker.missing = head["missing"]
        return worker

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.returncode is None

    def resident_bytes(self) -> int:
        """Memory that the process holds (proc(5), statm); 0 if it has gone."""
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * PAGE_BYTES
        except OSError:
            return 0

    async def ask(self, message: bytes) -> tuple[Head, bytes]:
        """Send one message and wait for its answer."""
        assert self._process.stdin is not None  # noqa: S101 - made with PIPE
        self._process.stdin.write(message)
        await self._process.stdin.drain()
        answer = await self._receive()
        self.answered += 1
        return answer

    async def _receive(self) -> tuple[Head, bytes]:
        assert self._process.stdout is not None  # noqa: S101 - made with PIPE
        read = self._process.stdout.readexactly
        head_bytes, body_bytes = SIZES.unpack(await read(SIZES.size))
        return unpack(await read(head_bytes)), await read(body_bytes)

    async def kill(self) -> None:
        """End the process at once and wait until it is gone."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)  # Process.kill() would reap it, and asyncio miss its status
        await self._process.wait()
