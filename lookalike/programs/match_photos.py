"""Photos on the disk -> outcomes, printed as a table or as JSON Lines: what matcher.py runs."""

from __future__ import annotations

import asyncio
import stat
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from lookalike.core.program import FAILED
from lookalike.core.terminal import printable, printable_json
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import Refusal
from lookalike.gallery.catalogue import photo_files
from lookalike.gallery.comparing import Comparison
from lookalike.gallery.filters import parse_filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import (
    ComparedOutcome,
    NotCompared,
    Outcome,
    compare,
    comparison_json,
    match,
    percent,
    to_json,
)
from lookalike.gallery.replacing.hidden import FILE_NAME, HiddenFile
from lookalike.workers.pool import WorkerPool

OPEN_PHOTOS_PER_WORKER = 3
QUICK_S = 2.0  # what takes longer has a progress bar


@dataclass(frozen=True)
class MatchOptions:
    """The command line of matcher.py.

    `photos`: files, and folders of them. `k`: celebrities a face; `workers`: processes, None for one a core; `where`: a
    filter's text; `fame_weight`: None for the one of the index; `is_comparison`: of two photos with each other;
    `data_dir`: where the file of hidden celebrities is, if there is one.
    """

    photos: tuple[Path, ...]
    index: Path
    k: int = 3
    workers: int | None = None
    as_json: bool = False
    where: str = "any"
    fame_weight: float | None = None
    is_comparison: bool = False
    data_dir: Path = Path("data")


@dataclass(frozen=True)
class MissingFile:
    """The outcome of a photo that is not there, or of a folder without photos, beside those of a photo."""

    message: str = "There is no such file."
    outcome: str = "missing"


def match_photos(options: MatchOptions) -> int:
    """Print the outcome of every photo, or of the two; exit status 0, or 2 if a file is missing."""
    return asyncio.run(_compare_photos(options) if options.is_comparison else _match_photos(options))


async def _match_photos(options: MatchOptions) -> int:
    gallery = _load(options)
    photos = [photo for path in options.photos for photo in photos_at(path)]
    width = max(len(printable(str(photo))) for photo in photos)
    if not options.as_json:
        print(f"{'photo':<{width}}  like  {'star':<24} dist.  and then")
    status = 0
    with tqdm(total=len(photos), unit="photo", disable=None, delay=QUICK_S, leave=False) as bar:
        async for photo, outcome in outcomes(options, photos, gallery):
            with bar.external_write_mode(file=sys.stdout):  # on a terminal: lines above the bar
                print(_line(photo, outcome, width, options.as_json), flush=True)
            bar.update()
            if isinstance(outcome, MissingFile):
                status = FAILED
    return status


async def _compare_photos(options: MatchOptions) -> int:
    gallery, (one, other) = _load(options), options.photos
    names = str(one), str(other)
    for photo in (one, other):
        if missing := missing_at(photo):
            print(_line(str(photo), missing, len(str(photo)), options.as_json))
            return FAILED
    outcome = await _compared(one, other, gallery, options.workers)
    if isinstance(outcome, NotCompared):
        name = names[outcome.photo]
        print(_line(name, outcome.refusal, len(name), options.as_json))
    elif options.as_json:
        print(printable_json(comparison_json(names, outcome)))
    else:
        print(to_sentence(names, outcome.comparison))
    return 0


async def _compared(one: Path, other: Path, gallery: Gallery, workers: int | None) -> ComparedOutcome:
    first, second = read_photo(one), read_photo(other)
    if isinstance(first, Refusal):
        return NotCompared(0, first)
    if isinstance(second, Refusal):
        return NotCompared(1, second)
    async with WorkerPool(workers) as pool:
        return await compare((first, second), pool.find, gallery)


def _load(options: MatchOptions) -> Gallery:
    """The gallery without those who are hidden; FilterError at once if the filter is wrong or leaves nobody."""
    where = parse_filter(options.where)
    hidden = HiddenFile(options.data_dir / FILE_NAME).read()
    gallery = Gallery.load(options.index, options.fame_weight).without(hidden)
    gallery.filtered(where)
    return gallery


async def outcomes(
    options: MatchOptions, photos: Sequence[Path], gallery: Gallery
) -> AsyncIterator[tuple[str, Outcome | MissingFile]]:
    """Every photo's path with its outcome, in order, on all cores, with a few photos in memory at a time."""
    where = parse_filter(options.where)
    async with WorkerPool(options.workers) as pool:

        async def one(photo: Path) -> Outcome | MissingFile:
            if missing := missing_at(photo):
                return missing
            data = read_photo(photo)
            return data if isinstance(data, Refusal) else await match(data, pool.find, gallery, options.k, where)

        waiting: list[tuple[Path, asyncio.Task[Outcome | MissingFile]]] = []
        for photo in photos:
            waiting.append((photo, asyncio.create_task(one(photo))))
            if len(waiting) >= pool.size * OPEN_PHOTOS_PER_WORKER:
                first, task = waiting.pop(0)
                yield str(first), await task
        for first, task in waiting:
            yield str(first), await task


def photos_at(path: Path) -> list[Path]:
    """The file itself; of a folder the photos in it and in its folders, in order, or the folder if it has none."""
    if not path.is_dir():
        return [path]
    return [path / file for file in photo_files(path) if not file.endswith("/")] or [path]


def missing_at(path: Path) -> MissingFile | None:
    """Why there is no photo at this path; None for a file that is there but may not be read."""
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return MissingFile()
    except OSError:
        return None
    return MissingFile("There is no photo in this folder.") if is_folder else None


def _line(photo: str, outcome: Outcome | MissingFile, width: int, is_json: bool) -> str:
    return printable_json(as_json(photo, outcome)) if is_json else to_row(photo, outcome, width)


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


def to_sentence(photos: tuple[str, str], comparison: Comparison) -> str:
    """How alike two photos are, in words."""
    one, other = map(printable, photos)
    share = percent(comparison.similarity)
    return f"{one} and {other}: more alike than {share}% of pairs of strangers, distance {comparison.distance:.3f}"
