"""Who in a gallery may be somebody else: one person under two names, two people under one, one photo under several.

Distances say who deserves a look, never who is who: people who look alike are in it too, the nearest first. Limits are
measured on the 607 people of the shared photos (bench/gates.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.gallery.calibration import SAME_PERSON, Floats, Owners, blocks, distance_matrix
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.vector_index import Index

Pairs = npt.NDArray[np.int64]  # (p, 2) rows of means

# Between the means of two celebrities. One person's photos dealt out to two names are nearer in 99 % of cases with
# three photos a name, 86 % with two and 19 % with one; of 183,921 pairs of different people 4 are.
TWINS = 0.35
# Between the means of a celebrity's two groups of photos: dlib's own threshold between two photos. Of two people under
# one name 91 % (four photos and two) to 99 % (one and one) are farther apart; of 607 single people 8 are.
SPLIT = SAME_PERSON
NEIGHBOURS = 10  # of a celebrity that are looked at where an index finds them
ROUNDING = 1e-3  # of a distance about as long as TWINS, in float32, with room
MAX_TWINS = 1_000  # the nearest ones: pairs grow with the square of the gallery, patience does not


@dataclass(frozen=True)
class Twins:
    """Two celebrities who may be one person: L2 distance of their means; a file of each, those most alike."""

    first: Celebrity
    second: Celebrity
    distance: float
    photos: tuple[str, str] | None  # None where the gallery names no photos


@dataclass(frozen=True)
class Split:
    """A celebrity whose photos may show two people: L2 distance of the groups' means, the files of each group."""

    celebrity: Celebrity
    distance: float
    groups: tuple[tuple[str, ...], tuple[str, ...]]  # both empty where the gallery names no photos


