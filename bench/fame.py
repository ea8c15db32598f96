"""How much famous stars may be preferred: answers from the most famous third, against naming.

    .venv/bin/python bench/fame.py

The gallery is that of the starter's catalogue. For each weight: the share of strangers whose star is in the most famous
third, how many different stars they get, the share of the most frequent one; the photos of people with several that are
named right by all the others; and how even the strangers' percentages are.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from accuracy import distance_from_even
from embedded import Floats, embedded
from faces_gallery import MeasuredGallery, PhotosOfPeople, gallery_of, photos_of_catalogue
from record import keep, table

from lookalike.faces.finder import CHIP_PADDINGS
from lookalike.gallery.calibration import FEW_PHOTOS, distance_matrix
from lookalike.gallery.pooling import centroid

WEIGHTS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1)
FAMOUS = 2 / 3  # the quantile of Wikipedias from which the most famous third begins


def named_right(people: PhotosOfPeople, gallery: MeasuredGallery) -> float:
    """Share of the photos of people with several that are nearest to their own person, themselves left out."""
    scores = distance_matrix(people.photos, gallery.centroids) + gallery.corrections
    counts, right = people.counts, []
    for photo in np.flatnonzero(counts[people.owners] > 1):
        person = people.owners[photo]
        rest = np.flatnonzero(people.owners == person)
        own = centroid(people.photos[rest[rest != photo]])[0]
        fewer = FEW_PHOTOS / (counts[person] - 1) - FEW_PHOTOS / counts[person]
        scores[photo, person] = np.linalg.norm(people.photos[photo] - own) + gallery.corrections[person] - fewer
        right.append(scores[photo].argmin() == person)
    return float(np.mean(right))


def measured(people: PhotosOfPeople, strangers: Floats, weight: float) -> dict[str, Any]:
    """A row of the curve."""
    gallery = gallery_of(people, weight)
    stars = np.bincount(gallery.matches(strangers).rows, minlength=len(people.names))
    is_famous = people.sitelinks >= np.nanquantile(people.sitelinks, FAMOUS)
    return {
        "weight": weight,
        "famous": round(100 * float(stars[is_famous].sum() / len(strangers)), 1),
        "named_right": round(100 * named_right(people, gallery), 2),
        "stars": int((stars > 0).sum()),
        "most_frequent": round(100 * float(stars.max() / len(strangers)), 2),
        "ks": round(distance_from_even(gallery.similarities(strangers).tolist()), 3),
    }


def main() -> int:
    """Measure, print, keep."""
    people = photos_of_catalogue()
    strangers = embedded("faces/strangers").embeddings(CHIP_PADDINGS)
    rows = [measured(people, strangers, weight) for weight in WEIGHTS]
    is_famous = people.sitelinks >= np.nanquantile(people.sitelinks, FAMOUS)
    probes = int(people.counts[people.counts > 1].sum())
    share = round(100 * float(is_famous.mean()), 1)
    keep("fame", {"people": len(people.names), "famous_share": share, "probes": probes, "rows": rows})
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
