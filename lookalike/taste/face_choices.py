"""Recommendations without a trained model: well-known stars whose faces are like those that a person rates high.

No ratings of stars by people exist to weigh faces against fame by: both count the same, as shares of the stars that
have less. Whoever answers with these has to say that they are no more than that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MIDDLE, HALF_SCALE = 5.5, 4.5  # of ratings from 1 to 10; whoever is rated below the middle is not wanted
REASONS = 3  # of a choice, at most


@dataclass(frozen=True)
class FaceChoice:
    """The row of a star, how much it is recommended (0..2), and the rated stars whose faces speak most for it."""

    row: int
    score: float
    because: tuple[int, ...]


def choose_by_faces(
    faces: npt.NDArray[np.float32], fame: npt.NDArray[np.float32], ratings: Mapping[int, float],
    left_out: Collection[int] = (), count: int = 10,
) -> list[FaceChoice]:  # fmt: skip
    """The best `count` stars for {row: rating 1..10}, best first: neither rated ones nor those left out.

    `faces` (n, d): an embedding of each star; `fame` (n,): the number of Wikipedias, NaN if unknown.
    """
    rated = [*ratings]
    likings = (np.array([*ratings.values()], np.float32) - MIDDLE) / HALF_SCALE
    parts = _cosines(faces, rated) * likings  # (n, rated)
    scores = _shares_below(parts.sum(axis=1)) + _shares_below(np.nan_to_num(fame, nan=-1.0))
    scores[[*rated, *left_out]] = -np.inf
    best = np.argsort(-scores, kind="stable")[:count]
    return [
        FaceChoice(int(row), float(scores[row]), _reasons(parts[row], likings, rated))
        for row in best
        if np.isfinite(scores[row])
    ]


def _cosines(faces: npt.NDArray[np.float32], rated: list[int]) -> npt.NDArray[np.float32]:
    """Cosines (n, rated) of all faces with some, as they differ from the mean face: all faces are alike otherwise."""
    apart = faces - faces.mean(axis=0)
    unit = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-9)
    return np.asarray(unit @ unit[rated].T, dtype=np.float32)


def _shares_below(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Of each value the share (0..1) of values that are smaller."""
    shares: npt.NDArray[np.float64] = np.searchsorted(np.sort(values), values) / len(values)
    return shares


def _reasons(parts: npt.NDArray[np.float32], likings: npt.NDArray[np.float32], rated: list[int]) -> tuple[int, ...]:
    """The rated stars that speak most for one with these parts (rated,): liked ones with a face like it."""
    order = np.argsort(-parts, kind="stable")
    return tuple(rated[place] for place in order if parts[place] > 0 and likings[place] > 0)[:REASONS]
