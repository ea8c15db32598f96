"""Two faces: how even percentages of pairs of strangers are, and what two photos of one person get.

    .venv/bin/python bench/comparing.py

Compared by the gallery of assets/starter: PAIRS pairs of photos of FACES/strangers, drawn (chance alone makes a
Kolmogorov-Smirnov distance of 0.03); of the same photos blurred; of STARS, one sharp photo a person, who may be in the
starter; and the first two photos of each person of FACES/gallery. `plain L2`: without taking off a part of the distance
to the cohort.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from record import keep, table
from vectors import STARTER

sys.path.insert(0, str(Path(__file__).parent.parent))

from accuracy import distance_from_even
from embedded import Embedded, embedded

from lookalike.faces.finder import CHIP_PADDINGS
from lookalike.gallery import comparing
from lookalike.gallery.calibration import Floats
from lookalike.gallery.comparing import StrangerPairs
from lookalike.gallery.gallery import Gallery

HIGH = 0.99
PAIRS, SEED = 2000, 7
Pairs = list[tuple[Floats, Floats]]


def main() -> int:
    """Measure, print, keep."""
    gallery = Gallery.load(STARTER.parent)
    sets = {name: (pairs, is_same) for name, pairs, is_same in pairs_of()}
    rows: list[dict[str, Any]] = []
    weight = comparing.COHORT_WEIGHT
    for how, used in (("in use", weight), ("plain L2", 0.0)):
        comparing.COHORT_WEIGHT = used
        measure = StrangerPairs.of(gallery.photos, gallery.photo_owner)
        rows += [{"compared": how, "pairs": name, **row(measure, *both)} for name, both in sets.items()]
    comparing.COHORT_WEIGHT = weight
    print(table([tuple(one.values()) for one in rows], tuple(rows[0])))
    keep("comparing", {"rows": rows})
    return 0


def row(measure: StrangerPairs, pairs: Pairs, is_same: bool) -> dict[str, Any]:
    """How many pairs, their median percentage, the share above HIGH, and how uneven strangers are."""
    similarities = [measure.compare(one, other).similarity for one, other in pairs]
    return {
        "count": len(pairs), "median": round(median(similarities), 3),
        "above_99": round(float(np.mean(np.array(similarities) > HIGH)), 4),
        "ks": "\u2013" if is_same else round(distance_from_even(similarities), 3),
    }  # fmt: skip


def pairs_of() -> list[tuple[str, Pairs, bool]]:
    """Sets of pairs, and whether both are one person."""
    plain, blurred = (embedded("faces/strangers", how).embeddings(CHIP_PADDINGS) for how in ("plain", "blur 2"))
    stars, people = embedded("stars/photos"), embedded("faces/gallery")
    sharp = stars.embeddings(CHIP_PADDINGS)[[rows[0] for rows in by_owner(stars).values()]]
    photos, couples = people.embeddings(CHIP_PADDINGS), [rows[:2] for rows in by_owner(people).values() if rows[1:]]
    return [
        ("strangers", drawn(plain), False),
        ("strangers, both blurred (2 px)", drawn(blurred), False),
        ("strangers, both sharp", drawn(sharp), False),
        ("one person", [(photos[a], photos[b]) for a, b in couples], True),
    ]


def drawn(photos: Floats) -> Pairs:
    """PAIRS pairs of different photos."""
    chance = np.random.default_rng(SEED)
    return [(photos[a], photos[b]) for a, b in (chance.choice(len(photos), 2, replace=False) for _ in range(PAIRS))]


def by_owner(photos: Embedded) -> dict[str, list[int]]:
    """The rows of each person."""
    found: dict[str, list[int]] = {}
    for number, owner in enumerate(photos.owners):
        found.setdefault(str(owner), []).append(number)
    return found


if __name__ == "__main__":
    sys.exit(main())
