"""Photos onto the disk: complete, decoded once in a worker to see that they can be, and never downloaded twice.

A photo is written beside its name and then renamed, so that a file under its name is complete, whatever ended the run
that wrote it.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.collecting.fetching.http_client import HttpClient, in_parallel
from lookalike.collecting.fetching.resumable_queries import ResumableQueries
from lookalike.core import paths
from lookalike.core.errors import CollectError, FailureKind, FetchFailed, ServerUnavailable, WorkerDied
from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.workers.pool import WorkerPool

# By their first bytes: the formats of photos, with the ending of their file names.
_FORMATS = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"RIFF", ".webp"))
ENDINGS = tuple(ending for _, ending in _FORMATS)
BODY_TRIES = 3  # of a photo whose bytes came and are not whole
DAMAGED = frozenset({Reason.UNREADABLE, Reason.NOT_A_PICTURE})  # which a cut or a page in its place looks like


@dataclass(frozen=True)
class WantedPhoto:
    """A photo to be downloaded for a celebrity (id).

    `stem`: its file name without the ending, the same in every run for the same photo; `sha1`: of the bytes expected,
    where that is known; `is_link`: the maintainer's, to any host.
    """

    celebrity: str
    stem: str
    url: str
    sha1: str | None = None
    source_url: str | None = None
    author: str | None = field(default=None, kw_only=True)
    license: str | None = field(default=None, kw_only=True)
    license_url: str | None = field(default=None, kw_only=True)
    is_link: bool = field(default=False, kw_only=True)

    def path(self, photos_dir: Path) -> Path | None:
        """Its file, if it is there already."""
        paths = (photos_dir / self.celebrity / f"{self.stem}{ending}" for ending in ENDINGS)
        return next((path for path in paths if path.is_file()), None)

    def as_photo(self, photos_dir: Path) -> CelebrityPhoto | None:
        """The photo as a catalogue names it; None if it is not there."""
        path = self.path(photos_dir)
        if path is None:
            return None
        return CelebrityPhoto(
            file=path.relative_to(photos_dir).as_posix(),
            source_url=self.source_url,
            author=self.author,
            license=self.license,
            license_url=self.license_url,
            sha1=sha1_of(path.read_bytes()),
        )


Check = Callable[[bytes, str], Awaitable[Refusal | str | None]]  # a photo, whom it is for (id) -> why it is of no use


class PhotoChecker:
    """A `Check` that decodes in a worker process, which starts with the first photo. Use it as a context manager."""

    def __init__(self) -> None:
        self._pool: WorkerPool | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> PhotoChecker:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pool:
            await self._pool.close()

    async def __call__(self, photo: bytes, id: str = "") -> Refusal | None:
        """Why a photo, of anybody, cannot be decoded; None if it can. ModelError if the worker cannot start."""
        async with self._starting:
            if self._pool is None:
                pool = WorkerPool(1)
                await pool.start()
                self._pool = pool
        try:
            answer = await self._pool.check(photo)
        except WorkerDied:
            return Refusal(Reason.UNREADABLE)
        return answer if isinstance(answer, Refusal) else None


@dataclass
class PhotoDownloader:
    """Downloads the photos of one run; refused ones are remembered as answers. `downloaded`: photos so far."""

    client: HttpClient
    check: Check
    queries: ResumableQueries
    photos_dir: Path
    downloaded: int = 0

    def why_not(self, wanted: WantedPhoto) -> str | None:
        """Why a photo cannot be had, as far as is known; None for one that can."""
        if ("photo", wanted.url) in self.queries.unanswered:
            return self.queries.why_unanswered("photo", wanted.url)
        refused = self.queries.answer("refused", wanted.url)
        return str(refused) if refused else None

    async def download_all(self, photos: Iterable[WantedPhoto]) -> int:
        """Download those that are not on the disk and can be had, as far as is known; how many were tried."""
        by_url = {one.url: one for one in photos if not self.why_not(one)}
        missing = [one for one in by_url.values() if one.path(self.photos_dir) is None]
        self.queries.progress.begin("photos", len(missing))
        await in_parallel(missing, self._download)
        return len(missing)

    async def _download(self, wanted: WantedPhoto) -> None:
        try:
            refused = await download(self.client, self.check, wanted, self.photos_dir)
        except (FetchFailed, ServerUnavailable) as failure:
            costs_this_alone = FetchFailed(str(failure)) if wanted.is_link else failure
            self.queries.fail("photo", wanted.url, costs_this_alone)
        else:
            if refused:
                self.queries.keep("refused", wanted.url, refused)
            else:
                self.downloaded += 1
        self.queries.progress.advance()


async def download(client: HttpClient, check: Check, wanted: WantedPhoto, photos_dir: Path) -> str | None:
    """Write a photo to its file; the reason why it cannot be used, if it cannot.

    FetchFailed or ServerUnavailable if there was no whole photo, but may be next time: bytes that cannot be read are
    asked for again, and are no reason by themselves. CollectError if it cannot be written.
    """
    for _ in range(BODY_TRIES):
        try:
            data = await client.file(wanted.url, MAX_BYTES, is_link=wanted.is_link)
        except FetchFailed as failure:
            if failure.kind is FailureKind.GONE:
                return str(failure)
            raise
        if wanted.sha1 and sha1_of(data) != wanted.sha1:
            problem = "not the bytes that were announced"
            continue
        refusal = await check(data, wanted.celebrity)
        if not isinstance(refusal, Refusal) or refusal.reason not in DAMAGED:
            break
        problem = str(refusal.reason)
    else:
        raise FetchFailed(problem)
    if refusal:
        return str(refusal.reason) if isinstance(refusal, Refusal) else refusal
    ending = next((ending for begin, ending in _FORMATS if data.startswith(begin)), None)
    if ending is None:
        return "not a JPEG, PNG or WebP"
    await asyncio.to_thread(write_whole, photos_dir / wanted.celebrity / f"{wanted.stem}{ending}", data)
    return None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file completely or not at all, and durably; CollectError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        paths.write_whole(path, data)
    except OSError as error:
        raise CollectError(f"{path}: {error.strerror}") from error


def sha1_of(data: bytes) -> str:
    """The SHA-1 in hex, which is how Wikimedia Commons identifies content."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
