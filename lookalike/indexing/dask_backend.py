"""Photos inspected by a Dask cluster, by the code that does it on one machine. The only file that knows Dask.

    .venv/bin/python -m dask scheduler
    .venv/bin/python -m dask worker tcp://scheduler:8786 --nthreads 16      on every machine, in a checkout with models
    .venv/bin/python build_index.py --scheduler tcp://scheduler:8786 --photos photos --out assets/index

Machines need not share a file system: the builder reads the photos and sends their bytes, a few at a time, through the
scheduler, which has a lost worker's photos done by another one. Each Dask worker keeps a pool of the very processes
that answer photos (workers.py), one for each of its threads, with their models and their limits on memory and time: a
photo that crashes a decoder costs such a process, not the Dask worker. The pool lasts as long as the Dask worker.

Whoever can reach a Dask scheduler can run code on its machines: keep it in a network of its own, or use tls://
(https://distributed.dask.org/en/stable/tls.html).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import dask
from distributed import Client, KilledWorker, get_worker
from distributed.client import FutureCancelledError

from lookalike.core.errors import ClusterError, LookalikeError, ModelError, WorkerDied
from lookalike.faces.types import MODEL_SHA256, RECIPE, MeasuredFace, Refusal
from lookalike.workers.pool import WorkerPool

Answer = MeasuredFace | Refusal | None  # None: the photo kills its worker

# Of one task: what the scheduler costs is paid once for all of them (bench/spreading.py), and a lost worker costs no
# more than these once again.
BATCH_PHOTOS = 8
BATCH_BYTES = 8_000_000  # but for a single photo that is larger
BATCHES_PER_THREAD = 2  # one at work and one at hand
CONNECT_S = 10.0
FIRST_WORKER_S = 60.0
LOOK_EVERY_S = 1.0  # whether the scheduler is still there
TRIES = 2  # of a photo that is alone when its Dask workers die; the scheduler gives each try four of them
WARN_FROM = "1GB"  # Dask advises against tasks over 10 MB, a limit that a single photo can exceed

_pool: asyncio.Task[WorkerPool] | None = None  # of this process, where it is a Dask worker


async def inspect_photos(photos: Sequence[bytes], made_by: tuple[str, str]) -> list[Answer]:
    """What is found in each photo; runs on a Dask worker. `made_by`: the builder's recipe and network.

    ModelError if there are no models, or others.
    """
    if made_by != (RECIPE, MODEL_SHA256):
        raise ModelError("its checkout makes embeddings in another way than the builder's")
    pool = await _pool_of_this_worker()
    return list(await asyncio.gather(*(_inspect(pool, photo) for photo in photos)))


async def _pool_of_this_worker() -> WorkerPool:
    global _pool  # models are loaded once a process
    if _pool is None or (_pool.done() and _pool.exception()):
        _pool = asyncio.create_task(_started(get_worker().state.nthreads))
    return await asyncio.shield(_pool)


async def _started(size: int) -> WorkerPool:
    pool = WorkerPool(size)
    await pool.start()
    return pool


async def _inspect(pool: WorkerPool, photo: bytes) -> Answer:
    try:
        return await pool.inspect(photo)
    except WorkerDied:
        return None


@dataclass(frozen=True)
class _Job:
    """A photo that waits for its answer."""

    photo: bytes
    answer: asyncio.Future[MeasuredFace | Refusal]


class Cluster:
    """A Dask cluster that inspects photos as a WorkerPool does, for as long as an `async with` lasts."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open = contextlib.AsyncExitStack()
        self._waiting: asyncio.Queue[_Job] = asyncio.Queue()
        self._batches: set[asyncio.Task[None]] = set()
        self._one_suspect = asyncio.Lock()

    async def __aenter__(self) -> Cluster:
        """Connect; ClusterError if there is no scheduler or no worker, ModelError if a worker has no models."""
        for name in ("distributed", "distributed.client"):  # what its tracebacks mean is said by our errors
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._open.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": WARN_FROM}))
        try:
            self._client = await Client(  # type: ignore[no-untyped-call] # Dask's own
                self._address, asynchronous=True, timeout=CONNECT_S, set_as_default=False, direct_to_workers=False
            )
            self._open.push_async_callback(self._client.close)
            await self._client.wait_for_workers(1, timeout=FIRST_WORKER_S)
            await self._ask([])
        except BaseException as error:
            await self._open.aclose()
            if isinstance(error, (OSError, ValueError)):
                raise ClusterError(f"no Dask scheduler with workers at {self._address}: {error}") from error
            raise
        sender = asyncio.create_task(self._send())
        self._open.push_async_callback(_ended, sender)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    @property
    def size(self) -> int:
        """How many photos it can work on at once, at the moment: machines come and go."""
        threads: int = self._client.scheduler_info().get("total_threads", 0)
        return max(1, threads) * BATCH_PHOTOS

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """As WorkerPool.inspect. ClusterError if the scheduler is gone, ModelError as above."""
        answer: asyncio.Future[MeasuredFace | Refusal] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(_Job(photo, answer))
        return await answer

    async def _send(self) -> None:
        """Send what waits, in batches, which fill while as many as the cluster can take are on their way."""
        while True:
            batch = [await self._waiting.get()]
            while len(self._batches) >= self.size // BATCH_PHOTOS * BATCHES_PER_THREAD:
                _, self._batches = await asyncio.wait(self._batches, return_when=asyncio.FIRST_COMPLETED)
            while len(batch) < BATCH_PHOTOS and not self._waiting.empty():
                if sum(len(job.photo) for job in batch) >= BATCH_BYTES:
                    break
                batch.append(self._waiting.get_nowait())
            self._batches.add(asyncio.create_task(self._answer(batch)))

    async def _answer(self, batch: list[_Job]) -> None:
        try:
            await self._answer_or_raise(batch)
        except LookalikeError as error:
            for job in batch:
                if not job.answer.done():
                    job.answer.set_exception(error)

    async def _answer_or_raise(self, batch: list[_Job]) -> None:
        try:
            answers = await self._ask([job.photo for job in batch])
        except KilledWorker:
            async with self._one_suspect:  # each photo alone: the others are as innocent as it may be
                answers = [await self._ask_alone(job.photo) for job in batch]
        for job, answer in zip(batch, answers, strict=True):
            if job.answer.done():  # whoever asked has gone
                continue
            if answer is None:
                job.answer.set_exception(WorkerDied("a photo that killed its workers"))
            else:
                job.answer.set_result(answer)

    async def _ask_alone(self, photo: bytes) -> Answer:
        """The answer of a photo in whose company Dask workers died."""
        for _ in range(TRIES):  # other batches on the same Dask worker may hold the culprit
            with contextlib.suppress(KilledWorker):
                return (await self._ask([photo]))[0]
        return None

    async def _ask(self, photos: list[bytes]) -> list[Answer]:
        """One task; KilledWorker if several Dask workers died of it."""
        task = asyncio.create_task(self._result(photos))
        try:
            while not task.done():
                await asyncio.wait([task], timeout=LOOK_EVERY_S)
                if task.cancelled() or self._client.status != "running":  # what is sent now may never be answered
                    raise ClusterError(f"the Dask scheduler at {self._address} is gone")
            return task.result()
        finally:
            task.cancel()

    async def _result(self, photos: list[bytes]) -> list[Answer]:
        try:
            made_by = (RECIPE, MODEL_SHA256)
            answers: list[Answer] = await self._client.submit(inspect_photos, photos, made_by, pure=False)
        except KilledWorker:
            raise
        except ModelError as error:
            raise ModelError(f"a Dask worker: {error}") from error
        except FutureCancelledError as error:
            raise ClusterError(f"the Dask scheduler at {self._address} is gone") from error
        except Exception as error:  # whatever a machine that is set up otherwise raises
            raise ClusterError(f"a Dask worker cannot do the work: {type(error).__name__}: {error}") from error
        return answers


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
