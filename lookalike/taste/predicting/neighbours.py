"""Ratings predicted from the person's own ratings of items that people rate alike.

Items are compared by the correlation of residuals over the people who rated both, shrunk by how few they are
(Koren, "Factor in the Neighbors", ACM TKDD 2010, section 2.2: the "pearson_baseline" of Surprise). A prediction is the
mean of the person's residuals, weighted by a power of the similarity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from lookalike.taste.in_threads import in_threads, row_blocks
from lookalike.taste.ratings import Matrix, Numbers, Profile, Ratings
from lookalike.taste.sparse_weights import SparseWeights, strongest

SHRINKAGE = 100.0  # people: the default of Surprise; bench/taste.py compares
POWER = 3  # of the similarity; bench/taste.py compares
PRIOR = 0.003  # weight of a residual of zero, in powers of the similarity
KEPT = 200  # neighbours of an item
BLOCK = 200  # items compared with all others at a time

Advance = Callable[[float], None]


def fit_neighbours(ratings: Ratings, residuals: Numbers, advance: Advance) -> SparseWeights:
    """Weights of the KEPT nearest items of each item; `advance` gets the share (0..1) of the work that was done."""
    return strongest(_similarities(ratings, residuals, advance), KEPT)


def _similarities(ratings: Ratings, residuals: Numbers, advance: Advance) -> Iterator[npt.NDArray[np.float32]]:
    """Blocks (b, items) of the weights into some items from all; memory is bounded by the block, time by its sparsity.

    The correlation over common raters is Σ e_i e_j / √(Σ e_i² · Σ e_j²), each sum over them alone.
    """
    values = ratings.matrix(residuals)
    squares, ones = ratings.matrix(residuals**2), ratings.matrix(np.ones(len(ratings), np.float32))
    by_item = [matrix.T.tocsr() for matrix in (values, squares, ones)]

    def weights_into(rows: slice) -> npt.NDArray[np.float32]:
        values_of, squares_of, ones_of = (matrix[rows] for matrix in by_item)
        products, own, others, both = (
            _dense(left @ right)
            for left, right in ((values_of, values), (squares_of, ones), (ones_of, squares), (ones_of, ones))
        )
        scale = np.sqrt(own * others)
        correlation = np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)
        correlation *= np.maximum(both - 1, 0) / (both - 1 + SHRINKAGE)
        correlation[np.arange(len(correlation)), np.arange(rows.start, rows.stop)] = 0
        return np.asarray(np.maximum(correlation, 0) ** POWER, dtype=np.float32)

    for block in in_threads(weights_into, row_blocks(ratings.n_items, BLOCK)):
        yield block
        advance(len(block) / ratings.n_items)


def _dense(matrix: Matrix) -> npt.NDArray[np.float32]:
    return np.asarray(matrix.toarray(), dtype=np.float32)


def predict_residuals(weights: SparseWeights, profile: Profile, residuals: Numbers) -> tuple[Numbers, Numbers]:
    """For every item (items,) the predicted residual, and how much of the person's ratings bears on it."""
    sums, support = weights.sums(profile.items, residuals)
    return (sums / (support + PRIOR)).astype(np.float32), support.astype(np.float32)
