"""The nearest of some rows of an index: those of the celebrities whom a filter leaves."""

from __future__ import annotations

import math

import numpy as np

from lookalike.gallery.vector_index import ExactIndex, Floats, Ids, Index, checked_queries

COPIED_BELOW = 30_000  # rows whose vectors are copied (15 MB) and compared one by one (bench/filters.py)
OVERFETCH = 3  # times as many of all rows as hold, on average, the wanted number of the filter's (bench/filters.py)


class FilteredIndex:
    """Finds the nearest of `rows` (r,), ascending, of an index over `vectors` (n, d); ids are rows of `vectors`.

    Few rows are compared one by one. For many the whole index is asked for more than are wanted; where too few of its
    answers are among the rows, as for the women near a man's face, all vectors are compared.
    """

    def __init__(self, whole: Index, vectors: Floats, rows: Ids) -> None:
        self._whole, self._rows, self._size = whole, rows, len(vectors)
        self._is_copied = len(rows) < COPIED_BELOW
        self._exact = ExactIndex(vectors[rows]) if self._is_copied else ExactIndex(vectors, rows)

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; exact, or as exact as the whole index."""
        queries, k = checked_queries(queries, self._exact.dimension), min(k, len(self._rows))
        if self._is_copied:
            ids, distances = self._exact.nearest(queries, k)
            return self._rows[ids], distances
        found = [self._nearest(query[None], k) for query in queries]
        return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])

    def _nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        ids, distances = self._whole.nearest(query, math.ceil(OVERFETCH * k * self._size / len(self._rows)))
        places = np.searchsorted(self._rows, ids[0])
        left = np.flatnonzero(self._rows[np.minimum(places, len(self._rows) - 1)] == ids[0])[:k]
        if len(left) < k:
            return self._exact.nearest(query, k)
        return ids[:, left], distances[:, left]
