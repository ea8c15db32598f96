"""Suspects in a gallery: one person under two names, two people under one name, one photo under several names.

Distances say which celebrities deserve a look, not who is who: people who look alike are found too, the nearest first.
Limits are measured on the 607 people of the shared photos (bench/results/gates.json).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.gallery.calibration import Floats, Owners, distance_matrix
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.pooling import SAME_PERSON

# L2 between the centroids of two groups of a celebrity's photos: dlib's own threshold between two photos. Of two people
# under one name 91 % (four photos and two) to 99 % (one and one) are farther apart; of 607 single people 8 are.
MIXED_DISTANCE = SAME_PERSON


@dataclass(frozen=True)
class DuplicatePair:
    """Two celebrities who may be one person: L2 distance of their centroids, and the most alike photo file of each."""

    first: Celebrity
    second: Celebrity
    distance: float
    photos: tuple[str, str] | None  # None if the gallery names no photos


@dataclass(frozen=True)
class MixedPhotos:
    """A celebrity whose photos may show two people: L2 distance of the groups' centroids, the files of each group."""

    celebrity: Celebrity
    distance: float
    groups: tuple[tuple[str, ...], tuple[str, ...]]  # both empty if the gallery names no photos


@dataclass(frozen=True)
class SharedFile:
    """The same photo (by SHA-1) under several celebrities, with its file under each of them."""

    celebrities: tuple[Celebrity, ...]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Suspects:
    """What a maintainer should look at, the most suspicious first."""

    duplicates: tuple[DuplicatePair, ...] = ()
    mixed: tuple[MixedPhotos, ...] = ()
    shared: tuple[SharedFile, ...] = ()


def find_suspects(
    celebrities: Sequence[Celebrity], pairs: Iterable[tuple[int, int, float]], photos: Floats, owners: Owners,
    mixed: Iterable[MixedPhotos],
) -> Suspects:  # fmt: skip
    """Suspects among n celebrities with photos (m, d) of `owners` (m,), which are ascending.

    `pairs` of their rows have near centroids, by how much (near_pairs.py). A celebrity's rows of `photos` are in the
    order of its files; if their number differs, no files are named. `mixed` was found before outliers were dropped.
    """
    ends = np.searchsorted(owners, np.arange(len(celebrities) + 1))
    rows = [slice(start, end) for start, end in itertools.pairwise(ends.tolist())]
    return Suspects(
        tuple(
            DuplicatePair(celebrities[i], celebrities[j], distance, _most_alike(celebrities, photos, rows, i, j))
            for i, j, distance in pairs
        ),
        tuple(sorted(mixed, key=lambda one: -one.distance)),
        tuple(_shared_files(celebrities)),
    )


def _most_alike(
    celebrities: Sequence[Celebrity], photos: Floats, rows: Sequence[slice], i: int, j: int
) -> tuple[str, str] | None:
    files, other_files = _files(celebrities[i], rows[i]), _files(celebrities[j], rows[j])
    if not files or not other_files:
        return None
    distances = distance_matrix(photos[rows[i]], photos[rows[j]])
    place, other_place = np.unravel_index(distances.argmin(), distances.shape)
    return files[place], other_files[other_place]


def find_mixed(celebrity: Celebrity, embeddings: Floats, files: Sequence[str]) -> list[MixedPhotos]:
    """One MixedPhotos if photos (k, d) of a celebrity, with their files or none, may show two people, else none."""
    if len(embeddings) < 2:
        return []
    distance, first = two_groups(embeddings)
    if distance <= MIXED_DISTANCE:
        return []
    one = tuple(file for file, is_first in zip(files, first, strict=bool(files)) if is_first)
    other = tuple(file for file, is_first in zip(files, first, strict=bool(files)) if not is_first)
    return [MixedPhotos(celebrity, distance, (one, other))]


def two_groups(embeddings: Floats) -> tuple[float, npt.NDArray[np.bool_]]:
    """Embeddings (k, d), k >= 2, in two groups: L2 distance of the groups' means, and which (k,) are in the first.

    The two embeddings that are farthest apart start a group each, the others join the nearer one.
    """
    distances = distance_matrix(embeddings, embeddings)
    one, other = np.unravel_index(distances.argmax(), distances.shape)
    first = distances[one] < distances[other]
    if not first.any():  # all are equal
        return 0.0, first
    difference = embeddings[first].mean(axis=0) - embeddings[~first].mean(axis=0)
    return float(np.linalg.norm(difference)), first


def _shared_files(celebrities: Sequence[Celebrity]) -> Iterator[SharedFile]:
    by_sha1: dict[str, dict[int, str]] = {}
    for row, celebrity in enumerate(celebrities):
        for photo in celebrity.photos:
            if photo.sha1:
                by_sha1.setdefault(photo.sha1, {}).setdefault(row, photo.file)
    for files in by_sha1.values():
        if len(files) > 1:
            yield SharedFile(tuple(celebrities[row] for row in files), tuple(files.values()))


def _files(celebrity: Celebrity, rows: slice) -> tuple[str, ...]:
    """The files of these rows of photos; none if they are not known."""
    files = tuple(photo.file for photo in celebrity.photos)
    return files if len(files) == rows.stop - rows.start else ()
