"""Photos on the disk -> outcomes, printed as a table or as JSON Lines: what matcher.py runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lookalike.core.program import FAILED
from lookalike.core.terminal import printable, printable_json
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Outcome, match, percent, to_json
from lookalike.workers.pool import WorkerPool

OPEN_PHOTOS_PER_WORKER = 3


@dataclass(frozen=True)
class MatchOptions:
    """The command line of matcher.py. `k`: celebrities a face; `workers`: processes, None for one a core."""

    photos: tuple[Path, ...]
    index: Path
    k: int = 3
    workers: int | None = None
    as_json: bool = False


@dataclass(frozen=True)
class MissingFile:
    """The outcome of a photo that is not there, beside those of a photo."""

    outcome: str = "missing"
    message: str = "There is no such file."


def match_photos(options: MatchOptions) -> int:
    """Print the outcome of every photo; exit status 0, or 2 if a file is missing."""
    return asyncio.run(_match_photos(options))


async def _match_photos(options: MatchOptions) -> int:
    gallery = Gallery.load(options.index)
    width = max(len(printable(str(photo))) for photo in options.photos)
    if not options.as_json:
        print(f"{'photo':<{width}}  like  {'star':<24} dist.  and then")
    status = 0
    async for photo, outcome in outcomes(options, gallery):
        line = printable_json(as_json(photo, outcome)) if options.as_json else to_row(photo, outcome, width)
        print(line, flush=True)
        if isinstance(outcome, MissingFile):
            status = FAILED
    return status


async def outcomes(options: MatchOptions, gallery: Gallery) -> AsyncIterator[tuple[str, Outcome | MissingFile]]:
    """Every photo's path with its outcome, in order, on all cores, with a few photos in memory at a time."""
    async with WorkerPool(options.workers) as pool:

        async def one(photo: Path) -> Outcome | MissingFile:
            if is_missing(photo):
                return MissingFile()
            data = read_photo(photo)
            return data if isinstance(data, Refusal) else await match(data, pool.find, gallery, options.k)

        waiting: list[tuple[Path, asyncio.Task[Outcome | MissingFile]]] = []
        for photo in options.photos:
            waiting.append((photo, asyncio.create_task(one(photo))))
            if len(waiting) >= pool.size * OPEN_PHOTOS_PER_WORKER:
                first, task = waiting.pop(0)
                yield str(first), await task
        for first, task in waiting:
            yield str(first), await task


def is_missing(path: Path) -> bool:
    """Whether there is no such file; False for one that is there but may not be read."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def as_json(photo: str, outcome: Outcome | MissingFile) -> dict[str, Any]:
    """One photo as DESIGN's JSON; a missing file in the shape of a refusal."""
    if isinstance(outcome, MissingFile):
        return {"photo": photo, "outcome": outcome.outcome, "faces": [], "message": outcome.message}
    return to_json(photo, outcome)


def to_row(photo: str, outcome: Outcome | MissingFile, width: int) -> str:
    """A line of the table for each face: photo, percentage, celebrity, distance, and who came next."""
    photo = printable(photo)
    if isinstance(outcome, MissingFile | Refusal):
        message = outcome.message if isinstance(outcome, MissingFile) else outcome.reason.message
        return f"{photo:<{width}}    –  {message}"
    cells = []
    for face in outcome.faces:
        best, *others = face.neighbours
        then = ", ".join(f"{one.celebrity.name_in('en')} {percent(one.similarity)}%" for one in others)
        star = f"{best.celebrity.name_in('en'):<24} {best.distance:.3f}  {then}"
        cells.append(printable(f"{percent(best.similarity):>3}%  {star}".rstrip()))
        if face.doubt:
            cells.append(f"      {face.doubt.message}")
    return "\n".join(f"{photo if number == 0 else '':<{width}}  {cell}" for number, cell in enumerate(cells))
