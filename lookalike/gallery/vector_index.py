"""Vectors -> the nearest vectors: an HNSW graph (nmslib) and exact search (NumPy), with the same methods.

Distances are true L2 everywhere; nmslib's `l2` returns their squares. For a query of the wrong length, or with NaN in
it, nmslib returns wrong results without an error, so queries are checked first.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lookalike.gallery.calibration import blocks
from lookalike.gallery.graph_file import read_graph

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

EXACT_BELOW = 2_000  # rows; from here on the graph is faster (bench/searching.py)
# Below this a graph is built on one thread, so that equal input gives equal bytes: 50,000 rows take 50 s. From here on
# all cores are used, in whatever order nmslib's threads insert the rows (1,000,000 rows: 20 min on one thread).
REPRODUCIBLE_BELOW = 100_000


@dataclass(frozen=True)
class HnswParameters:
    """What the graph costs and how well it finds; chosen by `bench/searching.py` (bench/README.md, "Search")."""

    m: int = 24  # links per node
    ef_construction: int = 200  # candidates considered when a node is linked
    ef_search: int = 200  # candidates considered in a query; at least as many as are asked for


class Index(Protocol):
    """Finds the nearest rows of a matrix (n, d) float32."""

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """Row numbers (q, k) and L2 distances (q, k) of the k nearest rows of each query (q, d), nearest first."""
        ...


class ExactIndex:
    """Compares with every row, or with some `rows` (r,): exact, and faster than a graph below EXACT_BELOW rows."""

    def __init__(self, vectors: Floats, rows: Ids | None = None) -> None:
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._squares = np.einsum("ij,ij->i", self._vectors, self._vectors)
        self._rows = rows

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; exact but for rounding in float32."""
        queries = checked_queries(queries, self._vectors.shape[1])
        k = min(k, len(self._vectors if self._rows is None else self._rows))
        if k == 0 or len(queries) == 0:
            return np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
        if len(queries) == 1:
            return self._nearest(queries, k)
        found = [self._nearest(queries[rows], k) for rows in blocks(len(queries), len(self._vectors))]
        return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])

    def _nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        ranks = self._squares - 2 * (queries @ self._vectors.T)  # squared distance less the query's own square
        if self._rows is None:
            ids = np.argpartition(ranks, k - 1, axis=1)[:, :k]
        else:
            ids = self._rows[np.argpartition(ranks[:, self._rows], k - 1, axis=1)[:, :k]]
        distances = np.linalg.norm(self._vectors[ids] - queries[:, None, :], axis=2)  # no cancellation
        order = np.argsort(distances, axis=1, kind="stable")
        return np.take_along_axis(ids, order, axis=1), np.take_along_axis(distances, order, axis=1)


class HnswIndex:
    """nmslib's graph: fast for many rows, approximate (the manifest holds the measured recall)."""

    def __init__(self, graph: Any, dimension: int, size: int, ef_search: int) -> None:
        self._graph = graph
        self._dimension = dimension
        self._size = size
        self.ef_search = ef_search
        self._widened = threading.Lock()
        self._set_ef_search(ef_search)  # loadIndex resets it

    @classmethod
    def build(cls, vectors: Floats, parameters: HnswParameters) -> HnswIndex:
        """Link all rows of `vectors` (n, d) into a graph; equal vectors give an equal graph below REPRODUCIBLE_BELOW.

        On one thread, because the order in which several insert rows differs from run to run. A new thread, because
        nmslib draws levels from a generator that each thread has for itself, with a fixed seed.
        """
        graph = _nmslib().init(method="hnsw", space="l2")
        graph.addDataPointBatch(np.ascontiguousarray(vectors, dtype=np.float32))
        options = {"M": parameters.m, "efConstruction": parameters.ef_construction, "post": 0}
        if len(vectors) < REPRODUCIBLE_BELOW:
            options["indexThreadQty"] = 1
        with ThreadPoolExecutor(1) as thread:
            thread.submit(graph.createIndex, options).result()
        return cls(graph, vectors.shape[1], len(vectors), parameters.ef_search)

    @classmethod
    def load(cls, path: Path, dimension: int, size: int, parameters: HnswParameters) -> HnswIndex:
        """Read a saved graph. The file must be known to be whole: nmslib does not check what it reads."""
        graph = _nmslib().init(method="hnsw", space="l2")
        graph.loadIndex(str(path))
        return cls(graph, dimension, size, parameters.ef_search)

    def __len__(self) -> int:
        return self._size

    def save(self, path: Path) -> None:
        """Write a graph that was built, not loaded, with its vectors; the same graph gives the same bytes."""
        self._graph.saveIndex(str(path), save_data=False)
        data, _ = read_graph(path)
        path.write_bytes(data)

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; where the graph finds fewer than k, the row is filled with id -1 at infinite distance."""
        queries = checked_queries(queries, self._dimension)
        k = min(k, self._size)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        distances = np.full((len(queries), k), np.inf, dtype=np.float32)
        with self._widened_to(k):
            for row, query in enumerate(queries):
                found, squares = self._graph.knnQuery(query, k=k)
                ids[row, : len(found)] = found
                distances[row, : len(found)] = np.sqrt(np.maximum(squares, 0))
        return ids, distances

    @contextlib.contextmanager
    def _widened_to(self, k: int) -> Iterator[None]:
        """Consider at least k candidates; queries of other threads consider as many meanwhile."""
        if k <= self.ef_search:
            yield
            return
        with self._widened:
            self._set_ef_search(k)
            try:
                yield
            finally:
                self._set_ef_search(self.ef_search)

    def _set_ef_search(self, candidates: int) -> None:
        self._graph.setQueryTimeParams({"efSearch": candidates})


def recall(found: Floats, exact: Floats, tolerance: float = 1e-4) -> float:
    """Share of results as near as the true k-th nearest, by distance, so that ties do not count as errors.

    Both are distances (q, k) in ascending order (after ann-benchmarks, `metrics.knn`).
    """
    return float(np.mean(found <= exact[:, -1:] + tolerance))


def parameters_for(size: int) -> HnswParameters:
    """Parameters with a recall@10 above 0.999 for `size` rows.

    bench/searching.py: the efSearch needed is 100 for 10,000 rows, 280 for 100,000 and 1,120 for 1,000,000; 1.2 √size
    is just above all three.
    """
    return HnswParameters(ef_search=max(100, math.ceil(1.2 * math.sqrt(size))))


def parameters_from(values: dict[str, Any]) -> HnswParameters:
    """The parameters as the manifest holds them."""
    return HnswParameters(**{name: int(values[name]) for name in asdict(HnswParameters())})


def checked_queries(queries: Floats, dimension: int) -> Floats:
    """Queries as (q, dimension) float32; ValueError if they have another length or are not finite."""
    queries = np.atleast_2d(np.asarray(queries, dtype=np.float32))
    if queries.ndim != 2 or queries.shape[1] != dimension:
        raise ValueError(f"queries have shape {queries.shape}, the index has {dimension} dimensions")
    if not np.isfinite(queries).all():
        raise ValueError("a query holds NaN or infinity")
    return queries


def _nmslib() -> Any:
    """nmslib, without the lines about instruction sets that it prints when first imported."""
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
