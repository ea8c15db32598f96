"""Where a photo is cut for a card or a page: all faces alike, at one size, with the eyes at one height.

Boxes of one face differ by a third between passes of the detector, so the distance between the eyes says how large a
face is. Of a face that is turned away that distance is short, and the box counts. Where a photo has too little room
around the face, the part is smaller, and the face beside it is cut as closely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lookalike.faces.types import Box, Eyes

EYES_SHARE = 0.225  # of the square's side that lies between the eyes' centres: hair and chin stay on it
EYES_TOP = 0.45  # how far down the square the eyes are, as a share of its side
BOX_SHARE = 0.55  # of the side that the box fills where the eyes are not known
MAX_BOX_SHARE = 0.68  # of the side that it fills at most: eyes of a face from the front are 0.33 of it apart or more
MAX_ZOOM = 1.5  # of a part without room around the face; beyond it the eyes are not at their height

Part = tuple[float, float, float, float]  # left, top, right, bottom in px


@dataclass(frozen=True)
class Square:
    """A part of a photo, in px of the photo that the face's place is in; it may reach beyond the edges.

    `turn`: degrees counter-clockwise (0, 90, 180, 270) by which the part must be turned to be upright.
    """

    left: float
    top: float
    side: float
    turn: int = 0

    @property
    def anchor(self) -> tuple[float, float]:
        """The point of the square, in shares of its side, that stays where it is when a smaller part is taken."""
        return 0.5, EYES_TOP if not self.turn else 0.5

    def zoom(self, size: tuple[int, int], most: float = MAX_ZOOM) -> float:
        """How much smaller the part has to be, 1 to `most`, to lie within a photo of that size."""
        starts = (self.left, self.top)
        rooms = [self.side]
        for start, edge, anchor in zip(starts, size, self.anchor, strict=True):
            at = start + anchor * self.side
            rooms += [at / anchor, (edge - at) / (1 - anchor)]
        return min(self.side / max(min(rooms), 1.0), most)

    def part(self, size: tuple[int, int], zoom: float) -> Part:
        """The part, so much smaller, moved into a photo of that size."""
        side = min(self.side / zoom, *size)
        starts = (self.left, self.top)
        left, top = (
            min(max(start + anchor * (self.side - side), 0.0), edge - side)
            for start, edge, anchor in zip(starts, size, self.anchor, strict=True)
        )
        return left, top, left + side, top + side


def portrait(box: Box, eyes: Eyes | None) -> Square:
    """The square around a face."""
    left, top, right, bottom = box
    box_side = max(right - left, bottom - top, 1)
    if eyes is None:
        side = box_side / BOX_SHARE
        return Square((left + right - side) / 2, (top + bottom - side) / 2 - 0.06 * side, side)
    x_left, y_left, x_right, y_right = eyes
    across, down = x_right - x_left, y_right - y_left
    apart = math.hypot(across, down) or 1.0
    side = max(apart / EYES_SHARE, box_side / MAX_BOX_SHARE)
    below = (0.5 - EYES_TOP) * side / apart  # from the eyes to the middle of the square, down the face
    x, y = (x_left + x_right) / 2 - down * below, (y_left + y_right) / 2 + across * below
    return Square(x - side / 2, y - side / 2, side, _quarter_turn(across, down))


def _quarter_turn(across: float, down: float) -> int:
    """By how much a photo must be turned for the line from the left eye to the right one to be nearest to level."""
    return round(math.degrees(math.atan2(down, across)) / 90) * 90 % 360
