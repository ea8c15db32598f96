"""An embedding -> the nearest celebrities: candidates from the index, re-scored, with a similarity of meaning."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from calibration import Calibration
from catalogue import Celebrity, CelebrityPhoto
from errors import IndexRefused
from findings import EMBEDDING_SIZE, MODEL_SHA256, RECIPE, Embedding
from manifest import CELEBRITIES, EMBEDDINGS, GRAPH, Manifest, read_manifest
from search import HnswIndex, Index, parameters_from

CANDIDATES = 100  # nearest by L2 that are re-scored; the correction moves nobody from farther back (README, "Search")
GOLDEN_QUERIES = 20  # centroids that must find themselves before an index serves
GOLDEN_DISTANCE = 1e-3


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
        try:
            with np.load(directory / EMBEDDINGS, allow_pickle=False) as arrays:
                centroids, corrections = arrays["centroids"], arrays["corrections"]
                photos, owners = arrays["photos"], arrays["photo_owner"]
        except (ValueError, KeyError, OSError) as error:
            raise IndexRefused(f"{directory / EMBEDDINGS}: {error}") from error
        n, m = manifest.celebrities, manifest.photos
        shapes = {"centroids": centroids.shape, "corrections": corrections.shape, "photos": photos.shape}
        expected = {"centroids": (n, EMBEDDING_SIZE), "corrections": (n,), "photos": (m, EMBEDDING_SIZE)}
        if shapes != expected or owners.shape != (m,) or len(celebrities) != n or n == 0:
            raise IndexRefused(f"{directory}: {len(celebrities)} celebrities and arrays {shapes}, expected {expected}")
        index = HnswIndex.load(directory / GRAPH, EMBEDDING_SIZE, n, parameters_from(manifest.hnsw))
        gallery = cls(
            manifest=manifest,
            celebrities=celebrities,
            index=index,
            calibration=Calibration(manifest.mu, manifest.sigma, manifest.min_similarity),
            corrections=corrections,
            photos=photos,
            photo_starts=np.searchsorted(owners, np.arange(n + 1)),
        )
        gallery._try_out(centroids, directory)
        return gallery

    def _try_out(self, centroids: npt.NDArray[np.float32], directory: Path) -> None:
        """Golden queries: some centroids must find themselves, at no distance."""
        rows = np.unique(np.linspace(0, len(centroids) - 1, GOLDEN_QUERIES).astype(int))
        _, distances = self.index.nearest(centroids[rows], 1)
        if not (distances <= GOLDEN_DISTANCE).all():
            raise IndexRefused(f"{directory / GRAPH}: does not find the celebrities it was built from")

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

    def celebrity(self, id: str) -> Celebrity | None:
        """The celebrity with that id."""
        return next((celebrity for celebrity in self.celebrities if celebrity.id == id), None)


def _read_celebrities(path: Path) -> tuple[Celebrity, ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(Celebrity.model_validate(json.loads(line)) for line in lines)
    except (OSError, ValueError, ValidationError) as error:
        raise IndexRefused(f"{path}: {error}") from error
