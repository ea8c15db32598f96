"""An embedding -> the nearest celebrities: candidates from the index, re-scored, with a similarity of meaning."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from calibration import Calibration
from catalogue import Celebrity, CelebrityPhoto
from errors import IndexRefused
from findings import EMBEDDING_SIZE, MODEL_SHA256, RECIPE, Embedding
from manifest import CELEBRITIES, EMBEDDINGS, GRAPH, Manifest, read_manifest
from search import EXACT_BELOW, ExactIndex, HnswIndex, Index, parameters_from

CANDIDATES = 100  # nearest by L2 that are re-scored; the correction moves nobody from farther back (README, "Search")
GOLDEN_QUERIES = 20  # centroids that must find themselves before an index serves
GOLDEN_DISTANCE = 1e-3
ARRAY_TYPES = {"centroids": "f4", "corrections": "f4", "photos": "f4", "photo_owner": "i4"}

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Neighbour:
    """A celebrity near a probe.

    `distance` is the true L2 distance to the mean of the celebrity's photos, `score` the same with the hub correction,
    `similarity` (0..1) the share of people who are less like their nearest star, `photo` the star's photo nearest to
    the probe (None where the gallery knows no photo files).
    """

    celebrity: Celebrity
    distance: float
    score: float
    similarity: float
    photo: CelebrityPhoto | None


@dataclass(frozen=True)
class Gallery:
    """Everything known about all celebrities; immutable, so a new one can replace it while it answers."""

    manifest: Manifest
    celebrities: tuple[Celebrity, ...]
    index: Index
    calibration: Calibration
    corrections: npt.NDArray[np.float32]  # (n,)
    photos: npt.NDArray[np.float32]  # (m, 128), all photos of a celebrity in a row
    photo_starts: npt.NDArray[np.int64]  # (n + 1,): celebrity i has photos[photo_starts[i]:photo_starts[i + 1]]

    @classmethod
    def load(cls, directory: Path) -> Gallery:
        """Read and check an index directory; IndexRefused, naming the file and the reason, if anything is wrong."""
        manifest = read_manifest(directory, RECIPE, MODEL_SHA256)
        celebrities = _read_celebrities(directory / CELEBRITIES)
        arrays = _read_arrays(directory / EMBEDDINGS, manifest, celebrities)
        graph = HnswIndex.load(directory / GRAPH, EMBEDDING_SIZE, manifest.celebrities, parameters_from(manifest.hnsw))
        _try_out(graph, arrays["centroids"], directory / GRAPH)
        index: Index = ExactIndex(arrays["centroids"]) if manifest.celebrities < EXACT_BELOW else graph
        return cls(
            manifest=manifest,
            celebrities=celebrities,
            index=index,
            calibration=Calibration(manifest.mu, manifest.sigma, manifest.min_similarity),
            corrections=arrays["corrections"],
            photos=arrays["photos"],
            photo_starts=np.searchsorted(arrays["photo_owner"], np.arange(manifest.celebrities + 1)),
        )

    def nearest(self, embedding: Embedding, k: int) -> tuple[Neighbour, ...]:
        """The k best celebrities for a probe (128,), best score first."""
        ids, distances = self.index.nearest(embedding, max(CANDIDATES, k))
        found = ids[0] >= 0
        rows, near = ids[0][found], distances[0][found]
        scores = near + self.corrections[rows]
        best = np.argsort(scores, kind="stable")[:k]
        return tuple(
            Neighbour(
                celebrity=self.celebrities[row],
                distance=float(distance),
                score=float(score),
                similarity=self.calibration.similarity(float(score)),
                photo=self._nearest_photo(int(row), embedding),
            )
            for row, distance, score in zip(rows[best], near[best], scores[best], strict=True)
        )

    def _nearest_photo(self, row: int, embedding: Embedding) -> CelebrityPhoto | None:
        files = self.celebrities[row].photos
        if not files:
            return None
        own = self.photos[self.photo_starts[row] : self.photo_starts[row + 1]]
        return files[int(np.linalg.norm(own - embedding, axis=1).argmin())]


def _read_celebrities(path: Path) -> tuple[Celebrity, ...]:
    try:
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        return tuple(Celebrity.model_validate(json.loads(line)) for line in lines)
    except ValidationError as error:
        first = error.errors()[0]
        raise IndexRefused(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise IndexRefused(f"{path}: {error}") from error


def _read_arrays(path: Path, manifest: Manifest, celebrities: tuple[Celebrity, ...]) -> Arrays:
    """The four arrays, of the right types and shapes, finite, every celebrity's photos in a row."""
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name: _read_array(archive, name) for name in ARRAY_TYPES}
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise IndexRefused(f"{path}: {error}") from error
    n, m = manifest.celebrities, manifest.photos
    shapes = {"centroids": (n, EMBEDDING_SIZE), "corrections": (n,), "photos": (m, EMBEDDING_SIZE), "photo_owner": (m,)}
    for name, array in arrays.items():
        if array.dtype != ARRAY_TYPES[name] or array.shape != shapes[name]:
            raise IndexRefused(f"{path}: {name} is {array.dtype} {array.shape}, expected {shapes[name]}")
        if not np.isfinite(array).all():
            raise IndexRefused(f"{path}: {name} holds NaN or infinity")
    if len(celebrities) != n:
        raise IndexRefused(f"{path.with_name(CELEBRITIES)}: {len(celebrities)} celebrities, the manifest says {n}")
    owned = np.bincount(np.clip(arrays["photo_owner"], 0, n), minlength=n)
    named = np.array([len(one.photos) for one in celebrities])
    if len(owned) != n or (owned == 0).any() or (np.diff(arrays["photo_owner"]) < 0).any():
        raise IndexRefused(f"{path}: photo_owner is not in the order of the celebrities")
    if ((named != 0) & (named != owned)).any():
        raise IndexRefused(f"{path.with_name(CELEBRITIES)}: names other photos than {path.name} has embeddings of")
    return arrays


def _read_array(archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        return array


def _try_out(index: Index, centroids: npt.NDArray[np.float32], path: Path) -> None:
    """Golden queries: some centroids must find themselves, at no distance, before the index serves."""
    rows = np.unique(np.linspace(0, len(centroids) - 1, GOLDEN_QUERIES).astype(int))
    ids, distances = index.nearest(centroids[rows], 2)
    twin = (ids == rows[:, None]).any(axis=1)  # two people may have the same single photo
    if not (twin & (distances[:, 0] <= GOLDEN_DISTANCE)).all():
        raise IndexRefused(f"{path}: does not find the celebrities it was built from")
