"""Training of factors.py: people and items in turn, each the posterior given the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import svds

from lookalike.taste.in_threads import in_threads, row_blocks
from lookalike.taste.predicting.factors import Factors, Reals, count_features, packed, unpacked
from lookalike.taste.ratings import Matrix, Numbers, Ratings

FACTORS = 20
CHOICE_FACTORS = 40  # of who rated what
LEAST_SIZE = 1e-3  # of a singular value, to the largest: where people rated the same items, less is rounding alone
ROUNDS = 20
CHUNK = 2_000  # posteriors computed at a time
FIRST_NOISE, FIRST_VARIANCE, FIRST_SPREAD = 0.5, 0.3, 0.1  # where training starts; the rounds find their own
RIDGE = 30.0  # people or items that a coefficient of the prior is averaged with

Advance = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class _Side:
    """The people or the items: posterior means (n, d), covariances (n, packed) and what they are expected around."""

    means: Reals
    covariances: Numbers
    features: Reals  # (n, f), what their prior is a linear function of
    prior_weights: Reals  # (f, d)
    prior_precision: Reals  # (d, d)


@dataclass(frozen=True, eq=False)
class _Sums:
    """What the other side adds up to for each row: see Factors for `moments` and `offsets`, here of the other side."""

    ones: Numbers  # (m, d), the means with 1 for the bias
    moments: Numbers
    offsets: Numbers
    squares: Numbers  # (m,), the expected square of the bias


def fit_factors(ratings: Ratings, advance: Advance) -> Factors:
    """FACTORS of these ratings, the same for the same ratings; `advance` gets shares (0..1) of the work done.

    Of 10⁷ ratings a round takes about 20 s; memory: `ratings` twice, and 1 kB for every user and item.
    """
    mean, spread = float(ratings.values.mean()), float(ratings.values.std())
    values = ratings.matrix((ratings.values - mean) / spread)
    ones = ratings.matrix(np.ones(len(ratings), np.float32))
    values_by_item, ones_by_item = values.T.tocsr(), ones.T.tocsr()
    choices = _Choices.of(ones)
    users = _start(choices.of_users, seed=0)
    items = _start(choices.of_items, seed=1)
    noise = FIRST_NOISE
    for _ in range(ROUNDS):
        users, _ = _update(users, _sums(items), values, ones, noise)
        items, error = _update(items, _sums(users), values_by_item, ones_by_item, noise)
        noise = error / len(ratings)
        users, items = _with_prior(users), _with_prior(items)
        advance(1 / ROUNDS)
    sums = _sums(items)
    return Factors(
        mean, spread, items.means.astype(np.float32), sums.moments, sums.offsets, noise,
        users.prior_precision.astype(np.float32), choices.count_center,
        users.prior_weights[:3].astype(np.float32),
        (choices.of_item @ users.prior_weights[3:]).astype(np.float32),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Choices:
    """What is known of people and items by who rated what: features (users, 3 + c) and (items, 3 + c).

    The features of a person after the third are the sum of `of_item` (items, c) over the rated items, over √count.
    """

    of_users: Reals
    of_items: Reals
    of_item: Reals
    count_center: float

    @classmethod
    def of(cls, ones: Matrix) -> _Choices:
        """The singular vectors of who rated what, with rows over √count, columns over ⁴√count."""
        user_counts, item_counts = (np.asarray(ones.sum(axis=axis)).ravel() for axis in (1, 0))
        per_user = 1 / np.sqrt(np.maximum(user_counts, 1))
        per_item = np.maximum(item_counts, 1) ** -0.25
        wanted = min(CHOICE_FACTORS, min(ones.shape) // 4)
        center = float(np.log1p(user_counts).mean())
        item_features = count_features(item_counts, float(np.log1p(item_counts).mean()))
        if not wanted:
            return cls(count_features(user_counts, center), item_features, np.zeros((ones.shape[1], 0)), center)
        scaled = sp.diags(per_user).astype(np.float32) @ ones @ sp.diags(per_item).astype(np.float32)
        first = np.random.default_rng(0).random(min(ones.shape))
        _, sizes, vectors = svds(scaled, k=wanted, v0=first, tol=1e-4)
        is_real = sizes > LEAST_SIZE * sizes.max()
        sizes, vectors = sizes[is_real], vectors[is_real]
        of_item = per_item[:, None] * vectors.T / sizes * np.sqrt(ones.shape[0])
        of_users = (ones @ of_item) * per_user[:, None]
        return cls(
            np.hstack([count_features(user_counts, center), of_users]),
            np.hstack([item_features, vectors.T * np.sqrt(ones.shape[1])]),
            of_item, center,
        )  # fmt: skip


def _start(features: Reals, seed: int) -> _Side:
    """Small random means; wide posteriors."""
    count, size = len(features), FACTORS + 1
    means = np.random.default_rng(seed).normal(0, FIRST_SPREAD, (count, size))
    means[:, -1] = 0
    covariances = np.repeat(packed(np.eye(size)[None] * FIRST_VARIANCE * FIRST_SPREAD), count, axis=0)
    return _Side(means, covariances, features, np.zeros((features.shape[1], size)), np.eye(size) / FIRST_VARIANCE)


def _sums(side: _Side) -> _Sums:
    """The expected products of this side's traits, which the other side's posteriors are made of."""
    ones, size = side.means.copy(), side.means.shape[1]
    ones[:, -1] = 1
    moments = np.empty_like(side.covariances)
    offsets = np.empty((len(ones), size), dtype=np.float32)
    squares = np.empty(len(ones), dtype=np.float32)

    def products(rows: slice) -> None:
        covariances = unpacked(side.covariances[rows], size)
        with_bias = covariances[:, :, -1].copy()
        squares[rows] = side.means[rows, -1] ** 2 + with_bias[:, -1]
        with_bias[:, -1] = 0
        offsets[rows] = ones[rows] * side.means[rows, -1:] + with_bias
        covariances[:, :, -1] = covariances[:, -1, :] = 0
        moments[rows] = packed(ones[rows, :, None] * ones[rows, None, :] + covariances)

    for _ in in_threads(products, row_blocks(len(ones), CHUNK)):
        pass
    return _Sums(ones.astype(np.float32), moments, offsets, squares)


def _update(side: _Side, other: _Sums, values: Matrix, ones: Matrix, noise: float) -> tuple[_Side, float]:
    """The posteriors of one side given the other; and the expected sum of squared errors of all ratings.

    `values`, `ones`: this side × the other, the ratings less their mean, and where they are.
    """
    size = other.ones.shape[1]
    means, covariances = np.empty_like(side.means), np.empty_like(side.covariances)
    priors = side.features @ side.prior_weights @ side.prior_precision
    biases = other.offsets[:, -1]
    error = float((values.data**2).sum(dtype=np.float64) - 2 * (values @ biases).sum() + (ones @ other.squares).sum())

    def posteriors(rows: slice) -> float:
        moments = unpacked(ones[rows] @ other.moments, size)
        against = (values[rows] @ other.ones - ones[rows] @ other.offsets).astype(np.float64)
        found = np.linalg.inv(moments / noise + side.prior_precision)
        means[rows] = np.einsum("nab,nb->na", found, against / noise + priors[rows])
        covariances[rows] = packed(found)
        second = found + means[rows, :, None] * means[rows, None, :]
        return float((moments * second).sum() - 2 * (means[rows] * against).sum())

    error += sum(in_threads(posteriors, row_blocks(len(means), CHUNK)))
    return _Side(means, covariances, side.features, side.prior_weights, side.prior_precision), error


def _with_prior(side: _Side) -> _Side:
    """The prior that these posteriors suggest: means by ridge regression on the features, one covariance for all."""
    features, count = side.features, len(side.means)
    gram = features.T @ features + RIDGE * np.eye(features.shape[1])
    weights = np.linalg.solve(gram, features.T @ side.means)
    away = side.means - features @ weights
    size = side.means.shape[1]
    spread = unpacked(side.covariances.sum(axis=0, dtype=np.float64)[None], size)[0]
    covariance = (away.T @ away + spread + np.eye(size) * 1e-6) / count
    return _Side(
        side.means, side.covariances, features, weights.astype(np.float64), np.linalg.inv(covariance).astype(np.float64)
    )
