"""Two faces -> how alike they are, as "more alike than N % of pairs of strangers"; a face and one star likewise.

Pairs of photos of different people of the gallery say how far apart strangers are: their distances are nearly normal.
Two sharp photos are farther apart than two blurred ones, so a distance is compared less a part of how far both faces
are from many people on average (as scores of speakers are normalised: Matějka et al., "Analysis of Score Normalization
in Multilingual Speaker Recognition", Interspeech 2017). Measured by bench/comparing.py: two photos of one person are
above 99 % nearly always.

Not measured, for there are no such photos here: identical twins, whom the network was never taught to tell apart and
who may well look like one person to it; parents and children, sisters and brothers. A high percentage proves neither
that two photos show one person nor that two people are related.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lookalike.faces.types import Embedding
from lookalike.gallery.calibration import MIN_SIMILARITY, Floats, Owners, distance_matrix, sample

COHORT = 600  # photos, evenly spread over the gallery, that faces are compared with: 180,000 pairs
COHORT_WEIGHT = 0.8  # of the mean distance to the cohort (bench/comparing.py)
LFW_MU, LFW_SIGMA = 0.82, 0.09  # of pairs of strangers of LFW, L2; for a gallery without such pairs


@dataclass(frozen=True)
class Comparison:
    """How alike two faces are: true L2 distance, and the share (0..1) of pairs of strangers who are less alike."""

    distance: float
    similarity: float


@dataclass(frozen=True, eq=False)
class StrangerPairs:
    """How far apart strangers are: mean and deviation of their distances, less a part of those to a cohort (c, d).

    `people` (c,): whose photos those of the cohort are.
    """

    cohort: Floats
    mu: float
    sigma: float
    people: Owners = field(default_factory=lambda: np.empty(0, np.int32))

    @classmethod
    def of(cls, photos: Floats, owners: Owners) -> StrangerPairs:
        """Measured on photos (m, d) of people (m,)."""
        cohort, people = sample(photos, owners, COHORT)
        distances = distance_matrix(cohort, cohort)
        are_strangers = people[:, None] != people[None, :]
        if not are_strangers.any():
            return cls(cohort[:0], LFW_MU, LFW_SIGMA, people[:0])
        counts = np.maximum(are_strangers.sum(axis=1), 1)
        means = (distances * are_strangers).sum(axis=1) / counts
        standardised = distances - COHORT_WEIGHT * (means[:, None] + means[None, :]) / 2
        found = standardised[are_strangers]
        return cls(cohort, float(found.mean(dtype=np.float64)), max(float(found.std(dtype=np.float64)), 1e-6), people)

    def compare(self, one: Embedding, other: Embedding) -> Comparison:
        """Two embeddings (d,), in any order."""
        distance = float(np.linalg.norm(one.astype(np.float64) - other))
        standardised = distance
        if len(self.cohort):
            to_cohort = distance_matrix(np.stack([one, other]), self.cohort)
            standardised -= COHORT_WEIGHT * float(to_cohort.mean(dtype=np.float64))
        upper_tail = 0.5 * math.erfc((standardised - self.mu) / (self.sigma * math.sqrt(2)))
        return Comparison(distance, max(MIN_SIMILARITY, upper_tail))

    @cached_property
    def _from_cohort(self) -> Floats:
        """The mean distance (c,) of each photo of the cohort to the others."""
        means: Floats = distance_matrix(self.cohort, self.cohort).sum(axis=1) / max(1, len(self.cohort) - 1)
        return means

    def likeness(self, probe: Embedding, star: Embedding, person: int) -> Comparison:
        """A probe (d,) and the centroid (d,) of one celebrity, `person`: more like them than that share of people are.

        That share is of the cohort's photos of others, each less a part of its own distance to the cohort. It is
        counted: men and women, say, lie at different distances from a star, so that no normal distribution fits.
        """
        others = self.people != person
        if not others.any():
            return self.compare(probe, star)
        weight = COHORT_WEIGHT / 2  # the star's own half is the same for everybody
        from_star = distance_matrix(self.cohort[others], star[None])[:, 0]
        distance = float(np.linalg.norm(probe.astype(np.float64) - star))
        standardised = distance - weight * float(distance_matrix(probe[None], self.cohort).mean(dtype=np.float64))
        less_alike = float(np.mean(from_star - weight * self._from_cohort[others] > standardised))
        return Comparison(distance, max(MIN_SIMILARITY, less_alike))
