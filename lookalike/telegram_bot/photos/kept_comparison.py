"""Two faces that were compared: where they are and how alike, in the form that is kept until it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lookalike.faces.types import Box, Eyes, Face, Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import NotCompared


@dataclass(frozen=True)
class FacePlace:
    """Where a face is in its photo; the fields as in `Face`, whose embedding is not kept."""

    box: Box
    turn: int
    eyes: Eyes | None

    @classmethod
    def of(cls, face: Face) -> FacePlace:
        """The place of a face."""
        return cls(face.box, face.turn, face.eyes)


@dataclass(frozen=True)
class Pair:
    """Two faces that were compared; `similarity` as in `Comparison`."""

    faces: tuple[FacePlace, FacePlace]
    similarity: float


PairOutcome = Pair | NotCompared


def pair_to_json(outcome: PairOutcome) -> dict[str, Any]:
    """An outcome in JSON types."""
    if isinstance(outcome, NotCompared):
        return {"not_compared": outcome.photo, "refusal": str(outcome.refusal.reason)}
    places = [{"box": one.box, "turn": one.turn, "eyes": one.eyes} for one in outcome.faces]
    return {"pair": places, "similarity": outcome.similarity}


def pair_from_json(fields: dict[str, Any], _: Gallery) -> PairOutcome | None:
    """Read `pair_to_json`."""
    if "not_compared" in fields:
        return NotCompared(fields["not_compared"], Refusal(Reason(fields["refusal"])))
    one, other = map(_place, fields["pair"])
    return Pair((one, other), fields["similarity"])


def _place(fields: dict[str, Any]) -> FacePlace:
    eyes = fields["eyes"]
    return FacePlace(tuple(fields["box"]), fields["turn"], tuple(eyes) if eyes else None)
