"""Photos from anywhere onto the disk: whole, decoded once to see that they can be, and never fetched a second time.

A photo is written beside its name and then renamed, so what is there under its name is whole, whatever ended the run
that fetched it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from lookalike.collecting.http_client import HttpClient
from lookalike.core.errors import CollectError, FetchFailed
from lookalike.faces.decoding import decode
from lookalike.faces.types import MAX_BYTES, Refusal
from lookalike.gallery.catalogue import CelebrityPhoto

# By their first bytes: the three kinds that are photos, with the ending of their names.
_KINDS = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"RIFF", ".webp"))
ENDINGS = tuple(ending for _, ending in _KINDS)


@dataclass(frozen=True)
class Wanted:
    """A photo that a celebrity (id) is to have.

    `stem`: its file's name without the ending, the same in every run for the same photo; `sha1`: of the bytes that have
    to come, where that is known.
    """

    celebrity: str
    stem: str
    url: str
    sha1: str | None = None
    source_url: str | None = None
    author: str | None = field(default=None, kw_only=True)
    license: str | None = field(default=None, kw_only=True)
    license_url: str | None = field(default=None, kw_only=True)

    def path(self, photos: Path) -> Path | None:
        """Where it is, if it is there already."""
        paths = (photos / self.celebrity / f"{self.stem}{ending}" for ending in ENDINGS)
        return next((path for path in paths if path.is_file()), None)

    def as_photo(self, photos: Path) -> CelebrityPhoto | None:
        """The photo as a catalogue names it; None if it is not there."""
        path = self.path(photos)
        if path is None:
            return None
        return CelebrityPhoto(
            file=path.relative_to(photos).as_posix(),
            source_url=self.source_url,
            author=self.author,
            license=self.license,
            license_url=self.license_url,
            sha1=sha1_of(path.read_bytes()),
        )


async def fetch(fetcher: HttpClient, wanted: Wanted, photos: Path) -> str | None:
    """Put a photo in its place; the reason why it cannot be used, if it cannot.

    FetchFailed or ServerUnavailable if it did not come, but may next time; CollectError if it cannot be written.
    """
    try:
        data = await fetcher.file(wanted.url, MAX_BYTES)
    except FetchFailed as failure:
        if failure.is_final:
            return str(failure)
        raise
    if wanted.sha1 and sha1_of(data) != wanted.sha1:
        raise FetchFailed("not the bytes that were announced")
    return await asyncio.to_thread(_keep, data, wanted, photos)  # decoding and the disk take milliseconds


def _keep(data: bytes, wanted: Wanted, photos: Path) -> str | None:
    ending = next((ending for begin, ending in _KINDS if data.startswith(begin)), None)
    picture = decode(data)
    if isinstance(picture, Refusal):
        return str(picture.reason)
    if ending is None:
        return "not a JPEG, PNG or WebP"
    write_whole(photos / wanted.celebrity / f"{wanted.stem}{ending}", data)
    return None


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, and stays when the power goes; CollectError if it cannot be."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except OSError as error:
        raise CollectError(f"{path}: {error.strerror}") from error


def sha1_of(data: bytes) -> str:
    """The SHA-1 in hex, which is how Wikimedia Commons names content."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
