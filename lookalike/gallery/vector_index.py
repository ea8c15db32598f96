"""Vectors -> the nearest vectors: an HNSW graph (nmslib) and its exact twin (NumPy), with the same methods.

A graph cannot be added to or taken from once it is saved, so a PatchedIndex puts the two together: what the graph has,
without the rows that are gone, and what is fresh, compared one by one.

Distances are true L2 everywhere; nmslib's `l2` answers with their squares. It answers a query of the wrong length, or
with NaN in it, with nonsense, so queries are checked first.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lookalike.gallery.calibration import blocks

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]

EXACT_BELOW = 2_000  # rows; from there on the graph is faster (bench/searching.py; README, "Search")
GONE_MARGIN = 4  # times as many gone nodes as so many nodes have on average: they stand where stars stand close
GONE = -1  # in place of the row of a graph's node that is not to be found any more
# Of a saved graph: bytes before the vector of node 0, and where the distance between two nodes is (nmslib 2.1.2,
# hnsw.cc, SaveOptimizedIndex). What is read there is compared with what must be there before anything is written.
VECTORS_AT, STRIDE_AT = 84, 8


@dataclass(frozen=True)
class HnswParameters:
    """What the graph costs and how well it finds; chosen by `bench/searching.py` (README, "Search")."""

    m: int = 24  # links a node
    ef_construction: int = 200  # candidates looked at when a node is linked
    ef_search: int = 200  # candidates looked at in a query; at least as many as are asked for


class Index(Protocol):
    """Anything that finds the nearest rows of a matrix (n, d) float32."""

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """Row numbers (q, k) and L2 distances (q, k) of the k nearest rows of each query (q, d), nearest first."""
        ...


class ExactIndex:
    """Compares with every row: right, and faster than a graph below EXACT_BELOW rows."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._squares = np.einsum("ij,ij->i", self._vectors, self._vectors)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; exact but for rounding in float32."""
        queries = _checked(queries, self._vectors.shape[1])
        k = min(k, len(self._vectors))
        if k == 0 or len(queries) == 0:
            return np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        if len(queries) == 1:
            return self._nearest(queries, k)
        found = [self._nearest(queries[rows], k) for rows in blocks(len(queries), len(self._vectors))]
        return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])

    def _nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        ranks = self._squares - 2 * (queries @ self._vectors.T)  # squared distance less the query's own square
        ids = np.argpartition(ranks, k - 1, axis=1)[:, :k]
        distances = np.linalg.norm(self._vectors[ids] - queries[:, None, :], axis=2)  # no cancellation
        order = np.argsort(distances, axis=1, kind="stable")
        return np.take_along_axis(ids, order, axis=1), np.take_along_axis(distances, order, axis=1)


