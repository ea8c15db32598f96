"""From distances to scores and percentages: centroids, hub corrections, and the distribution of best scores.

Pure functions of embeddings (measured in README, "Percentages"):

* Some celebrities are the nearest of very many people ("hubs"). Distances are corrected by half of how near a
  celebrity is to strangers (local scaling, after Schnitzer et al., "Local and global scaling reduce hubs in space",
  JMLR 2012).
* A percentage compares a score with the *best* scores of other people's photos. Compared with random pairs, every best
  match would get 99 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int32]

SAME_PERSON = 0.6  # L2 distance; dlib's own threshold (dlib, python_examples/face_recognition.py)
HUB_NEIGHBOURS = 20  # photos of others in a hub radius
HUB_WEIGHT = 0.5  # of the correction; 1.0 over-corrects and names fewer people right
MIN_SIMILARITY = 0.01  # 0 % is never shown
BLOCK_CELLS = 2**24  # of a distance matrix computed at once (64 MB): bounds memory for any gallery size
SAMPLE = 50_000  # photos, evenly spread, that a larger gallery is calibrated with: bounds time


@dataclass(frozen=True)
class Calibration:
    """Mean and standard deviation of best scores, and the smallest similarity shown."""

    mu: float
    sigma: float
    min_similarity: float = MIN_SIMILARITY

    def similarity(self, score: float) -> float:
        """Share (0..1) of people less like their nearest celebrity than this score: 1 - Phi((score - mu) / sigma)."""
        upper_tail = 0.5 * math.erfc((score - self.mu) / (self.sigma * math.sqrt(2)))
        return max(self.min_similarity, upper_tail)


def centroid(embeddings: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Mean (d,) of one person's embeddings (n, d) without outliers, and which rows (n,) were kept.

    An outlier is farther than SAME_PERSON from the medoid of three or more photos: most likely another person's face.
    """
    keep = np.ones(len(embeddings), dtype=bool)
    if len(embeddings) >= 3:
        distances = distance_matrix(embeddings, embeddings)
        keep = distances[np.median(distances, axis=1).argmin()] <= SAME_PERSON
    mean: Floats = embeddings[keep].mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean, keep


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


def calibrate(centroids: Floats, corrections: Floats, photos: Floats, owners: Owners) -> Calibration:
    """Mean and deviation of the best score of each photo (m, d) against all *other* people's centroids (n, d)."""
    return calibration_of(best_scores(centroids, corrections, *sample(photos, owners)))


def calibration_of(best: Floats) -> Calibration:
    """Mean and deviation of best scores (s,), of the finite ones."""
    best = best[np.isfinite(best)]
    if len(best) < 2 or best.std() == 0:  # a gallery of one celebrity: the values measured on LFW
        return Calibration(mu=0.525, sigma=0.04)
    return Calibration(mu=float(best.mean(dtype=np.float64)), sigma=float(best.std(dtype=np.float64)))


def best_scores(centroids: Floats, corrections: Floats, photos: Floats, owners: Owners) -> Floats:
    """The best score (m,) of each photo against all celebrities but its owner; infinite if there are no others."""
    return best_matches(centroids, corrections, photos, owners)[1]


def best_matches(
    centroids: Floats, corrections: Floats, photos: Floats, owners: Owners
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The row (m,) of each photo's best match other than its owner, and its score (m,); infinite if there is none."""
    nearest, best = np.empty(len(photos), dtype=np.int64), np.empty(len(photos), dtype=np.float32)
    for rows in blocks(len(photos), len(centroids)):
        scores = distance_matrix(photos[rows], centroids)
        scores += corrections
        scores[np.arange(len(rows)), owners[rows]] = np.inf
        nearest[rows] = scores.argmin(axis=1)
        best[rows] = scores[np.arange(len(rows)), nearest[rows]]
    return nearest, best


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


def _finite_mean(distances: Floats) -> Floats:
    """Mean of the finite values of each row; 0 if there are none (a gallery of one celebrity)."""
    finite = np.isfinite(distances)
    total = np.where(finite, distances, 0).sum(axis=1)
    means: Floats = (total / np.maximum(finite.sum(axis=1), 1)).astype(np.float32)
    return means
