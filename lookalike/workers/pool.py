"""A pool of worker processes for everything that costs CPU: finding faces and drawing cards.

dlib and ONNX Runtime hold the interpreter lock, so a thread would stop the event loop; and a picture that crashes a
decoder must cost one photo, not the bot. A worker that crashes or answers nonsense is replaced, and its photo is tried
once more; one that is old or has grown is replaced between two photos. A photo that takes a worker's whole time is
refused, then and for an hour (costly_photos.py).
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lookalike.core.errors import ModelError, WorkerDied
from lookalike.core.paths import MODELS_DIR
from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import MAX_BYTES, Box, Face, MeasuredFace, Reason, Refusal
from lookalike.workers.costly_photos import CostlyPhotos
from lookalike.workers.job_queue import Job, JobQueue
from lookalike.workers.protocol import Answer, Drawing, FoundFaces, PhotoTask, PictureSize, ProtocolError, Request
from lookalike.workers.worker_process import LOST, WorkerProcess

log = logging.getLogger(__name__)

Observe = Callable[[str, float], None]

DEADLINE_S = 10.0  # for one photo; the slowest allowed one takes under 2 s (bench)
DEADLINE_STEPS = 10  # it is measured in: a pause of this whole process, whatever its length, counts as one step
PHOTOS_PER_WORKER = 20_000  # then it is replaced: dlib's allocations are reported to creep (davisking/dlib#2960)
RESIDENT_BYTES = 600_000_000  # seen between two photos: 170-210 MB, with what is kept of celebrities (drawing/card/)
TRIES = 2  # of a photo whose worker crashes
# More deaths than that within a minute: the machine is short of something, or somebody sends photos made to crash. New
# workers then wait a little, so that starting them does not take the cores from those who still answer.
DEATHS_PER_MINUTE = 5
RESTART_PAUSE_S = 1.0  # with the start itself (0.6 s) the pool is complete again within two seconds
MAX_RESTART_PAUSE_S = 30.0
STALLED_S = 60.0  # without an answer while work waits: more than two deadlines and two slow starts


@dataclass(eq=False)
class _Slot:
    """The place of one worker, and the task that gives it jobs."""

    worker: WorkerProcess
    task: asyncio.Task[None] | None = None
    is_failing: bool = False  # its next worker did not start, and is tried again


class WorkerPool:
    """`size` workers with one model set each, alive between `start()` and `close()`.

    `observe` gets how many seconds each request waited ("wait") and took (its task's name), failed tries too. `design`
    says the name of the colours of share cards; '' is the default.
    """

    def __init__(
        self,
        size: int | None = None,
        models: Path = MODELS_DIR,
        deadline_s: float = DEADLINE_S,
        observe: Observe = lambda _stage, _seconds: None,
        design: Callable[[], str] = str,
    ) -> None:
        self.size = size or os.cpu_count() or 1
        self.busy = self.deaths = self.recycled = self.restarts = 0
        self._models = models
        self._deadline_s = deadline_s
        self._observe = observe
        self._design = design
        self._died_at_s: deque[float] = deque(maxlen=DEATHS_PER_MINUTE + 1)
        self._is_slow = False  # new workers wait, after many deaths
        self._queue = JobQueue(self.size)
        self._costly = CostlyPhotos()
        self._slots: list[_Slot] = []
        self._unanswered = 0
        self._progress_s = time.monotonic()  # of the last answer, or of the first request that waits for one
        self._closed = False

    async def __aenter__(self) -> WorkerPool:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self) -> None:
        """Start every worker; ModelError if the models cannot be loaded."""
        starting = [asyncio.create_task(WorkerProcess.start(self._models)) for _ in range(self.size)]
        started = await asyncio.gather(*starting, return_exceptions=True)
        self._slots = [_Slot(one) for one in started if isinstance(one, WorkerProcess)]
        for failure in started:
            if isinstance(failure, BaseException):
                await self.close()
                raise failure
        for slot in self._slots:
            self._serve_in_background(slot)
        for lack in sorted({lack for slot in self._slots for lack in slot.worker.missing}):
            log.warning("this machine cannot keep a face worker from: %s", lack)

    async def close(self) -> None:
        """End all workers; a second call does nothing."""
        self._closed = True
        tasks = [slot.task for slot in self._slots if slot.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(slot.worker.kill() for slot in self._slots))
        self._slots.clear()
        self._queue.cancel_all()

    # What can be measured.

    @property
    def alive(self) -> int:
        """Workers whose process runs."""
        return sum(slot.worker.is_alive for slot in self._slots)

    @property
    def waiting(self) -> int:
        """Requests that no worker has begun."""
        return len(self._queue)

    @property
    def stalled_s(self) -> float:
        """Seconds since the last answer, if somebody waits for one; else 0."""
        return time.monotonic() - self._progress_s if self._unanswered else 0.0

    def is_healthy(self) -> bool:
        """Whether workers can be started, and whatever waits is answered."""
        return not all(slot.is_failing for slot in self._slots) and self.stalled_s < STALLED_S

    def states(self) -> dict[str, float]:
        """For the metrics: workers, what they do, those lost and replaced since the start, and the work that waits."""
        return {
            "workers": self.size, "workers_alive": self.alive, "workers_busy": self.busy, "workers_lost": self.deaths,
            "workers_recycled": self.recycled, "workers_restarted": self.restarts, "work_waiting": self.waiting,
            "work_stalled_s": self.stalled_s,
        }  # fmt: skip

    # Requests. WorkerDied if the photo crashes its workers. `is_file`: others must not wait for it (job_queue.py).

    async def find(self, photo: bytes, *, is_file: bool = False) -> tuple[Face, ...] | Refusal:
        """The faces of an encoded photo, main one first, or the reason why none."""
        answer = await self._ask(Request(PhotoTask.FIND, photo), is_file=is_file)
        return answer.faces if isinstance(answer, FoundFaces) else _refusal(answer)

    async def find_for_card(self, photo: bytes, *, is_file: bool = False) -> FoundFaces | Refusal:
        """The same, with the panel of a share card where drawing from the photo would cost more."""
        answer = await self._ask(Request(PhotoTask.FIND, photo, panel=True), is_file=is_file)
        return answer if isinstance(answer, FoundFaces) else _refusal(answer)

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """The main face of an encoded photo with how good the photo is; or the reason why none."""
        answer = await self._ask(Request(PhotoTask.INSPECT, photo))
        return answer if isinstance(answer, MeasuredFace) else _refusal(answer)

    async def draw(self, photo: bytes, card: Card, *, is_file: bool = False) -> bytes | None:
        """The share card as JPEG of a photo, or of the panel that was cut from it; None if a picture cannot be read."""
        star_photo = b"" if card.is_tile else await asyncio.to_thread(read_photo, Path(card.star_photo))
        if isinstance(star_photo, Refusal):
            return None
        answer = await self._ask(Request(PhotoTask.DRAW, photo, self._designed(card), star_photo), is_file=is_file)
        return answer.data if isinstance(answer, Drawing) else None

    async def draw_pair(self, photo: bytes, card: Card, other: bytes, *, is_file: bool = False) -> bytes | None:
        """The same of two users' photos, of which nothing is kept in the worker."""
        card = replace(self._designed(card), is_pair=True)
        answer = await self._ask(Request(PhotoTask.DRAW, photo, card, other), is_file=is_file)
        return answer.data if isinstance(answer, Drawing) else None

    def _designed(self, card: Card) -> Card:
        return card if card.design else replace(card, design=self._design())

    async def morph(self, photo: bytes, card: Card, *, as_strip: bool = False) -> bytes | Refusal:
        """The faces of a card turning into each other: an MP4, or a JPEG of five pictures; or the reason why not."""
        star_photo = await asyncio.to_thread(read_photo, Path(card.star_photo))
        if isinstance(star_photo, Refusal):
            return star_photo
        task = PhotoTask.STRIP if as_strip else PhotoTask.MORPH
        answer = await self._ask(Request(task, photo, card, star_photo))
        return answer.data if isinstance(answer, Drawing) else _refusal(answer)

    async def avatar(self, photo: bytes, order: AvatarOrder) -> bytes | Refusal:
        """A person as a drawing: JPEG, or WebP with transparency; or the reason why not."""
        answer = await self._ask(Request(PhotoTask.AVATAR, photo, avatar=order))
        return answer.data if isinstance(answer, Drawing) else _refusal(answer)

    async def number_faces(
        self, photo: bytes, boxes: tuple[Box, ...], turn: int, *, is_file: bool = False
    ) -> bytes | None:
        """A photo as JPEG with 1, 2, 3… at these boxes of the upright photo; None if it cannot be read."""
        answer = await self._ask(Request(PhotoTask.NUMBER, photo, boxes=boxes, turn=turn), is_file=is_file)
        return answer.data if isinstance(answer, Drawing) else None

    async def thumbnail(self, photo: bytes) -> bytes | Refusal:
        """A small square copy of an encoded photo, as WebP."""
        answer = await self._ask(Request(PhotoTask.THUMBNAIL, photo))
        return answer.data if isinstance(answer, Drawing) else _refusal(answer)

    async def check(self, photo: bytes) -> PictureSize | Refusal:
        """Decode a photo to its end: its size, or the reason why it is of no use."""
        answer = await self._ask(Request(PhotoTask.CHECK, photo))
        return answer if isinstance(answer, PictureSize) else _refusal(answer)

    async def _ask(self, request: Request, *, is_file: bool = False) -> Answer:
        if len(request.photo) > MAX_BYTES:
            return Refusal(Reason.TOO_LARGE)
        if await self._costly.holds(request):
            return Refusal(Reason.UNREADABLE)
        if self._closed:
            raise WorkerDied("the pool is closed")
        job = Job(request, is_file)
        if not self._unanswered:
            self._progress_s = time.monotonic()
        self._unanswered += 1
        self._queue.put(job)
        try:
            return await job.answer
        finally:
            self._unanswered -= 1
            if job.answer.done() and not job.answer.cancelled():  # else whoever asked has gone
                self._progress_s = time.monotonic()

    # Serving.

    def _serve_in_background(self, slot: _Slot) -> None:
        slot.task = asyncio.create_task(self._serve(slot))
        slot.task.add_done_callback(lambda task: self._serving_ended(slot, task))

    def _serving_ended(self, slot: _Slot, task: asyncio.Task[None]) -> None:
        """Replace a serving task that has ended, for whatever reason, and its worker."""
        if self._closed:
            return
        reason = "cancelled" if task.cancelled() else repr(task.exception())
        log.error("the task that serves a face worker ended (%s): it is started again", reason)
        self.restarts += 1
        slot.worker.kill_now()
        self._serve_in_background(slot)

    async def _serve(self, slot: _Slot) -> None:
        """Give one worker job after job."""
        while True:
            job = await self._queue.take(slot)
            try:
                await self._do(job, slot)
            finally:
                self._queue.done(job)
                if not job.answer.done():  # the pool is being closed, or this task is to be replaced
                    job.answer.set_exception(WorkerDied("the pool is closed"))

    async def _do(self, job: Job, slot: _Slot) -> None:
        """Bring a job to its end: an answer, a refusal, or WorkerDied after TRIES crashes."""
        tries = 0
        while not job.answer.done():  # it is done, too, when whoever asked has gone
            if await self._costly.holds(job.request):
                if not job.answer.done():  # whoever asked may have gone meanwhile
                    job.answer.set_result(Refusal(Reason.UNREADABLE))
            elif not slot.worker.is_alive:  # lost between two photos: this one has not been tried
                self._count_death()
                await self._replace(slot)
            else:
                tries += 1
                await self._try(job, slot, tries)
        if slot.worker.answered >= PHOTOS_PER_WORKER or slot.worker.resident_bytes() > RESIDENT_BYTES:
            self.recycled += 1
            await self._replace(slot)

    async def _try(self, job: Job, slot: _Slot, number: int) -> None:
        """Give the worker the job; if the worker is lost, replace it, after the job has its answer if it gets one."""
        try:
            answer = await self._answer(job, slot.worker)
            self._queue.answered(job, slot)
            if not job.answer.done():
                job.answer.set_result(answer)
        except LOST as error:
            self._count_death()
            await slot.worker.kill()
            limit = "deadline" if isinstance(error, TimeoutError) else "CPU limit" if slot.worker.met_cpu_limit else ""
            reason = limit or (str(error) if isinstance(error, ProtocolError) else type(error).__name__)
            log.warning("a face worker was lost (%s), try %d of %d of its photo", reason, number, TRIES)
            if limit:
                await self._costly.add(job.request)
            if limit and not job.answer.done():
                job.answer.set_result(Refusal(Reason.UNREADABLE))
            elif number == TRIES and not job.answer.done():
                job.answer.set_exception(WorkerDied(reason))
            await self._replace(slot)

    async def _answer(self, job: Job, worker: WorkerProcess) -> Answer:
        """The worker's answer within the deadline; one of LOST if there is none."""
        began_s = time.monotonic()
        self._observe("wait", began_s - job.queued_s)
        self.busy += 1
        asking = asyncio.create_task(worker.ask(job.request))
        try:
            for _ in range(DEADLINE_STEPS):
                done, _ = await asyncio.wait([asking], timeout=self._deadline_s / DEADLINE_STEPS)
                if done:
                    return asking.result()
            raise TimeoutError
        finally:
            self.busy -= 1
            self._observe(job.request.task, time.monotonic() - began_s)
            job.queued_s = time.monotonic()
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    def _count_death(self) -> None:
        self.deaths += 1
        self._died_at_s.append(time.monotonic())
        before = self._is_slow
        self._is_slow = len(self._died_at_s) > DEATHS_PER_MINUTE and self._died_at_s[-1] - self._died_at_s[0] < 60
        if self._is_slow and not before:
            log.error("over %d face workers lost within a minute: new ones start slower", DEATHS_PER_MINUTE)

    async def _replace(self, slot: _Slot) -> None:
        """End a worker and start another; waits longer from try to try, but never gives up."""
        await slot.worker.kill()
        pause_s = RESTART_PAUSE_S if self._is_slow else 0.0
        while True:  # the machine may be short of memory for a moment: try until it works
            await asyncio.sleep(pause_s)
            try:
                slot.worker = await WorkerProcess.start(self._models)
            except (ModelError, OSError) as error:
                slot.is_failing, pause_s = True, min(MAX_RESTART_PAUSE_S, pause_s * 2 or 1.0)
                log.error("a face worker does not start (%s), next try in %d s", error, pause_s)
            else:
                slot.is_failing = False
                return


def _refusal(answer: Answer) -> Refusal:
    """The answer, which read_answer lets be of no other kind here."""
    assert isinstance(answer, Refusal)  # noqa: S101 - checked in protocol.py
    return answer
