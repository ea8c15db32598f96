"""A face cut so that its eyes are level and where they are in every other such picture: what morphs are made of.

Where the photo ends, its own colours go on, blurred, so that nothing is black.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from lookalike.faces.decoding import Picture
from lookalike.faces.drawing.affine import Affine, reduced
from lookalike.faces.drawing.portrait import EYES_TOP, Cut
from lookalike.faces.types import Box, Eyes

EYES_SHARE = 0.2  # of the side that lies between the eyes' centres: all of the head is in the picture
BOX_SHARE = 0.6  # of the side that the box fills at most: eyes of a face that is turned away are near each other
MAX_ZOOM = 1.7  # of a part without room around the face: just the face is left
EDGE_PX = 2  # of the photo, into which cubic resampling mixes what lies beyond it
CELLS = 32  # a side, of the picture in which colours are drawn out beyond the edges of the photo
LEAST_SHARE = 0.25  # of a cell that lies within the photo, for its colour to count


@dataclass(frozen=True, eq=False)
class Aligned:
    """A square RGB picture with level eyes at a height of EYES_TOP, and where they are, in px of it.

    `inside`: grey levels, 255 within the photo and 0 beyond its edges; None where the photo fills the picture.
    `affine`: from px of it to px of the original.
    """

    image: Image.Image
    eyes: Eyes
    inside: Image.Image | None = None
    affine: Affine = (1, 0, 0, 0, 1, 0)

    def place_of(self, box: Box) -> tuple[float, float, float]:
        """Where a face of the original is in it, in px: x and y of the middle of its box, and half the box's side."""
        a, b, c, d, e, f = self.affine
        x, y = (box[0] + box[2]) / 2 - c, (box[1] + box[3]) / 2 - f
        squared = a * e - b * d
        half = max(box[2] - box[0], box[3] - box[1]) / 2 / math.sqrt(squared)
        return (e * x - b * y) / squared, (a * y - d * x) / squared, half


def align(picture: Picture, box: Box, eyes: Eyes, side_px: int, zoom: float = 1.0) -> Aligned:
    """Cut a face of an upright picture; box and eyes as in `Face`, in px of the original.

    `zoom`: by how much the part is smaller; `room_for` says what a photo needs.
    """
    x_left, y_left, x_right, y_right = (at / picture.scale for at in eyes)
    across, down = x_right - x_left, y_right - y_left
    apart = math.hypot(across, down) or 1.0
    scale = _side(box, eyes) / picture.scale / zoom / side_px  # px of the photo in one of the cut
    cos, sin = across / apart * scale, down / apart * scale
    middle, height = side_px / 2, EYES_TOP * side_px
    x, y = (x_left + x_right) / 2, (y_left + y_right) / 2
    affine = (cos, -sin, x - cos * middle + sin * height, sin, cos, y - sin * middle - cos * height)
    half = apart / scale / 2
    image, inside = _cut(picture.image, affine, side_px)
    to_original: Affine = tuple(number * picture.scale for number in affine)  # type: ignore[assignment]
    return Aligned(image, (middle - half, height, middle + half, height), inside, to_original)


def room_for(picture: Picture, box: Box, eyes: Eyes) -> float:
    """How much smaller a part has to be, 1 to MAX_ZOOM, for the photo not to end within it."""
    side = _side(box, eyes)
    x, y = (eyes[0] + eyes[2]) / 2, (eyes[1] + eyes[3]) / 2
    return Cut(x - side / 2, y - EYES_TOP * side, side, side).zoom(picture.size, MAX_ZOOM)


def _side(box: Box, eyes: Eyes) -> float:
    """The side of the part, in px of the original."""
    box_side = max(box[2] - box[0], box[3] - box[1])
    return max(math.hypot(eyes[2] - eyes[0], eyes[3] - eyes[1]) / EYES_SHARE, box_side / BOX_SHARE, 1.0)


def _cut(image: Image.Image, affine: Affine, side_px: int) -> tuple[Image.Image, Image.Image | None]:
    """The part, smoothed where it is made smaller; beyond the photo its edges go on, blurred. And `Aligned.inside`."""
    image, affine = reduced(image, affine)
    size = (side_px, side_px)
    cut = image.transform(size, Image.Transform.AFFINE, affine, Image.Resampling.BICUBIC)
    mask = Image.new("L", image.size)
    mask.paste(255, (EDGE_PX, EDGE_PX, image.width - EDGE_PX, image.height - EDGE_PX))
    inside = mask.transform(size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
    if inside.getextrema() == (255, 255):
        return cut, None
    return Image.composite(cut, _surroundings(cut, inside), inside), inside


def _surroundings(cut: Image.Image, inside: Image.Image) -> Image.Image:
    """The colours at the edge of what lies inside the photo, drawn out to the rest, blurred."""
    share = np.asarray(inside.resize((CELLS, CELLS), Image.Resampling.BOX), dtype=np.float64)[..., None] / 255
    masked = Image.composite(cut, Image.new("RGB", cut.size), inside)
    colours = np.asarray(masked.resize((CELLS, CELLS), Image.Resampling.BOX), dtype=np.float64)
    is_known = share > LEAST_SHARE
    colours = np.where(is_known, colours / np.maximum(share, LEAST_SHARE), 0)
    while not is_known.all() and is_known.any():
        around, count = _around(colours * is_known), _around(is_known.astype(np.float64))
        reached = ~is_known & (count > 0)
        colours = np.where(reached, around / np.maximum(count, 1), colours)
        is_known |= reached
    small = Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))
    return small.resize(cut.size, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(cut.width / CELLS))


def _around(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The sum over each cell (h, w, c) and its eight neighbours."""
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)))
    height, width = values.shape[:2]
    parts = [padded[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return np.asarray(np.sum(parts, axis=0))
