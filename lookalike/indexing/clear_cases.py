"""Celebrities all of whose photos are clearly good, found many at a time: nearly everybody, in a tenth of the time.

Whoever has a photo that is left out, or may be, goes through photo_selection.py one by one, with the same result.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from lookalike.faces.quality import passes
from lookalike.gallery.calibration import Floats
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.pooling import SAME_PERSON
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache, FaceTable, Rows
from lookalike.indexing.index_entries import IndexEntry

Bools = npt.NDArray[np.bool_]

MARGIN = 1e-2  # L2 to every limit: float32 errors of distances are below 1e-3 (calibration.distance_matrix)


def clear_entries(
    celebrities: Sequence[Celebrity], rows: Rows, cache: EmbeddingCache, deny: Collection[str]
) -> list[IndexEntry | None]:
    """The entry of each celebrity whose photos are all used, whoever looks at them; None for all others.

    `rows` (m,): those of all their photos in the cache, in order; `deny`: SHA-1 of photos to leave out.
    """
    counts = np.array([len(one.photos) for one in celebrities], dtype=np.int64)
    owners = np.repeat(np.arange(len(celebrities)), counts)
    table = cache.table(rows)
    is_good = table.has_face & passes(table.measures) & _unique(owners, rows)
    if deny:
        is_good &= np.array([sha1 not in deny for sha1 in table.sha1s], dtype=bool)
    is_clear = counts > 0
    is_clear[owners[~is_good]] = False
    starts = np.cumsum(counts) - counts
    entries: list[IndexEntry | None] = [None] * len(celebrities)
    for count in np.unique(counts[is_clear]).tolist():
        members = np.flatnonzero(is_clear & (counts == count))
        photos = table.embeddings[starts[members][:, None] + np.arange(count)]  # (people, count, 128)
        agreeing = np.flatnonzero(_agree(photos))
        means = photos[agreeing].mean(axis=1, dtype=np.float64).astype(np.float32)
        for member, mean in zip(members[agreeing].tolist(), means, strict=True):
            place = slice(int(starts[member]), int(starts[member]) + count)
            entries[member] = _entry(celebrities[member], mean, table, place)
    return entries


def _unique(owners: npt.NDArray[np.int64], rows: Rows) -> Bools:
    """Which photos (m,) are not the same as another one of their celebrity."""
    order = np.lexsort((rows, owners))
    is_same = (np.diff(owners[order]) == 0) & (np.diff(rows[order]) == 0)
    unique = np.ones(len(rows), dtype=bool)
    unique[order[1:][is_same]] = unique[order[:-1][is_same]] = False
    unique[rows == NONE] = False
    return unique


def _agree(photos: Floats) -> Bools:
    """Whose (n,) photos (n, k, d) clearly show one person: no outliers, no two groups (duplicate_check.py)."""
    squares = np.einsum("nkd,nkd->nk", photos, photos)
    products = photos @ photos.transpose(0, 2, 1)
    distances = np.sqrt(np.maximum(squares[:, :, None] + squares[:, None, :] - 2 * products, 0))  # (n, k, k)
    limit, farthest = SAME_PERSON - MARGIN, distances.max(axis=2)
    agree: Bools = farthest.max(axis=1) <= limit  # then no two means of some of them are farther apart
    if photos.shape[1] >= 3:
        rest = np.flatnonzero(~agree)
        medians = np.median(distances[rest], axis=2)
        may_be_medoid = medians <= medians.min(axis=1, initial=np.inf)[:, None] + MARGIN
        has_outliers = (may_be_medoid & (farthest[rest] > limit)).any(axis=1)
        agree[rest] = ~has_outliers & _are_one_group(photos[rest], distances[rest], limit)
    return agree


def _are_one_group(photos: Floats, distances: Floats, limit: float) -> Bools:
    """Whose (n,) two groups, as in duplicate_check.two_groups, cannot be others and are nearer than a limit."""
    people, k = np.arange(len(photos)), photos.shape[1]
    one, other = np.unravel_index(distances.reshape(len(photos), k * k).argmax(axis=1), (k, k))
    above = distances[:, *np.triu_indices(k, 1)]
    ties = (above >= above.max(axis=1, initial=0)[:, None] - MARGIN).sum(axis=1) > 1
    nearer = distances[people, other] - distances[people, one]  # (n, k): above 0 in the first group
    in_first = nearer > 0
    is_clear = ~ties & (np.abs(nearer) > MARGIN).all(axis=1)
    sums = np.einsum("nk,nkd->nd", in_first.astype(np.float32), photos)
    of_first = np.maximum(in_first.sum(axis=1), 1)[:, None]
    of_other = np.maximum(k - in_first.sum(axis=1), 1)[:, None]
    apart = np.linalg.norm(sums / of_first - (photos.sum(axis=1) - sums) / of_other, axis=1)
    found: Bools = is_clear & (apart <= limit)
    return found


def _entry(celebrity: Celebrity, mean: Floats, table: FaceTable, place: slice) -> IndexEntry:
    sha1s = table.sha1s[place]
    if any(photo.sha1 != sha1 for photo, sha1 in zip(celebrity.photos, sha1s, strict=True)):
        photos = (one.model_copy(update={"sha1": sha1}) for one, sha1 in zip(celebrity.photos, sha1s, strict=True))
        celebrity = celebrity.model_copy(update={"photos": tuple(photos)})
    return IndexEntry(celebrity, mean, table.embeddings[place], table.boxes[place], table.eyes[place])
