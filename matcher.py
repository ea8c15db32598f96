"""The story of one photo, and the command line.

photo bytes -> find (a worker: faces and embeddings) -> gallery.nearest -> Match | Refusal

.venv/bin/python matcher.py me.jpg                    a table to read
.venv/bin/python matcher.py --json -k 3 *.jpg         JSON Lines, one photo a line, in the order given
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import LookalikeError, WorkerDied
from findings import MAX_BYTES, Box, Face, Reason, Refusal
from gallery import Gallery, Neighbour
from workers import WorkerPool

Find = Callable[[bytes], Awaitable[tuple[Face, ...] | Refusal]]

SHOWN = 6  # stars a face is shown with
DEFAULT_INDEX = Path("assets/index")
OPEN_PHOTOS_PER_WORKER = 3


@dataclass(frozen=True)
class FaceMatch:
    """One face of a photo and the celebrities most like it, best first."""

    box: Box
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True)
class Match:
    """A photo with at least one face, the main one first."""

    faces: tuple[FaceMatch, ...]

    @property
    def best(self) -> Neighbour:
        """The star of the main face."""
        return self.faces[0].neighbours[0]


Outcome = Match | Refusal


async def match(photo: bytes, find: Find, gallery: Gallery, k: int = SHOWN) -> Outcome:
    """The k celebrities most like each face of an encoded photo, or the reason why none; never raises for a photo."""
    if len(photo) > MAX_BYTES:
        return Refusal(Reason.TOO_LARGE)
    try:
        found = await find(photo)
    except WorkerDied:
        return Refusal(Reason.UNREADABLE)
    if isinstance(found, Refusal):
        return found
    return Match(tuple(FaceMatch(face.box, gallery.nearest(face.embedding, k)) for face in found))


def to_json(photo: str, outcome: Outcome, language: str = "en") -> dict[str, Any]:
    """An outcome as one object of `matcher.py --json` and of the page's API."""
    if isinstance(outcome, Refusal):
        return {"photo": photo, "outcome": str(outcome.reason), "faces": [], "message": outcome.reason.message}
    return {
        "photo": photo,
        "outcome": "match",
        "faces": [
            {"box": list(face.box), "matches": [neighbour_json(one, language) for one in face.neighbours]}
            for face in outcome.faces
        ],
    }


def neighbour_json(neighbour: Neighbour, language: str) -> dict[str, Any]:
    """One celebrity of an answer."""
    return {
        "id": neighbour.celebrity.id,
        "name": neighbour.celebrity.name_in(language),
        "distance": round(neighbour.distance, 4),
        "similarity": round(neighbour.similarity, 4),
    }


def percent(similarity: float) -> int:
    """A similarity (0..1) as people are told it: 1 to 99, for nobody is more alike than all."""
    return min(99, max(1, round(similarity * 100)))


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


def read_photo(path: Path) -> bytes | Refusal:
    """The bytes of a file, unless it is too large or cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_BYTES else Refusal(Reason.TOO_LARGE)
    except OSError:
        return Refusal(Reason.UNREADABLE)


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


async def run(arguments: argparse.Namespace) -> None:
    """Print every photo's outcome as soon as it and those before it are known."""
    gallery = Gallery.load(arguments.index)
    width = max(len(str(photo)) for photo in arguments.photos)
    if not arguments.json:
        print(f"{'photo':<{width}}  like  {'star':<24} dist.  and then")
    async for photo, outcome in match_files(arguments.photos, gallery, arguments.workers, arguments.k):
        if arguments.json:
            print(json.dumps(to_json(str(photo), outcome), ensure_ascii=False), flush=True)
        else:
            print(to_row(str(photo), outcome, width), flush=True)


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Which celebrities do the people in these photos look like?")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, one line a photo")
    default = Path(os.environ.get("INDEX_DIR") or DEFAULT_INDEX)
    parser.add_argument("--index", type=Path, default=default, metavar="DIR", help=f"index directory ({default})")
    parser.add_argument("-k", type=int, default=3, metavar="N", help="celebrities a face (3)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one a core)")
    parsed = parser.parse_args(arguments)
    if parsed.k < 1 or (parsed.workers is not None and parsed.workers < 1):
        parser.error("-k and --workers take a whole number from 1")
    return parsed


def main(arguments: list[str] | None = None) -> int:
    """0 if every photo was answered (a refusal is an answer), 2 on wrong usage, no index or no models."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file name need not be text
    try:
        asyncio.run(run(parse(sys.argv[1:] if arguments is None else arguments)))
    except LookalikeError as error:
        print(f"matcher.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` for one, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
