"""How many crops to average: accuracy against time, the same crops for gallery and probes.

    .venv/bin/python bench/crops.py

Every photo is embedded once in all crops; each choice of crops then makes its own gallery. `named` counts the probes
that are named right among all people of the gallery, by distance and by score (with hub correction); `pairs wrong` is
the error of telling same from different people over all pairs of a probe and a gallery photo, at the best threshold.
"""

from __future__ import annotations

import multiprocessing
import re
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from accuracy import distance_from_even
from record import keep, table

from photos import FACES

sys.path.insert(0, str(Path(__file__).parent.parent))

from lookalike.faces import finder as faces_module
from lookalike.faces.decoding import decode
from lookalike.faces.finder import FaceFinder, chips, main_first, plausible
from lookalike.faces.types import Refusal
from lookalike.gallery.calibration import calibrate, centroid, distance_matrix, hub_corrections

Floats = npt.NDArray[np.float32]

PADDINGS = (0.20, 0.25, 0.30, 0.35, 0.40)
# Paddings averaged, and whether their mirror images are too.
CHOICES: list[tuple[tuple[float, ...], bool]] = [
    ((0.25,), False), ((0.25,), True), ((0.30,), True), ((0.25, 0.35), True),
    ((0.25, 0.30, 0.35), True), ((0.20, 0.30, 0.40), True), (PADDINGS, True),
]  # fmt: skip

_faces: FaceFinder


def start() -> None:
    """One model set a process."""
    global _faces
    faces_module.CHIP_PADDINGS = PADDINGS
    _faces = FaceFinder()


def embed(file: Path) -> tuple[str, str, Floats] | None:
    """Folder, person and embeddings (2 * paddings, 128) of the main face: every padding, then their mirror images."""
    picture = decode(file.read_bytes())
    if isinstance(picture, Refusal):
        return None
    pixels = picture.pixels()
    for box in main_first(_faces.detect(picture.image), picture.image.size):
        points = _faces.landmarks(pixels, box)
        if plausible(box, points):
            cut = chips(pixels, points)
            crops = np.concatenate([cut, cut[:, :, ::-1]])
            return folder(file), re.sub(r"_\d+$", "", file.stem), _faces.run(crops)
    return None


def folder(file: Path) -> str:
    """gallery, probes or strangers."""
    return file.relative_to(FACES).parts[0]


def evaluate(photos: list[tuple[str, str, Floats]], paddings: tuple[float, ...], mirrored: bool) -> dict[str, object]:
    """The figures of one choice of crops."""
    rows = [PADDINGS.index(one) for one in paddings]
    rows += [len(PADDINGS) + row for row in rows] if mirrored else []
    embedded = [(kind, name, crops[rows].mean(axis=0)) for kind, name, crops in photos]
    people = sorted({name for kind, name, _ in embedded if kind == "gallery"})
    grouped = [np.stack([e for kind, name, e in embedded if kind == "gallery" and name == one]) for one in people]
    kept = [(mean, group[keep_]) for group in grouped for mean, keep_ in [centroid(group)]]
    centroids, gallery = np.stack([mean for mean, _ in kept]), np.concatenate([good for _, good in kept])
    owners = np.repeat(np.arange(len(people), dtype=np.int32), [len(good) for _, good in kept])
    corrections = hub_corrections(centroids, gallery, owners)
    calibration = calibrate(centroids, corrections, gallery, owners)

    probes = np.stack([e for kind, _, e in embedded if kind == "probes"])
    truth = np.array([people.index(name) for kind, name, _ in embedded if kind == "probes"])
    distances = distance_matrix(probes, centroids)
    strangers = np.stack([e for kind, _, e in embedded if kind == "strangers"])
    scores = distance_matrix(strangers, centroids) + corrections
    return {
        "crops": f"{' '.join(f'.{100 * one:.0f}' for one in paddings)}{' + mirror' if mirrored else ''}",
        "passes": len(rows),
        "named_by_distance": int((distances.argmin(axis=1) == truth).sum()),
        "named_by_score": int(((distances + corrections).argmin(axis=1) == truth).sum()),
        "probes": len(probes),
        "pairs_wrong": round(pair_error(distance_matrix(probes, gallery), truth[:, None] == owners[None, :]), 5),
        "ks": round(distance_from_even([calibration.similarity(float(s)) for s in scores.min(axis=1)]), 3),
        "top_star": int(np.bincount(scores.argmin(axis=1)).max()),
    }


def pair_error(distances: Floats, same: npt.NDArray[np.bool_]) -> float:
    """Mean of the two error rates at the threshold where it is least."""
    far = [float((distances[same] > t).mean()) for t in np.linspace(0.4, 0.8, 81)]
    near = [float((distances[~same] <= t).mean()) for t in np.linspace(0.4, 0.8, 81)]
    return min((a + b) / 2 for a, b in zip(far, near, strict=True))


def milliseconds(passes: int) -> float:
    """CPU time of the network for one face in that many passes, median of 20."""
    batch = np.random.default_rng(0).integers(0, 256, (passes, 150, 150, 3), dtype=np.uint8)
    times = []
    for _ in range(20):
        began = time.process_time()
        _faces.run(batch)
        times.append(1000 * (time.process_time() - began))
    return round(float(np.median(times)), 1)


def main() -> int:
    """Measure, print, keep."""
    files = [file for kind in ("gallery/*", "probes", "strangers") for file in sorted(FACES.glob(f"{kind}/*.jpg"))]
    with multiprocessing.get_context("spawn").Pool(initializer=start) as pool:
        photos = [one for one in pool.imap(embed, files, chunksize=16) if one]
    start()
    rows = [evaluate(photos, *choice) | {"network_ms": 0.0} for choice in CHOICES]
    for row in rows:
        row["network_ms"] = milliseconds(int(str(row["passes"])))
    keep("crops", {"rows": rows})
    print(table([tuple(row.values()) for row in rows], tuple(rows[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
