"""From distances to scores and percentages: hub corrections, fame, and the distribution of best scores.

Pure functions of embeddings (measured in README, "Percentages"):

* Some celebrities are the nearest of very many people ("hubs"). Distances are corrected by half of how near a
  celebrity is to strangers (local scaling, after Schnitzer et al., "Local and global scaling reduce hubs in space",
  JMLR 2012).
* The mean of few photos is farther from everybody than the mean of many: FEW_PHOTOS / number of photos is taken off.
* A celebrity whom many know is preferred a little: `fame`, from the number of Wikipedias, lowers the score.
* A percentage compares a score with the *best* scores of other people's photos. Compared with random pairs, every best
  match would get 99 %.
* Blur moves embeddings to where everybody is near, and a sharp photo is far from all. So scores are compared after a
  part of the probe's radius, its mean distance to the nearest celebrities, is taken off (after Conneau et al., "Word
  translation without parallel data", ICLR 2018): who is nearest stays the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int32]

HUB_NEIGHBOURS = 20  # photos of others in a hub radius
HUB_WEIGHT = 0.5  # of the correction; 1.0 over-corrects and names fewer people right
# L2, divided by the number of photos: a sixth fewer people are named wrong, and celebrities with one photo are the best
# match as often as others, instead of 0.7 times as often (bench/settings.py).
FEW_PHOTOS = 0.03
MIN_SIMILARITY = 0.01  # 0 % is never shown
RADIUS_NEIGHBOURS = 100  # celebrities in a probe's radius
RADIUS_WEIGHT = 0.67  # of the radius, that a score is compared without (bench/percentages.py)
MOST_SITELINKS = 300  # Wikipedias of the most famous people alive: fame 1
BLOCK_CELLS = 2**24  # of a distance matrix computed at once (64 MB): bounds memory for any gallery size
SAMPLE = 50_000  # photos, evenly spread, that hub radii of a larger gallery are measured with: bounds time
CALIBRATION_SAMPLE = 20_000  # the same for best scores


@dataclass(frozen=True)
class Calibration:
    """Centre and spread of standardised best scores, and the smallest similarity shown."""

    mu: float
    sigma: float
    radius_weight: float = RADIUS_WEIGHT
    min_similarity: float = MIN_SIMILARITY

    def similarity(self, score: float, radius: float) -> float:
        """Share (0..1) of people less like their nearest celebrity than a probe of that radius with this score."""
        return self.similarity_of(score - self.radius_weight * radius)

    def similarity_of(self, standardised: float) -> float:
        """The same of a score less the part of the radius: 1 - Phi((standardised - mu) / sigma)."""
        upper_tail = 0.5 * math.erfc((standardised - self.mu) / (self.sigma * math.sqrt(2)))
        return max(self.min_similarity, upper_tail)


@dataclass(frozen=True, eq=False)
class BestMatches:
    """Of each photo: the row (m,) of the best celebrity but its owner, the score (m,), and the photo's radius (m,).

    The score is infinite where there are no others.
    """

    rows: npt.NDArray[np.int64]
    scores: Floats
    radii: Floats

    def standardised(self, calibration: Calibration) -> Floats:
        """The finite scores (s,) less the part of the radius."""
        finite = np.isfinite(self.scores)
        found: Floats = self.scores[finite] - np.float32(calibration.radius_weight) * self.radii[finite]
        return found


def hub_corrections(centroids: Floats, photos: Floats, owners: Owners) -> Floats:
    """What to add to the distance of each celebrity (n,): `corrections` of `hub_radii` with their own mean."""
    radii = hub_radii(centroids, photos, owners, np.arange(len(centroids)))
    return corrections(radii, float(radii.mean()))


def hub_radii(centroids: Floats, photos: Floats, owners: Owners, rows: npt.NDArray[np.int64]) -> Floats:
    """The hub radius r_c (len(rows),) of some `rows` of `centroids` (n, d).

    r_c is the mean distance from centroid c to the HUB_NEIGHBOURS nearest `photos` (m, d) of *other* people.
    """
    photos, owners = sample(photos, owners)
    radii = np.empty(len(rows), dtype=np.float32)
    for block in blocks(len(rows), len(photos)):
        distances = distance_matrix(centroids[rows[block]], photos)
        distances[rows[block][:, None] == owners[None, :]] = np.inf
        nearest = np.partition(distances, min(HUB_NEIGHBOURS, distances.shape[1]) - 1, axis=1)[:, :HUB_NEIGHBOURS]
        radii[block] = _finite_mean(nearest)
    return radii


def corrections(radii: Floats, mean_radius: float) -> Floats:
    """What to add to the distance of each celebrity (n,) with these radii: -HUB_WEIGHT * (r_c - mean r)."""
    added: Floats = (-HUB_WEIGHT * (radii - np.float32(mean_radius))).astype(np.float32)
    return added


def score_corrections(hubs: Floats, owners: Owners, sitelinks: Floats, fame_weight: float) -> Floats:
    """All that is added to distances (n,): corrections for hubs (n,), few photos, by their owners (m,), and fame."""
    counts = np.bincount(owners, minlength=len(hubs))
    added: Floats = (hubs - FEW_PHOTOS / counts - fame_weight * fame(sitelinks)).astype(np.float32)
    return added


def fame(sitelinks: Floats) -> Floats:
    """Fame 0..1 of celebrities by their number of Wikipedias (n,): logarithmic, 1 from MOST_SITELINKS on.

    Where the number is not known (NaN) it is the mean of those that are known, or 0 if none is.
    """
    shares = np.minimum(np.log1p(sitelinks) / math.log1p(MOST_SITELINKS), 1)
    known = np.isfinite(shares)
    shares[~known] = shares[known].mean() if known.any() else 0
    found: Floats = shares.astype(np.float32)
    return found


def probe_radius(distances: Floats) -> float:
    """The radius of a probe: mean distance to its RADIUS_NEIGHBOURS nearest, of ascending `distances` (c,)."""
    return float(distances[:RADIUS_NEIGHBOURS].mean())


def calibrate(
    centroids: Floats, corrections: Floats, photos: Floats, owners: Owners, size: int = CALIBRATION_SAMPLE,
    people: Owners | None = None,
) -> Calibration:  # fmt: skip
    """The calibration for centroids (n, d), all or some of a gallery's, by a sample of photos (m, d) of `size`.

    `owners` (m,): the row among these centroids of each photo's person, or -1 for a photo of somebody who has none;
    `people` (m,): who is on each photo, where that is not the same.
    """
    whose = sample(photos, owners if people is None else people, size)[1]
    best = best_matches(centroids, corrections, *sample(photos, owners, size))
    return fit(best.scores, best.radii, whose)


def fit(best_scores: Floats, radii: Floats, people: Owners) -> Calibration:
    """The calibration by best scores (s,), of the finite ones, and radii (s,) of photos of these people (s,).

    Mean and standard deviation are those of the normal distribution with the same 16th and 84th percentile, which a few
    photos under a wrong name do not move; every person counts alike, however many the photos.
    """
    finite = np.isfinite(best_scores)
    best = best_scores[finite] - np.float32(RADIUS_WEIGHT) * radii[finite]
    if len(best):
        _, whose, counts = np.unique(people[finite], return_inverse=True, return_counts=True)
        low, high = _quantiles(best, 1 / counts[whose], (0.1587, 0.8413))  # one standard deviation from the mean
        if low < high:
            return Calibration(mu=(low + high) / 2, sigma=(high - low) / 2)
    return Calibration(mu=0.525, sigma=0.04, radius_weight=0.0)  # one celebrity alone: the values measured on LFW


def best_matches(centroids: Floats, corrections: Floats, photos: Floats, owners: Owners) -> BestMatches:
    """The best match of each photo (m, d) among centroids (n, d), its owner (m,) left out; owner -1: nobody."""
    nearest, best = np.empty(len(photos), dtype=np.int64), np.empty(len(photos), dtype=np.float32)
    radii = np.empty(len(photos), dtype=np.float32)
    for rows in blocks(len(photos), len(centroids)):
        distances = distance_matrix(photos[rows], centroids)
        owned = np.flatnonzero(owners[rows] >= 0)
        distances[owned, owners[rows[owned]]] = np.inf
        within = min(RADIUS_NEIGHBOURS, distances.shape[1])
        radii[rows] = _finite_mean(np.partition(distances, within - 1, axis=1)[:, :within])
        distances += corrections
        nearest[rows] = distances.argmin(axis=1)
        best[rows] = distances[np.arange(len(rows)), nearest[rows]]
    return BestMatches(nearest, best, radii)


def sample(photos: Floats, owners: Owners, size: int | None = None) -> tuple[Floats, Owners]:
    """All photos (m, d) and their owners (m,), or `size` (SAMPLE) of them, evenly spread."""
    size = SAMPLE if size is None else size
    if len(photos) <= size:
        return photos, owners
    rows = np.linspace(0, len(photos) - 1, size).astype(np.int64)
    return photos[rows], owners[rows]


def blocks(rows: int, columns: int) -> Iterator[npt.NDArray[np.int64]]:
    """Row numbers 0..rows in blocks of at most BLOCK_CELLS cells of a matrix with that many columns."""
    size = max(1, BLOCK_CELLS // max(1, columns))
    for start in range(0, rows, size):
        yield np.arange(start, min(start + size, rows))


def distance_matrix(a: Floats, b: Floats) -> Floats:
    """L2 distances (len(a), len(b)) by ||a||² - 2ab + ||b||², good to about 1e-3 near zero and 1e-6 elsewhere."""
    distances: Floats = a @ b.T  # then in place: allocating copies takes longer than the sums
    distances *= -2
    distances += np.einsum("ij,ij->i", a, a)[:, None]
    distances += np.einsum("ij,ij->i", b, b)
    np.maximum(distances, 0, out=distances)
    np.sqrt(distances, out=distances)
    return distances


def _quantiles(values: Floats, weights: npt.NDArray[np.float64], shares: tuple[float, float]) -> tuple[float, float]:
    """Quantiles of weighted values (s,)."""
    order = values.argsort()
    middles = weights[order].cumsum() - weights[order] / 2
    low, high = np.interp(np.array(shares) * weights.sum(), middles, values[order].astype(np.float64))
    return float(low), float(high)


def _finite_mean(distances: Floats) -> Floats:
    """Mean of the finite values of each row; 0 if there are none (a gallery of one celebrity)."""
    finite = np.isfinite(distances)
    total = np.where(finite, distances, 0).sum(axis=1)
    means: Floats = (total / np.maximum(finite.sum(axis=1), 1)).astype(np.float32)
    return means
