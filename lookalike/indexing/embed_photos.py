"""Photo files -> portraits, each photo once: embeddings with what says how good the photo is, kept on disk.

    file --stat--> Hashes: SHA-1 --> EmbeddingStore: portrait      what an earlier build saw is not read again
    file --read--> SHA-1 ----------> EmbeddingStore: portrait      the same photo under another name
    file --read--> inspect --------> EmbeddingStore                the main face, by the code that answers photos

Whoever inspects (the pool of workers.py, or the cluster of cluster.py) may answer in any order: what comes out are row
numbers in the order of the photos. A few photos for each worker are in memory at a time, however many there are.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Protocol

import numpy as np

from lookalike.core.errors import WorkerDied
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import EMBEDDING_SIZE, MODEL_SHA256, RECIPE, MeasuredFace, Reason, Refusal
from lookalike.indexing.embedding_cache import NONE, Keys, RecordFile, Rows

IN_FLIGHT_PER_WORKER = 3  # enough that no worker waits, few enough that memory stays flat
LOOKED_UP = 4096  # photos that are looked up at a time
# A file that was changed less than this ago may change again within the same time stamp; FAT counts in steps of 2 s.
SETTLED_NS = 2_000_000_000
KILLS_ITS_WORKER = "kills its worker"
MEASURES_VERSION = 1  # raise it when the same measures are taken in another way: photos are inspected again
MEASURES = tuple(one for one in fields(MeasuredFace) if one.name != "embedding")
Seen = Callable[[int, int], None]
_TYPES = {"int": "<i4", "float": "<f4", "bool": "?"}  # of the measures, as findings.py writes them


class Inspector(Protocol):
    """Whoever inspects photos."""

    @property
    def size(self) -> int:
        """How many photos it can work on at once."""
        ...

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """The main face of an encoded photo, or why there is none; WorkerDied if the photo kills its workers."""
        ...


@dataclass(frozen=True)
class Found:
    """A photo by the SHA-1 of its bytes, hex, and the portrait in it or the reason why there is none."""

    sha1: str
    portrait: MeasuredFace | str


class EmbeddingStore(RecordFile):
    """What was found in each photo, by the SHA-1 of its bytes: a portrait, or the reason why there is none.

    The measures are kept beside the embedding (128,) f32, so that the thresholds of quality.py can change without
    embedding anything again.
    """

    RECORD = np.dtype(
        [
            ("sha1", "u1", 20),
            ("reason", "S24"),
            ("measures", [(one.name, _TYPES[str(one.type)]) for one in MEASURES]),
            ("embedding", "<f4", EMBEDDING_SIZE),
        ]
    )

    def __init__(self, path: Path) -> None:
        super().__init__(path, self.RECORD, f"{RECIPE} {MODEL_SHA256} {MEASURES_VERSION}")

    def found(self, rows: Rows) -> list[Found]:
        """What was found in the photos of these rows (n,)."""
        return [
            Found(
                record["sha1"].tobytes().hex(),
                record["reason"].decode() or MeasuredFace(record["embedding"], *record["measures"].item()),
            )
            for record in self.read(rows)
        ]

    def keep(self, sha1: bytes, found: MeasuredFace | Refusal) -> int:
        """Keep what was found in a photo; its row."""
        record = np.zeros((), self.RECORD)
        record["sha1"] = np.frombuffer(sha1, np.uint8)
        if isinstance(found, Refusal):
            record["reason"] = str(found.reason).encode()
        else:
            record["embedding"] = found.embedding
            record["measures"] = tuple(found.measures[one.name] for one in MEASURES)
        return self.append(record)


class Hashes(RecordFile):
    """SHA-1 of files that were read before, by path, size and time of last change: they need not be read again."""

    RECORD = np.dtype([("file", "u1", 16), ("sha1", "u1", 20)])

    def __init__(self, path: Path) -> None:
        super().__init__(path, self.RECORD, "SHA-1 by BLAKE2b-128 of path, size and mtime")

    def keep(self, key: bytes, sha1: bytes) -> None:
        """Keep the SHA-1 of a file."""
        record = np.zeros((), self.RECORD)
        record["file"], record["sha1"] = np.frombuffer(key, np.uint8), np.frombuffer(sha1, np.uint8)
        self.append(record)


@dataclass(frozen=True)
class Embedded:
    """Where the portraits of photos are: rows (m,) of the store, NONE for a photo that could not be had, and why."""

    rows: Rows
    failures: dict[int, str] = field(default_factory=dict)  # number of the photo -> reason


async def embed(
    files: Sequence[str], photos: Path, store: EmbeddingStore, hashes: Hashes, inspector: Inspector,
    *, rehash: bool = False, seen: Seen = lambda done, rejected: None,
) -> Embedded:  # fmt: skip
    """The portraits of photo files (m,), relative to `photos`, from the store or from the inspector.

    `rehash`: read every file, whatever Hashes says. `seen` is told of every step: photos done, and how many of these
    have no portrait.
    """
    return await _Run(files, photos, store, hashes, inspector, rehash, seen).embed()


@dataclass(frozen=True)
class _Job:
    """A photo that must be read: its number, and its key in Hashes if the file has settled."""

    number: int
    key: bytes | None


class _Run:
    """One way through all photos."""

    def __init__(
        self, files: Sequence[str], photos: Path, store: EmbeddingStore, hashes: Hashes, inspector: Inspector,
        rehash: bool, seen: Seen,
    ) -> None:  # fmt: skip
        self._files, self._photos = files, photos
        self._store, self._hashes, self._inspector = store, hashes, inspector
        self._rehash, self._seen = rehash, seen
        self._embedded = Embedded(np.full(len(files), NONE, np.int64))
        self._reading: set[asyncio.Task[bool]] = set()
        self._inspecting: dict[bytes, asyncio.Task[int]] = {}  # by SHA-1: the same photo is inspected once

    async def embed(self) -> Embedded:
        try:
            for start in range(0, len(self._files), LOOKED_UP):
                for job in self._look_up(range(start, min(start + LOOKED_UP, len(self._files)))):
                    await self._fewer_than(self._inspector.size * IN_FLIGHT_PER_WORKER)
                    self._reading.add(asyncio.create_task(self._read(job)))
            await self._fewer_than(1)
        finally:
            for task in self._reading:
                task.cancel()
            await asyncio.gather(*self._reading, return_exceptions=True)
        return self._embedded

    async def _fewer_than(self, limit: int) -> None:
        """Wait until fewer photos than that are in flight."""
        while len(self._reading) >= limit:
            done, others = await asyncio.wait(self._reading, return_when=asyncio.FIRST_COMPLETED)
            self._seen(len(done), sum(not task.result() for task in done))
            self._reading = others  # where one has failed, all are left to embed(), which hears them out

    def _look_up(self, numbers: range) -> list[_Job]:
        """Fill in the rows of the photos whose files have not changed since they were read; jobs for the others."""
        jobs = []
        for number in numbers:
            job = self._job(number)
            if job:
                jobs.append(job)
            else:
                self._embedded.failures[number] = str(Reason.UNREADABLE)
        keys = _as_keys([job.key or bytes(16) for job in jobs])
        known = np.full(len(jobs), NONE) if self._rehash else self._hashes.find(keys)
        rows = np.full(len(jobs), NONE)
        rows[known != NONE] = self._store.find(self._hashes.read(known[known != NONE])["sha1"])
        self._embedded.rows[[job.number for job in jobs]] = rows
        has_face = self._store.read(rows[rows != NONE])["reason"] == b""
        self._seen(len(numbers) - int((rows == NONE).sum()), len(numbers) - len(jobs) + int((~has_face).sum()))
        return [job for job, row in zip(jobs, rows.tolist(), strict=True) if row == NONE]

    def _job(self, number: int) -> _Job | None:
        """The job of reading a photo; None if it is no file: a pipe would be waited for, a device never ends."""
        file = self._files[number]
        try:
            status = os.stat(f"{self._photos}/{file}")  # noqa: PTH116 - for a million files a Path each takes its time
        except (OSError, ValueError):  # gone, not allowed, or a name that no file can have
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        has_settled = status.st_mtime_ns + SETTLED_NS < time.time_ns()
        name = f"{file}\0{status.st_size}\0{status.st_mtime_ns}".encode(errors="surrogateescape")
        return _Job(number, hashlib.blake2b(name, digest_size=16).digest() if has_settled else None)

    async def _read(self, job: _Job) -> bool:
        """Fill in the row, or the failure, of a photo; whether it has a portrait."""
        data = await asyncio.to_thread(read_photo, self._photos / self._files[job.number])
        if isinstance(data, Refusal):
            self._embedded.failures[job.number] = str(data.reason)
            return False
        sha1 = hashlib.sha1(data, usedforsecurity=False).digest()  # names content, as Wikimedia Commons does
        row = int(self._store.find(_as_keys([sha1]))[0])
        if row == NONE:
            if sha1 not in self._inspecting:
                self._inspecting[sha1] = asyncio.create_task(self._inspect(sha1, data))
            row = await self._inspecting[sha1]
        if row == NONE:
            self._embedded.failures[job.number] = KILLS_ITS_WORKER
            return False
        self._embedded.rows[job.number] = row
        if job.key:
            self._hashes.keep(job.key, sha1)
        return bool(self._store.read(np.array([row]))["reason"][0] == b"")

    async def _inspect(self, sha1: bytes, data: bytes) -> int:
        """The row of a photo that was never seen before; NONE if it kills its worker."""
        try:
            return self._store.keep(sha1, await self._inspector.inspect(data))
        except WorkerDied:
            return NONE
        finally:
            del self._inspecting[sha1]


def _as_keys(keys: list[bytes]) -> Keys:
    """Keys of one length as an array (n, bytes)."""
    return np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), -1 if keys else 0)
