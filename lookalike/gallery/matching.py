"""Photos to outcomes: find (in a worker: faces with embeddings), then nearest to Match | Refusal, or compare."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from lookalike.core.errors import WorkerDied
from lookalike.faces.types import MAX_BYTES, Box, Doubt, Eyes, Face, Reason, Refusal
from lookalike.gallery.comparing import Comparison
from lookalike.gallery.filters import ANYBODY, Filter
from lookalike.gallery.gallery import Gallery, Neighbour

Find = Callable[[bytes], Awaitable[tuple[Face, ...] | Refusal]]

SHOWN = 6  # celebrities per face


@dataclass(frozen=True)
class FaceMatch:
    """One face of a photo and the celebrities most like it, best first; the other fields as in `Face`."""

    box: Box
    neighbours: tuple[Neighbour, ...]
    turn: int = 0
    doubt: Doubt | None = None
    eyes: Eyes | None = None


@dataclass(frozen=True)
class Match:
    """A photo with at least one face, the main one first."""

    faces: tuple[FaceMatch, ...]

    @property
    def best(self) -> Neighbour:
        """The best match of the main face."""
        return self.faces[0].neighbours[0]


Outcome = Match | Refusal


@dataclass(frozen=True, eq=False)
class Compared:
    """Two photos and how alike their main faces are."""

    faces: tuple[Face, Face]
    comparison: Comparison


@dataclass(frozen=True)
class NotCompared:
    """Two photos of which the first or the second (`photo`: 0 or 1) has no face to be compared."""

    photo: int
    refusal: Refusal


ComparedOutcome = Compared | NotCompared


async def match(photo: bytes, find: Find, gallery: Gallery, k: int = SHOWN, where: Filter = ANYBODY) -> Outcome:
    """The k celebrities most like each face of an encoded photo, or the reason why none; never raises for a photo.

    `where`: of those whom a filter leaves; FilterError if it leaves nobody.
    """
    if where != ANYBODY:
        await asyncio.to_thread(gallery.filtered, where)  # a filter that is new takes a while
    found = await _faces(photo, find)
    if isinstance(found, Refusal):
        return found
    return Match(
        tuple(
            FaceMatch(face.box, gallery.nearest(face.embedding, k, where), face.turn, face.doubt, face.eyes)
            for face in found
        )
    )


async def compare(photos: tuple[bytes, bytes], find: Find, gallery: Gallery) -> ComparedOutcome:
    """How alike the main faces of two encoded photos are, or the first photo without a face and the reason."""
    faces = []
    for number, photo in enumerate(photos):
        found = await _faces(photo, find)
        if isinstance(found, Refusal):
            return NotCompared(number, found)
        faces.append(found[0])
    one, other = faces
    pairs = await asyncio.to_thread(lambda: gallery.stranger_pairs)
    return Compared((one, other), pairs.compare(one.embedding, other.embedding))


async def _faces(photo: bytes, find: Find) -> tuple[Face, ...] | Refusal:
    if len(photo) > MAX_BYTES:
        return Refusal(Reason.TOO_LARGE)
    try:
        return await find(photo)
    except WorkerDied:
        return Refusal(Reason.UNREADABLE)


def to_json(photo: str, outcome: Outcome, language: str = "en") -> dict[str, Any]:
    """An outcome as one object of `matcher.py --json` and of the page's API."""
    if isinstance(outcome, Refusal):
        return {"photo": photo, "outcome": str(outcome.reason), "faces": [], "message": outcome.reason.message}
    return {
        "photo": photo,
        "outcome": "match",
        "faces": [_face_json(face, language) for face in outcome.faces],
    }


def _face_json(face: FaceMatch, language: str) -> dict[str, Any]:
    turn = {"turn": face.turn} if face.turn else {}
    doubt = {"doubt": str(face.doubt)} if face.doubt else {}
    return {
        "box": list(face.box),
        **turn,
        **doubt,
        "matches": [neighbour_json(one, language) for one in face.neighbours],
    }


def comparison_json(photos: tuple[str, str], outcome: ComparedOutcome) -> dict[str, Any]:
    """Two photos as one object of `matcher.py --compare --json` and of the page's API, or the refusal of one photo."""
    if isinstance(outcome, NotCompared):
        return to_json(photos[outcome.photo], outcome.refusal)
    distance, similarity = outcome.comparison.distance, outcome.comparison.similarity
    return {
        "photos": list(photos),
        "outcome": "compared",
        "distance": round(distance, 4),
        "similarity": round(similarity, 4),
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
    """A similarity (0..1) as the percentage shown: 1 to 99."""
    return min(99, max(1, round(similarity * 100)))
