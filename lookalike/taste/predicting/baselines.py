"""How much each item is rated above the mean, and each user rates above it: what there is before any taste."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lookalike.taste.ratings import Numbers, Profile, Ratings

SHRINKAGE = 5.0  # ratings at the mean that a bias is averaged with; ALS defaults of Surprise: 10 of items, 15 of users
ROUNDS = 15  # of alternating least squares: by then the biases move by less than 0.001


@dataclass(frozen=True, eq=False)
class Baselines:
    """`mean` of all ratings; `item_biases` (items,) f32."""

    mean: float
    item_biases: Numbers

    def user_bias(self, profile: Profile) -> float:
        """How far above the items' own levels this person rates; 0 without ratings."""
        above = profile.values - self.mean - self.item_biases[profile.items]
        return float(above.sum() / (len(above) + SHRINKAGE))

    def residuals(self, profile: Profile) -> Numbers:
        """The ratings (n,) less mean, item bias and the person's own bias."""
        level = self.mean + self.user_bias(profile)
        return (profile.values - level - self.item_biases[profile.items]).astype(np.float32)


def fit_baselines(ratings: Ratings) -> tuple[Baselines, Numbers]:
    """The biases of items, and the residuals (n,) of the ratings with everybody's own bias as user_bias() has it.

    Alternating least squares with SHRINKAGE: Koren, "Factor in the Neighbors", ACM TKDD 2010, section 2.1.
    """
    users, items, values = ratings.users, ratings.items, ratings.values.astype(np.float64)
    mean = float(values.mean())
    user_counts = np.bincount(users, minlength=ratings.n_users) + SHRINKAGE
    item_counts = np.bincount(items, minlength=ratings.n_items) + SHRINKAGE
    user_biases = np.zeros(ratings.n_users)
    item_biases = np.zeros(ratings.n_items)
    for _ in range(ROUNDS):
        item_biases = np.bincount(items, values - mean - user_biases[users], ratings.n_items) / item_counts
        user_biases = np.bincount(users, values - mean - item_biases[items], ratings.n_users) / user_counts
    residuals = values - mean - item_biases[items] - user_biases[users]
    return Baselines(mean, item_biases.astype(np.float32)), residuals.astype(np.float32)
