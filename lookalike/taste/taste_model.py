"""A trained model: what a person will like, what is similar to what. NumPy alone, and nobody's ratings in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lookalike.taste.choices import choice_values
from lookalike.taste.item_names import ItemNames
from lookalike.taste.predicting.rating_predictor import RatingPredictor
from lookalike.taste.ratings import Numbers, Profile, Rows
from lookalike.taste.sparse_weights import SparseWeights

REASONS = 3  # of a recommendation, at most
RATING_POWER = 1  # of the predicted rating (0..1) in the order of recommendations; bench/taste.py compares
POPULARITY = 1e-9  # weight of a person who rated an item: decides where nothing is known


@dataclass(frozen=True)
class Recommendation:
    """An item for a person: the rating expected of them, and the items they rated that speak most for it."""

    item: int
    rating: float
    score: float  # of the order; higher is better
    because: tuple[int, ...]


@dataclass(frozen=True)
class SimilarItem:
    """An item and its cosine (0..1) with the one asked about."""

    item: int
    cosine: float


@dataclass(frozen=True, eq=False)
class TasteModel:
    """Items are rows of the model; `items` knows their ids and names. Safe for threads: nothing changes."""

    items: ItemNames
    predictor: RatingPredictor
    choices: SparseWeights
    similarities: SparseWeights
    users: int  # that it was trained on
    ratings: int

    def profile(self, ratings: Mapping[str, float]) -> Profile:
        """A profile of {item id: rating}, with ratings on the model's scale; items that it does not know are left out.

        A star that nobody had rated when the model was trained is such an item.
        """
        low, high = self.predictor.scale
        known = {self.items.by_id[id]: min(max(value, low), high) for id, value in ratings.items() if id in self.items}
        return Profile.of(known)

    def predict(self, profile: Profile) -> Numbers:
        """The rating (items,) to be expected of a person for every item."""
        return self.predictor.predict(profile)

    def scores(self, profile: Profile) -> Numbers:
        """How much each item (items,) is to be recommended: how likely it is chosen times how well it is rated."""
        return self._scores(profile, self.predict(profile))

    def _scores(self, profile: Profile, predicted: Numbers) -> Numbers:
        low, high = self.predictor.scale
        chosen, _ = self.choices.sums(profile.items, self._choice_values(profile))
        found = (chosen + POPULARITY * self.predictor.counts) * ((predicted - low) / (high - low)) ** RATING_POWER
        return np.asarray(found, dtype=np.float32)

    def recommend(self, profile: Profile, count: int = 10) -> list[Recommendation]:
        """The best items that the person has not rated, best first; fewer if there are no more."""
        predicted = self.predict(profile)
        scores = self._scores(profile, predicted)
        scores[profile.items] = -np.inf
        scores[self.predictor.counts == 0] = -np.inf
        best = np.argpartition(-scores, min(count, len(scores)) - 1)[:count].astype(np.int32)
        best = best[np.lexsort((best, -scores[best]))]
        best = best[np.isfinite(scores[best])]
        return [
            Recommendation(int(item), float(predicted[item]), float(scores[item]), because)
            for item, because in zip(best, self.reasons(profile, best), strict=True)
        ]

    def reasons(self, profile: Profile, items: Rows, count: int = REASONS) -> list[tuple[int, ...]]:
        """For each item the rated ones that speak most for it, the strongest first; only such as the person likes."""
        values = self._choice_values(profile)
        parts = self.choices.into(items, profile.items) * np.where(values >= 1, values, 0)
        return [
            tuple(int(profile.items[place]) for place in np.argsort(-row, kind="stable")[:count] if row[place] > 0)
            for row in parts
        ]

    def similar(self, item: int, count: int = 10) -> list[SimilarItem]:
        """The items most similar to one, best first; fewer if there are no more."""
        found, cosines = self.similarities.of(item)
        order = np.argsort(-cosines, kind="stable")[:count]
        return [SimilarItem(int(found[place]), float(cosines[place])) for place in order]

    def _choice_values(self, profile: Profile) -> Numbers:
        return choice_values(profile, self.predictor.factors.mean, self.predictor.factors.spread)
