"""Pairs of celebrities with near centroids: everybody is compared with everybody once, and later only who has changed.

The pairs of an index of KEPT_FROM celebrities and more are kept in its directory, near_pairs.npz: `rows` (p, 2) i64,
`distances` (p,) f32 and the SHA-256 of the embeddings.npz that they belong to. Without it, all are compared again.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.gallery.calibration import Floats, blocks
from lookalike.gallery.index_format import EMBEDDINGS, Manifest
from lookalike.gallery.patched_index import REMOVED, Rows, added_rows

RowPairs = npt.NDArray[np.int64]  # (p, 2) rows of centroids

NEAR_PAIRS = "near_pairs.npz"
KEPT_FROM = 5_000  # celebrities; comparing so many takes 0.1 s
# L2 between the centroids of two celebrities. One person's photos dealt out to two names are nearer in 99 % of cases
# with three photos a name, 86 % with two and 19 % with one; of 183,921 pairs of different people 4 are.
DUPLICATE_DISTANCE = 0.35
ROUNDING = 1e-3  # upper bound of the float32 rounding error of a distance near DUPLICATE_DISTANCE
MAX_DUPLICATE_PAIRS = 1_000  # the nearest ones: pairs grow with the square of the gallery


@dataclass(frozen=True, eq=False)
class NearPairs:
    """Pairs (p, 2) of rows i < j nearer than DUPLICATE_DISTANCE, and how near (p,), the nearest first."""

    rows: RowPairs
    distances: Floats

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        for (i, j), distance in zip(self.rows.tolist(), self.distances.tolist(), strict=True):
            yield i, j, distance

    def save(self, directory: Path, manifest: Manifest) -> None:
        """Keep them in the directory of their index, if it is large."""
        if manifest.celebrities >= KEPT_FROM:
            whose = np.array(manifest.files[EMBEDDINGS].sha256)
            np.savez(directory / NEAR_PAIRS, rows=self.rows, distances=self.distances, whose=whose)


NONE_NEAR = NearPairs(np.empty((0, 2), np.int64), np.empty(0, np.float32))


def find_near_pairs(centroids: Floats) -> NearPairs:
    """The MAX_DUPLICATE_PAIRS nearest pairs of centroids (n, d); all pairs are compared."""
    pairs = NONE_NEAR
    for found in _candidates(centroids, np.arange(len(centroids))):
        pairs = _nearest(centroids, np.concatenate([pairs.rows, found]))
    return pairs


def update_near_pairs(centroids: Floats, before: NearPairs, new_rows: Rows) -> NearPairs:
    """`find_near_pairs` of centroids (n, d), by the pairs `before` of an earlier index.

    `new_rows` (n_before,): the row that each of its celebrities has now, REMOVED for those who left or have changed.
    """
    rows = new_rows[before.rows].astype(np.int64)
    kept = (rows != REMOVED).all(axis=1)
    if len(rows) >= MAX_DUPLICATE_PAIRS and not kept.all():
        return find_near_pairs(centroids)  # pairs that were too many to be kept would come forward
    pairs = _nearest(centroids, np.sort(rows[kept], axis=1))
    for found in _candidates(centroids, added_rows(new_rows, len(centroids))):
        pairs = _nearest(centroids, np.concatenate([pairs.rows, found]))
    return pairs


def read_near_pairs(directory: Path, manifest: Manifest) -> NearPairs | None:
    """Those that are kept with an index; None if there are none, or none that belong to it."""
    try:
        with (directory / NEAR_PAIRS).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            rows, distances, whose = file["rows"], file["distances"], str(file["whose"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    is_right = rows.dtype == np.int64 and rows.shape == (len(distances), 2) and distances.dtype == np.float32
    if not is_right or whose != manifest.files[EMBEDDINGS].sha256:
        return None
    return NearPairs(rows, distances) if ((rows >= 0) & (rows < manifest.celebrities)).all() else None


def _nearest(centroids: Floats, pairs: RowPairs) -> NearPairs:
    """The nearest of these pairs (p, 2), measured without cancellation."""
    pairs = np.unique(pairs, axis=0)
    distances = np.linalg.norm(centroids[pairs[:, 0]] - centroids[pairs[:, 1]], axis=1)
    best = np.argsort(distances, kind="stable")[:MAX_DUPLICATE_PAIRS]
    best = best[distances[best] < DUPLICATE_DISTANCE]
    return NearPairs(pairs[best], distances[best])


def _candidates(centroids: Floats, rows: npt.NDArray[np.int64]) -> Iterator[RowPairs]:
    """Pairs of some rows and all that may be near: with |a|² and |b|² as two more dimensions, -|a - b|² / 2."""
    halves = np.einsum("ij,ij->i", centroids, centroids)[:, None] / -2
    ones = np.ones_like(halves)
    left, right = np.hstack([centroids, halves, ones]), np.hstack([centroids, ones, halves])
    is_everybody = len(rows) == len(centroids)  # then those before a block have been compared with it
    for block in blocks(len(rows), len(centroids)):
        first = int(block[0]) if is_everybody else 0
        near = left[rows[block]] @ right[first:].T > -((DUPLICATE_DISTANCE + ROUNDING) ** 2) / 2
        row, column = np.nonzero(near)
        pairs = np.stack([rows[block][row], column + first], axis=1)
        yield np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
