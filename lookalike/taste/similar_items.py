"""Items that the same people rate: cosines of their ratings over all people."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from lookalike.taste.in_threads import in_threads, row_blocks
from lookalike.taste.ratings import Ratings
from lookalike.taste.sparse_weights import SparseWeights, strongest

KEPT = 50  # similar items of an item
SHRINKAGE = 3.0  # people who rated both; a cosine by few of them is little evidence; bench/taste.py compares
BLOCK = 200


def fit_similar(ratings: Ratings) -> SparseWeights:
    """The KEPT most similar items of each item, with their cosines, shrunk by how few people rated both."""
    return strongest(_cosines(ratings), KEPT, by_target=False)


def _cosines(ratings: Ratings) -> Iterator[npt.NDArray[np.float32]]:
    """Blocks (b, items) of the shrunk cosines of some items with all."""
    values = ratings.matrix()
    lengths = np.sqrt(np.asarray(values.multiply(values).sum(axis=0)).ravel())
    unit = (values @ sp.diags(1 / np.maximum(lengths, 1e-9))).astype(np.float32).tocsr()
    ones = ratings.matrix(np.ones(len(ratings), np.float32))
    unit_by_item, ones_by_item = unit.T.tocsr(), ones.T.tocsr()

    def cosines_of(rows: slice) -> npt.NDArray[np.float32]:
        both = (ones_by_item[rows] @ ones).toarray()
        block = (unit_by_item[rows] @ unit).toarray() * (both / (both + SHRINKAGE))
        block[np.arange(len(block)), np.arange(rows.start, rows.stop)] = 0
        return np.asarray(block, dtype=np.float32)

    yield from in_threads(cosines_of, row_blocks(ratings.n_items, BLOCK))
