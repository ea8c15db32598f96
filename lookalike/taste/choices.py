"""Which items a person is likely to choose, by those they have rated: EASE, a linear model of all items on all others.

Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019: ridge regression of each item on the others, in
closed form from one inverse. Here a rating counts by how it compares with the person's mean, so that who rates low is
not led to the same again; users with many ratings and items with many raters weigh less.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from lookalike.taste.ratings import Matrix, Numbers, Profile, Ratings
from lookalike.taste.sparse_weights import SparseWeights, strongest

MAX_ITEMS = 8_000  # most rated ones; the matrices take 0.5 GB, and time grows with the third power
LIKING = 0.3  # that a rating one standard deviation above the person's mean counts more; bench/taste.py compares
USER_POWER, ITEM_POWER = 0.25, 0.25  # by which counts are divided; bench/taste.py compares
RIDGE = 5.0  # mean diagonals; bench/taste.py compares
KEPT = 100  # items that an item is chosen by
MEAN_SHRINKAGE = 5.0  # ratings at the general mean that a person's mean is averaged with
BLOCK = 500


def choice_values(profile: Profile, mean: float, spread: float) -> Numbers:
    """What each rating (n,) counts for: 1 at the person's own mean, more above, less below."""
    own = (profile.values.sum() + MEAN_SHRINKAGE * mean) / (len(profile.values) + MEAN_SHRINKAGE)
    return np.asarray(1 + LIKING * (profile.values - own) / spread, dtype=np.float32)


def weighted_ratings(ratings: Ratings) -> Matrix:
    """choice_values() of every user's profile: users × items, sparse, f32."""
    mean, spread = float(ratings.values.mean()), float(ratings.values.std())
    counts = np.bincount(ratings.users, minlength=ratings.n_users)
    sums = np.bincount(ratings.users, ratings.values, ratings.n_users)
    own = (sums + MEAN_SHRINKAGE * mean) / (counts + MEAN_SHRINKAGE)
    return ratings.matrix(1 + LIKING * (ratings.values - own[ratings.users]) / spread)


def fit_choices(ratings: Ratings) -> SparseWeights:
    """The weights of the KEPT items by which each of the MAX_ITEMS most rated ones is chosen most."""
    counts = np.bincount(ratings.items, minlength=ratings.n_items)
    known = np.sort(np.argsort(-counts, kind="stable")[:MAX_ITEMS])
    known = known[counts[known] > 0]
    return strongest(_blocks(ratings, known, counts), KEPT)


def _blocks(
    ratings: Ratings, known: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> Iterator[npt.NDArray[np.float32]]:
    """Blocks (b, items) of the weights into some items from all."""
    sizes = counts[known].astype(np.float32) ** -ITEM_POWER
    inverse = _inverse(ratings, known, sizes)
    diagonal = np.diag(inverse).copy()
    place_of = np.full(ratings.n_items, -1)
    place_of[known] = np.arange(len(known))
    for start in range(0, ratings.n_items, BLOCK):
        places = place_of[start : start + BLOCK]
        block = np.zeros((len(places), ratings.n_items), dtype=np.float32)
        for row in np.flatnonzero(places >= 0):
            place = places[row]
            weights = -inverse[:, place] / diagonal[place] * sizes / sizes[place]
            weights[place] = 0
            block[row, known] = weights
        yield block


def _inverse(ratings: Ratings, known: npt.NDArray[np.int64], sizes: Numbers) -> npt.NDArray[np.float32]:
    """The inverse (k, k) of the ridged products of the known items, both triangles."""
    from scipy.linalg import lapack  # for training alone
    from scipy.sparse import diags

    user_counts = np.maximum(np.bincount(ratings.users, minlength=ratings.n_users), 1)
    per_user = diags(user_counts**-USER_POWER).astype(np.float32)
    weighted = (per_user @ weighted_ratings(ratings)[:, known] @ diags(sizes).astype(np.float32)).tocsr()
    by_item = weighted.T.tocsr()
    products = np.empty((len(known), len(known)), dtype=np.float32, order="F")
    for start in range(0, len(known), BLOCK):
        rows = slice(start, start + BLOCK)
        products[:, rows] = (by_item[rows] @ weighted).toarray().T
    products[np.diag_indices_from(products)] += RIDGE * products.trace() / len(known)
    factor, failed = lapack.spotrf(products, lower=1, overwrite_a=1)
    inverse, failed_too = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or failed_too:  # impossible with a ridge, short of numbers that are not finite
        raise ArithmeticError("the products of the items have no inverse")
    for row in range(len(known)):
        inverse[row, row + 1 :] = inverse[row + 1 :, row]
    return np.asarray(inverse)
