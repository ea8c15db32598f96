"""Which photos are good enough for a gallery, and the reasons against the others.

The measures of a photo (types.MeasuredFace) are compared with limits, the gates; bench/gates.py measures the effect of
each. There are two kinds:

* hard: the face is too small to tell anything, or a drawing. The photo is never used.
* soft: the embedding is less certain, or may be of another person. The photo is left out where the celebrity has a
  better one; if all fail only soft gates, the best of them is used, since a celebrity without any photo is worse.

A photo with more faces that fails nothing else is used as well where its main face is like the celebrity's others
(indexing/photo_selection.py): as a hard gate it cost 21 right answers of 2,466 and saved 2 (bench/settings.py).

Statues and realistic paintings pass: their pixels look like black-and-white or retouched photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.faces.decoding import Pixels
from lookalike.faces.types import MeasuredFace

Grey = npt.NDArray[np.float64]

# Embeddings of photos of one person are 0.33 (median) from the mean of the others, so a change of 0.3 is as large as
# another photo makes. Photos of 76 people were degraded step by step (bench/gates.py):
MIN_EYES_PX = 16.0  # reduced to it, embeddings move by 0.15; at 11 px by 0.28, and 3 in 4 faces are not found
MIN_SHARPNESS = 0.05  # eyes 41 px apart, blurred by 2 px: moved by 0.27, a fifth by 0.3; by 2.5 px: four fifths
MIN_CONTRAST = 7.0  # grey levels; at a fifth of a photo's own contrast half of the embeddings move by 0.3
MAX_TILT_DEG = 30.0  # the embedding hardly moves, but the detector finds 99 % of faces at 30, 90 % at 40, 72 % at 45
MAX_TURN = 0.45  # in eye distances; photos beyond it are 0.42 from the person's others instead of 0.33
# Drawings made from 76 photos by filters, against 3,400 photos: pencil and line drawings are white to a third or more,
# photos to 0.17; cartoons are flat between their lines; halftone prints have a
# sharpness of 5.6 and more, sharpened photos up to 3.0. Smooth skin in even light goes down to a roughness of 0.11: at
# 0.17 this gate took 34 of 2,680 press photos for drawings, at 0.11 one. Cartoons lie at 0.00 to 0.10 where they were
# drawn of small photos; drawn of large ones, a third passes.
MAX_WHITE = 0.25
MIN_ROUGHNESS = 0.11
MAX_SHARPNESS = 4.0

MORE_FACES = "more than one face"
WHITE = 250  # grey level from which a pixel counts as white
FACE = np.s_[30:125, 30:120]  # rows and columns of the chip of 150 px: eyebrows to chin, no hair or background


@dataclass(frozen=True)
class Gate:
    """One reason for rejecting a photo; `nearness` is measure / limit, and the photo is rejected above 1."""

    reason: str
    nearness: float
    is_hard: bool


def gates(face: MeasuredFace) -> tuple[Gate, ...]:
    """All gates of a photo; where several reject it, the first one is reported."""
    drawn = max(face.white / MAX_WHITE, _ratio(MIN_ROUGHNESS, face.roughness), face.sharpness / MAX_SHARPNESS)
    return (
        Gate("face too small", _ratio(MIN_EYES_PX, face.eyes_px), is_hard=True),
        Gate("a drawing", drawn, is_hard=True),
        Gate("too dark or too pale", _ratio(MIN_CONTRAST, face.contrast), is_hard=False),
        Gate("blurred", _ratio(MIN_SHARPNESS, face.sharpness), is_hard=False),
        Gate("turned away", face.turn / MAX_TURN, is_hard=False),
        Gate("too tilted", face.tilt_deg / MAX_TILT_DEG, is_hard=False),
        Gate(MORE_FACES, float(face.faces), is_hard=False),
    )


def choose(faces: Sequence[MeasuredFace]) -> list[str | None]:
    """For each photo of one celebrity the reason why it is left out, or None if it is used.

    Where no photo passes all gates, the best of those that pass the hard ones is used.
    """
    failed = [[gate for gate in gates(face) if gate.nearness > 1] for face in faces]
    reasons = [found[0].reason if found else None for found in failed]
    soft = [i for i, found in enumerate(failed) if not any(gate.is_hard for gate in found)]
    if soft and None not in reasons:
        reasons[min(soft, key=lambda i: max(gate.nearness for gate in failed[i]))] = None
    return reasons


def texture(chip: Pixels) -> dict[str, float]:
    """Sharpness, contrast, roughness and white of an aligned chip uint8 (150, 150, 3), as in MeasuredFace.

    Sharpness is the variance of the Laplacian (J. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy",
    ICPR 2000) at half size, where scanner noise and JPEG artefacts weigh less, divided by the variance of the grey
    levels, so that a dark photo does not count as blurred. Roughness is the median of the absolute Laplacian divided by
    its root mean square: 0.67 for normal noise, near 0 where flat patches meet at hard edges.
    """
    grey = (chip[FACE] @ np.array([0.299, 0.587, 0.114])).astype(np.float64)  # ITU-R BT.601, as Pillow's "L"
    rough = laplacian(grey)
    return {
        "sharpness": _ratio(float(laplacian(halved(grey)).var()), float(halved(grey).var())),
        "contrast": float(grey.std()),
        "roughness": _ratio(float(np.median(np.abs(rough))), float(np.sqrt((rough**2).mean()))),
        "white": float((grey >= WHITE).mean()),
    }


def laplacian(grey: Grey) -> Grey:
    """Sum of the four neighbours less four times the value: (h, w) -> (h - 2, w - 2)."""
    around: Grey = grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1]
    return around - 4 * grey[1:-1, 1:-1]


def halved(grey: Grey) -> Grey:
    """Means of 2 x 2 values: (h, w) -> (h // 2, w // 2)."""
    height, width = grey.shape[0] // 2, grey.shape[1] // 2
    means: Grey = grey[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))
    return means


def _ratio(a: float, b: float) -> float:
    return a / max(b, 1e-9)
