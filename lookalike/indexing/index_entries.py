"""Celebrities with their embeddings, one by one, and the arrays of all of them: what an index is written from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.faces.types import EMBEDDING_SIZE, Embedding
from lookalike.gallery.calibration import Floats, Owners
from lookalike.gallery.catalogue import Celebrity

Boxes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class IndexEntry:
    """A celebrity with at least one good photo: centroid (128,) and the embeddings (k, 128) of the good photos.

    `boxes` (k, 4) i32 and `eyes` (k, 4) f32 of the faces, as in index_format.Arrays; None if they are not known.
    """

    celebrity: Celebrity
    centroid: Embedding
    embeddings: Floats
    boxes: Boxes | None = None
    eyes: Floats | None = None


@dataclass(frozen=True, eq=False)
class AllEntries:
    """All entries of an index to be written; arrays as in index_format.Arrays."""

    ids: list[str]
    sitelinks: Floats  # (n,), NaN where it is not known
    centroids: Floats
    photos: Floats
    owners: Owners
    boxes: Boxes
    eyes: Floats


def write_entries(entries: Iterable[IndexEntry], path: Path) -> AllEntries:
    """Write a line per entry and gather the arrays, without holding the embeddings twice."""
    ids, sitelinks, counts = [], [], []
    centroids, photos, boxes, eyes = bytearray(), bytearray(), bytearray(), bytearray()
    with path.open("w", encoding="utf-8") as lines:
        for entry in entries:
            lines.write(entry.celebrity.model_dump_json(exclude_defaults=True) + "\n")
            ids.append(entry.celebrity.id)
            sitelinks.append(np.nan if entry.celebrity.fame is None else entry.celebrity.fame)
            counts.append(len(entry.embeddings))
            centroids += np.asarray(entry.centroid, np.float32).tobytes()
            photos += np.asarray(entry.embeddings, np.float32).tobytes()
            unknown = np.zeros((len(entry.embeddings), 4))
            boxes += np.asarray(unknown if entry.boxes is None else entry.boxes, np.int32).tobytes()
            eyes += np.asarray(unknown if entry.eyes is None else entry.eyes, np.float32).tobytes()
    return AllEntries(
        ids=ids,
        sitelinks=np.array(sitelinks, np.float32),
        centroids=np.frombuffer(centroids, np.float32).reshape(-1, EMBEDDING_SIZE),
        photos=np.frombuffer(photos, np.float32).reshape(-1, EMBEDDING_SIZE),
        owners=np.repeat(np.arange(len(ids), dtype=np.int32), counts),
        boxes=np.frombuffer(boxes, np.int32).reshape(-1, 4),
        eyes=np.frombuffer(eyes, np.float32).reshape(-1, 4),
    )
