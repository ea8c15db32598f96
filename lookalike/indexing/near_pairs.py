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
KEPT_PAIRS = 5 * MAX_DUPLICATE_PAIRS  # so that others come forward where people leave or change


@dataclass(frozen=True, eq=False)
class NearPairs:
    """Pairs (p, 2) of rows i < j nearer than DUPLICATE_DISTANCE, and how near (p,), the nearest first.

    Iterated over, they are the MAX_DUPLICATE_PAIRS nearest. `is_complete`: no pairs were too many to be kept.
    """

    rows: RowPairs
    distances: Floats
    is_complete: bool = True

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        rows, distances = self.rows[:MAX_DUPLICATE_PAIRS], self.distances[:MAX_DUPLICATE_PAIRS]
        for (i, j), distance in zip(rows.tolist(), distances.tolist(), strict=True):
            yield i, j, distance

    def save(self, directory: Path, manifest: Manifest) -> None:
        """Keep them in the directory of their index, if it is large."""
        if manifest.celebrities >= KEPT_FROM:
            whose = np.array(manifest.files[EMBEDDINGS].sha256)
            np.savez(directory / NEAR_PAIRS, **vars(self), whose=whose)


NONE_NEAR = NearPairs(np.empty((0, 2), np.int64), np.empty(0, np.float32))


def find_near_pairs(centroids: Floats) -> NearPairs:
    """The nearest pairs of centroids (n, d); all pairs are compared."""
    pairs = NONE_NEAR
    for found in _candidates(centroids, np.arange(len(centroids))):
        pairs = _with(pairs, found, centroids)
    return pairs


def update_near_pairs(centroids: Floats, before: NearPairs, new_rows: Rows) -> NearPairs:
    """`find_near_pairs` of centroids (n, d), as far as it is iterated over, by the pairs `before` of an earlier index.

    `new_rows` (n_before,): the row that each of its celebrities has now, REMOVED for those who left or have changed.
    """
    rows = new_rows[before.rows].astype(np.int64)
    kept = (rows != REMOVED).all(axis=1)
    pairs = _with(NearPairs(NONE_NEAR.rows, NONE_NEAR.distances, before.is_complete), rows[kept], centroids)
    for found in _candidates(centroids, added_rows(new_rows, len(centroids))):
        pairs = _with(pairs, found, centroids)
    if before.is_complete:
        return pairs
    known = pairs.distances < before.distances[-1]  # from there on, pairs that were not kept would be among them
    if known.sum() < MAX_DUPLICATE_PAIRS:
        return find_near_pairs(centroids)
    return NearPairs(pairs.rows[known], pairs.distances[known], is_complete=False)


def read_near_pairs(directory: Path, manifest: Manifest) -> NearPairs | None:
    """Those that are kept with an index; None if there are none, or none that belong to it."""
    try:
        with (directory / NEAR_PAIRS).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            rows, distances, whose = file["rows"], file["distances"], str(file["whose"])
            is_complete = bool(file["is_complete"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    is_right = rows.dtype == np.int64 and rows.shape == (len(distances), 2) and distances.dtype == np.float32
    if not is_right or whose != manifest.files[EMBEDDINGS].sha256:
        return None
    return NearPairs(rows, distances, is_complete) if ((rows >= 0) & (rows < manifest.celebrities)).all() else None


def _with(near: NearPairs, found: RowPairs, centroids: Floats) -> NearPairs:
    """The nearest of both, measured without cancellation; KEPT_PAIRS of them at most."""
    pairs = np.unique(np.concatenate([near.rows, np.sort(found, axis=1)]), axis=0)
    distances = np.linalg.norm(centroids[pairs[:, 0]] - centroids[pairs[:, 1]], axis=1)
    best = np.argsort(distances, kind="stable")
    best = best[distances[best] < DUPLICATE_DISTANCE]
    kept = best[:KEPT_PAIRS]
    return NearPairs(pairs[kept], distances[kept], near.is_complete and len(best) <= KEPT_PAIRS)


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
