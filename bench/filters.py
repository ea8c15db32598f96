"""Filters: recall and time with 100,000 made-up people, and whether a percentage means the same under each filter.

    .venv/bin/python bench/filters.py [PEOPLE]

Made-up people (vectors.py) are men or women by which of the starter's they are more like, so that the nearest women are
far from a man's face, which is the hard case; regions are clusters of faces; years and roles are drawn.
`new` is the time of the first question under a filter, calibration included; times are CPU ms. Then the gallery of
assets/starter and FACES/strangers: the Kolmogorov-Smirnov distance of their percentages from even, under every filter
that leaves 100 people or more; with 400 strangers chance alone makes it 0.07 in one case of twenty.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
from record import keep, table
from scipy.cluster.vq import kmeans2
from vectors import STARTER, Population

sys.path.insert(0, str(Path(__file__).parent.parent))

from accuracy import distance_from_even
from embedded import embedded

from lookalike.core.errors import FilterError
from lookalike.faces.finder import CHIP_PADDINGS
from lookalike.gallery.calibration import calibrate
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.filters import ANYBODY, COUNTRIES, GENDERS, REGIONS, Filter, parse_filter
from lookalike.gallery.gallery import CANDIDATES, Gallery
from lookalike.gallery.vector_index import ExactIndex, Floats, HnswIndex, parameters_for, recall

PEOPLE, QUERIES, K = 100_000, 300, 10
LEAST = 100  # people whom a filter leaves, so that its percentages are measured
WHERE = ("men", "women", "region=europe", "region=asia", "women,region=europe", "born=1970-1989", "born=1950-",
         "role=singer", "women,region=oceania,born=1980,role=singer")  # fmt: skip


def main() -> int:
    """Measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    large, probes = made_up(count)
    filters = [parse_filter(text) for text in WHERE]
    searched = [searching(large, probes, where) for where in filters if rows_of(large, where)]
    print(table([tuple(row.values()) for row in searched], tuple(searched[0])))
    evenness = list(percentages())
    print(table([tuple(row.values()) for row in evenness], tuple(evenness[0])))
    keep("filters", {"people": count, "rows": searched, "percentages": evenness})
    return 0


def made_up(count: int) -> tuple[Gallery, Floats]:
    """A gallery of people who do not exist, two photos each, and photos (QUERIES, d) of others."""
    population, chance = Population.fit(), np.random.default_rng(5)
    centroids = population.celebrities(count, seed=1)
    owners = np.repeat(np.arange(count, dtype=np.int32), 2)
    noise = chance.standard_normal((len(owners), centroids.shape[1])) @ population.photo_spread
    photos = (centroids[owners] + noise).astype(np.float32)
    regions = kmeans2(centroids[:10_000].astype(np.float64), len(COUNTRIES), minit="++", seed=2)[0]
    near = ExactIndex(regions.astype(np.float32)).nearest(centroids, 1)[0][:, 0]
    is_woman, codes = like_women(centroids), [codes.split()[0] for codes in COUNTRIES.values()]
    born, roles = chance.normal(1970, 18, count).astype(int), chance.choice(["actor", "singer", "athlete"], count)
    people = Celebrities.of(
        Celebrity(
            id=f"Q{row}", name={"en": f"Q{row}"}, gender=GENDERS[is_woman[row]], country=codes[near[row]],
            born=str(born[row]), roles=(roles[row],),
        )
        for row in range(count)
    )  # fmt: skip
    manifest = Gallery.load(STARTER.parent).manifest
    corrections = np.zeros(count, np.float32)
    few = photos[:: max(1, len(photos) // 2000)], owners[:: max(1, len(photos) // 2000)]
    gallery = Gallery(
        manifest=manifest, celebrities=people, index=HnswIndex.build(centroids, parameters_for(count)),
        calibration=calibrate(centroids, corrections, *few), centroids=centroids, corrections=corrections,
        photos=photos, photo_starts=np.arange(0, 2 * count + 1, 2),
        photo_boxes=np.zeros((2 * count, 4), np.int32), photo_eyes=np.zeros((2 * count, 4), np.float32),
    )  # fmt: skip
    return gallery, population.probes(QUERIES, seed=2)


def like_women(centroids: Floats) -> npt.NDArray[np.int64]:
    """0 or 1 (n,): which of these people are on the women's side of the starter's linear discriminant, four in ten."""
    gallery = Gallery.load(STARTER.parent)
    women = gallery.celebrities.traits.rows(Filter(gender="female"))
    men = gallery.celebrities.traits.rows(Filter(gender="male"))
    sides = [gallery.centroids[rows].astype(np.float64) for rows in (women, men)]
    within = np.cov(np.concatenate([side - side.mean(axis=0) for side in sides]).T)
    direction = np.linalg.solve(within + 1e-4 * np.eye(len(within)), sides[0].mean(axis=0) - sides[1].mean(axis=0))
    projected = centroids @ direction
    found: npt.NDArray[np.int64] = (projected > np.quantile(projected, 0.6)).astype(np.int64)
    return found


def searching(gallery: Gallery, probes: Floats, where: Filter) -> dict[str, Any]:
    """One row: how many are left, recall by distance, times."""
    rows = gallery.celebrities.traits.rows(where)
    began = time.process_time()
    search = gallery.filtered(where)
    new_ms = 1000 * (time.process_time() - began)
    exact, spent, found, true = ExactIndex(gallery.centroids[rows]), [], [], []
    for probe in probes:
        began = time.process_time()
        _, distances = search.index.nearest(probe, max(K, CANDIDATES))
        spent.append(1000 * (time.process_time() - began))
        found.append(distances[0, :K])
        true.append(exact.nearest(probe, K)[1][0])
    return {
        "filter": str(where), "left": len(rows), "recall_at_10": round(recall(np.array(found), np.array(true)), 4),
        "ms": round(median(spent), 2), "ms_p95": round(float(np.quantile(spent, 0.95)), 2), "new_ms": round(new_ms),
    }  # fmt: skip


def percentages() -> Iterator[dict[str, Any]]:
    """A row for each filter that leaves enough people of the starter."""
    gallery, strangers = Gallery.load(STARTER.parent), embedded("faces/strangers").embeddings(CHIP_PADDINGS)
    genders, regions = [Filter(gender=one) for one in GENDERS], [Filter(region=one) for one in REGIONS]
    for where in (ANYBODY, *genders, *regions):
        left = sum(map(len, rows_of(gallery, where)))
        if left < LEAST:
            continue
        best = [gallery.nearest(probe, 1, where)[0] for probe in strangers]
        similarities = [one.similarity for one in best]
        yield {
            "filter": str(where), "left": left, "strangers": len(best), "median": round(median(similarities), 2),
            "ks": round(distance_from_even(similarities), 3),
        }  # fmt: skip


def rows_of(gallery: Gallery, where: Filter) -> list[npt.NDArray[np.int64]]:
    """The rows that a filter leaves, alone in a list; an empty list if there are none."""
    try:
        return [gallery.celebrities.traits.rows(where)]
    except FilterError:
        return []


if __name__ == "__main__":
    sys.exit(main())
