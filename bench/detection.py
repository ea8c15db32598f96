"""The detection cascade: how many main faces it finds, and what that costs, beside one large pass over everything.

    .venv/bin/python bench/detection.py

Three sets of photos: near (selfies of 800 px, as Telegram sends them), far (the same faces small in the middle of such
a picture) and groups. The reference is one pass at 1280 px, upsampled once; its main face counts as found when a box of
the cascade overlaps it. dlib's MMOD network is asked about whatever the reference finds nobody in.
"""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from statistics import mean

import numpy as np
from PIL import Image
from record import keep, table

from photos import FACES, selfies

sys.path.insert(0, str(Path(__file__).parent.parent))

import dlib

from lookalike.faces import finder as faces_module
from lookalike.faces.convert_model import model_file
from lookalike.faces.finder import SAME_FACE_IOU, FaceFinder, main_first, overlap
from lookalike.faces.types import Box

REFERENCE = (1280, 1)
Quick = tuple[tuple[int, float], ...]
CASCADES: list[tuple[Quick, tuple[int, int]]] = [
    (((480, 0.15),), (640, 1)),
    (((480, 0.15),), (800, 1)),
    (((320, 0.25), (480, 0.15)), (800, 1)),
    (((240, 0.36), (480, 0.15)), (800, 1)),
    (((280, 0.33), (480, 0.15)), (800, 1)),
    (((280, 0.33), (480, 0.15)), (640, 1)),  # in use
]
NEAR, FAR_PX, MMOD_PX = 150, 250, 480


def photos() -> dict[str, list[Image.Image]]:
    """The three sets, upright RGB."""
    near = [Image.open(io.BytesIO(photo)).convert("RGB") for photo in selfies(NEAR)]
    far = []
    for image in near[::3]:
        canvas = Image.new("RGB", image.size, (96, 104, 112))
        small = image.resize((FAR_PX, FAR_PX), Image.Resampling.BOX)
        canvas.paste(small, ((image.width - FAR_PX) // 2, (image.height - FAR_PX) // 2))
        far.append(canvas)
    groups = [opened(file) for file in sorted((FACES / "groups").glob("*.jpg"))]
    return {"near": near, "far": far, "groups": groups}


def opened(file: Path) -> Image.Image:
    """A photo, at most as large as the bot decodes it."""
    with Image.open(file) as image:
        picture = image.convert("RGB")
    picture.thumbnail((1280, 1280))
    return picture


def run(detect: object, sets: dict[str, list[Image.Image]]) -> tuple[dict[str, list[list[Box]]], dict[str, float]]:
    """Boxes of every photo, main face first, and mean CPU milliseconds by set."""
    boxes: dict[str, list[list[Box]]] = {}
    cost: dict[str, float] = {}
    for name, images in sets.items():
        times = []
        boxes[name] = []
        for image in images:
            began = time.process_time()
            found = detect(image)  # type: ignore[operator]
            times.append(1000 * (time.process_time() - began))
            boxes[name].append(main_first(found, image.size))
        cost[name] = round(mean(times), 1)
    return boxes, cost


def main() -> int:
    """Measure, print, keep."""
    sets, detector = photos(), FaceFinder()
    reference, reference_cost = run(lambda image: detector.scan(image, *REFERENCE), sets)
    rows = [row("one pass 1280/1", reference, reference, reference_cost)]
    for quick, full in CASCADES:
        faces_module.QUICK_PASSES, faces_module.FULL_PASS = quick, full  # type: ignore[assignment]
        found, cost = run(detector.detect, sets)
        name = ", ".join(f"{side} ≥{share:.2f}" for side, share in quick)
        rows.append(row(f"{name}, {full[0]}/{full[1]}", found, reference, cost))
    mmod = last_resort(sets, reference)
    head = ("cascade", "main faces near", "far", "groups", "all faces groups", "CPU ms near", "far", "groups")
    keep("detection", {"rows": rows, "head": head, "mmod": mmod})
    print(table(rows, head))
    print(mmod)
    return 0


def row(
    name: str, found: dict[str, list[list[Box]]], reference: dict[str, list[list[Box]]], cost: dict[str, float]
) -> tuple[object, ...]:
    """One line of the table."""
    shares = []
    for kind, boxes in reference.items():
        wanted = [(ours, theirs) for ours, theirs in zip(found[kind], boxes, strict=True) if theirs]
        hits = sum(any(overlap(box, theirs[0]) >= SAME_FACE_IOU for box in ours) for ours, theirs in wanted)
        extra = sum(bool(ours) and not theirs for ours, theirs in zip(found[kind], boxes, strict=True))
        shares.append(f"{hits}/{len(wanted)}" + (f" +{extra}" if extra else ""))
    return (name, *shares, sum(map(len, found["groups"])), cost["near"], cost["far"], cost["groups"])


def last_resort(sets: dict[str, list[Image.Image]], reference: dict[str, list[list[Box]]]) -> dict[str, object]:
    """What dlib's MMOD network adds where the reference finds nobody, and what it costs."""
    network = dlib.cnn_face_detection_model_v1(str(model_file("mmod_human_face_detector.dat")))
    missed = [
        image
        for kind, images in sets.items()
        for image, boxes in zip(images, reference[kind], strict=True)
        if not boxes
    ]
    times, more = [], 0
    for image in [*missed, *sets["near"][:5]]:
        small = image.copy()
        small.thumbnail((MMOD_PX, MMOD_PX))
        began = time.process_time()
        found = network(np.asarray(small), 0)
        times.append(1000 * (time.process_time() - began))
        more += bool(found) and any(image is one for one in missed)
    return {"missed_by_reference": len(missed), "found_by_mmod": more, "cpu_ms": round(mean(times))}


if __name__ == "__main__":
    sys.exit(main())
