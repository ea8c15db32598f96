"""Where a photo is cut for a card or a page: all faces alike, at one size, with the eyes at one height.

Boxes of one face differ by a third between passes of the detector, so the distance between the eyes says how large a
face is. Of a face that is turned away that distance is short, and the box counts. Where a photo has too little room
around the face, the part is smaller, and the face beside it is cut as closely.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from lookalike.faces.types import Box, Eyes

EYES_SHARE = 0.225  # of a square's side that lies between the eyes' centres: hair and chin stay on it
EYES_TOP = 0.45  # how far down the square the eyes are, as a share of its side
# Between the eyes of a face from the front, as a share of its box: 0.33 or more. Of one that is turned away, it counts.
LEAST_APART = 0.331
APART, EYES_ABOVE = 0.41, 0.198  # where eyes are not known, as shares of the box: their distance, above its middle
MAX_ZOOM = 1.5  # of a part without room around the face; beyond it the eyes are not at their height

Part = tuple[float, float, float, float]  # left, top, right, bottom in px


@dataclass(frozen=True)
class Frame:
    """How a part is cut: its height per width, what share of the width is between the eyes, and how far down they are.

    `eyes_top` is a share of the height.
    """

    tall: float = 1.0
    eyes_share: float = EYES_SHARE
    eyes_top: float = EYES_TOP


SQUARE = Frame()


@dataclass(frozen=True)
class Cut:
    """A part of a photo, in px of the photo that the face's place is in; it may reach beyond the edges.

    `turn`: degrees counter-clockwise (0, 90, 180, 270) by which the part must be turned to be upright. `anchor`: the
    point, in shares of its width and height, that stays where it is when a smaller part is taken. `tilt`: by how many
    degrees clockwise, -45 to 45, the line between the eyes then still is off level; `eyes`: the middle between them.
    """

    left: float
    top: float
    width: float
    height: float
    turn: int = 0
    anchor: tuple[float, float] = (0.5, EYES_TOP)
    tilt: float = 0.0
    eyes: tuple[float, float] = (0.0, 0.0)

    def zoom(self, size: tuple[int, int], most: float = MAX_ZOOM) -> float:
        """How much smaller the part has to be, 1 to `most`, to lie within a photo of that size."""
        wanted = 1.0
        for start, length, edge, anchor in self._sides(size):
            at = start + anchor * length
            room = min(at / anchor, (edge - at) / (1 - anchor))
            wanted = max(wanted, length / max(room, 1.0))
        return min(wanted, most)

    def part(self, size: tuple[int, int], zoom: float) -> Part:
        """The part, so much smaller, moved into a photo of that size."""
        zoom = max(zoom, *self.over(size))
        edges = []
        for start, length, edge, anchor in self._sides(size):
            small = length / zoom
            edges.append((min(max(start + anchor * (length - small), 0.0), edge - small), small))
        (left, width), (top, height) = edges
        return left, top, left + width, top + height

    def over(self, size: tuple[int, int]) -> tuple[float, float]:
        """How much smaller it has to be at least, for a photo of that size to hold it: for its width, its height."""
        return self.width / size[0], self.height / size[1]

    def about_eyes(self) -> Cut:
        """The part with its anchor at the eyes, for a photo that is turned about them."""
        return replace(
            self, left=self.eyes[0] - self.anchor[0] * self.width, top=self.eyes[1] - self.anchor[1] * self.height
        )

    def eyes_top(self, part: Part) -> float:
        """How far down the eyes are in a part, as a share of its height, once it is upright."""
        left, top, right, bottom = part
        across = (self.left + self.anchor[0] * self.width - left) / (right - left)
        down = (self.top + self.anchor[1] * self.height - top) / (bottom - top)
        return {0: down, 90: 1 - across, 180: 1 - down, 270: across}[self.turn]

    def _sides(self, size: tuple[int, int]) -> tuple[tuple[float, float, int, float], ...]:
        """Across and down: where the part begins, its length, the photo's length, and the anchor."""
        across = (self.left, self.width, size[0], self.anchor[0])
        return across, (self.top, self.height, size[1], self.anchor[1])


def portrait(box: Box, eyes: Eyes | None, frame: Frame = SQUARE) -> Cut:
    """The part around a face."""
    x, y, across, down, apart = _eyes(box, eyes)
    middle = x, y
    angle = math.degrees(math.atan2(down, across))
    quarter = round(angle / 90) * 90
    turn = quarter % 360  # for the line from the left eye to the right one to be nearest to level
    width = apart / frame.eyes_share
    height = width * frame.tall
    reach = math.hypot(across, down)
    below = (0.5 - frame.eyes_top) * height / reach  # from the eyes to the middle of the part, down the face
    x, y = x - down * below, y + across * below
    anchor = {
        0: (0.5, frame.eyes_top), 90: (1 - frame.eyes_top, 0.5),
        180: (0.5, 1 - frame.eyes_top), 270: (frame.eyes_top, 0.5),
    }[turn]  # fmt: skip
    if turn in (90, 270):
        width, height = height, width
    return Cut(x - width / 2, y - height / 2, width, height, turn, anchor, angle - quarter, middle)


def _eyes(box: Box, eyes: Eyes | None) -> tuple[float, float, float, float, float]:
    """The middle between the eyes, the way from the left one to the right one, and the distance that counts."""
    left, top, right, bottom = box
    side = max(right - left, bottom - top, 1)
    if eyes is None:
        return (left + right) / 2, (top + bottom) / 2 - EYES_ABOVE * side, 1.0, 0.0, APART * side
    x_left, y_left, x_right, y_right = eyes
    across, down = x_right - x_left, y_right - y_left
    apart = max(math.hypot(across, down), LEAST_APART * side)
    return (x_left + x_right) / 2, (y_left + y_right) / 2, across or 1e-9, down, apart
