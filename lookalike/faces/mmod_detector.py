"""dlib's convolutional face detector (max-margin object detection, MMOD) in ONNX Runtime, a tenth of dlib's time.

Equal to `cnn_face_detection_model_v1` within a pixel and 1e-3 of a score (tests/faces/test_mmod_detector.py). It sees
what the HOG detector does not: faces in masks, tilted by 45°, cut by the edge. A face must be some 80 px wide.

    picture -> pyramid, each level 5/6 of the one before, tiled into one picture -> network -> windows -> boxes

The layout of the tiles and the interpolation follow dlib (image_transforms/image_pyramid.h, dnn/cpu_dlib.cpp),
since a window at the edge of a tile sees its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.faces.dlib_weights import RGB_MEAN, RGB_SCALE
from lookalike.faces.types import Box

Floats = npt.NDArray[np.float32]

WINDOW_PX = 80  # side of the window that one score is about
STEP_PX, FIRST_PX = 8, 14  # three convolutions of 5 px with stride 2 and no padding: score (r, c) is at 8 c + 14
SHRINK = 5 / 6  # of a level of the pyramid to the next
LEVEL_SHIFT_PX = 0.3  # that dlib adds at each step from a level to the one before
PADDING_PX, BORDER_PX = 10, 11  # between the tiles and around them
LEAST_ROWS = 5  # of a level
OVERLAP = 0.3382761351109955  # intersection over union from which two windows are one face; from the model file


@dataclass(frozen=True)
class Tile:
    """One level of the pyramid in the tiled picture: its upper left corner and its size, in px."""

    top: int
    left: int
    height: int
    width: int

    def distance(self, x: float, y: float) -> float:
        """How far a point is from this tile, in px; 0 inside."""
        dx = max(self.left - x, 0, x - (self.left + self.width - 1))
        dy = max(self.top - y, 0, y - (self.top + self.height - 1))
        return float(np.hypot(dx, dy))

    def is_beside(self, other: Tile) -> bool:
        """Whether the two share no pixel."""
        return (
            self.left >= other.left + other.width
            or other.left >= self.left + self.width
            or self.top >= other.top + other.height
            or other.top >= self.top + self.height
        )


class MmodDetector:
    """The detector over an ONNX Runtime session of the network."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def detect(self, pixels: npt.NDArray[np.uint8], least_score: float = 0.0) -> list[tuple[Box, float]]:
        """Boxes in px of `pixels` uint8 (height, width, 3) with their scores, the highest first; about 1 is sure."""
        if min(pixels.shape[:2]) < WINDOW_PX // 2:  # no room for a face, nor for the network
            return []
        height, width, tiles = layout(*pixels.shape[:2])
        tiled = np.zeros((1, 3, height, width), np.float32)
        level = ((pixels - RGB_MEAN) / RGB_SCALE).astype(np.float32).transpose(2, 0, 1)
        for tile in tiles:
            level = resized(level, tile.height, tile.width)
            tiled[0, :, tile.top : tile.top + tile.height, tile.left : tile.left + tile.width] = level
        scores = self._session.run(None, {"pixels": tiled})[0][0, 0]
        rows, columns = np.nonzero(scores > least_score)
        order = np.argsort(-scores[rows, columns], kind="stable")
        windows = [(_window(rows[i], columns[i], tiles), float(scores[rows[i], columns[i]])) for i in order]
        return [(_rounded(window), score) for window, score in _distinct(windows)]


Window = tuple[float, float, float, float]  # left, top, right, bottom


def layout(rows: int, columns: int) -> tuple[int, int, list[Tile]]:
    """Height and width of the tiled picture, and its tiles, for a picture of that size.

    The levels go down one column, then up again beside it from the lower right corner, as long as there is room.
    """
    sizes = [(rows, columns)]
    while (size := (int(SHRINK * sizes[-1][0]), int(SHRINK * sizes[-1][1])))[0] >= LEAST_ROWS and size[1] > 0:
        sizes.append(size)
    total = sum(height + PADDING_PX for height, _ in sizes) - 2 * PADDING_PX
    used = before = 0
    for height, width in sizes:
        if width <= columns - before - PADDING_PX and 2 * (used - rows) >= total - rows:
            break
        used += height + PADDING_PX
        before = width
    used -= PADDING_PX
    tiles: list[Tile] = []
    y = BORDER_PX
    while y < used + BORDER_PX and len(tiles) < len(sizes):
        height, width = sizes[len(tiles)]
        tiles.append(Tile(y, BORDER_PX, height, width))
        y += height + PADDING_PX
    y -= PADDING_PX
    while len(tiles) < len(sizes):
        height, width = sizes[len(tiles)]
        tile = Tile(y - height, BORDER_PX + columns - width, height, width)
        if not tile.is_beside(tiles[0]):
            break
        tiles.append(tile)
        y -= height + PADDING_PX
    return used + 2 * BORDER_PX, columns + 2 * BORDER_PX, tiles


def resized(level: Floats, height: int, width: int) -> Floats:
    """A picture float32 (channels, rows, columns) in another size, bilinear, corner to corner."""
    if level.shape[1:] == (height, width):
        return level
    top, bottom, below = _samples(level.shape[1], height)
    left, right, aside = _samples(level.shape[2], width)
    rows = level[:, top] * (1 - below)[:, None] + level[:, bottom] * below[:, None]
    columns = rows[:, :, left] * (1 - aside) + rows[:, :, right] * aside
    return columns.astype(np.float32, copy=False)


def _samples(size: int, wanted: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats]:
    """Which two of `size` pixels each of the wanted ones lies between, and how near it is to the second (0..1)."""
    at = np.arange(wanted, dtype=np.float32) * np.float32((size - 1) / max(wanted - 1, 1))
    first = np.floor(at).astype(np.intp)
    return first, np.minimum(first + 1, size - 1), (at - first).astype(np.float32)


def _window(row: int, column: int, tiles: list[Tile]) -> Window:
    """The window of one score, in px of the picture."""
    x, y = STEP_PX * int(column) + FIRST_PX, STEP_PX * int(row) + FIRST_PX
    level = min(range(len(tiles)), key=lambda number: tiles[number].distance(x, y))
    grow, half = SHRINK**-level, (WINDOW_PX - 1) / 2
    shift = LEVEL_SHIFT_PX * (grow - 1) / (1 / SHRINK - 1)  # the same step, once a level
    left, top = (x - tiles[level].left - half) * grow + shift, (y - tiles[level].top - half) * grow + shift
    return left, top, left + 2 * half * grow, top + 2 * half * grow


def _distinct(windows: list[tuple[Window, float]]) -> list[tuple[Window, float]]:
    """Windows, the best first, without those that overlap a better one."""
    kept: list[tuple[Window, float]] = []
    for window, score in windows:
        if not any(_is_one_face(window, other) for other, _ in kept):
            kept.append((window, score))
    return kept


def _is_one_face(a: Window, b: Window) -> bool:
    shared = max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = [(one[2] - one[0]) * (one[3] - one[1]) for one in (a, b)]
    return shared / (sum(areas) - shared) > OVERLAP or shared >= min(areas)


def _rounded(window: Window) -> Box:
    """To whole pixels, halves away from zero."""
    left, top, right, bottom = (int(np.copysign(np.floor(abs(edge) + 0.5), edge)) for edge in window)
    return left, top, right, bottom
