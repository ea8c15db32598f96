"""Photos on the disk to outcomes, printed: what matcher.py does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Outcome, match, percent, to_json
from lookalike.workers.pool import WorkerPool

OPEN_PHOTOS_PER_WORKER = 3


async def print_matches(photos: list[Path], index: Path, *, k: int, workers: int | None, as_json: bool) -> None:
    """Print every photo's outcome as soon as it and those before it are known."""
    gallery = Gallery.load(index)
    width = max(len(str(photo)) for photo in photos)
    if not as_json:
        print(f"{'photo':<{width}}  like  {'star':<24} dist.  and then")
    async for photo, outcome in match_files(photos, gallery, workers, k):
        if as_json:
            print(json.dumps(to_json(str(photo), outcome), ensure_ascii=False), flush=True)
        else:
            print(to_row(str(photo), outcome, width), flush=True)


async def match_files(
    photos: list[Path], gallery: Gallery, workers: int | None, k: int
) -> AsyncIterator[tuple[Path, Outcome]]:
    """Every photo with its outcome, in order, on all cores, with a few photos in memory at a time."""
    async with WorkerPool(workers) as pool:

        async def one(photo: Path) -> Outcome:
            data = read_photo(photo)
            return data if isinstance(data, Refusal) else await match(data, pool.find, gallery, k)

        waiting: list[tuple[Path, asyncio.Task[Outcome]]] = []
        for photo in photos:
            waiting.append((photo, asyncio.create_task(one(photo))))
            if len(waiting) >= pool.size * OPEN_PHOTOS_PER_WORKER:
                first, task = waiting.pop(0)
                yield first, await task
        for first, task in waiting:
            yield first, await task


def to_row(photo: str, outcome: Outcome, width: int) -> str:
    """One line of the table: photo, percentage, star, and who came next."""
    if isinstance(outcome, Refusal):
        return f"{photo:<{width}}    –  {outcome.reason.message}"
    cells = []
    for face in outcome.faces:
        best, *others = face.neighbours
        then = ", ".join(f"{one.celebrity.name_in('en')} {percent(one.similarity)}%" for one in others)
        cells.append(
            f"{percent(best.similarity):>3}%  {best.celebrity.name_in('en'):<24} {best.distance:.3f}  {then}".rstrip()
        )
    return "\n".join(f"{photo if number == 0 else '':<{width}}  {cell}" for number, cell in enumerate(cells))
