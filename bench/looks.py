"""The first look of the detector at several sizes: how many selfies it is sure of, and its time.

    .venv/bin/python bench/looks.py

The probes of 607 people at the size that Telegram sends. `only before`, `only now`: selfies that the first look is sure
of at one of the two sizes alone, beside 280 px. `of two`: those in which a pass at 280 px sees somebody else, too: a
smaller copy hides the others' faces, so that a photo of two is answered as one person's. `moved`: how far the embedding
is from the one by the box of 280 px.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from record import keep, table

from lookalike.faces.decoding import Picture, decode
from lookalike.faces.detection import FIRST_LOOK_PX, QUICK_PASSES
from lookalike.faces.finder import FaceFinder, chips, plausible
from lookalike.faces.types import Box, Embedding
from photos import selfies

PROBES = 607
BEFORE_PX = QUICK_PASSES[0][0]
SIDES_PX = (BEFORE_PX, 256, 240, FIRST_LOOK_PX, 194)


def main() -> int:
    """Measure, print, keep."""
    finder = FaceFinder()
    looks = [looked(finder, photo) for photo in selfies(PROBES)]
    rows = [row_of(side_px, looks) for side_px in SIDES_PX]
    keep("looks", {"photos": len(looks), "rows": rows})
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    return 0


@dataclass(frozen=True, eq=False)
class Looks:
    """What the first look saw of one photo, by its side in px: its time, and the embedding of the face it is sure of.

    `faces`: how many a pass at BEFORE_PX sees.
    """

    faces: int
    cpu_ms: dict[int, float]
    embeddings: dict[int, Embedding | None]


def looked(finder: FaceFinder, photo: bytes) -> Looks:
    """One photo at every size."""
    picture = decode(photo)
    assert isinstance(picture, Picture)
    looks = Looks(len(finder.detector.scan(picture.image.convert("L"), BEFORE_PX, 0)), {}, {})
    for side_px in SIDES_PX:
        began_s = time.process_time()
        box = finder.detector.first_look(picture.image, side_px)
        looks.cpu_ms[side_px] = 1000 * (time.process_time() - began_s)
        looks.embeddings[side_px] = embedding(finder, picture.image, box)
    return looks


def embedding(finder: FaceFinder, image: Image.Image, box: Box | None) -> Embedding | None:
    """Of the face in a box; None where there is none."""
    pixels = np.asarray(image)
    points = finder.level_landmarks(pixels, box) if box else None
    if box is None or points is None or not plausible(box, points):
        return None
    found: Embedding = finder.embed(chips(pixels, points)[None])[0]
    return found


def row_of(side_px: int, looks: list[Looks]) -> dict[str, Any]:
    """What one side is worth beside BEFORE_PX."""
    pairs = [(look.embeddings[BEFORE_PX], look.embeddings[side_px]) for look in looks]
    moved = [float(np.linalg.norm(now - before)) for before, now in pairs if before is not None and now is not None]
    return {
        "px": side_px,
        "sure": sum(now is not None for _, now in pairs),
        "only before": sum(now is None and before is not None for before, now in pairs),
        "only now": sum(now is not None and before is None for before, now in pairs),
        "of two": sum(look.faces > 1 and look.embeddings[side_px] is not None for look in looks),
        "moved, median": round(float(np.median(moved)), 3),
        "moved, 99 %": round(float(np.percentile(moved, 99)), 3),
        "CPU ms": round(float(np.median([look.cpu_ms[side_px] for look in looks])), 2),
    }


if __name__ == "__main__":
    sys.exit(main())
