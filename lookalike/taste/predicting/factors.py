"""Tastes as factors: matrix factorisation with uncertainty, into which a new person is folded exactly.

A rating, in standard deviations from the mean, is item bias + user bias + taste · trait + noise. A person's taste and
bias are Gaussian around what the items say that they have chosen to rate; an item's traits and bias around what the
people say who have rated it. Both sides are averaged over their posterior, so people with few ratings stay near the
prior: variational Bayes as in Lim & Teh, "Variational Bayesian Approach to Movie Rating Prediction", KDD Cup 2007; the
prior by the choice of items as in Salakhutdinov & Mnih, "Probabilistic Matrix Factorization", NIPS 2007, section 4.

The model keeps items alone. A person's posterior is one linear equation of k + 1 unknowns, the very one that the rounds
of training solve for the people they know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.taste.ratings import Numbers, Profile

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Factors:
    """k factors; d = k + 1: the last coordinate is a bias; symmetric d × d matrices are packed (d (d + 1) / 2,).

    `traits` (items, d); `moments` (items, packed), the expected [traits, 1] [traits, 1]ᵀ; `offsets` (items, d), the
    expected bias × [traits, 1]; `noise`: variance of a rating; `precision` (d, d) of people around their prior;
    `count_center`, `prior_of_count` (3, d) and `prior_of_item` (items, d): the prior mean of a person, by how many
    items they rated and which.
    """

    mean: float
    spread: float  # standard deviation of all ratings; everything below is in it
    traits: Numbers
    moments: Numbers
    offsets: Numbers
    noise: float
    precision: Numbers
    count_center: float
    prior_of_count: Numbers
    prior_of_item: Numbers

    @property
    def size(self) -> int:
        """The number d."""
        return int(self.traits.shape[1])

    def taste(self, profile: Profile) -> Reals:
        """The posterior mean (d,) of a person's taste and bias."""
        items, count = profile.items, len(profile.items)
        prior = count_features(np.array([count]), self.count_center)[0] @ self.prior_of_count
        prior = prior + self.prior_of_item[items].sum(axis=0) / np.sqrt(max(count, 1))
        ones = self.traits[items].astype(np.float64)
        ones[:, -1] = 1
        standard = ((profile.values - self.mean) / self.spread).astype(np.float64)
        against = standard @ ones - self.offsets[items].sum(axis=0)
        normal = unpacked(self.moments[items].sum(axis=0, dtype=np.float64)[None], self.size)[0] / self.noise
        precision = self.precision.astype(np.float64)
        solved: Reals = np.linalg.solve(normal + precision, against / self.noise + precision @ prior)
        return solved

    def predict(self, profile: Profile) -> Numbers:
        """The expected rating (items,) of every item by a person."""
        taste = self.taste(profile).astype(np.float32)
        above = self.traits[:, :-1] @ taste[:-1] + taste[-1] + self.traits[:, -1]
        return np.asarray(self.mean + self.spread * above, dtype=np.float32)


def count_features(counts: npt.NDArray[np.integer], center: float) -> Reals:
    """1, and the logarithm of how many ratings there are, less that of the average, and its square: (n, 3)."""
    logs = np.log1p(counts) - center
    return np.stack([np.ones_like(logs), logs, logs**2], axis=1)


def packed(matrices: npt.NDArray[np.floating]) -> Numbers:
    """The upper triangles (n, d (d + 1) / 2) of symmetric matrices (n, d, d)."""
    rows, columns = np.triu_indices(matrices.shape[1])
    return matrices[:, rows, columns].astype(np.float32)


def unpacked(triangles: npt.NDArray[np.floating], size: int) -> Reals:
    """Symmetric matrices (n, d, d) of their packed upper triangles."""
    rows, columns = np.triu_indices(size)
    matrices = np.empty((len(triangles), size, size))
    matrices[:, rows, columns] = triangles
    matrices[:, columns, rows] = triangles
    return matrices
