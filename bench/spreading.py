"""Photos a second from nothing to an index's embeddings: by the pool of one machine and by a Dask cluster on it.

    .venv/bin/python bench/spreading.py

All workers share the cores of this machine, so what a cluster adds is seen as what it costs: the photos a second of a
core, and the CPU of builder and scheduler a photo, which is where a cluster of many machines ends. What a million
photos take is that, multiplied.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from record import Figures, keep, table

from photos import FACES, ROOT

sys.path.insert(0, str(ROOT))

from faults import processes
from lookalike.indexing.dask_backend import DaskCluster
from lookalike.indexing.embed_photos import Inspector, embed_photos
from lookalike.indexing.embedding_cache import EmbeddingCache
from lookalike.workers.pool import WorkerPool

PHOTOS = 200
RUNS = 3
SIZES = (1, 2, 4)
MILLION = 1_000_000
RECORD_BYTES = 750  # of a photo in the embedding cache: 75 MB for 100,000


def main() -> int:
    """Measure, print, keep."""
    files = sorted(path.relative_to(FACES).as_posix() for path in (FACES / "gallery").rglob("*.jpg"))[:PHOTOS]
    rows = [asyncio.run(local(files, size)) for size in SIZES[:2]]
    for size in SIZES:
        with grid(size) as (address, scheduler, worker):
            rows.append(asyncio.run(spread(files, size, address, scheduler, worker)))
    cpu_ms = max(row["workers_cpu_ms"] + row["builder_cpu_ms"] + row["scheduler_cpu_ms"] for row in rows)
    figures: Figures = {
        "photos": PHOTOS,
        "photo_kb": round(sum((FACES / file).stat().st_size for file in files) / len(files) / 1000),
        "rows": rows,
        "record_bytes": RECORD_BYTES,
        "million": {
            "core_hours": round(MILLION * cpu_ms / 1000 / 3600, 1),
            "store_mb": round(MILLION * RECORD_BYTES / 1e6),
        },
    }
    keep("cluster", figures)
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    print(table(list(figures["million"].items()), ("a million photos", "")))
    return 0


async def local(files: list[str], size: int) -> dict[str, Any]:
    """The pool of this machine."""
    async with WorkerPool(size) as pool:
        return {"by": "pool", "workers": size, **await measure(files, pool, 0, os.getpid())}


async def spread(files: list[str], size: int, address: str, scheduler: int, worker: int) -> dict[str, Any]:
    """A cluster of so many Dask workers."""
    async with DaskCluster(address) as cluster:
        while cluster.size < size * 8:  # noqa: ASYNC110 - the client has no event for it
            await asyncio.sleep(0.1)
        return {"by": "cluster", "workers": size, **await measure(files, cluster, scheduler, worker)}


async def measure(files: list[str], inspector: Inspector, scheduler: int, parent: int) -> dict[str, Any]:
    """Photos a second; CPU of builder, scheduler and the children of `parent` a photo; medians of runs from nothing.

    `scheduler` is a process id, 0 without one.
    """
    rates, builder_ms, scheduler_ms, workers_ms = [], [], [], []
    await inspector.inspect((FACES / files[0]).read_bytes())  # the models are loaded
    for _ in range(RUNS):
        with (
            tempfile.TemporaryDirectory() as name,
            EmbeddingCache(Path(name) / "cache") as cache,
        ):
            began, cpu, scheduler_cpu, workers_cpu = (
                time.monotonic(),
                time.process_time(),
                processes.cpu_s(scheduler),
                below(parent),
            )
            await embed_photos(files, FACES, cache, inspector)
            rates.append(len(files) / (time.monotonic() - began))
            builder_ms.append(1000 * (time.process_time() - cpu) / len(files))
            scheduler_ms.append(1000 * (processes.cpu_s(scheduler) - scheduler_cpu) / len(files))
            workers_ms.append(1000 * (below(parent) - workers_cpu) / len(files))
    return {
        "photos_per_s": round(median(rates), 1),
        "builder_cpu_ms": round(median(builder_ms), 2),
        "scheduler_cpu_ms": round(median(scheduler_ms), 2),
        "workers_cpu_ms": round(median(workers_ms), 1),
    }


def below(parent: int) -> float:
    """CPU seconds of a process's descendants."""
    return sum(map(processes.cpu_s, processes.descendants(parent)))


@contextlib.contextmanager
def grid(workers: int) -> Iterator[tuple[str, int, int]]:
    """The address of a scheduler with so many Dask workers of one thread, its process, and the workers' parent."""
    scheduler = dask("scheduler", "--port", "0", "--no-dashboard")
    assert scheduler.stderr
    said = next(filter(None, (re.search(r"Scheduler at: +(tcp://\S+)", line) for line in scheduler.stderr)))
    drains = [threading.Thread(target=scheduler.stderr.read, daemon=True)]
    worker = dask("worker", said[1], "--nworkers", str(workers), "--nthreads", "1", "--no-dashboard")
    assert worker.stderr
    drains.append(threading.Thread(target=worker.stderr.read, daemon=True))
    for drain in drains:  # or they would stand still at a full pipe
        drain.start()
    try:
        yield said[1], scheduler.pid, worker.pid
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait()


def dask(*arguments: str) -> subprocess.Popen[str]:
    """One of Dask's own commands."""
    command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1"]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)


if __name__ == "__main__":
    sys.exit(main())
