"""Synthetic celebrities and probes with the structure of faces.

    .venv/bin/python bench/vectors.py

White noise is a different problem: in 128 independent dimensions everybody is equally far from everybody and no
graph finds anything. So people are drawn from a mixture of CLUSTERS normal distributions fitted to the real centroids
of `assets/starter` (k-means; each cluster's covariance is half its own and half that of all clusters), and a probe is a
new person from the same mixture plus what sets one photo of a person apart from the mean of that person's photos (the
real covariance within people). The command prints how well that matches: distances of a photo to the nearest of 551
centroids of other people, their intrinsic dimension (Levina and Bickel 2004, with MacKay's and Ghahramani's mean of
inverses), hubs. On the starter of 20 November 2026, two crops a photo (551 people, 2,232 photos):

    | figure                          | real          | synthetic      | white noise   |
    |---------------------------------|---------------|---------------|---------------|
    | photo to the nearest            | 0.518 ± 0.040 | 0.520 ± 0.043 | 0.611 ± 0.025 |
    | photo to the 10th               | 0.589 ± 0.032 | 0.593 ± 0.042 | 0.647 ± 0.022 |
    | photo to the 100th              | 0.694 ± 0.040 | 0.698 ± 0.052 | 0.693 ± 0.022 |
    | centroid pairs                  | 0.731 ± 0.094 | 0.740 ± 0.105 | 0.728 ± 0.045 |
    | intrinsic dimension, 10 nearest | 20.2          | 19.6          | 46.5          |
    | intrinsic dimension, 50 nearest | 15.4          | 15.5          | 37.3          |
    | skewness of times returned      | 1.7           | 1.9           | 4.1           |

What cannot be checked: whether a million real people fill the space as evenly as this mixture does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from record import table
from scipy.cluster.vq import kmeans2

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

STARTER = Path(__file__).parent.parent / "assets" / "starter" / "embeddings.npz"
CLUSTERS = 24
OWN_COVARIANCE = 0.5  # the share of a cluster's covariance that is its own; the rest is that of all clusters
FIT_SEED = 1
FAR = 9.0  # farther than any two faces
BLOCK = 65536  # people drawn at a time


@dataclass(frozen=True)
class Population:
    """Clusters of people: weights (c,), centres (c, d), square roots of covariances (c, d, d); of a photo (d, d)."""

    weights: Doubles
    centres: Doubles
    spreads: Doubles
    photo_spread: Doubles

    @classmethod
    def fit(cls, path: Path = STARTER) -> Population:
        """The population that the people of an index are a sample of."""
        with np.load(path, allow_pickle=False) as arrays:
            centroids, photos = arrays["centroids"].astype(np.float64), arrays["photos"].astype(np.float64)
            owners = arrays["photo_owner"]
        centres, clusters = kmeans2(centroids, CLUSTERS, minit="++", iter=50, seed=FIT_SEED)
        counts = np.bincount(clusters, minlength=CLUSTERS)
        residuals = centroids - centres[clusters]
        shared = residuals.T @ residuals / (len(centroids) - CLUSTERS)
        spreads = []
        for cluster, count in enumerate(counts):
            own = residuals[clusters == cluster]
            covariance = OWN_COVARIANCE * (own.T @ own) / max(count - 1, 1) + (1 - OWN_COVARIANCE) * shared
            spreads.append(_root(covariance))

        photos_each = np.bincount(owners)
        several = photos_each[owners] > 1  # a single photo is its person's mean
        count = photos_each[owners[several]]
        unbiased = np.sqrt(count / (count - 1))  # the mean was taken of these very photos
        within = np.cov(((photos - centroids[owners])[several] * unbiased[:, None]).T)
        left = 1 - np.mean(1 / photos_each)  # the rest is in the centroids already
        return cls(counts / counts.sum(), centres, np.stack(spreads), _root(left * within))

    def celebrities(self, count: int, seed: int) -> Floats:
        """Centroids (count, d) of people who do not exist; the same for the same seed."""
        random = np.random.default_rng(seed)
        drawn = np.empty((count, self.centres.shape[1]), dtype=np.float32)
        for start in range(0, count, BLOCK):
            block = drawn[start : start + BLOCK]
            clusters = random.choice(len(self.weights), size=len(block), p=self.weights)
            normal = random.standard_normal(block.shape)
            for cluster in np.unique(clusters):
                rows = clusters == cluster
                block[rows] = self.centres[cluster] + normal[rows] @ self.spreads[cluster]
        return drawn

    def probes(self, count: int, seed: int) -> Floats:
        """Photos (count, d) of as many further people, one each."""
        random = np.random.default_rng([seed, 1])
        noise = random.standard_normal((count, self.centres.shape[1])) @ self.photo_spread
        return (self.celebrities(count, seed) + noise).astype(np.float32)


def _root(covariance: Doubles) -> Doubles:
    """The symmetric square root; the covariance of faces does not have full rank, so Cholesky would fail."""
    values, vectors = np.linalg.eigh(covariance)
    root: Doubles = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return root


def distances(a: Floats, b: Floats) -> Doubles:
    """All L2 distances (len(a), len(b)), in double precision."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    squares = np.square(x).sum(axis=1)[:, None] - 2 * x @ y.T + np.square(y).sum(axis=1)
    found: Doubles = np.sqrt(np.maximum(squares, 0))
    return found


