"""Poor photos: how many are found and named right, and what is said about it: a doubt, or why there is no answer.

    .venv/bin/python bench/doubts.py [PEOPLE]

Photos of FACES/probes whose person is in the starter gallery, at 750 px, altered step by step. `said`: the doubt or the
reason that was given most often, and to how many. The limits in quality.py are where `named right` falls clearly.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent))

from alterations import SIDE_PX, Alter, blurred, dark, far, jpeg, mask, sunglasses
from record import keep, table

from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Refusal
from lookalike.gallery.gallery import Gallery
from photos import FACES, ROOT

HEAD = ("photo", "photos", "found", "named right", "said", "of")


def main() -> int:
    """Measure, print, keep."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    gallery, finder = Gallery.load(ROOT / "assets" / "starter"), FaceFinder()
    known = {one.id for one in gallery.celebrities}
    files = [file for file in sorted((FACES / "probes").glob("*.jpg")) if person(file) in known]
    plain = []
    for file in files[:: max(1, len(files) // count)][:count]:
        image = Image.open(file).convert("RGB").resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
        faces = finder.find(jpeg(image))
        if not isinstance(faces, Refusal):
            plain.append((person(file), image, finder.landmarks(np.asarray(image), faces[0].box)))
    rows = [measured(finder, gallery, name, alter, plain) for name, alter in ALTERATIONS.items()]
    print(table([tuple(row[name] for name in HEAD) for row in rows], HEAD))
    keep("doubts", {"rows": rows})
    return 0


def person(file: Path) -> str:
    """The id of the person on a photo."""
    return file.stem.rpartition("_")[0]


def measured(finder: FaceFinder, gallery: Gallery, name: str, alter: Alter, plain: list[Any]) -> dict[str, Any]:
    """One row."""
    found = right = 0
    said: Counter[str] = Counter()
    for id, image, points in plain:
        faces = finder.find(jpeg(alter(image, points)))
        if isinstance(faces, Refusal):
            said[faces.reason] += 1
            continue
        found += 1
        right += gallery.nearest(faces[0].embedding, 1)[0].celebrity.id == id
        if faces[0].doubt:
            said[faces[0].doubt] += 1
    most, times = said.most_common(1)[0] if said else ("–", 0)
    row = {"photo": name, "photos": len(plain), "found": found, "named right": right, "said": str(most), "of": times}
    print(row, file=sys.stderr, flush=True)
    return row


def small(face_px: int) -> Alter:
    """The whole photo reduced until the face is that wide."""
    return lambda image, _: image.resize((round(SIDE_PX * face_px / 270),) * 2, Image.Resampling.LANCZOS)


ALTERATIONS: dict[str, Alter] = {
    "plain": lambda image, _: image,
    **{f"blur {px} px": blurred(px) for px in (3, 6, 8, 10, 13, 16, 25, 40)},
    **{f"brightness {factor}": dark(factor) for factor in (0.2, 0.1, 0.05, 0.03, 0.02, 0.01)},
    "sunglasses": sunglasses,
    "mask": mask,
    **{f"face of {px} px": small(px) for px in (60, 36, 28, 22)},
    "face 20 of 2000": far(20),
}

if __name__ == "__main__":
    sys.exit(main())
