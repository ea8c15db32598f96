"""Search libraries with the same methods: what `bench/searching.py` compares.

nmslib and exact search are our own classes, the peers are bare: our checks cost some 10 µs a query. All peers take the
same M and efConstruction as nmslib; usearch calls them connectivity and expansion_add. With all of them a node of the
lowest layer has 2 M links.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.gallery.vector_index import ExactIndex, HnswIndex, HnswParameters

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

BUILD_THREADS = 2
SEED = 100  # hnswlib's own default
EXACT = "numpy"  # the library that needs no parameters


class Searcher(Protocol):
    """One library with an index in it; `nearest` gives row numbers and true L2 distances, nearest first."""

    def build(self, vectors: Floats, m: int, ef_construction: int) -> None:
        """Index all rows (n, d), on BUILD_THREADS threads."""
        ...

    def save(self, path: Path) -> None:
        """Write it to a file."""
        ...

    def load(self, path: Path, dimension: int, size: int) -> None:
        """Read it from there."""
        ...

    def set_ef(self, ef: int) -> None:
        """How many candidates a query looks at."""
        ...

    def nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        """Of one query (1, d), in one thread."""
        ...


class _Exact:
    """Our ExactIndex, all rows compared by NumPy; its file is the matrix."""

    def build(self, vectors: Floats, m: int, ef_construction: int) -> None:
        self._vectors = vectors
        self._index = ExactIndex(vectors)

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, self._vectors)

    def load(self, path: Path, dimension: int, size: int) -> None:
        self._index = ExactIndex(np.load(path))

    def set_ef(self, ef: int) -> None:
        pass

    def nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        return self._index.nearest(query, k)


class _Nmslib:
    """Our HnswIndex."""

    def build(self, vectors: Floats, m: int, ef_construction: int) -> None:
        self._index = HnswIndex.build(vectors, HnswParameters(m, ef_construction))

    def save(self, path: Path) -> None:
        self._index.save(path)

    def load(self, path: Path, dimension: int, size: int) -> None:
        self._index = HnswIndex.load(path, dimension, size, HnswParameters())

    def set_ef(self, ef: int) -> None:
        self._index._graph.setQueryTimeParams({"efSearch": ef})

    def nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        return self._index.nearest(query, k)


class _Hnswlib:
    """Malkov's own implementation."""

    def build(self, vectors: Floats, m: int, ef_construction: int) -> None:
        import hnswlib

        self._index: Any = hnswlib.Index(space="l2", dim=vectors.shape[1])
        self._index.init_index(max_elements=len(vectors), M=m, ef_construction=ef_construction, random_seed=SEED)
        self._index.add_items(vectors, num_threads=BUILD_THREADS)

    def save(self, path: Path) -> None:
        self._index.save_index(str(path))

    def load(self, path: Path, dimension: int, size: int) -> None:
        import hnswlib

        self._index = hnswlib.Index(space="l2", dim=dimension)
        self._index.load_index(str(path))

    def set_ef(self, ef: int) -> None:
        self._index.set_ef(ef)

    def nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        ids, squares = self._index.knn_query(query, k=k, num_threads=1)
        return ids, np.sqrt(squares)


class _Faiss:
    """IndexHNSWFlat."""

    def build(self, vectors: Floats, m: int, ef_construction: int) -> None:
        import faiss

        faiss.omp_set_num_threads(BUILD_THREADS)
        self._index: Any = faiss.IndexHNSWFlat(vectors.shape[1], m)
        self._index.hnsw.efConstruction = ef_construction
        self._index.add(vectors)

    def save(self, path: Path) -> None:
        import faiss

        faiss.write_index(self._index, str(path))

    def load(self, path: Path, dimension: int, size: int) -> None:
        import faiss

        faiss.omp_set_num_threads(1)
        self._index = faiss.read_index(str(path))

    def set_ef(self, ef: int) -> None:
        self._index.hnsw.efSearch = ef

    def nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        squares, ids = self._index.search(query, k)
        return ids, np.sqrt(squares)


class _Usearch:
    """usearch.index.Index in single precision."""

    def build(self, vectors: Floats, m: int, ef_construction: int) -> None:
        from usearch.index import Index

        self._index: Any = Index(
            ndim=vectors.shape[1], metric="l2sq", dtype="f32", connectivity=m, expansion_add=ef_construction
        )
        self._index.add(np.arange(len(vectors)), vectors, threads=BUILD_THREADS)

    def save(self, path: Path) -> None:
        self._index.save(str(path))

    def load(self, path: Path, dimension: int, size: int) -> None:
        from usearch.index import Index

        self._index = Index.restore(str(path), view=False)

    def set_ef(self, ef: int) -> None:
        self._index.expansion_search = ef

    def nearest(self, query: Floats, k: int) -> tuple[Ids, Floats]:
        found = self._index.search(query[0], k, threads=1)
        return found.keys[None].astype(np.int64), np.sqrt(np.maximum(found.distances[None], 0))


SEARCHERS: dict[str, type[Searcher]] = {
    EXACT: _Exact, "nmslib": _Nmslib, "hnswlib": _Hnswlib, "faiss": _Faiss, "usearch": _Usearch,
}  # fmt: skip
PACKAGES = {"numpy": "numpy", "faiss": "faiss-cpu"}  # where the package has another name