def structure(to_others: Doubles, among: Doubles) -> dict[str, str]:
    """What describes a population, of distances (photos, centroids) to other people and (centroids, centroids)."""
    ordered = np.sort(to_others, axis=1)
    pairs = among[np.triu_indices(len(among), 1)]
    returned = np.bincount(to_others.argmin(axis=1), minlength=len(among))
    return {
        "photo to the nearest": f"{ordered[:, 0].mean():.3f} ± {ordered[:, 0].std():.3f}",
        "photo to the 10th": f"{ordered[:, 9].mean():.3f} ± {ordered[:, 9].std():.3f}",
        "photo to the 100th": f"{ordered[:, 99].mean():.3f} ± {ordered[:, 99].std():.3f}",
        "centroid pairs": f"{pairs.mean():.3f} ± {pairs.std():.3f}",
        "intrinsic dimension, 10 nearest": f"{intrinsic_dimension(ordered, 10):.1f}",
        "intrinsic dimension, 50 nearest": f"{intrinsic_dimension(ordered, 50):.1f}",
        "skewness of times returned": f"{(((returned - returned.mean()) / returned.std()) ** 3).mean():.1f}",
    }


def intrinsic_dimension(ordered: Doubles, k: int) -> float:
    """Levina and Bickel's estimate of distances in ascending order (n, at least k)."""
    return float(1 / np.log(ordered[:, k - 1 : k] / ordered[:, : k - 1]).mean())


def main() -> None:
    """Print the real population beside the synthetic one, and beside white noise."""
    with np.load(STARTER, allow_pickle=False) as arrays:
        centroids, photos, owners = arrays["centroids"], arrays["photos"], arrays["photo_owner"]
    to_others = distances(photos, centroids)
    to_others[np.arange(len(photos)), owners] = FAR
    real = structure(to_others, distances(centroids, centroids))

    population = Population.fit()
    people, probes = population.celebrities(len(centroids), seed=1), population.probes(len(photos), seed=2)
    synthetic = structure(distances(probes, people), distances(people, people))

    random, spread = np.random.default_rng(3), float(centroids.std(axis=0).mean())
    white = spread * random.standard_normal((len(centroids) + len(photos), centroids.shape[1])).astype(np.float32)
    noise_people, noise_probes = white[: len(centroids)], white[len(centroids) :]
    noise = structure(distances(noise_probes, noise_people), distances(noise_people, noise_people))
    rows = [(figure, real[figure], synthetic[figure], noise[figure]) for figure in real]
    print(table(rows, ("figure", "real", "synthetic", "white noise")))


if __name__ == "__main__":
    main()
