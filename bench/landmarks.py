"""What the landmarks and embeddings of real faces keep to: where the bounds in faces.py come from.

    .venv/bin/python bench/landmarks.py

Faces of the probes and of the group photos, found by one full pass, unchecked.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from record import keep, table

from photos import FACES

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.faces.finder import FULL_PASS, FaceFinder, chips, eye_distance

PHOTOS = 300


def main() -> int:
    """Measure, print, keep."""
    faces = FaceFinder()
    files = [*sorted((FACES / "probes").glob("*.jpg"))[:PHOTOS], *sorted((FACES / "groups").glob("*.jpg"))]
    rows = [row for file in files for row in measured(faces, file)]
    values = np.array(rows)
    names = ("eye distance / box width", "nose below eyes", "nose aside", "embedding norm", "eye distance px")
    figures = {
        name: [round(float(value), 2) for value in np.quantile(values[:, column], (0, 0.01, 0.5, 0.99, 1))]
        for column, name in enumerate(names)
    }
    keep("landmarks", {"faces": len(rows), "quantiles": "least, 1%, median, 99%, most", **figures})
    print(table([(name, *row) for name, row in figures.items()], ("", "least", "1%", "median", "99%", "most")))
    return 0


def measured(faces: FaceFinder, file: Path) -> list[tuple[float, ...]]:
    """The measures of every face of a photo, in eye distances where they are lengths."""
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    pixels = np.ascontiguousarray(image, dtype=np.uint8)
    found: list[tuple[float, ...]] = []
    for box in faces.scan(image, *FULL_PASS):
        points = faces.landmarks(pixels, box)
        apart = eye_distance(points)
        left, right = points[2:4].mean(axis=0), points[0:2].mean(axis=0)
        along = (right - left) / apart
        aside, below = (points[4] - (left + right) / 2) @ np.array([along, (-along[1], along[0])]).T / apart
        embedding = faces.embed(chips(pixels, points)[None])[0]
        found.append((apart / (box[2] - box[0]), below, abs(aside), float(np.linalg.norm(embedding)), apart))
    return found


if __name__ == "__main__":
    sys.exit(main())
