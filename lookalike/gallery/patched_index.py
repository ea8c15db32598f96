"""A graph brought up to date without building it anew: removed rows are left out, added rows are searched exactly.

nmslib cannot add to or remove from a saved graph, so each node of the graph stands for a row of now or is REMOVED.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import IndexRefused
from lookalike.gallery.graph_file import read_graph, stored_vectors
from lookalike.gallery.vector_index import ExactIndex, Floats, HnswIndex, Ids, Index, checked_queries

Rows = npt.NDArray[np.int32]

REMOVED = -1  # in place of the row of a node that must not be found any more
OVERSAMPLING = 4  # times the average share of removed nodes: they cluster in dense regions


class PatchedIndex:
    """A graph with `graph_rows` (g,), the row of `vectors` (n, d) that each node stands for, and the rows without."""

    def __init__(self, graph: HnswIndex, graph_rows: Rows, vectors: Floats) -> None:
        self._graph = graph
        self._graph_rows = graph_rows
        self._added_rows = added_rows(graph_rows, len(vectors))
        self._added = ExactIndex(vectors[self._added_rows])
        self._removed = int((graph_rows == REMOVED).sum())
        self._size = len(vectors)

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; where the graph finds too few, the row is filled with id -1 at infinite distance."""
        queries = checked_queries(queries, self._added.dimension)
        k = min(k, self._size)
        added, added_distances = self._added.nearest(queries, k)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        distances = np.full((len(queries), k), np.inf, dtype=np.float32)
        for row, query in enumerate(queries):
            old, old_distances = self._nearest_in_graph(query, k)
            both = np.concatenate([old, self._added_rows[added[row]]])
            both_distances = np.concatenate([old_distances, added_distances[row]])
            best = np.argsort(both_distances, kind="stable")[:k]
            ids[row, : len(best)], distances[row, : len(best)] = both[best], both_distances[best]
        return ids, distances

    def _nearest_in_graph(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        """Rows and distances of the k nearest nodes that are not removed, of one query; all if there are fewer."""
        wanted = min(k, len(self._graph) - self._removed)
        asked = k
        if self._removed:  # as many as the graph considers anyway cost nothing
            share = self._removed / len(self._graph)
            asked = max(k + math.ceil(OVERSAMPLING * k * share), self._graph.ef_search)
        while wanted:
            nodes, distances = self._graph.nearest(query, asked)
            rows = np.where(nodes[0] >= 0, self._graph_rows[nodes[0]], REMOVED)
            left = np.flatnonzero(rows != REMOVED)[:k]
            if len(left) >= wanted or asked >= len(self._graph):
                return rows[left].astype(np.int64), distances[0][left]
            asked *= 2  # the removed nodes are all near this query
        return np.empty(0, np.int64), np.empty(0, np.float32)


def index_over(graph: HnswIndex, graph_rows: Rows, vectors: Floats) -> Index:
    """The graph itself if its nodes (g,) are the rows of `vectors` (n, d) in order, else a PatchedIndex."""
    if np.array_equal(graph_rows, np.arange(len(vectors))):
        return graph
    return PatchedIndex(graph, graph_rows, vectors)


def added_rows(graph_rows: Rows, size: int) -> Ids:
    """Which of `size` rows no node (g,) of a graph stands for."""
    is_added = np.ones(size, dtype=bool)
    is_added[graph_rows[graph_rows != REMOVED]] = False
    return np.flatnonzero(is_added)


def copy_graph(source: Path, target: Path, rows: Rows, vectors: Floats, rows_now: Rows, vectors_now: Floats) -> bool:
    """Copy a saved graph whose nodes (g,) were `rows` of `vectors`, and are `rows_now` of `vectors_now` (n, d).

    Links stay. A node that is REMOVED gets the vector of the nearest row of now, so that the file holds no removed
    vector and searches still find their way. False, and nothing is written, if the file is not the graph of `vectors`.
    """
    try:
        data, layout = read_graph(source)
    except IndexRefused:
        return False
    if (layout.nodes, layout.dimension) != (len(rows), vectors.shape[1]):
        return False
    stored = stored_vectors(data, layout)
    known = rows != REMOVED
    if not np.array_equal(stored[known], vectors[rows[known]]):
        return False
    removed = {node: stored[node].tobytes() for node in np.flatnonzero(rows_now == REMOVED)}
    kept = set(removed.values()).intersection(vector.tobytes() for vector in vectors_now)
    replaced = [node for node, vector in removed.items() if vector not in kept]
    nearest, _ = ExactIndex(vectors_now).nearest(stored[replaced], 1)
    stored[replaced] = vectors_now[nearest[:, 0]]
    target.write_bytes(data)
    return True
