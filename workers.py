"""A pool of worker processes for everything that costs CPU: finding faces and drawing cards.

dlib and ONNX Runtime hold the interpreter lock, so a thread would stop the event loop; and a picture that crashes a
decoder must cost one photo, not the bot. Each worker is a plain subprocess with an empty environment (no token), spoken
to over pipes (frames.py). A worker that dies, hangs or forgets itself is replaced; its photo gets one more try.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from cards import Card
from errors import ModelError, WorkerDied
from findings import EMBEDDING_SIZE, Face, Portrait, Reason, Refusal
from frames import SIZES, Head, pack, unpack

log = logging.getLogger(__name__)

MODELS_DIR = Path(__file__).parent / "assets" / "models"
DEADLINE_S = 10.0  # for one photo; the slowest allowed one takes under 2 s (bench)
START_S = 60.0  # for loading the models, on a machine that is busy with other things
PHOTOS_PER_WORKER = 20_000  # then it is replaced: dlib's allocations are reported to creep (davisking/dlib#2960)
TRIES = 2
DRAW_FIRST, FIND_NEXT = 0, 1  # an answer that is nearly done goes before one that is not begun

_BROKEN = (asyncio.IncompleteReadError, ConnectionError, TimeoutError)


@dataclass(order=True)
class _Job:
    """One request on its way to a worker; ordered by urgency, then by arrival."""

    urgency: int
    number: int
    message: bytes = field(compare=False)
    answer: asyncio.Future[tuple[Head, bytes]] = field(compare=False)
    tries: int = field(default=0, compare=False)


class WorkerPool:
    """`size` workers with one model set each, alive between `start()` and `close()`."""

    def __init__(self, size: int | None = None, models: Path = MODELS_DIR, deadline_s: float = DEADLINE_S) -> None:
        self.size = size or os.cpu_count() or 1
        self._models = models
        self._deadline_s = deadline_s
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []
        self._workers: set[_Worker] = set()
        self._closed = False
        self.deaths = 0

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

    async def inspect(self, photo: bytes) -> Portrait | Refusal:
        """The main face of an encoded photo with how good the photo is; or the reason why none; WorkerDied as above."""
        head, body = await self._ask(FIND_NEXT, pack({"do": "inspect"}, photo))
        if "refusal" in head:
            return Refusal(Reason(head["refusal"]))
        return Portrait(np.frombuffer(body, dtype="<f4"), **head["measures"])

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
        while not self._closed:
            job = await self._jobs.get()
            if job.answer.done():  # whoever asked has gone
                continue
            try:
                async with asyncio.timeout(self._deadline_s):  # wait_for() can swallow a cancellation (Python 3.11)
                    answer = await worker.ask(job.message)
            except _BROKEN as error:
                self._give_back(job, error)
                worker = await self._replace(worker)
                continue
            except asyncio.CancelledError:  # the pool is being closed
                job.answer.cancel()
                raise
            if not job.answer.done():
                job.answer.set_result(answer)
            if worker.answered >= PHOTOS_PER_WORKER:
                worker = await self._replace(worker)

    def _give_back(self, job: _Job, error: BaseException) -> None:
        """The photo of a dead worker: once more, then never again."""
        self.deaths += 1
        job.tries += 1
        log.warning("a face worker was lost (%s), try %d of %d of its photo", type(error).__name__, job.tries, TRIES)
        if job.tries < TRIES:
            self._jobs.put_nowait(job)
        elif not job.answer.done():
            job.answer.set_exception(WorkerDied(type(error).__name__))

    async def _replace(self, worker: _Worker) -> _Worker:
        await worker.kill()
        self._workers.discard(worker)
        pause_s = 0.0
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

    @classmethod
    async def start(cls, models: Path) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).with_name("worker.py")), str(models),
            stdin=PIPE, stdout=PIPE, start_new_session=True, env={"PATH": os.defpath, "OMP_NUM_THREADS": "1"},
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
        return worker

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
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
