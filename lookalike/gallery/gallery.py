"""An embedding -> the nearest celebrities: candidates from the index, re-scored, each with a similarity."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import IndexRefused
from lookalike.faces.types import EMBEDDING_SIZE, MODEL_SHA256, RECIPE, Embedding
from lookalike.gallery.calibration import RADIUS_NEIGHBOURS, Calibration, calibrate, probe_radius, score_corrections
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.comparing import StrangerPairs
from lookalike.gallery.filtered_index import FilteredIndex
from lookalike.gallery.filters import ANYBODY, Filter
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH, Arrays, Manifest, read_arrays, read_manifest
from lookalike.gallery.names.name_search import NameSearch
from lookalike.gallery.patched_index import added_rows, index_over
from lookalike.gallery.replacing.hidden import Hidden
from lookalike.gallery.vector_index import EXACT_BELOW, ExactIndex, HnswIndex, Index, parameters_from

# Nearest by L2 that are re-scored: corrections lift none from farther back (bench/README.md). They give the radius too.
CANDIDATES = RADIUS_NEIGHBOURS
QUICK_CELLS = 50_000_000  # distances computed to calibrate for another weight of fame than the index was built for
# A filter is calibrated by at most so many photos, and distances: 0.3 s. Where it leaves 86,000 people those are 127
# photos, and the standard error of a percentage in the middle is 4 points (46 / sqrt(photos)).
FILTER_PHOTOS, FILTER_CELLS = 4_000, 11_000_000
KEPT_FILTERS = 16  # filters in use whose searches and calibrations are kept: 15 MB each at most
GOLDEN_QUERIES = 20  # centroids, and as many that the graph does not have, that must find themselves
GOLDEN_DISTANCE = 1e-3  # L2


@dataclass(frozen=True)
class Neighbour:
    """A celebrity near a probe.

    `distance` is the true L2 distance to the celebrity's centroid, `score` the distance with the corrections for hubs,
    few photos and fame, `similarity` (0..1) the share of people who are less like their nearest celebrity, `photo` the
    celebrity's photo nearest to the probe (None where the gallery names no photo files).
    """

    celebrity: Celebrity
    distance: float
    score: float
    similarity: float
    photo: CelebrityPhoto | None


@dataclass(frozen=True)
class Kin:
    """A celebrity like another: L2 distance and cosine (-1..1) of the two centroids.

    `similarity` (0..1) is what a match of the other one's most typical photo, the nearest to the centroid, would say.
    """

    celebrity: Celebrity
    distance: float
    cosine: float
    similarity: float


@dataclass(frozen=True, eq=False)
class FilteredSearch:
    """Who takes part: how they are searched (ids are rows of the gallery), and what their scores mean."""

    index: Index
    calibration: Calibration


@dataclass(frozen=True, eq=False)
class Gallery:
    """A loaded index; immutable, so a new one can replace it while photos are matched."""

    manifest: Manifest
    celebrities: Celebrities
    index: Index
    calibration: Calibration
    centroids: npt.NDArray[np.float32]  # (n, 128)
    corrections: npt.NDArray[np.float32]  # (n,), for hubs, few photos and fame, added to distances
    photos: npt.NDArray[np.float32]  # (m, 128), those of a celebrity one after another
    photo_starts: npt.NDArray[np.int64]  # (n + 1,): celebrity i has photos[photo_starts[i]:photo_starts[i + 1]]
    photo_boxes: npt.NDArray[np.int32]  # (m, 4), as in index_format.Arrays
    photo_eyes: npt.NDArray[np.float32]  # (m, 4)
    _searches: OrderedDict[Filter, FilteredSearch] = field(default_factory=OrderedDict, init=False, repr=False)
    _searching: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @classmethod
    def load(cls, directory: Path, fame_weight: float | None = None) -> Gallery:
        """Read and check an index directory; IndexRefused, naming the file and the reason, if anything is wrong.

        `fame_weight`: of fame in scores, L2; None for the one that the index was built for.
        """
        manifest = read_manifest(directory, RECIPE, MODEL_SHA256)
        celebrities = Celebrities.read(directory / CELEBRITIES)
        arrays = read_arrays(directory, manifest)
        _check_photos(directory, celebrities, arrays)
        graph = HnswIndex.load(directory / GRAPH, EMBEDDING_SIZE, manifest.graph_nodes, parameters_from(manifest.hnsw))
        index = index_over(graph, arrays.graph_rows, arrays.centroids)
        _run_golden_queries(index, arrays, directory / GRAPH)
        if manifest.celebrities < EXACT_BELOW:
            index = ExactIndex(arrays.centroids)
        weight = manifest.fame_weight if fame_weight is None else fame_weight
        corrections = score_corrections(arrays.corrections, arrays.photo_owner, celebrities.sitelinks, weight)
        calibration = manifest.calibration
        if weight != manifest.fame_weight:
            size = max(1, QUICK_CELLS // manifest.celebrities)
            calibration = calibrate(arrays.centroids, corrections, arrays.photos, arrays.photo_owner, size)
        return cls(
            manifest=manifest,
            celebrities=celebrities,
            index=index,
            calibration=calibration,
            centroids=arrays.centroids,
            corrections=corrections,
            photos=arrays.photos,
            photo_starts=np.searchsorted(arrays.photo_owner, np.arange(manifest.celebrities + 1)),
            photo_boxes=arrays.photo_boxes,
            photo_eyes=arrays.photo_eyes,
        )

    def nearest(self, embedding: Embedding, k: int, where: Filter = ANYBODY) -> tuple[Neighbour, ...]:
        """The k best celebrities for a probe (128,) whom a filter leaves, best score first; FilterError if nobody."""
        search = self.filtered(where)
        ids, distances = search.index.nearest(embedding, max(CANDIDATES, k))
        found = ids[0] >= 0
        rows, near = ids[0][found], distances[0][found]
        if not len(near):
            return ()
        scores, radius = near + self.corrections[rows], probe_radius(near)
        best = np.argsort(scores, kind="stable")[:k]
        return tuple(
            self._neighbour(
                int(row), float(distance), float(score), search.calibration.similarity(score, radius), embedding
            )
            for row, distance, score in zip(rows[best], near[best], scores[best], strict=True)
        )

    def likeness(self, embedding: Embedding, row: int) -> Neighbour:
        """How like the celebrity of that row a probe (128,) is: more than which share of people."""
        compared = self.stranger_pairs.likeness(embedding, self.centroids[row], row)
        score = compared.distance + float(self.corrections[row])
        return self._neighbour(row, compared.distance, score, compared.similarity, embedding)

    def kin(self, row: int, k: int) -> tuple[Kin, ...]:
        """The k celebrities nearest to that of a row, nearest first."""
        own = self.centroids[row]
        left_out = {row, -1, *self.celebrities.hidden_rows}
        ids, distances = self.index.nearest(own, k + len(left_out) - 1)
        near = [(int(at), float(far)) for at, far in zip(ids[0], distances[0], strict=True) if at not in left_out][:k]
        rows = np.array([at for at, _ in near], dtype=np.int64)
        others = self.centroids[rows]
        cosines = others @ own / (np.linalg.norm(others, axis=1) * np.linalg.norm(own))
        return tuple(
            Kin(self.celebrities[at], far, float(cosine), similarity)
            for (at, far), cosine, similarity in zip(near, cosines, self._similarities(row, rows), strict=True)
        )

    def _similarities(self, row: int, others: npt.NDArray[np.int64]) -> list[float]:
        """The similarity of the most typical photo of the celebrity of a row to each of these others."""
        if not len(others):
            return []
        photos = self.photos[self.photo_starts[row] : self.photo_starts[row + 1]]
        probe = photos[np.linalg.norm(photos - self.centroids[row], axis=1).argmin()]
        ids, distances = self.index.nearest(probe, CANDIDATES + 1)
        radius = probe_radius(distances[0][(ids[0] >= 0) & (ids[0] != row)])
        scores = np.linalg.norm(self.centroids[others] - probe, axis=1) + self.corrections[others]
        return [self.calibration.similarity(float(score), radius) for score in scores]

    def without(self, hidden: Hidden) -> Gallery:
        """The same gallery with these celebrities and photos hidden, and no others."""
        gallery = replace(self, celebrities=self.celebrities.without(hidden))
        if "stranger_pairs" in vars(self):
            vars(gallery)["stranger_pairs"] = self.stranger_pairs
        if "names" in vars(self):
            vars(gallery)["names"] = self.names.without(gallery.celebrities.hidden_rows)
        return gallery

    def filtered(self, where: Filter) -> FilteredSearch:
        """Those whom a filter leaves; FilterError if nobody. The first time it takes up to 0.3 s (bench/filters.py)."""
        if where == ANYBODY and not self.celebrities.hidden_rows:
            return FilteredSearch(self.index, self.calibration)
        if (known := self._searches.get(where)) is None:  # without the lock: others may wait for a filter meanwhile
            with self._searching:
                if (known := self._searches.get(where)) is None:
                    known = self._searches[where] = self._search(self.celebrities.traits.rows(where))
                    if len(self._searches) > KEPT_FILTERS:
                        self._searches.popitem(last=False)
        with contextlib.suppress(KeyError):  # dropped by another thread just now
            self._searches.move_to_end(where)
        return known

    def _search(self, rows: npt.NDArray[np.int64]) -> FilteredSearch:
        if len(rows) + len(self.celebrities.hidden_rows) == len(self.centroids):  # everybody but the hidden ones
            return FilteredSearch(FilteredIndex(self.index, self.centroids, rows), self.calibration)
        places = np.full(len(self.centroids), -1, dtype=np.int32)
        places[rows] = np.arange(len(rows), dtype=np.int32)
        size, people = max(1, min(FILTER_PHOTOS, FILTER_CELLS // len(rows))), self.photo_owner
        calibration = calibrate(self.centroids[rows], self.corrections[rows], self.photos, places[people], size, people)
        return FilteredSearch(FilteredIndex(self.index, self.centroids, rows), calibration)

    @property
    def photo_owner(self) -> npt.NDArray[np.int32]:
        """The row of each photo's celebrity (m,)."""
        return np.repeat(np.arange(len(self.centroids), dtype=np.int32), np.diff(self.photo_starts))

    @cached_property
    def names(self) -> NameSearch:
        """Celebrities by name; the first time it takes 0.1 s for each 1,000."""
        return NameSearch.of(self.celebrities).without(self.celebrities.hidden_rows)

    @cached_property
    def stranger_pairs(self) -> StrangerPairs:
        """What two faces are compared with."""
        return StrangerPairs.of(self.photos, self.photo_owner)

    def photos_of(self, id: str) -> tuple[CelebrityPhoto, ...]:
        """The photos of a celebrity of this gallery, each with the place of its face where that is known."""
        row = self.celebrities.row(id)
        files = self.celebrities[row].photos
        shown = (
            (number, photo) for number, photo in enumerate(files) if photo.file not in self.celebrities.hidden.photos
        )
        return tuple(self._with_place(row, number, photo) for number, photo in shown)

    def _neighbour(self, row: int, distance: float, score: float, similarity: float, embedding: Embedding) -> Neighbour:
        celebrity = self.celebrities[row]
        photo = self._nearest_photo(row, celebrity.photos, embedding)
        return Neighbour(celebrity, distance, score, similarity, photo)

    def _nearest_photo(
        self, row: int, files: tuple[CelebrityPhoto, ...], embedding: Embedding
    ) -> CelebrityPhoto | None:
        hidden = self.celebrities.hidden.photos
        shown = [number for number, one in enumerate(files) if one.file not in hidden]
        if not files or not all(one.embedded for one in files):
            return next((files[number] for number in shown if not files[number].embedded), None)
        own = self.photos[self.photo_starts[row] : self.photo_starts[row + 1]]
        far = np.linalg.norm(own - embedding, axis=1)
        number = min(shown, key=lambda one: float(far[one]), default=None)
        return None if number is None else self._with_place(row, number, files[number])

    def _with_place(self, row: int, number: int, photo: CelebrityPhoto) -> CelebrityPhoto:
        at = self.photo_starts[row] + number
        if not photo.embedded or at >= self.photo_starts[row + 1] or not self.photo_boxes[at].any():
            return photo
        place = {"box": tuple(self.photo_boxes[at].tolist()), "eyes": tuple(self.photo_eyes[at].tolist())}
        return photo.model_copy(update=place)


