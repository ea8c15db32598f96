"""Three predictions of a rating, blended by how much bears on each: biases, factors, neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.taste.predicting.baselines import Baselines, fit_baselines
from lookalike.taste.predicting.factors import Factors, Reals
from lookalike.taste.predicting.neighbours import fit_neighbours, predict_residuals
from lookalike.taste.ratings import Choice, Numbers, Profile, Ratings, Rows
from lookalike.taste.sparse_weights import SparseWeights

FEATURES = 12  # of a blend
LEAST_SUPPORT = 0.001  # powers of a similarity; below it neighbours say nothing
BLEND_RIDGE = 10.0  # ratings; keeps a blend of few ratings near the plain mean of factors and neighbours
BLEND_RATINGS = 1_000_000  # that a blend is learned from at most
BLEND_USERS = 4_000  # whose ratings are predicted for it
HELD_OUT = 0.2  # of the ratings, to learn the blend from
FACTORS_SHARE = 0.8  # of the time of training, neighbours taking the rest

Advance = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class RatingPredictor:
    """Predicts anybody's rating of anything; a person is known by the profile alone.

    `counts` (items,): how many people rated each; `blend` (FEATURES,); `scale`: the lowest and highest rating.
    """

    baselines: Baselines
    factors: Factors
    neighbours: SparseWeights
    counts: Rows
    blend: Numbers
    scale: tuple[float, float]

    def predict(self, profile: Profile) -> Numbers:
        """The expected rating (items,) of every item; for somebody without ratings that of an average person."""
        if not len(profile.items):
            average = self.baselines.mean + self.baselines.item_biases
            return np.asarray(np.clip(average, *self.scale), dtype=np.float32)
        levels, features = self.evidence(profile)
        return np.asarray(np.clip(levels + features @ self.blend, *self.scale), dtype=np.float32)

    def parts(self, profile: Profile) -> dict[str, Numbers]:
        """The predictions (items,) that are blended, by name."""
        levels, features = self.evidence(profile)
        return {"biases": levels, "factors": levels + features[:, 1], "neighbours": levels + features[:, 2]}

    def evidence(self, profile: Profile) -> tuple[Numbers, Numbers]:
        """The levels (items,) that biases predict, and what is known about how the ratings differ (items, FEATURES)."""
        baselines = self.baselines
        levels = baselines.mean + baselines.user_bias(profile) + baselines.item_biases
        by_factors = self.factors.predict(profile) - levels
        by_neighbours, support = predict_residuals(self.neighbours, profile, baselines.residuals(profile))
        support = np.log(support + LEAST_SUPPORT)
        raters, rated = np.log1p(self.counts, dtype=np.float32), np.float32(np.log1p(len(profile.items)))
        features = [
            np.ones_like(levels), by_factors, by_neighbours,
            by_factors * support, by_neighbours * support, support,
            by_factors * raters, by_neighbours * raters, raters,
            by_factors * rated, by_neighbours * rated, np.full_like(levels, rated),
        ]  # fmt: skip
        return levels.astype(np.float32), np.stack(features, axis=1).astype(np.float32)


PLAIN_BLEND = np.array([0, 0.5, 0.5] + [0] * (FEATURES - 3), dtype=np.float32)


def fit_predictor(ratings: Ratings, advance: Advance) -> RatingPredictor:
    """The predictor of these ratings; its blend is learned from ratings that its parts have not seen."""
    few = _few_users(ratings)
    share = len(few) / (len(few) + len(ratings))
    blend = _fit_blend(few, lambda done: advance(done * share))
    return _with_blend(fit_parts(ratings, lambda done: advance(done * (1 - share))), blend)


def fit_parts(ratings: Ratings, advance: Advance) -> RatingPredictor:
    """The parts of a predictor, with PLAIN_BLEND."""
    from lookalike.taste.predicting.fit_factors import fit_factors  # by SciPy, for training alone

    baselines, residuals = fit_baselines(ratings)
    neighbours = fit_neighbours(ratings, residuals, lambda done: advance(done * (1 - FACTORS_SHARE)))
    factors = fit_factors(ratings, lambda done: advance(done * FACTORS_SHARE))
    counts = np.bincount(ratings.items, minlength=ratings.n_items).astype(np.int32)
    return RatingPredictor(baselines, factors, neighbours, counts, PLAIN_BLEND, ratings.scale)


def _with_blend(predictor: RatingPredictor, blend: Numbers) -> RatingPredictor:
    return RatingPredictor(
        predictor.baselines, predictor.factors, predictor.neighbours, predictor.counts, blend, predictor.scale
    )


def _few_users(ratings: Ratings) -> Ratings:
    """All ratings of so many random users that they are at most BLEND_RATINGS, or of all."""
    if len(ratings) <= BLEND_RATINGS:
        return ratings
    order = np.random.default_rng(0).permutation(ratings.n_users)
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    chosen = np.zeros(ratings.n_users, dtype=np.bool_)
    chosen[order[np.cumsum(counts[order]) <= BLEND_RATINGS]] = True
    return ratings.only(chosen[ratings.users])


def _fit_blend(ratings: Ratings, advance: Advance) -> Numbers:
    """Ridge regression towards PLAIN_BLEND, on ratings that were held out."""
    held_out: Choice = np.random.default_rng(1).random(len(ratings)) < HELD_OUT
    known, hidden = ratings.only(~held_out), ratings.only(held_out)
    if not len(hidden) or not len(known) or known.scale[0] == known.scale[1]:
        return PLAIN_BLEND
    parts = fit_parts(known, advance)
    gram: Reals = np.eye(FEATURES) * BLEND_RIDGE
    against: npt.NDArray[np.float64] = gram @ PLAIN_BLEND
    starts, hidden_starts = known.starts(), hidden.starts()
    users = np.flatnonzero((np.diff(starts) > 0) & (np.diff(hidden_starts) > 0))
    for user in np.random.default_rng(2).permutation(users)[:BLEND_USERS]:
        levels, features = parts.evidence(known.profile(user, starts))
        wanted = hidden.profile(user, hidden_starts)
        found = features[wanted.items].astype(np.float64)
        gram += found.T @ found
        against += found.T @ (wanted.values - levels[wanted.items])
    return np.linalg.solve(gram, against).astype(np.float32)