@dataclass(frozen=True)
class SharedPhoto:
    """One and the same photo (by SHA-1) under several celebrities, with its file under each of them."""

    celebrities: tuple[Celebrity, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Suspects:
    """What a maintainer should look at, the most suspicious first."""

    twins: tuple[Twins, ...] = ()
    splits: tuple[Split, ...] = ()
    shared: tuple[SharedPhoto, ...] = ()


def find(
    celebrities: Sequence[Celebrity], centroids: Floats, photos: Floats, owners: Owners, index: Index | None = None,
    splits: Iterable[Split] | None = None,
) -> Suspects:  # fmt: skip
    """Suspects among n celebrities with means (n, d) and photos (m, d) of `owners` (m,), which are in ascending order.

    A celebrity's rows of `photos` are in the order of its files; where there are not as many, no files are named. All
    pairs are compared, unless there is an `index` of the means, which is asked for the nearest of each. `splits` are
    those found before the fewer photos were dropped; None: they are looked for in these photos.
    """
    ends = np.searchsorted(owners, np.arange(len(celebrities) + 1))
    rows = [slice(start, end) for start, end in itertools.pairwise(ends.tolist())]
    if splits is None:
        splits = itertools.chain.from_iterable(
            split(celebrity, photos[own], _files(celebrity, own))
            for celebrity, own in zip(celebrities, rows, strict=True)
        )
    return Suspects(
        tuple(
            Twins(celebrities[i], celebrities[j], distance, _most_alike(celebrities, photos, rows, i, j))
            for i, j, distance in near_pairs(centroids, index)
        ),
        tuple(sorted(splits, key=lambda one: -one.distance)),
        tuple(_shared(celebrities)),
    )


def near_pairs(centroids: Floats, index: Index | None = None) -> list[tuple[int, int, float]]:
    """Pairs of rows (i < j) of means (n, d) nearer than TWINS, with their distance, the nearest MAX_TWINS."""
    nearest, distances = np.empty((0, 2), np.int64), np.empty(0, np.float32)
    for found in _pairs_of_all(centroids) if index is None else _pairs_of_index(centroids, index):
        pairs = np.unique(np.concatenate([nearest, found]), axis=0)
        apart = np.linalg.norm(centroids[pairs[:, 0]] - centroids[pairs[:, 1]], axis=1)  # no cancellation
        best = np.argsort(apart, kind="stable")[:MAX_TWINS]
        nearest, distances = pairs[best], apart[best]
    return [(i, j, d) for (i, j), d in zip(nearest.tolist(), distances.tolist(), strict=True) if d < TWINS]


def parted(embeddings: Floats) -> tuple[float, npt.NDArray[np.bool_]]:
    """One person's embeddings (k, d), k from 2 on, in two groups: distance of their means, who (k,) is in the first.

    The two that are farthest apart begin a group each, the others go to the nearer one.
    """
    distances = distance_matrix(embeddings, embeddings)
    one, other = np.unravel_index(distances.argmax(), distances.shape)
    first = distances[one] < distances[other]
    if not first.any():  # all are the same
        return 0.0, first
    apart = embeddings[first].mean(axis=0) - embeddings[~first].mean(axis=0)
    return float(np.linalg.norm(apart)), first


def _pairs_of_all(centroids: Floats) -> Iterator[Pairs]:
    """Every pair once, by one product a block: with |a|² and |b|² in two more dimensions it is -|a - b|² / 2."""
    halves = np.einsum("ij,ij->i", centroids, centroids)[:, None] / -2
    ones = np.ones_like(halves)
    left, right = np.hstack([centroids, halves, ones]), np.hstack([centroids, ones, halves])
    for rows in blocks(len(centroids), len(centroids)):
        row, column = np.nonzero(left[rows] @ right[rows[0] :].T > -((TWINS + ROUNDING) ** 2) / 2)
        yield rows[0] + np.stack([row, column], axis=1)[row < column]


def _pairs_of_index(centroids: Floats, index: Index) -> Iterator[Pairs]:
    """Everybody's NEIGHBOURS nearest: as long as so many queries take."""
    for rows in blocks(len(centroids), NEIGHBOURS + 1):
        found, distances = index.nearest(centroids[rows], NEIGHBOURS + 1)  # one of them is the row itself
        row, place = np.nonzero(distances < TWINS + ROUNDING)
        pairs = np.sort(np.stack([rows[row], found[row, place]], axis=1), axis=1)
        yield pairs[pairs[:, 0] < pairs[:, 1]]


def _most_alike(
    celebrities: Sequence[Celebrity], photos: Floats, rows: Sequence[slice], i: int, j: int
) -> tuple[str, str] | None:
    files, other_files = _files(celebrities[i], rows[i]), _files(celebrities[j], rows[j])
    if not files or not other_files:
        return None
    distances = distance_matrix(photos[rows[i]], photos[rows[j]])
    place, other_place = np.unravel_index(distances.argmin(), distances.shape)
    return files[place], other_files[other_place]


def split(celebrity: Celebrity, embeddings: Floats, files: Sequence[str]) -> list[Split]:
    """One Split if the photos (k, d) of a celebrity, with these files or none known, may show two people, else none."""
    if len(embeddings) < 2:
        return []
    distance, first = parted(embeddings)
    if distance <= SPLIT:
        return []
    one = tuple(file for file, is_first in zip(files, first, strict=bool(files)) if is_first)
    other = tuple(file for file, is_first in zip(files, first, strict=bool(files)) if not is_first)
    return [Split(celebrity, distance, (one, other))]


def _shared(celebrities: Sequence[Celebrity]) -> Iterator[SharedPhoto]:
    by_sha1: dict[str, dict[int, str]] = {}
    for row, celebrity in enumerate(celebrities):
        for photo in celebrity.photos:
            if photo.sha1:
                by_sha1.setdefault(photo.sha1, {}).setdefault(row, photo.file)
    for holders in by_sha1.values():
        if len(holders) > 1:
            yield SharedPhoto(tuple(celebrities[row] for row in holders), tuple(holders.values()))


def _files(celebrity: Celebrity, rows: slice) -> tuple[str, ...]:
    """Files of these rows of photos; none where they are not known."""
    files = tuple(photo.file for photo in celebrity.photos)
    return files if len(files) == rows.stop - rows.start else ()
