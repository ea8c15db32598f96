"""Which photos are good enough for a gallery, and why the others are not.

Measures of a photo (findings.Portrait) against limits; bench/gates.py measures what each limit does. Two kinds:

* hard: a photo that may show somebody else, or nobody of flesh. It is not used.
* soft: a photo whose embedding is less sure. It is left out where the person has a better one; the best of only soft
  ones is used, for a gallery without the person is worse.

A statue, or a painting as smooth as life, is not seen here: in pixels they are black-and-white or retouched photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.faces.decoding import Pixels
from lookalike.faces.types import MeasuredFace

Grey = npt.NDArray[np.float64]

# An embedding that moves by 0.3 has moved as far as to another photo of the same person (their median is 0.33 from the
# mean of the person's others). Photos of 76 people were made worse step by step (bench/gates.py):
MIN_EYES_PX = 16.0  # scaled down so far embeddings move by 0.15; at 11 px by 0.28, and 3 in 4 faces are not found
MIN_SHARPNESS = 0.05  # eyes 41 px apart, blurred by 2 px: moved by 0.27, a fifth by 0.3; by 2.5 px: four fifths
MIN_CONTRAST = 7.0  # grey levels; a fifth of a photo's own contrast: half of the embeddings move by 0.3
MAX_TILT_DEG = 30.0  # the embedding hardly moves, but the detector finds 99 % of faces at 30, 90 % at 40, 72 % at 45
MAX_TURN = 0.45  # in eye distances; beyond, photos are 0.42 from the person's others instead of 0.33
# Drawings made of 76 photos by filters, beside 3,400 photos: pencil and line drawings have a third of paper and more,
# photos up to 0.07; half of the cartoons have a roughness below 0.16, photos from 0.17 on; a newspaper's dots have a
# sharpness from 5.6 on, photos up to 3.0, when sharpened. Together: all line drawings and dots, 97 % of pencil, 82 % of
# cartoons, 5 % of posters, no oil and no marble; no photo, in colour or black and white.
MAX_WHITE = 0.25
MIN_ROUGHNESS = 0.17
MAX_SHARPNESS = 4.0

MORE_FACES = "more than one face"
WHITE = 250  # grey level from which on paper is white
FACE = np.s_[30:125, 30:120]  # rows and columns of the chip of 150 px: brows to chin, without hair and background


@dataclass(frozen=True)
class Gate:
    """A reason, and how far a photo is on the way to it: beyond 1 it is rejected."""

    reason: str
    nearness: float
    is_hard: bool


def gates(portrait: MeasuredFace) -> tuple[Gate, ...]:
    """Every reason for which a photo can be rejected, in the order in which they are named."""
    drawn = max(
        portrait.white / MAX_WHITE, _ratio(MIN_ROUGHNESS, portrait.roughness), portrait.sharpness / MAX_SHARPNESS
    )
    return (
        Gate(MORE_FACES, float(portrait.faces), is_hard=True),
        Gate("face too small", _ratio(MIN_EYES_PX, portrait.eyes_px), is_hard=True),
        Gate("a drawing", drawn, is_hard=True),
        Gate("too dark or too pale", _ratio(MIN_CONTRAST, portrait.contrast), is_hard=False),
        Gate("blurred", _ratio(MIN_SHARPNESS, portrait.sharpness), is_hard=False),
        Gate("turned away", portrait.turn / MAX_TURN, is_hard=False),
        Gate("too tilted", portrait.tilt_deg / MAX_TILT_DEG, is_hard=False),
    )


def reject(portrait: MeasuredFace) -> str | None:
    """Why a gallery photo is not good enough, by all gates; None if it is."""
    return next((gate.reason for gate in gates(portrait) if gate.nearness > 1), None)


def choose(portraits: Sequence[MeasuredFace]) -> list[str | None]:
    """For each photo of one person the reason why it is left out, or None if it is used.

    Where no photo is good by all gates, the best of those that pass the hard ones is used.
    """
    failed = [[gate for gate in gates(portrait) if gate.nearness > 1] for portrait in portraits]
    reasons = [gates[0].reason if gates else None for gates in failed]
    soft = [i for i, gates in enumerate(failed) if not any(gate.is_hard for gate in gates)]
    if soft and None not in reasons:
        reasons[min(soft, key=lambda i: max(gate.nearness for gate in failed[i]))] = None
    return reasons


def texture(chip: Pixels) -> dict[str, float]:
    """Sharpness, contrast, roughness and white of an aligned chip uint8 (150, 150, 3), as Portrait holds them.

    Sharpness is the variance of the Laplacian (J. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy",
    ICPR 2000) on every second pixel, where neither a scanner's noise nor JPEG speaks loudest, in parts of the variance
    of the grey levels, so that a dark photo is no blurred one. Roughness is the median of the Laplacian in parts of
    its root mean square: 0.67 for noise, little where flat patches meet at hard edges.
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
    """Each inner value's four neighbours less four times itself: (h, w) -> (h - 2, w - 2)."""
    around: Grey = grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1]
    return around - 4 * grey[1:-1, 1:-1]


def halved(grey: Grey) -> Grey:
    """Means of 2 x 2 values: (h, w) -> (h // 2, w // 2)."""
    height, width = grey.shape[0] // 2, grey.shape[1] // 2
    means: Grey = grey[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))
    return means


def _ratio(a: float, b: float) -> float:
    return a / max(b, 1e-9)
