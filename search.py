"""Vectors -> the nearest vectors: an HNSW graph (nmslib) and its exact twin (NumPy), with the same methods.

Distances are true L2 everywhere; nmslib's `l2` answers with their squares. It answers a query of the wrong length, or
with NaN in it, with nonsense, so queries are checked first.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

EXACT_BELOW = 2_000  # rows; from there on the graph is faster (bench/searching.py; README, "Search")


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

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; exact but for rounding in float32."""
        queries = _checked(queries, self._vectors.shape[1])
        k = min(k, len(self._vectors))
        ranks = self._squares - 2 * (queries @ self._vectors.T)  # squared distance less the query's own square
        ids = np.argpartition(ranks, k - 1, axis=1)[:, :k]
        distances = np.linalg.norm(self._vectors[ids] - queries[:, None, :], axis=2)  # no cancellation
        order = np.argsort(distances, axis=1, kind="stable")
        return np.take_along_axis(ids, order, axis=1), np.take_along_axis(distances, order, axis=1)


class HnswIndex:
    """nmslib's graph; fast where there are many rows, and right nearly always (the manifest holds how often)."""

    def __init__(self, graph: Any, dimension: int, size: int) -> None:
        self._graph = graph
        self._dimension = dimension
        self._size = size

    @classmethod
    def build(cls, vectors: Floats, parameters: HnswParameters) -> HnswIndex:
        """Link all rows of `vectors` (n, d) into a graph, on all cores."""
        graph = _nmslib().init(method="hnsw", space="l2")
        graph.addDataPointBatch(np.ascontiguousarray(vectors, dtype=np.float32))
        graph.createIndex({"M": parameters.m, "efConstruction": parameters.ef_construction, "post": 0})
        return cls._tuned(graph, vectors.shape[1], len(vectors), parameters)

    @classmethod
    def load(cls, path: Path, dimension: int, size: int, parameters: HnswParameters) -> HnswIndex:
        """Read a saved graph. The file must be known to be whole: nmslib trusts every byte of it."""
        graph = _nmslib().init(method="hnsw", space="l2")
        graph.loadIndex(str(path))
        return cls._tuned(graph, dimension, size, parameters)

    @classmethod
    def _tuned(cls, graph: Any, dimension: int, size: int, parameters: HnswParameters) -> HnswIndex:
        graph.setQueryTimeParams({"efSearch": parameters.ef_search})  # loading forgets it
        return cls(graph, dimension, size)

    def save(self, path: Path) -> None:
        """Write the graph with the vectors in it."""
        self._graph.saveIndex(str(path), save_data=False)

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        """As Index.nearest; where the graph finds fewer than k, the row is filled with id -1 at infinite distance."""
        queries = _checked(queries, self._dimension)
        k = min(k, self._size)
        ids = np.full((len(queries), k), -1, dtype=np.int64)
        distances = np.full((len(queries), k), np.inf, dtype=np.float32)
        for row, query in enumerate(queries):
            found, squares = self._graph.knnQuery(query, k=k)
            ids[row, : len(found)] = found
            distances[row, : len(found)] = np.sqrt(np.maximum(squares, 0))
        return ids, distances


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
