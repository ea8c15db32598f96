"""Eyes and mouth of a face, and its light: what a drawing must keep for somebody to be known by it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import gaussian_filter

from lookalike.faces.drawing.aligned import Aligned
from lookalike.faces.drawing.avatar.lab_colour import Plane
from lookalike.faces.drawing.face_mesh import Points, mesh

# Points of Face Mesh around a face, the eyes and the lips (mediapipe/python/solutions/face_mesh_connections.py).
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
        150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)  # fmt: skip
EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
INNER_LIPS = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
SKIN = (52.0, 78.0)  # lightness of skin in a drawing: dark skin stays darker, and shows as much
REDUCED = 8  # by which a plane is smaller for a broad Gaussian
EVEN = 0.55  # of the uneven light on a face that is taken out


@dataclass(frozen=True, eq=False)
class Features:
    """Parts of a face as planes (h, w) of 0..1; `width_px`: of the face."""

    face: Plane
    eyes: Plane
    lips: Plane
    highlights: Plane
    width_px: float


def features_of(cut: Aligned) -> Features | None:
    """The parts; None where the mesh is not found."""
    points = mesh(cut.image, cut.eyes)
    if points is None:
        return None
    size = cut.image.size
    width = float(np.ptp(points[list(OVAL), 0]))
    eyes = np.maximum(*(_filled(size, points[list(one)], width / 150) for one in EYES))
    lips = _filled(size, points[list(LIPS)], width / 200) * (1 - _filled(size, points[list(INNER_LIPS)], 0.5))
    highlights = np.maximum(*(_highlight(cut.image, points[list(one)]) for one in EYES))
    return Features(_filled(size, points[list(OVAL)], 2), eyes, lips, highlights, width)


def levelled(lightness: Plane, person: Plane, features: Features) -> Plane:
    """Lightness as if the light were good: even on the face, skin neither black nor white, the whole range used."""
    face = features.face * person
    skin = float(np.median(lightness[face > 0.5])) if (face > 0.5).any() else 60.0
    weight, weighted = (_broad(plane, features.width_px / 5) for plane in (face, lightness * face))
    light = weighted / np.maximum(weight, 1e-3)
    even = lightness - EVEN * (light - skin) * np.clip(weight * 1.5, 0, 1)
    inside = even[person > 0.5] if (person > 0.5).any() else even
    low, high = (float(at) for at in np.percentile(inside, (1, 99)))
    low, high = min(low, skin - 15), max(high, skin + 12)
    wanted = float(np.clip(0.55 * skin + 32, *SKIN))
    return np.asarray(np.interp(even, (low, skin, high), (6, wanted, 97)), dtype=np.float32)


def _broad(plane: Plane, sigma_px: float) -> Plane:
    """A plane under a broad Gaussian, which is as good on fewer pixels."""
    height, width = plane.shape
    small = Image.fromarray(plane).reduce(REDUCED)
    blurred = Image.fromarray(gaussian_filter(np.asarray(small), sigma_px / REDUCED))
    return np.asarray(blurred.resize((width, height), Image.Resampling.BICUBIC))


def _highlight(image: Image.Image, outline: Points) -> Plane:
    """The light that an open eye reflects: a spot beside the middle of its iris, towards the light above."""
    plane = np.zeros(image.size, dtype=np.float32)
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    across, high = right - left, bottom - top
    if high < 0.2 * across:
        return plane
    iris = _filled(image.size, (outline - outline.mean(axis=0)) * 0.8 + outline.mean(axis=0), 1)
    dark = iris * (255 - np.asarray(image.convert("L"), dtype=np.float32)) ** 4
    rows, columns = np.mgrid[: image.height, : image.width]
    total = max(float(dark.sum()), 1.0)
    x, y = float((dark * columns).sum()) / total + 0.06 * across, float((dark * rows).sum()) / total - 0.08 * across
    radius = max(0.055 * across, 1.2)
    return np.asarray(np.clip(radius + 0.5 - np.hypot(columns - x, rows - y), 0, 1), dtype=np.float32)


def _filled(size: tuple[int, int], outline: Points, blur_px: float) -> Plane:
    image = Image.new("L", size)
    ImageDraw.Draw(image).polygon([(x, y) for x, y in outline.tolist()], fill=255)
    return _plane(image.filter(ImageFilter.GaussianBlur(blur_px)))


def _plane(image: Image.Image) -> Plane:
    return np.asarray(np.asarray(image, dtype=np.float32) / np.float32(255))
