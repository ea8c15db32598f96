"""Photos to outcomes: find (in a worker: faces with embeddings), then nearest to Match | Refusal, or compare.

Photos that arrived together are one answer if they show one person, else an answer for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lookalike.core.errors import WorkerDied
from lookalike.faces.types import MAX_BYTES, Box, Doubt, Embedding, Eyes, Face, Reason, Refusal
from lookalike.gallery.calibration import distance_matrix
from lookalike.gallery.comparing import Comparison
from lookalike.gallery.filters import ANYBODY, Filter
from lookalike.gallery.gallery import Gallery, Neighbour
from lookalike.gallery.pooling import SAME_PERSON, pooled

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


@dataclass(frozen=True)
class PooledMatch:
    """One person in several photos: the stars for the mean of the embeddings.

    `photos`: of how many it is the mean; `shown`: the place (from 0) in the whole album of the photo whose face is
    nearest to it, in which the match has its box; `left_out`: photos without a face.
    """

    match: Match
    photos: int
    shown: int
    left_out: int


AlbumOutcome = PooledMatch | tuple[Outcome, ...]  # one outcome a photo, in their order


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
    return _outcome(await find_faces(photo, find), gallery, k, where)


def match_album(
    found: Sequence[tuple[Face, ...] | Refusal], gallery: Gallery, k: int = SHOWN, where: Filter = ANYBODY
) -> AlbumOutcome:
    """The stars of photos that arrived together: `found` are the faces of each, the main one first.

    They show one person if two main faces or more were found, no two of them farther apart than SAME_PERSON.
    FilterError as for `match`.
    """
    main = {place: faces[0] for place, faces in enumerate(found) if not isinstance(faces, Refusal)}
    if len(main) < 2 or not _is_one_person([face.embedding for face in main.values()]):
        return tuple(_outcome(one, gallery, k, where) for one in found)
    mean, photos = pooled([face.embedding for face in main.values()])
    shown = min(main, key=lambda place: float(np.linalg.norm(main[place].embedding - mean)))
    face = FaceMatch(main[shown].box, gallery.nearest(mean, k, where), main[shown].turn, eyes=main[shown].eyes)
    return PooledMatch(Match((face,)), photos, shown, len(found) - len(main))


def _is_one_person(embeddings: Sequence[Embedding]) -> bool:
    stacked = np.stack(embeddings).astype(np.float32)
    return bool((distance_matrix(stacked, stacked) <= SAME_PERSON).all())


def _outcome(found: tuple[Face, ...] | Refusal, gallery: Gallery, k: int, where: Filter) -> Outcome:
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
        found = await find_faces(photo, find)
        if isinstance(found, Refusal):
            return NotCompared(number, found)
        faces.append(found[0])
    one, other = faces
    return Compared((one, other), await compare_faces(one, other, gallery))


async def compare_faces(one: Face, other: Face, gallery: Gallery) -> Comparison:
    """How alike two faces are."""
    pairs = await asyncio.to_thread(lambda: gallery.stranger_pairs)
    return pairs.compare(one.embedding, other.embedding)


async def find_faces(photo: bytes, find: Find) -> tuple[Face, ...] | Refusal:
    """The faces of an encoded photo, main one first, or the reason why none; never raises for a photo."""
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
