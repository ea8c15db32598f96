"""What the gates of quality.py and the limits of suspects.py do, on real photos: where their numbers come from.

    .venv/bin/python bench/gates.py

Photos are made worse step by step, and drawn over by filters; then all gallery photos go through the gates, and the
probes are named with what is left; then people are dealt out to two names, and two people are put under one.
"""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter, ImageOps
from record import keep, table

from photos import FACES

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.faces.finder import FaceFinder
from lookalike.faces.quality import choose, gates
from lookalike.faces.types import MeasuredFace
from lookalike.gallery.calibration import Floats, centroid, distance_matrix, hub_corrections
from lookalike.indexing import duplicate_check as suspects

MOVED = 0.3  # L2; about as far as another photo of the same person
EVERY = 8  # probes that are made worse
SEED = 1
Photo = Image.Image
People = dict[str, list[MeasuredFace]]


def reject(face: MeasuredFace) -> str | None:
    """The first gate that a photo fails; None if it passes all."""
    return next((gate.reason for gate in gates(face) if gate.nearness > 1), None)


def scaled(photo: Photo, share: float) -> Photo:
    """Smaller, as it comes from afar."""
    return photo.resize((round(photo.width * share), round(photo.height * share)), Image.Resampling.LANCZOS)


def paler(photo: Photo, share: float) -> Photo:
    """With less contrast, around the middle grey."""
    return photo.point(lambda value: round(128 + (value - 128) * share))


def tilted(photo: Photo, degrees: float) -> Photo:
    """Turned in the picture's plane."""
    return photo.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(110, 110, 110))


def blurred(photo: Photo, radius_px: float) -> Photo:
    """Out of focus."""
    return photo.filter(ImageFilter.GaussianBlur(radius_px))


WORSE: dict[str, tuple[Callable[[Photo, float], Photo], str, tuple[float, ...]]] = {  # by what, seen in what, how much
    "blur, px": (blurred, "sharpness", (0.5, 1, 1.5, 2, 2.5, 3, 4)),
    "scale": (scaled, "eyes_px", (0.75, 0.5, 0.4, 0.35, 0.3, 0.25)),
    "contrast": (paler, "contrast", (0.5, 0.3, 0.2, 0.15, 0.1)),
    "tilt, degrees": (tilted, "tilt_deg", (10, 20, 30, 35, 40, 45)),
}


def grey(photo: Photo) -> Photo:
    """Black and white: a photo."""
    return photo.convert("L").convert("RGB")


