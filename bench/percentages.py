"""Whether the percentage depends on the camera: sharp, blurred and small photos of people who are not in the gallery.

    .venv/bin/python bench/percentages.py

Three galleries: LFW (FACES/gallery), press photos (STARS/photos), and the starter's catalogue, of both. `KS`: the
Kolmogorov-Smirnov distance of similarities from even; 0.04 is what 400 even ones have by chance on average, and 0.068
one time in twenty. `sharp`: one photo of everybody of STARS with several, the own entry left out. Then faces of group
photos by the width of their boxes.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt
from accuracy import distance_from_even
from embedded import ALTERATIONS, embedded
from faces_gallery import MeasuredGallery, PhotosOfPeople, gallery_of, photos_of, photos_of_catalogue
from record import keep, table

from lookalike.faces.finder import CHIP_PADDINGS

SMALL_PX = 45  # faces of group photos of at most this width against larger ones
LEAST_SEVERAL = 2


def row(gallery: str, probes: str, similarities: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Median and evenness."""
    return {
        "gallery": gallery, "photos": probes, "count": len(similarities),
        "median": round(float(np.median(similarities)), 3),
        "ks": round(distance_from_even(similarities.tolist()), 3),
    }  # fmt: skip


def sharp(name: str, people: PhotosOfPeople, gallery: MeasuredGallery) -> dict[str, Any]:
    """One photo of everybody with several, the own entry left out."""
    several = people.counts >= LEAST_SEVERAL
    first = np.searchsorted(people.owners, np.flatnonzero(several))
    return row(name, "sharp", gallery.similarities(people.photos[first], people.owners[first]))


def main() -> int:
    """Measure, print, keep."""
    galleries = {
        "LFW": photos_of("faces/gallery"),
        "press": photos_of("stars/photos"),
        "starter": photos_of_catalogue(),
    }
    groups, rows, sizes = embedded("faces/groups", all_faces=True), [], []
    for name, people in galleries.items():
        gallery = gallery_of(people)
        for alteration in ALTERATIONS:
            probes = embedded("faces/strangers", alteration).embeddings(CHIP_PADDINGS)
            rows.append(row(name, f"strangers, {alteration}", gallery.similarities(probes)))
        if name != "LFW":
            rows.append(sharp(name, people, gallery))
        found = gallery.similarities(groups.embeddings(CHIP_PADDINGS))
        is_small = groups.box_px <= SMALL_PX
        for label, chosen in ((f"to {SMALL_PX} px", is_small), ("wider", ~is_small)):
            sizes.append(row(name, f"group photos, faces {label}", found[chosen]))
    keep("percentages", {"rows": rows, "sizes": sizes})
    for part in (rows, sizes):
        print(table([tuple(one.values()) for one in part], tuple(part[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
