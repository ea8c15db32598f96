"""Whether a photo from elsewhere shows a person of an index, and where the face is in it.

What is found in a photo is kept in the embedding cache of the index, by the SHA-1 of its bytes: nothing is looked at
twice, and a takedown erases it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lookalike.core.errors import WorkerDied
from lookalike.faces.photo_file import read_photo
from lookalike.faces.quality import choose
from lookalike.faces.types import MODEL_SHA256, RECIPE, Embedding, MeasuredFace, Reason, Refusal
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.index_format import CELEBRITIES, read_arrays, read_manifest
from lookalike.gallery.pooling import SAME_PERSON
from lookalike.indexing.embed_photos import Inspector
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache

SOMEBODY_ELSE = "unlike the person's photos in the gallery"


def centroids_of(index: Path) -> dict[str, Embedding]:
    """The embedding (128,) of each person of an index, by id; IndexRefused if it is not usable."""
    arrays = read_arrays(index, read_manifest(index, RECIPE, MODEL_SHA256))
    return {one.id: arrays.centroids[row] for row, one in enumerate(Celebrities.read(index / CELEBRITIES))}


class PortraitCheck:
    """Checks photos of people with these centroids (by id), by an inspector that finds faces."""

    def __init__(self, centroids: Mapping[str, Embedding], cache: EmbeddingCache, inspector: Inspector) -> None:
        self._centroids, self._cache, self._inspector = centroids, cache, inspector

    async def __call__(self, photo: bytes, id: str) -> Refusal | str | None:
        """Why a photo cannot be shown for a person; None if it can.

        As for an index: a face, large enough, no drawing, and not farther than an outlier from the person's centroid.
        """
        face = await self._face(photo)
        if not isinstance(face, MeasuredFace):
            return face
        (reason,) = choose([face])
        is_near = float(np.linalg.norm(face.embedding - self._centroids[id])) <= SAME_PERSON
        return reason or (None if is_near else SOMEBODY_ELSE)

    async def with_place(self, photo: CelebrityPhoto, id: str, photos: Path) -> CelebrityPhoto | None:
        """A photo in the directory `photos` with the place of the face; None if it cannot be shown."""
        data = read_photo(photos / photo.file)
        if isinstance(data, Refusal) or await self(data, id):
            return None
        face = await self._face(data)
        if not isinstance(face, MeasuredFace):
            return None
        x_left, y_left, x_right, y_right = (round(edge, 1) for edge in face.eyes)
        return photo.model_copy(update={"box": face.box, "eyes": (x_left, y_left, x_right, y_right)})

    async def _face(self, photo: bytes) -> MeasuredFace | Refusal | str:
        sha1 = hashlib.sha1(photo, usedforsecurity=False).digest()
        row = self._cache.find(sha1).row
        if row != NONE:
            return self._cache.photos(np.array([row]))[0].face
        try:
            found = await self._inspector.inspect(photo)
        except WorkerDied:
            return Refusal(Reason.UNREADABLE)
        self._cache.keep(sha1, found)
        return found
