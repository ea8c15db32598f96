"""Photo files -> rows of the embedding cache; each photo is read and inspected once.

    file --stat--> cache: files --> cache: faces      unchanged since an earlier build: not read
    file --read--> SHA-1 ---------> cache: faces      the same photo under another name
    file --read--> inspect -------> cache: faces      the main face, by the code that answers photos

The inspector (workers/pool.py, or dask_backend.py) may answer in any order: row numbers come out in the order of the
photos. A few photos per worker are in memory at a time, whatever their number.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import stat
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from lookalike.core.errors import WorkerDied
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import MeasuredFace, Reason, Refusal
from lookalike.indexing.embedding_cache import NONE, CacheHit, EmbeddingCache, Rows

IN_FLIGHT_PER_WORKER = 3  # enough that no worker waits, few enough that memory stays flat
PROGRESS_EVERY = 4096  # unchanged photos
# A file modified less than this ago may be modified again without a new time stamp: FAT counts in steps of 2 s.
SETTLED_NS = 2_000_000_000
KILLS_ITS_WORKER = "kills its worker"
OnProgress = Callable[[int, int], None]  # photos done since the last call, and how many of them have no face


class Inspector(Protocol):
    """Finds the main face of photos: a WorkerPool or a DaskCluster."""

    @property
    def size(self) -> int:
        """How many photos it can work on at once."""
        ...

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """The main face of an encoded photo, or why there is none; WorkerDied if the photo kills its workers."""
        ...


@dataclass(frozen=True, eq=False)
class EmbeddedPhotos:
    """Rows (m,) of the cache in the order of the photos; NONE for a photo that could not be had, with the reason."""

    rows: Rows
    failures: dict[int, str] = field(default_factory=dict)  # number of the photo -> reason


async def embed_photos(
    files: Sequence[str], photos: Path, cache: EmbeddingCache, inspector: Inspector,
    *, rehash: bool = False, on_progress: OnProgress = lambda done, without_face: None,
) -> EmbeddedPhotos:  # fmt: skip
    """Embed photo files (m,), relative to `photos`, from the cache or by the inspector.

    `rehash`: read every file, even if the cache has it with the same size and time of modification.
    """
    return await _Run(files, photos, cache, inspector, rehash, on_progress).embed()


@dataclass(frozen=True)
class _UnreadPhoto:
    """A photo that must be read: its number, and its key in the cache if the file has settled."""

    number: int
    key: bytes | None


class _Run:
    """One pass over all photos."""

    def __init__(
        self, files: Sequence[str], photos: Path, cache: EmbeddingCache, inspector: Inspector, rehash: bool,
        on_progress: OnProgress,
    ) -> None:  # fmt: skip
        self._files, self._photos = files, photos
        self._cache, self._inspector = cache, inspector
        self._rehash, self._on_progress = rehash, on_progress
        self._embedded = EmbeddedPhotos(np.full(len(files), NONE, np.int64))
        self._reading: set[asyncio.Task[bool]] = set()
        self._inspecting: dict[bytes, asyncio.Task[CacheHit]] = {}  # by SHA-1: the same photo is inspected once

    async def embed(self) -> EmbeddedPhotos:
        """Embed all photos; if one fails, the others in flight are cancelled and awaited."""
        done = without_face = 0
        try:
            for number in range(len(self._files)):
                hit = self._look_up(number)
                if isinstance(hit, _UnreadPhoto):
                    await self._fewer_in_flight_than(self._inspector.size * IN_FLIGHT_PER_WORKER)
                    self._reading.add(asyncio.create_task(self._read(hit)))
                else:
                    done += 1
                    without_face += not hit
                if done == PROGRESS_EVERY:
                    self._on_progress(done, without_face)
                    done = without_face = 0
            self._on_progress(done, without_face)
            await self._fewer_in_flight_than(1)
        finally:
            for task in self._reading:
                task.cancel()
            await asyncio.gather(*self._reading, return_exceptions=True)
        return self._embedded

    async def _fewer_in_flight_than(self, limit: int) -> None:
        """Wait until fewer than `limit` photos are in flight."""
        while len(self._reading) >= limit:
            done, others = await asyncio.wait(self._reading, return_when=asyncio.FIRST_COMPLETED)
            self._on_progress(len(done), sum(not task.result() for task in done))
            self._reading = others  # if a task failed, result() raises and all stay for embed() to cancel and await

    def _look_up(self, number: int) -> _UnreadPhoto | bool:
        """Whether a photo that is unchanged, or no file, has a face; fills in its row or failure. Else, to be read."""
        unread = self._unread(number)
        if unread is None:
            self._embedded.failures[number] = str(Reason.UNREADABLE)
            return False
        if unread.key and not self._rehash:
            hit = self._cache.find_file(unread.key)
            if hit.row != NONE:
                self._embedded.rows[number] = hit.row
                return hit.has_face
        return unread

    def _unread(self, number: int) -> _UnreadPhoto | None:
        """A photo with its key; None if it is no regular file: reading a pipe would block, a device never ends."""
        file = self._files[number]
        try:
            status = os.stat(f"{self._photos}/{file}")  # noqa: PTH116 - Path takes twice the time, for a million files
        except (OSError, ValueError):  # missing, not allowed, or a name that no file can have
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        has_settled = status.st_mtime_ns + SETTLED_NS < time.time_ns()
        name = f"{file}\0{status.st_size}\0{status.st_mtime_ns}".encode(errors="surrogateescape")
        return _UnreadPhoto(number, hashlib.blake2b(name, digest_size=16).digest() if has_settled else None)

    async def _read(self, photo: _UnreadPhoto) -> bool:
        """Whether a photo has a face; fills in its row or failure."""
        data = await asyncio.to_thread(read_photo, self._photos / self._files[photo.number])
        if isinstance(data, Refusal):
            self._embedded.failures[photo.number] = str(data.reason)
            return False
        sha1 = hashlib.sha1(data, usedforsecurity=False).digest()  # the name of a file's content on Wikimedia Commons
        hit = self._cache.find(sha1)
        if hit.row == NONE:
            if sha1 not in self._inspecting:
                self._inspecting[sha1] = asyncio.create_task(self._inspect(sha1, data))
            hit = await self._inspecting[sha1]
        if hit.row == NONE:
            self._embedded.failures[photo.number] = KILLS_ITS_WORKER
            return False
        self._embedded.rows[photo.number] = hit.row
        if photo.key:
            self._cache.keep_file(photo.key, sha1)
        return hit.has_face

    async def _inspect(self, sha1: bytes, data: bytes) -> CacheHit:
        """Inspect a photo that is not in the cache and keep the result; row NONE if it kills its worker."""
        try:
            return self._cache.keep(sha1, await self._inspector.inspect(data))
        except WorkerDied:
            return CacheHit(NONE, has_face=False)
        finally:
            del self._inspecting[sha1]
