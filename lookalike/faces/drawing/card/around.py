"""The part of a costly photo that is kept for its card, and where the face is in it.

The worker cuts by it, and the bot, which gets the part without its place, counts the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.faces.drawing.portrait import portrait
from lookalike.faces.types import MAX_SIDE_PX, Box, Eyes

# Of the part, in sides of `portrait`: room for every format, turned by any angle. A story's corners are farthest away
# from the middle, 0.95 sides.
SIDE = 1.92
MOST_PX = 920  # of its side as it is kept: a square card shows a side of `portrait` at 478 px


@dataclass(frozen=True)
class Around:
    """A part of a photo, in px of the photo, and its (width, height) as it is kept."""

    part: Box
    size: tuple[int, int]

    def box(self, box: Box) -> Box:
        """A face's box within what is kept."""
        left, top = self.part[:2]
        moved = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
        across, down, right, bottom = (round(edge * self._scale) for edge in moved)
        return across, down, right, bottom

    def eyes(self, eyes: Eyes | None) -> Eyes | None:
        """A face's eyes within what is kept."""
        if eyes is None:
            return None
        left, top = self.part[:2]
        moved = (eyes[0] - left, eyes[1] - top, eyes[2] - left, eyes[3] - top)
        x_left, y_left, x_right, y_right = (at * self._scale for at in moved)
        return x_left, y_left, x_right, y_right

    @property
    def _scale(self) -> float:
        return self.size[0] / (self.part[2] - self.part[0])


def around(box: Box, eyes: Eyes | None, size: tuple[int, int]) -> Around:
    """What is kept of a photo of that size."""
    cut = portrait(box, eyes)
    half = SIDE / 2 * max(cut.width, cut.height)
    edges = []
    for middle, edge in ((cut.left + cut.width / 2, size[0]), (cut.top + cut.height / 2, size[1])):
        start = min(max(round(middle - half), 0), edge - 1)
        edges.append((start, max(min(round(middle + half), edge), start + 1)))
    (left, right), (top, bottom) = edges
    scale = max(max(size) / MAX_SIDE_PX, max(right - left, bottom - top) / MOST_PX, 1.0)
    kept = max(1, round((right - left) / scale)), max(1, round((bottom - top) / scale))
    return Around((left, top, right, bottom), kept)
