"""Celebrities who bear the same name: one person twice, or two people whose photos are easily mixed up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lookalike.gallery.calibration import Floats
from lookalike.gallery.catalogue import Celebrity

MAX_COMPARED = 50  # bearers of one name whose distances are compared


@dataclass(frozen=True)
class Namesakes:
    """Celebrities with one name in some language: the least L2 distance between centroids of two of them."""

    name: str
    celebrities: tuple[Celebrity, ...]
    distance: float


def find_namesakes(celebrities: Sequence[Celebrity], centroids: Floats) -> list[Namesakes]:
    """All names that several celebrities with centroids (n, d) bear, the nearest first; each group of people once."""
    by_name: dict[str, dict[int, str]] = {}  # folded name -> row and the name as it is written there
    for row, celebrity in enumerate(celebrities):
        for name in celebrity.name.values():
            by_name.setdefault(plain(name), {}).setdefault(row, name)
    groups = {tuple(rows): next(iter(rows.values())) for rows in reversed(by_name.values()) if len(rows) > 1}
    found = [
        Namesakes(name, tuple(celebrities[row] for row in rows), _least_distance(centroids[list(rows[:MAX_COMPARED])]))
        for rows, name in groups.items()
    ]
    return sorted(found, key=lambda one: (one.distance, one.name))


def _least_distance(centroids: Floats) -> float:
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(centroids, 2))


def plain(text: str) -> str:
    """Lower case without accents, as names are searched, sorted and compared."""
    if text.isascii():
        return text.lower()
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )
