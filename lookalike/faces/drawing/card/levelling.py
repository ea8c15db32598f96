"""A part of a photo, turned about the eyes until they are level, as far as the photo has room around the face."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

from lookalike.faces.drawing.affine import reduced
from lookalike.faces.drawing.portrait import Cut, Part

LEAST_TILT = 2.5  # degrees; less is not seen
SHARES = (1.0, 0.75, 0.5, 0.25)  # of the tilt that are tried
CLOSER = (1.0, 1.08, 1.16)  # how much smaller the part may be made for that
EDGE_PX = 0.5  # by which a corner may be beyond the photo


@dataclass(frozen=True)
class LevelPart:
    """A part, so many times smaller than it was wanted (`zoom`), and by how many degrees it is turned clockwise.

    `eyes_top`: how far down the eyes are in it, as a share of its height.
    """

    part: Part
    zoom: float
    eyes_top: float
    angle: float = 0.0


def level_part(cut: Cut, size: tuple[int, int], zoom: float) -> LevelPart:
    """The part of a photo of that size in which the eyes are most level, at least `zoom` times smaller."""
    if abs(cut.tilt) >= LEAST_TILT:
        turned = cut.about_eyes()
        for share in SHARES:
            for closer in CLOSER:
                part = turned.part(size, zoom * closer)
                found = LevelPart(part, zoom * closer, turned.eyes_top(part), share * cut.tilt)
                if _is_within(found, cut.eyes, size):
                    return found
    part = cut.part(size, zoom)
    return LevelPart(part, zoom, cut.eyes_top(part))


def level_panel(
    image: Image.Image, scale: float, wanted: LevelPart, about: tuple[float, float], size: tuple[int, int]
) -> Image.Image:
    """The part at that size, turned about a point; `scale`: px of the photo for each of the image."""
    (x, y), (x_right, y_right), (x_below, y_below), _ = ((x / scale, y / scale) for x, y in _corners(wanted, about))
    across, down = size
    affine = (x_right - x) / across, (x_below - x) / down, x, (y_right - y) / across, (y_below - y) / down, y
    image, affine = reduced(image, affine)
    return image.transform(size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)


def _is_within(wanted: LevelPart, about: tuple[float, float], size: tuple[int, int]) -> bool:
    return all(
        -EDGE_PX <= at <= edge + EDGE_PX
        for corner in _corners(wanted, about)
        for at, edge in zip(corner, size, strict=True)
    )


def _corners(wanted: LevelPart, about: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """The corners of the part as it is turned: left top, right top, left bottom, right bottom."""
    left, top, right, bottom = wanted.part
    cos, sin = math.cos(math.radians(wanted.angle)), math.sin(math.radians(wanted.angle))
    ways = ((x - about[0], y - about[1]) for x, y in ((left, top), (right, top), (left, bottom), (right, bottom)))
    return tuple((about[0] + cos * x - sin * y, about[1] + sin * x + cos * y) for x, y in ways)
