"""Photos of people who are in no gallery, with their faces."""

from __future__ import annotations

import random

from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face
from photos import FACES

COUNT, SEED = 50, 7


def strangers(finder: FaceFinder, count: int = COUNT) -> list[tuple[bytes, tuple[Face, ...]]]:
    """So many photos, encoded, the same ones at every call, each with its faces, the main one first."""
    files = sorted((FACES / "strangers").glob("*.jpg"))
    random.Random(SEED).shuffle(files)
    found: list[tuple[bytes, tuple[Face, ...]]] = []
    for file in files:
        faces = finder.find(photo := file.read_bytes())
        if isinstance(faces, tuple) and faces[0].eyes:
            found.append((photo, faces))
        if len(found) == count:
            break
    return found