class HnswIndex:
    """nmslib's graph; fast where there are many rows, and right nearly always (the manifest holds how often)."""

    def __init__(self, graph: Any, dimension: int, size: int, ef_search: int) -> None:
        self._graph = graph
        self._dimension = dimension
        self._size = size
        self.ef_search = ef_search
        self._one_is_wide = threading.Lock()
        self._search_as_wide_as(ef_search)  # loading forgets it

    @classmethod
    def build(cls, vectors: Floats, parameters: HnswParameters) -> HnswIndex:
        """Link all rows of `vectors` (n, d) into a graph, on all cores; few rows on one.

        Threads that begin at once link their first nodes without knowing of each other's, and in a small graph few come
        later to mend it: of 300 graphs of 300 rows 9 had a recall below 1, down to 0.989; on one thread none had.
        """
        graph = _nmslib().init(method="hnsw", space="l2")
        graph.addDataPointBatch(np.ascontiguousarray(vectors, dtype=np.float32))
        options = {"M": parameters.m, "efConstruction": parameters.ef_construction, "post": 0}
        graph.createIndex(options | ({"indexThreadQty": 1} if len(vectors) < EXACT_BELOW else {}))
        return cls(graph, vectors.shape[1], len(vectors), parameters.ef_search)

    @classmethod
    def load(cls, path: Path, dimension: int, size: int, parameters: HnswParameters) -> HnswIndex:
        """Read a saved graph. The file must be known to be whole: nmslib trusts every byte of it."""
        graph = _nmslib().init(method="hnsw", space="l2")
        graph.loadIndex(str(path))
        return cls(graph, dimension, size, parameters.ef_search)

    def __len__(self) -> int:
        return self._size

    def save(self, path: Path) -> None:
        """Write the graph with the vectors in it."""
        self._graph.saveIndex(str(path), save_data=False)

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; where the graph finds fewer than k, the row is filled with id -1 at infinite distance."""
        queries = _checked(queries, self._dimension)
        k = min(k, self._size)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        distances = np.full((len(queries), k), np.inf, dtype=np.float32)
        with self._wide_enough(k):
            for row, query in enumerate(queries):
                found, squares = self._graph.knnQuery(query, k=k)
                ids[row, : len(found)] = found
                distances[row, : len(found)] = np.sqrt(np.maximum(squares, 0))
        return ids, distances

    @contextlib.contextmanager
    def _wide_enough(self, k: int) -> Iterator[None]:
        """Look at as many candidates as are asked for; what other threads ask meanwhile is looked for as widely."""
        if k <= self.ef_search:
            yield
            return
        with self._one_is_wide:
            self._search_as_wide_as(k)
            try:
                yield
            finally:
                self._search_as_wide_as(self.ef_search)

    def _search_as_wide_as(self, candidates: int) -> None:
        self._graph.setQueryTimeParams({"efSearch": candidates})


class PatchedIndex:
    """A graph that was brought up to date and not built anew: rows that are gone are left out, fresh ones compared."""

    def __init__(self, graph: HnswIndex, graph_rows: Rows, vectors: Floats) -> None:
        self._graph = graph
        self._graph_rows = graph_rows
        self._fresh_rows = fresh_rows(graph_rows, len(vectors))
        self._fresh = ExactIndex(vectors[self._fresh_rows])
        self._gone = int((graph_rows == GONE).sum())
        self._size = len(vectors)

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; where the graph finds too few, the row is filled with id -1 at infinite distance."""
        queries = _checked(queries, self._fresh.dimension)
        k = min(k, self._size)
        fresh, fresh_distances = self._fresh.nearest(queries, k)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        distances = np.full((len(queries), k), np.inf, dtype=np.float32)
        for row, query in enumerate(queries):
            old, old_distances = self._nearest_of_graph(query, k)
            both = np.concatenate([old, self._fresh_rows[fresh[row]]])
            both_distances = np.concatenate([old_distances, fresh_distances[row]])
            best = np.argsort(both_distances, kind="stable")[:k]
            ids[row, : len(best)], distances[row, : len(best)] = both[best], both_distances[best]
        return ids, distances

    def _nearest_of_graph(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        """Rows and distances of the k nearest nodes that are not gone, of one query; of all, if there are fewer."""
        wanted = min(k, len(self._graph) - self._gone)
        asked = k
        if self._gone:  # some more, for those; as many as the graph looks at anyway take no longer
            asked = max(k + math.ceil(GONE_MARGIN * k * self._gone / len(self._graph)), self._graph.ef_search)
        while wanted:
            nodes, distances = self._graph.nearest(query, asked)
            rows = np.where(nodes[0] >= 0, self._graph_rows[nodes[0]], GONE)
            there = np.flatnonzero(rows != GONE)[:k]
            if len(there) >= wanted or asked >= len(self._graph):
                return rows[there].astype(np.int64), distances[0][there]
            asked *= 2  # the gone ones are all near this query
        return np.empty(0, np.int64), np.empty(0, np.float32)


def over_rows(graph: HnswIndex, graph_rows: Rows, vectors: Floats) -> Index:
    """The graph if its nodes (g,) are the rows of `vectors` (n, d) one by one, else patched to be so."""
    if np.array_equal(graph_rows, np.arange(len(vectors))):
        return graph
    return PatchedIndex(graph, graph_rows, vectors)


def fresh_rows(graph_rows: Rows, size: int) -> Ids:
    """Which of so many rows are not in a graph with nodes (g,) of these rows."""
    is_fresh = np.ones(size, dtype=bool)
    is_fresh[graph_rows[graph_rows != GONE]] = False
    return np.flatnonzero(is_fresh)


def copy_graph(source: Path, target: Path, rows: Rows, vectors: Floats, rows_now: Rows, vectors_now: Floats) -> bool:
    """Copy a saved graph whose nodes (g,) were `rows` of `vectors`, and are `rows_now` of `vectors_now` (n, d).

    Links stay. A node that is GONE gets the vector of the nearest who is there, so that the file holds nothing of who
    is not, and a search still finds its way. False, and nothing is written, if the file is not the graph of `vectors`.
    """
    data = bytearray(source.read_bytes())
    stride = int.from_bytes(data[STRIDE_AT : STRIDE_AT + 8], "little")
    dimension = vectors.shape[1]
    if VECTORS_AT + (len(rows) - 1) * stride + dimension * 4 > len(data):
        return False
    held = np.ndarray((len(rows), dimension), np.dtype("<f4"), data, VECTORS_AT, (stride, 4))
    there = rows != GONE
    if not np.array_equal(held[there], vectors[rows[there]]):
        return False
    gone = {node: held[node].tobytes() for node in np.flatnonzero(rows_now == GONE)}
    known = set(gone.values()).intersection(vector.tobytes() for vector in vectors_now)
    unknown = [node for node, vector in gone.items() if vector not in known]
    nearest, _ = ExactIndex(vectors_now).nearest(held[unknown], 1)
    held[unknown] = vectors_now[nearest[:, 0]]
    target.write_bytes(data)
    return True


def recall(found: Floats, exact: Floats, tolerance: float = 1e-4) -> float:
    """Share of answers as near as the true k-th nearest, by distance, so that ties do not count as errors.

    Both are distances (q, k) in ascending order (after ann-benchmarks, `metrics.knn`).
    """
    return float(np.mean(found <= exact[:, -1:] + tolerance))


def parameters_for(size: int) -> HnswParameters:
    """What finds 0.999 of the ten nearest of `size` rows, with something to spare.

    The efSearch that bench/searching.py found to be needed is 100 for 10,000 rows, 280 for 100,000 and 1,120 for
    1,000,000; 1.2 √size is just above all three.
    """
    return HnswParameters(ef_search=max(100, math.ceil(1.2 * math.sqrt(size))))


def parameters_from(values: dict[str, Any]) -> HnswParameters:
    """The parameters as the manifest holds them."""
    return HnswParameters(**{name: int(values[name]) for name in asdict(HnswParameters())})


def _checked(queries: Floats, dimension: int) -> Floats:
    queries = np.atleast_2d(np.asarray(queries, dtype=np.float32))
    if queries.ndim != 2 or queries.shape[1] != dimension:
        raise ValueError(f"queries have shape {queries.shape}, the index has {dimension} dimensions")
    if not np.isfinite(queries).all():
        raise ValueError("a query holds NaN or infinity")
    return queries


def _nmslib() -> Any:
    """nmslib, without the lines on instruction sets that it prints when it is first imported."""
    if "nmslib" in sys.modules:
        return sys.modules["nmslib"]
    with _quiet_stderr():
        import nmslib
    return nmslib


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