def _check_photos(directory: Path, celebrities: Celebrities, arrays: Arrays) -> None:
    """IndexRefused unless each row has a celebrity, who names the photos of all embeddings, or none."""
    path, n = directory / CELEBRITIES, len(arrays.centroids)
    if len(celebrities) != n:
        raise IndexRefused(f"{path}: {len(celebrities)} celebrities, the manifest says {n}")
    named = celebrities.embedded_counts
    if ((named != 0) & (named != np.bincount(arrays.photo_owner))).any():
        raise IndexRefused(f"{path}: its photos are not those of {EMBEDDINGS}")


def _run_golden_queries(index: Index, arrays: Arrays, path: Path) -> None:
    """IndexRefused unless some centroids find themselves, at distance 0 and with true distances to their neighbours."""
    added = added_rows(arrays.graph_rows, len(arrays.centroids))
    rows = np.union1d(_some(np.arange(len(arrays.centroids))), _some(added))
    ids, distances = index.nearest(arrays.centroids[rows], 2)
    found = (ids == rows[:, None]).any(axis=1)  # first or second: two people may have the same single photo
    if not (found & (distances[:, 0] <= GOLDEN_DISTANCE)).all():
        raise IndexRefused(f"{path}: does not find the celebrities it was built from")
    # nmslib measures as the file says: a graph of cosines would answer as if its distances were L2
    true = np.linalg.norm(arrays.centroids[ids] - arrays.centroids[rows][:, None], axis=2)
    if not (np.abs(true - distances)[ids >= 0] <= GOLDEN_DISTANCE).all():
        raise IndexRefused(f"{path}: its distances are not those of the celebrities")


def _some(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """GOLDEN_QUERIES of the rows, evenly spread, or all if there are fewer."""
    some: npt.NDArray[np.int64] = rows[
        np.unique(np.linspace(0, len(rows) - 1, min(GOLDEN_QUERIES, len(rows))).astype(int))
    ]
    return some
