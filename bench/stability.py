"""The same face, the same star? How often two photos of one stranger get one star, alone and pooled.

    .venv/bin/python bench/stability.py

Strangers are the people of LFW (FACES/gallery, FACES/probes) with enough photos, their own entry taken out of the
starter's gallery. `alone`: one photo against another; `two`, `three`: the pooled embedding of two or three against
that of two or three others, without a photo in common. `first three`: the star of one is among the first three of the
other.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from embedded import Floats, embedded
from faces_gallery import NOBODY, MeasuredGallery, gallery_of, photos_of_catalogue
from record import keep, table
from starter_photos import plain

from lookalike.core.settings import FAME_WEIGHT
from lookalike.faces.finder import CHIP_PADDINGS
from lookalike.gallery.calibration import Owners, distance_matrix
from lookalike.gallery.pooling import pooled

TOGETHER = {"alone": 1, "two": 2, "three": 3}
FIRST = 3
SEED = 0


def strangers(rows: dict[str, int]) -> list[tuple[Floats, int]]:
    """The photos of each person of LFW, and the row of the gallery that is their own, or NOBODY."""
    found: dict[str, list[Floats]] = {}
    for folder in ("faces/gallery", "faces/probes"):
        numbers = embedded(folder)
        for name, embedding in zip(numbers.owners, numbers.embeddings(CHIP_PADDINGS), strict=True):
            found.setdefault(plain(name), []).append(embedding)
    return [(np.stack(photos), rows.get(name, NOBODY)) for name, photos in found.items()]


def first_stars(gallery: MeasuredGallery, probes: Floats, owners: Owners) -> Owners:
    """Rows (m, FIRST) of the first stars of probes, their own entry left out."""
    scores = distance_matrix(probes, gallery.centroids) + gallery.corrections
    known = np.flatnonzero(owners != NOBODY)
    scores[known, owners[known]] = np.inf
    return scores.argsort(axis=1)[:, :FIRST].astype(np.int32)


def measured(gallery: MeasuredGallery, people: list[tuple[Floats, int]], label: str, size: int) -> dict[str, Any]:
    """How often two groups of `size` photos of one person agree."""
    random = np.random.default_rng(SEED)
    one, other, owners = [], [], []
    for photos, own in people:
        if len(photos) >= 2 * size:
            drawn = photos[random.permutation(len(photos))]
            one.append(pooled([*drawn[:size]])[0])
            other.append(pooled([*drawn[size : 2 * size]])[0])
            owners.append(own)
    whose = np.array(owners, np.int32)
    first, second = (first_stars(gallery, np.stack(group), whose) for group in (one, other))
    same, near = (first[:, 0] == second[:, 0]), (second == first[:, :1]).any(axis=1)
    noise = float(np.sqrt(same.mean() * (1 - same.mean()) / len(same)))
    return {
        "photos": label, "people": len(owners), "same": round(100 * float(same.mean()), 1),
        "noise": round(100 * noise, 1), "first_three": round(100 * float(near.mean()), 1),
    }  # fmt: skip


def main() -> int:
    """Measure, print, keep."""
    catalogue = photos_of_catalogue()
    rows = {plain(name): row for row, name in enumerate(catalogue.names)}
    people, gallery = strangers(rows), gallery_of(catalogue, FAME_WEIGHT)
    found = [measured(gallery, people, label, size) for label, size in TOGETHER.items()]
    keep("stability", {"rows": found})
    print(table([tuple(row.values()) for row in found], tuple(found[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
