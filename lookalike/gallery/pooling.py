"""Photos of one person -> one embedding: the mean without outliers, which most likely are another person's face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lookalike.faces.types import Embedding
from lookalike.gallery.calibration import Floats, distance_matrix

SAME_PERSON = 0.6  # L2 distance; dlib's own threshold (dlib, python_examples/face_recognition.py)


def centroid(embeddings: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Mean (d,) of one person's embeddings (n, d) without outliers, and which rows (n,) were kept.

    An outlier is farther than SAME_PERSON from the medoid of three or more photos: most likely another person's face.
    """
    keep = np.ones(len(embeddings), dtype=bool)
    if len(embeddings) >= 3:
        distances = distance_matrix(embeddings, embeddings)
        keep = distances[np.median(distances, axis=1).argmin()] <= SAME_PERSON
    mean: Floats = embeddings[keep].mean(axis=0, dtype=np.float64).astype(np.float32)
    return mean, keep


def pooled(embeddings: Sequence[Embedding]) -> tuple[Embedding, int]:
    """One embedding (128,) of photos of one person, and of how many it is the mean; ValueError if there are none.

    Of two photos that are not of one person the first counts: which of them is meant cannot be known.
    """
    if not embeddings:
        raise ValueError("there are no photos to pool")
    stacked = np.stack(embeddings).astype(np.float32)
    if len(stacked) == 2 and np.linalg.norm(stacked[0] - stacked[1]) > SAME_PERSON:
        stacked = stacked[:1]
    mean, keep = centroid(stacked)
    return mean, int(keep.sum())
