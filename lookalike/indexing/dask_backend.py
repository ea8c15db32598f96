"""Inspect photos on a Dask cluster, with the code that inspects them on one machine.

    .venv/bin/python -m dask scheduler
    .venv/bin/python -m dask worker tcp://scheduler:8786 --nthreads 16      on every machine, in a checkout with models
    .venv/bin/python build_index.py --scheduler tcp://scheduler:8786 --photos photos --out assets/index

Machines need no shared file system: the builder reads the photos and sends their bytes through the scheduler in small
batches; the scheduler repeats the batches of a lost worker on another one. Each Dask worker has a WorkerPool with one
process per thread, with the models and the limits on memory and time that answers have: a photo that crashes a decoder
costs a process of the pool, not the Dask worker. The pool lasts as long as the Dask worker.

Anybody who can reach a Dask scheduler can run code on its machines: keep it in a network of its own, or use tls://
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

Inspected = MeasuredFace | Refusal | None  # None: the photo kills its worker

# Size of a task: large enough to share the cost of scheduling (bench/spreading.py), small enough to repeat.
BATCH_PHOTOS = 8
BATCH_BYTES = 8_000_000  # a single photo may be larger
BATCHES_PER_THREAD = 2  # one in work and one waiting
CONNECT_S = 10.0
FIRST_WORKER_S = 60.0
POLL_S = 1.0  # between checks that the scheduler is still connected
TRIES = 2  # for a photo that is alone in its batch when Dask workers die; in each the scheduler tries four workers
WARNING_SIZE = "1GB"  # Dask warns of tasks over 10 MB, which a single photo can exceed

_pool: asyncio.Task[WorkerPool] | None = None  # of this process, if it is a Dask worker


async def inspect_photos(photos: Sequence[bytes], made_by: tuple[str, str]) -> list[Inspected]:
    """Inspect photos; runs on a Dask worker. `made_by`: the builder's recipe and SHA-256 of its network.

    ModelError if the models are missing or not the builder's.
    """
    if made_by != (RECIPE, MODEL_SHA256):
        raise ModelError("its checkout makes embeddings in another way than the builder's")
    pool = await _pool_of_this_worker()
    return list(await asyncio.gather(*(_inspect(pool, photo) for photo in photos)))


async def _pool_of_this_worker() -> WorkerPool:
    global _pool  # models are loaded once per process
    if _pool is None or (_pool.done() and _pool.exception()):
        _pool = asyncio.create_task(_started(get_worker().state.nthreads))
    return await asyncio.shield(_pool)


async def _started(size: int) -> WorkerPool:
    pool = WorkerPool(size)
    await pool.start()
    return pool


async def _inspect(pool: WorkerPool, photo: bytes) -> Inspected:
    try:
        return await pool.inspect(photo)
    except WorkerDied:
        return None


@dataclass(frozen=True)
class _PendingPhoto:
    """A photo that waits for its result."""

    photo: bytes
    result: asyncio.Future[MeasuredFace | Refusal]


class DaskCluster:
    """A Dask cluster that inspects photos as a WorkerPool does, inside an `async with`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._open = contextlib.AsyncExitStack()
        self._waiting: asyncio.Queue[_PendingPhoto] = asyncio.Queue()
        self._batches: set[asyncio.Task[None]] = set()
        self._isolating = asyncio.Lock()

    async def __aenter__(self) -> DaskCluster:
        """Connect; ClusterError if there is no scheduler or no worker, ModelError if a worker has no models."""
        for name in ("distributed", "distributed.client"):  # instead of their tracebacks our errors say what failed
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._open.enter_context(dask.config.set({"distributed.admin.large-graph-warning-threshold": WARNING_SIZE}))
        try:
            self._client = await Client(  # type: ignore[no-untyped-call] # Dask's own
                self._address, asynchronous=True, timeout=CONNECT_S, set_as_default=False, direct_to_workers=False
            )
            self._open.push_async_callback(self._client.close)
            await self._client.wait_for_workers(1, timeout=FIRST_WORKER_S)
            await self._submit([])
        except BaseException as error:
            await self._open.aclose()
            if isinstance(error, (OSError, ValueError)):
                raise ClusterError(f"no Dask scheduler with workers at {self._address}: {error}") from error
            raise
        sender = asyncio.create_task(self._send_batches())
        self._open.push_async_callback(_cancel, sender)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    @property
    def size(self) -> int:
        """How many photos it can work on at once, now: machines come and go."""
        threads: int = self._client.scheduler_info().get("total_threads", 0)
        return max(1, threads) * BATCH_PHOTOS

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """As WorkerPool.inspect; ClusterError if the scheduler is gone, ModelError as inspect_photos."""
        result: asyncio.Future[MeasuredFace | Refusal] = asyncio.get_running_loop().create_future()
        self._waiting.put_nowait(_PendingPhoto(photo, result))
        return await result

    async def _send_batches(self) -> None:
        """Send pending photos; batches fill while BATCHES_PER_THREAD per thread are in flight."""
        while True:
            batch = [await self._waiting.get()]
            while len(self._batches) >= self.size // BATCH_PHOTOS * BATCHES_PER_THREAD:
                _, self._batches = await asyncio.wait(self._batches, return_when=asyncio.FIRST_COMPLETED)
            while len(batch) < BATCH_PHOTOS and not self._waiting.empty():
                if sum(len(pending.photo) for pending in batch) >= BATCH_BYTES:
                    break
                batch.append(self._waiting.get_nowait())
            self._batches.add(asyncio.create_task(self._inspect_batch(batch)))

    async def _inspect_batch(self, batch: list[_PendingPhoto]) -> None:
        try:
            await self._inspect_or_raise(batch)
        except LookalikeError as error:
            for pending in batch:
                if not pending.result.done():
                    pending.result.set_exception(error)

    async def _inspect_or_raise(self, batch: list[_PendingPhoto]) -> None:
        try:
            results = await self._submit([pending.photo for pending in batch])
        except KilledWorker:
            async with self._isolating:  # one by one, to find the photo that crashes
                results = [await self._submit_alone(pending.photo) for pending in batch]
        for pending, result in zip(batch, results, strict=True):
            if pending.result.done():  # the caller was cancelled
                continue
            if result is None:
                pending.result.set_exception(WorkerDied("a photo that killed its workers"))
            else:
                pending.result.set_result(result)

    async def _submit_alone(self, photo: bytes) -> Inspected:
        """The result of one photo of a batch that killed Dask workers."""
        for _ in range(TRIES):  # another batch on the same Dask worker may hold the photo that crashes
            with contextlib.suppress(KilledWorker):
                return (await self._submit([photo]))[0]
        return None

    async def _submit(self, photos: list[bytes]) -> list[Inspected]:
        """Run one task; KilledWorker if several Dask workers died of it."""
        task = asyncio.create_task(self._run_task(photos))
        try:
            while not task.done():
                await asyncio.wait([task], timeout=POLL_S)
                if (
                    task.cancelled() or self._client.status != "running"
                ):  # a reconnected client may never get the result
                    raise ClusterError(f"the Dask scheduler at {self._address} is gone")
            return task.result()
        finally:
            task.cancel()

    async def _run_task(self, photos: list[bytes]) -> list[Inspected]:
        try:
            made_by = (RECIPE, MODEL_SHA256)
            results: list[Inspected] = await self._client.submit(inspect_photos, photos, made_by, pure=False)
        except KilledWorker:
            raise
        except ModelError as error:
            raise ModelError(f"a Dask worker: {error}") from error
        except FutureCancelledError as error:
            raise ClusterError(f"the Dask scheduler at {self._address} is gone") from error
        except Exception as error:  # a machine that is set up wrong may raise anything
            raise ClusterError(f"a Dask worker cannot do the work: {type(error).__name__}: {error}") from error
        return results


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
