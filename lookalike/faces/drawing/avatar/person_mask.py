"""Which pixels are the person's: MediaPipe Selfie Segmentation, of the person with this face and of nobody else.

Google, "MediaPipe Selfie Segmentation" model card, 2021; Apache License 2.0 (assets/face_mesh/LICENSE.txt). 10 ms.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter, label

from lookalike.core.paths import MESH_DIR
from lookalike.faces.drawing.aligned import Aligned
from lookalike.faces.drawing.avatar.edge_filters import guided
from lookalike.faces.drawing.avatar.lab_colour import Plane
from lookalike.faces.onnx_network import load_network
from lookalike.faces.types import Box

SHA256 = "5f3f83245c347e2096d8ccb0bd3f8eef43d5303281d59a1d78fa81fcc353aee9"
SIDE_PX = 256  # of the network's picture
LEAST = 0.6  # of the face that must be the person's; else the network has seen none
EDGE = (0.3, 0.7)  # of the network's probability: outside, inside
FADE = 0.03  # of the side over which the person fades where the photo ends
# How far from the middle a person reaches, in widths of the face: others of a photo are beyond. At the eyes, and below
# the chin, where shoulders are.
HEAD_REACH, SHOULDER_REACH = 0.84, 2.6
SLOPE = 0.25  # in widths of the face, over which that limit is blurred
# A place is another's where it is nearer to their face than to this one, each in its own size; what lies below a face
# counts as so much nearer, since bodies do.
BELOW = 0.45
OTHER_REACH = 1.9  # of half the box of another's face: what is farther from it is left to this person
OWN_REACH = 1.2  # of 0.6 of the width of this face: what is nearer to the eyes is this person's, with the hair


def person_mask(cut: Aligned, lightness: Plane, face_px: float, others: Sequence[Box] = ()) -> Plane:
    """1 where the person is, 0 elsewhere; `face_px`: the width of the face, in px of the cut; boxes of the original."""
    side = cut.image.width
    small = cut.image.resize((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR)
    (found,) = _network().run(None, {"input_1": np.asarray(small, dtype=np.float32)[None] / 255})
    large = Image.fromarray(found[0, :, :, 0].astype(np.float32)).resize((side, side), Image.Resampling.BICUBIC)
    low, high = EDGE
    person = np.clip((guided(lightness, np.asarray(large), side // 64, 20.0) - low) / (high - low), 0, 1)
    reach = _reach(cut, face_px) * _not_others(cut, face_px, others)
    middle, below = side // 2, int(cut.eyes[1])
    half = int(face_px / 3)
    face = np.s_[below - half : below + int(1.6 * half), middle - half : middle + half]
    person = _with_face(person * reach, face) if person[face].mean() > LEAST else reach
    return np.asarray(gaussian_filter(person, side / 640) * within_photo(cut), dtype=np.float32)


def within_photo(cut: Aligned) -> Plane:
    """1 within the photo, 0 beyond its edges, and less and less towards them."""
    side = cut.image.width
    if cut.inside is None:
        return np.ones((side, side), dtype=np.float32)
    sigma = side * FADE / 2
    inside = (np.asarray(cut.inside) > 127).astype(np.float32)
    return np.asarray(np.clip(2 * gaussian_filter(inside, sigma, mode="nearest") - 1, 0, 1))


def _reach(cut: Aligned, face_px: float) -> Plane:
    """1 where this person may be, 0 where only others are."""
    side = cut.image.width
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    down = (rows - cut.eyes[1]) / face_px  # in widths of the face below the eyes; the chin is about 0.9
    half = HEAD_REACH + (SHOULDER_REACH - HEAD_REACH) * np.clip((down - 0.65) / 0.9, 0, 1)
    half += 0.45 * np.clip(-down - 0.1, 0, 0.5)  # hair and hats
    return np.asarray(np.clip((half - np.abs(columns - side / 2) / face_px) / SLOPE + 0.5, 0, 1))


def _not_others(cut: Aligned, face_px: float, others: Sequence[Box]) -> Plane:
    """0 at the heads of others, 1 elsewhere."""
    side = cut.image.width
    rows, columns = np.mgrid[:side, :side].astype(np.float32)

    def away(x: float, y: float, half: float) -> Plane:
        down = (rows - y) / half
        return np.asarray(np.hypot((columns - x) / half, np.where(down > 0, down * BELOW, down)))

    mine = away(side / 2, cut.eyes[1], 0.6 * face_px)
    free = np.ones((side, side), dtype=np.float32)
    for box in others:
        theirs = away(*cut.place_of(box))
        is_free = np.maximum(np.maximum(theirs - mine, theirs - OTHER_REACH), OWN_REACH - mine) / SLOPE
        free = np.minimum(free, np.clip(is_free + 0.5, 0, 1))
    return free


def _with_face(person: Plane, face: tuple[slice, slice]) -> Plane:
    """The part of a mask that hangs together with the face."""
    parts, _ = label(person > 0.5)
    numbers = parts[face]
    mine = parts == np.bincount(numbers[numbers > 0]).argmax()
    near = gaussian_filter(mine.astype(np.float32), 2) > 0.02
    return np.asarray(person * near)


@functools.cache
def _network() -> Any:
    return load_network(MESH_DIR / "selfie_segmentation.onnx", SHA256)
