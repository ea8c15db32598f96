"""Which photos are good enough for a gallery, and the reasons against the others.

The measures of a photo (types.MeasuredFace) are compared with limits, the gates; bench/results/gates.json has the
effect of each. There are two kinds:

* hard: the face is too small to tell anything, or a drawing. The photo is never used.
* soft: the embedding is less certain, or may be of another person. The photo is left out where the celebrity has a
  better one; if all fail only soft gates, the best of them is used, since a celebrity without any photo is worse.

A photo with more faces that fails nothing else is used as well where its main face is like the celebrity's others
(indexing/photo_selection.py): as a hard gate it cost 21 right answers of 2,466 and saved 2 (bench/settings.py).

Statues and realistic paintings pass: their pixels look like black-and-white or retouched photos.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.faces.decoding import Pixels
from lookalike.faces.types import Doubt, MeasuredFace, Reason

Grey = npt.NDArray[np.float64]
GREY = np.array([0.299, 0.587, 0.114])  # of red, green, blue: ITU-R BT.601, as Pillow's "L"

# Embeddings of photos of one person are 0.33 (median) from the mean of the others, so a change of 0.3 is as large as
# another photo makes. Photos of 76 people were degraded step by step (bench/results/gates.json):
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

# Photos of users: measures below which fewer are named right (bench/doubts.py).
DOUBTFUL_SHARPNESS = 0.02  # of the chip: faces blurred by 8 px of 270 have 0.02 and are named right, by 10 px no more
DOUBTFUL_BRIGHTNESS = 9.0  # detection.brightness of the picture, before it is brightened
DARK_EYES = 0.25  # brightness of the brighter eye's part, as a share of the cheeks'; uncovered 0.3 and more
OTHER_COLOUR = (
    13.0  # between mouth and brow, in percent of red and of blue: no face of 122 without a mask, 83 of 114 with one
)
PLAIN_MOUTH = 0.05  # spread of the mouth's brightness, as a share of it; uncovered 0.06 and more
# Pictures in which nobody was found: blurred faces that are not seen any more have 0.0018 and less, sharp pictures
# 0.015 and more; one without any contrast is not blurred but empty.
BLURRED_PICTURE, EMPTY_PICTURE = 0.002, 5.0
SMALL_PICTURE_PX = 80  # longest side; a face of the least size that is found, 28 px, fills a third of it
DARK_PICTURE = 25.0  # detection.brightness
PICTURE_PX = 375  # longest side at which a picture's sharpness is measured
# Parts of a face: left, right, top, bottom in the coordinates of dlib's mean face (get_face_chip_details,
# image_transforms/interpolation.h), which lies within the padding of a chip.
LEFT_EYE, RIGHT_EYE = (0.09, 0.36, 0.13, 0.31), (0.62, 0.89, 0.13, 0.31)
LEFT_CHEEK, RIGHT_CHEEK = (0.08, 0.25, 0.5, 0.68), (0.75, 0.92, 0.5, 0.68)
MOUTH, BROW = (0.28, 0.72, 0.78, 1.02), (0.4, 0.6, -0.1, 0.15)

Place = tuple[float, float, float, float]

MORE_FACES = "more than one face"
WHITE = 250  # grey level from which a pixel counts as white
FACE = np.s_[30:125, 30:120]  # rows and columns of the chip of 150 px: eyebrows to chin, no hair or background


@dataclass(frozen=True)
class Gate:
    """One reason for rejecting a photo; `nearness` is measure / limit, and the photo is rejected above 1."""

    reason: str
    nearness: float
    is_hard: bool


Measures = Any  # a MeasuredFace, or the measures of many photos as arrays (n,) by the same names


def _drawn(of: Measures) -> Any:
    flat = np.maximum(of.white / MAX_WHITE, _ratio(MIN_ROUGHNESS, of.roughness))
    return np.maximum(flat, of.sharpness / MAX_SHARPNESS)


# Reason, whether it is hard, and measure / limit.
GATES: tuple[tuple[str, bool, Callable[[Measures], Any]], ...] = (
    ("face too small", True, lambda of: _ratio(MIN_EYES_PX, of.eyes_px)),
    ("a drawing", True, _drawn),
    ("too dark or too pale", False, lambda of: _ratio(MIN_CONTRAST, of.contrast)),
    ("blurred", False, lambda of: _ratio(MIN_SHARPNESS, of.sharpness)),
    ("turned away", False, lambda of: of.turn / MAX_TURN),
    ("too tilted", False, lambda of: of.tilt_deg / MAX_TILT_DEG),
    (MORE_FACES, False, lambda of: of.faces),
)


def gates(face: MeasuredFace) -> tuple[Gate, ...]:
    """All gates of a photo; where several reject it, the first one is reported."""
    return tuple(Gate(reason, float(nearness(face)), is_hard) for reason, is_hard, nearness in GATES)


def passes(measures: Mapping[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.bool_]:
    """Which photos (n,) pass all gates, by the measures (n,) of each."""
    of = SimpleNamespace(**measures)
    passed: npt.NDArray[np.bool_] = np.asarray(np.max([nearness(of) for _, _, nearness in GATES], axis=0) <= 1)
    return passed


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


def doubt(chip: Pixels, padding: float, turn: float, brightest: float) -> Doubt | None:
    """Why the match of a face is uncertain, if it is: its chip and the chip's padding, its turn as in MeasuredFace.

    `brightest`: detection.brightness of the picture.
    """
    if brightest < DOUBTFUL_BRIGHTNESS:
        return Doubt.DARK
    grey = halved((chip[FACE] @ GREY).astype(np.float64))
    if _ratio(float(laplacian(grey).var()), float(grey.var())) < DOUBTFUL_SHARPNESS:
        return Doubt.BLURRED
    if _is_covered(chip, padding):
        return Doubt.COVERED
    return Doubt.TURNED if turn > MAX_TURN else None


def _is_covered(chip: Pixels, padding: float) -> bool:
    """Whether the eyes or the mouth look like something else than the rest of the face."""
    eyes, cheeks = (
        [float((_part(chip, place, padding) @ GREY).mean()) for place in places]
        for places in ((LEFT_EYE, RIGHT_EYE), (LEFT_CHEEK, RIGHT_CHEEK))
    )
    mouth, brow = _part(chip, MOUTH, padding), _part(chip, BROW, padding)
    grey = mouth @ GREY
    return bool(
        max(eyes) < DARK_EYES * sum(cheeks) / 2
        or np.linalg.norm(_colour(mouth) - _colour(brow)) > OTHER_COLOUR
        or grey.std() < PLAIN_MOUTH * grey.mean()
    )


def _part(chip: Pixels, place: Place, padding: float) -> Pixels:
    left, right, top, bottom = (round((padding + edge) / (1 + 2 * padding) * len(chip)) for edge in place)
    return chip[top:bottom, left:right]


def _colour(part: Pixels) -> npt.NDArray[np.float64]:
    """Shares of red and of blue in percent of all light."""
    means = part.reshape(-1, 3).mean(axis=0)
    shares: npt.NDArray[np.float64] = 100 * means[[0, 2]] / max(float(means.sum()), 1e-9)
    return shares


def why_nobody(picture: Image.Image, brightest: float) -> Reason:
    """What keeps a face from being found in a picture, as far as it can be seen."""
    if brightest < DARK_PICTURE:
        return Reason.TOO_DARK
    scale = min(1.0, PICTURE_PX / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    grey = halved(np.asarray(picture.resize(size).convert("L"), dtype=np.float64))
    if min(grey.shape) > 2 and grey.std() > EMPTY_PICTURE and laplacian(grey).var() < BLURRED_PICTURE * grey.var():
        return Reason.BLURRED
    return Reason.FACE_TOO_SMALL if max(picture.size) < SMALL_PICTURE_PX else Reason.NO_FACE


def texture(chip: Pixels) -> dict[str, float]:
    """Sharpness, contrast, roughness and white of an aligned chip uint8 (150, 150, 3), as in MeasuredFace.

    Sharpness is the variance of the Laplacian (J. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy",
    ICPR 2000) at half size, where scanner noise and JPEG artefacts weigh less, divided by the variance of the grey
    levels, so that a dark photo does not count as blurred. Roughness is the median of the absolute Laplacian divided by
    its root mean square: 0.67 for normal noise, near 0 where flat patches meet at hard edges.
    """
    grey = (chip[FACE] @ GREY).astype(np.float64)
    rough = laplacian(grey)
    return {
        "sharpness": _ratio(float(laplacian(halved(grey)).var()), float(halved(grey).var())),
        "contrast": float(grey.std()),
        "roughness": float(_ratio(np.median(np.abs(rough)), np.sqrt((rough**2).mean()))),
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


def _ratio(a: Any, b: Any) -> Any:
    return a / np.maximum(b, 1e-9)