def posterised(photo: Photo) -> Photo:
    """Four levels a colour."""
    return photo.filter(ImageFilter.MedianFilter(5)).point(lambda value: value // 64 * 64 + 32)


def cartoon(photo: Photo) -> Photo:
    """Eight flat colours and black lines."""
    flat = photo.filter(ImageFilter.MedianFilter(7)).quantize(8).convert("RGB")
    lines = photo.convert("L").filter(ImageFilter.FIND_EDGES).point(lambda value: 0 if value > 60 else 255)
    return ImageChops.multiply(flat, lines.convert("RGB"))


def pencil(photo: Photo) -> Photo:
    """A sketch: grey, divided by its blurred self."""
    light = np.asarray(photo.convert("L"), dtype=np.float64)
    soft = np.asarray(photo.convert("L").filter(ImageFilter.GaussianBlur(5)), dtype=np.float64)
    return Image.fromarray(np.clip(light * 255 / (soft + 1), 0, 255).astype(np.uint8)).convert("RGB")


def lines(photo: Photo) -> Photo:
    """Dark outlines on white."""
    outlines = photo.convert("L").filter(ImageFilter.GaussianBlur(1)).filter(ImageFilter.FIND_EDGES)
    return ImageOps.invert(outlines).point(lambda value: max(0, 255 - (255 - value) * 3)).convert("RGB")


def oil(photo: Photo) -> Photo:
    """Broad strokes."""
    return photo.filter(ImageFilter.ModeFilter(9))


def marble(photo: Photo) -> Photo:
    """Pale stone; a real statue's empty eyes are missing."""
    pale = ImageOps.autocontrast(photo.convert("L").filter(ImageFilter.GaussianBlur(1)))
    return ImageOps.colorize(pale.point(lambda value: round(110 + value * 0.5)), (60, 58, 55), (250, 246, 238))


def dots(photo: Photo) -> Photo:
    """A newspaper's."""
    return photo.convert("1").convert("RGB")


STYLES = (grey, posterised, cartoon, pencil, lines, oil, marble, dots)


def main() -> int:
    """Measure, print, keep."""
    faces = FaceFinder()
    originals = [opened(file) for file in sorted((FACES / "probes").glob("*.jpg"))[::EVERY]]
    before = [inspected(faces, photo) for photo in originals]
    worse = degraded(faces, originals, before)
    print(table([tuple(row.values()) for row in worse], tuple(worse[0])), flush=True)
    drawings = drawn(faces, originals, before)
    print(table([tuple(row.values()) for row in drawings], tuple(drawings[0])), flush=True)
    gallery, probes = portraits(faces, "gallery/*/*.jpg"), portraits(faces, "probes/*.jpg")
    gates = gated(gallery, probes)
    print(table(list(gates.items()), ("gallery", "")))
    doubts = suspected(gallery)
    print(table(list(doubts.items()), ("suspects", "")))
    keep("gates", {"worse": worse, "drawings": drawings, "gates": gates, "suspects": doubts})
    return 0


def opened(file: Path) -> Photo:
    """A photo, RGB."""
    with Image.open(file) as image:
        return image.convert("RGB")


def inspected(faces: FaceFinder, photo: Photo) -> MeasuredFace | None:
    """What the gates see of a photo saved as JPEG; None where there is no face."""
    data = io.BytesIO()
    photo.save(data, "JPEG", quality=95)
    found = faces.inspect(data.getvalue())
    return found if isinstance(found, MeasuredFace) else None


def moved(one: MeasuredFace, other: MeasuredFace) -> float:
    """L2 distance of two embeddings."""
    return float(np.linalg.norm(one.embedding - other.embedding))


def degraded(faces: FaceFinder, originals: list[Photo], before: list[MeasuredFace | None]) -> list[dict[str, Any]]:
    """For each step: how many are still found, what is measured, how far embeddings move, how many are rejected."""
    rows = []
    for name, (make, measure, steps) in WORSE.items():
        for step in steps:
            after = [inspected(faces, make(photo, step)) for photo in originals]
            pairs = [(a, b) for a, b in zip(before, after, strict=True) if a and b]
            distances = np.array([moved(a, b) for a, b in pairs])
            rows.append(
                {
                    "worse by": f"{name} {step:g}",
                    "found": round(len(pairs) / len(originals), 3),
                    "measure": f"{measure} {np.median([getattr(b, measure) for _, b in pairs]):.3g}",
                    "moved, median": round(float(np.median(distances)), 3),
                    f"moved by {MOVED}": round(float((distances > MOVED).mean()), 3),
                    "rejected": round(float(np.mean([reject(b) is not None for _, b in pairs])), 3),
                }
            )
    return rows


def drawn(faces: FaceFinder, originals: list[Photo], before: list[MeasuredFace | None]) -> list[dict[str, Any]]:
    """For each style: how many have a face, how many of these are rejected as drawings, how far the others moved."""
    rows = []
    for style in STYLES:
        after = [inspected(faces, style(photo)) for photo in originals]
        found = [(a, b) for a, b in zip(before, after, strict=True) if a and b]
        passed = [moved(a, b) for a, b in found if reject(b) != "a drawing"]
        rows.append(
            {
                "style": style.__name__,
                "found": round(len(found) / len(originals), 3),
                "rejected as a drawing": round(1 - len(passed) / len(found), 3),
                "the others moved, median": round(float(np.median(passed)), 3) if passed else None,
            }
        )
    return rows


def portraits(faces: FaceFinder, pattern: str) -> People:
    """Portraits of all photos, by person."""
    found: People = {}
    for file in sorted(FACES.glob(pattern)):
        name = file.parent.name if file.parent.parent.name == "gallery" else re.sub(r"_\d+$", "", file.stem)
        portrait = faces.inspect(file.read_bytes())
        if isinstance(portrait, MeasuredFace):
            found.setdefault(name, []).append(portrait)
    return found


def gated(gallery: People, probes: People) -> dict[str, Any]:
    """How many photos each gate takes, how far turned photos are from the others, and how many probes are named."""
    every = [portrait for own in gallery.values() for portrait in own]
    chosen = {name: choose(own) for name, own in gallery.items()}
    used = {
        name: [p for p, reason in zip(own, chosen[name], strict=True) if not reason] for name, own in gallery.items()
    }
    turned = [(p.turn, apart) for own in gallery.values() for p, apart in from_the_others(own)]
    return {
        "photos": len(every),
        "failing a gate": dict(Counter(filter(None, map(reject, every))).most_common()),
        "left out": dict(Counter(reason for reasons in chosen.values() for reason in reasons if reason).most_common()),
        "people without a photo left": sum(not own for own in used.values()),
        "named right without gates": named_right(gallery, probes),
        "named right with gates": named_right(used, probes),
        "from the person's others, turned up to 0.2": round(float(np.median([d for t, d in turned if t <= 0.2])), 3),
        "from the person's others, turned over 0.45": round(float(np.median([d for t, d in turned if t > 0.45])), 3),
    }


def from_the_others(own: list[MeasuredFace]) -> list[tuple[MeasuredFace, float]]:
    """Each of three photos and more with its distance from the mean of the others."""
    if len(own) < 3:
        return []
    rows = np.stack([portrait.embedding for portrait in own])
    means = (rows.sum(axis=0) - rows) / (len(rows) - 1)
    return list(zip(own, np.linalg.norm(rows - means, axis=1).tolist(), strict=True))


def named_right(gallery: People, probes: People) -> int:
    """Probes whose best score is their own person's, by exact search."""
    names, means, photos, owners = arrays(gallery)
    corrections = hub_corrections(means, photos, owners)
    asked = [(name, portrait.embedding) for name, own in probes.items() for portrait in own]
    scores = distance_matrix(np.stack([embedding for _, embedding in asked]), means) + corrections
    return sum(names[row] == name for row, (name, _) in zip(scores.argmin(axis=1), asked, strict=True))


def arrays(gallery: People) -> tuple[list[str], Floats, Floats, npt.NDArray[np.int32]]:
    """Names, means and photos with owners, outliers dropped, as they would be in an index."""
    names = [name for name, own in gallery.items() if own]
    rows = [np.stack([portrait.embedding for portrait in gallery[name]]) for name in names]
    means, kept = zip(*(centroid(own) for own in rows), strict=True)
    owners = np.repeat(np.arange(len(names), dtype=np.int32), [int(keep.sum()) for keep in kept])
    return names, np.stack(means), np.concatenate([own[keep] for own, keep in zip(rows, kept, strict=True)]), owners


def suspected(gallery: People) -> dict[str, Any]:
    """Whom suspects.py flags among single people, and how many it finds of those that are made up."""
    random = np.random.default_rng(SEED)
    names, means, _, _ = arrays(gallery)
    rows = {name: np.stack([portrait.embedding for portrait in own]) for name, own in gallery.items()}
    apart = {name: suspects.parted(own)[0] for name, own in rows.items() if len(own) > 1}
    figures: dict[str, Any] = {
        "flagged as one person": [f"{names[i]} {names[j]} {d:.3f}" for i, j, d in suspects.near_pairs(means)],
        "flagged as two people": [f"{name} {d:.3f}" for name, d in apart.items() if d > suspects.SPLIT],
    }
    for size in (1, 2, 3, 4):
        distances = []
        for own in rows.values():
            if len(own) >= 2 * size:
                dealt = random.permutation(own)
                distances.append(np.linalg.norm(dealt[:size].mean(axis=0) - dealt[size : 2 * size].mean(axis=0)))
        figures[f"one person dealt out to two names, {size} each, found"] = share(np.array(distances) < suspects.TWINS)
    for one, other in ((1, 1), (2, 1), (2, 2), (3, 3), (4, 2)):
        found = []
        for _ in range(1000):
            first, second = (rows[name] for name in random.choice(names, 2, replace=False))
            if len(first) >= one and len(second) >= other:
                found.append(suspects.parted(np.concatenate([first[:one], second[:other]]))[0] > suspects.SPLIT)
        figures[f"two people under one name, {one} + {other}, found"] = share(np.array(found))
    return figures


def share(hits: npt.NDArray[np.bool_]) -> str:
    """How many of how many."""
    return f"{hits.mean():.1%} of {len(hits)}"


if __name__ == "__main__":
    sys.exit(main())
