"""One face turns into another and back: a looping video, and a strip of five pictures.

Both faces are cut alike (aligned.py) and their points found (face_mesh.py). At each moment every point is on its way
from one face to the other; both pictures are drawn out to where the points are then, and blended in linear light, so
that eyes lie on eyes and lips on lips at every moment: Beier & Neely 1992, with triangles instead of lines (Wolberg,
"Digital Image Warping", 1990, section 3.5; Delaunay's triangles, over a grid).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.spatial import Delaunay

from lookalike.faces.decoding import Picture, decode
from lookalike.faces.drawing.aligned import Aligned, align, room_for
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.drawing.face_mesh import Points, mesh
from lookalike.faces.drawing.video import Frame, encode_video
from lookalike.faces.types import Box, Eyes, Reason, Refusal

SIDE_PX = 480
STEP_PX = 20  # of the grid on which a picture is drawn out
BEYOND_PX = 0.01  # less than this from its far edge, Pillow sees nothing of a picture
ROUNDS = 4  # to find where a node comes from; the next one moves it by less than 0.1 px
RATE = 20  # pictures a second
MOVING = 20  # pictures from one face to the other: a second
STILL = 8  # pictures that each face stays
STRIP = 5  # pictures of the strip
STRIP_PX = 256  # the side of each
STRIP_QUALITY = 88

Nodes = npt.NDArray[np.float64]  # (rows, columns, 2) x, y in px

_TO_LINEAR = np.round(
    65535 * np.where((s := np.arange(256) / 255) <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)
).astype(np.uint16)  # IEC 61966-2-1
_FROM_LINEAR = np.searchsorted(_TO_LINEAR, np.arange(0, 65536, 16)).astype(np.uint8)  # of the twelve high bits


class Morph:
    """Two faces on their way from one to the other."""

    def __init__(self, faces: Sequence[Image.Image], points: Sequence[Points]) -> None:
        self._faces = faces
        side_px = faces[0].width
        first, last = (np.vstack([found, _edge(side_px)]) for found in points)
        along = np.arange(0, side_px + STEP_PX, STEP_PX, dtype=np.float64)
        self._grid: Nodes = np.stack(np.meshgrid(along, along), axis=-1)
        half_way = (first + last) / 2
        self._to_last = _spread_over(self._grid, half_way)((last - first) / 2)  # from half-way on; to the first: less

    @classmethod
    def between(cls, one: Aligned, other: Aligned) -> Morph | None:
        """The morph of two faces that are cut alike; None if the points of one are not found."""
        points = [found for face in (one, other) if (found := mesh(face.image, face.eyes)) is not None]
        return cls((one.image, other.image), points) if len(points) == 2 else None

    def at(self, share: float) -> Frame:
        """The picture at a moment: 0 is the first face, 1 the other."""
        now = (2 * share - 1) * self._to_last
        half_way = self._grid
        for _ in range(ROUNDS):  # where on the half-way face the nodes of this moment's grid come from
            half_way = self._grid - _sampled(now, half_way)
        to_last = _sampled(self._to_last, half_way)
        weight = _smooth(share)
        mixed = np.zeros((1, 1, 1), dtype=np.uint16)
        for face, way, part in zip(self._faces, (-to_last, to_last), (1 - weight, weight), strict=True):
            mixed = mixed + (_TO_LINEAR * part).astype(np.uint16)[np.asarray(self._drawn(face, half_way + way))]
        return np.asarray(_FROM_LINEAR[mixed >> 4])

    def _drawn(self, image: Image.Image, nodes: Nodes) -> Image.Image:
        """A picture drawn out: what lies at a node of the grid comes from where `nodes` (rows, columns, 2) says."""
        nodes = np.clip(nodes, 0, image.width - BEYOND_PX)  # a point may lie beyond the picture, where it is black
        corners = (nodes[:-1, :-1], nodes[1:, :-1], nodes[1:, 1:], nodes[:-1, 1:])  # as Pillow goes around
        quads = np.concatenate(corners, axis=-1).reshape(-1, 8).tolist()
        places = self._grid[:-1, :-1].reshape(-1, 2).astype(int).tolist()
        parts = [((x, y, x + STEP_PX, y + STEP_PX), quad) for (x, y), quad in zip(places, quads, strict=True)]
        return image.transform(image.size, Image.Transform.MESH, parts, Image.Resampling.BILINEAR)


def morph_of(photo: bytes, card: Card, star_photo: bytes) -> Morph | Refusal:
    """The faces of a card: the user's into the star's; a refusal where a face is not seen well enough."""
    sides = ((photo, card.box, card.eyes, card.turn), (star_photo, card.star_box, card.star_eyes, card.star_turn))
    faces: list[tuple[Picture, Box, Eyes]] = []
    for data, box, eyes, turn in sides:
        picture = decode(data)
        if isinstance(picture, Refusal):
            return picture
        if box is None or eyes is None:
            return Refusal(Reason.NO_FACE)
        faces.append((picture.turned(turn), box, eyes))
    zoom = max(room_for(*face) for face in faces)
    one, other = (align(*face, SIDE_PX, zoom) for face in faces)
    return Morph.between(one, other) or Refusal(Reason.NO_FACE)


def morph_video(morph: Morph) -> bytes:
    """There and back, for a second each way: an MP4 that loops."""
    shares = np.linspace(0, 1, MOVING)
    there = [morph.at(_smooth(float(share))) for share in shares]
    return encode_video([*there[:1] * STILL, *there, *there[-1:] * STILL, *there[::-1]], RATE)


def morph_strip(morph: Morph) -> bytes:
    """Five pictures side by side, from one face to the other: a JPEG."""
    strip = Image.new("RGB", (STRIP * STRIP_PX, STRIP_PX))
    for number, share in enumerate(np.linspace(0, 1, STRIP)):
        picture = Image.fromarray(morph.at(float(share))).resize((STRIP_PX, STRIP_PX), Image.Resampling.LANCZOS)
        strip.paste(picture, (number * STRIP_PX, 0))
    file = io.BytesIO()
    strip.save(file, "JPEG", quality=STRIP_QUALITY)
    return file.getvalue()


def _smooth(share: float) -> float:
    """From 0 to 1, slow at both ends."""
    return share * share * (3 - 2 * share)


def _edge(side_px: int) -> Points:
    """Points (32, 2) on the edge of the picture, which stay where they are."""
    along = np.linspace(0, side_px, 9)[:-1]
    zeros, ends = np.zeros(8), np.full(8, side_px)
    x = np.concatenate([along, ends, side_px - along, zeros])
    y = np.concatenate([zeros, along, ends, side_px - along])
    return np.stack([x, y], axis=1)


def _spread_over(grid: Nodes, points: Points) -> Callable[[Points], Nodes]:
    """How far each node of a grid (r, c, 2) moves when points (n, 2) do: linear within each triangle of points."""
    nodes = np.clip(grid.reshape(-1, 2), points.min(axis=0), points.max(axis=0))
    triangles = Delaunay(points)
    which = triangles.find_simplex(nodes)
    to_corners = triangles.transform[which]
    first = np.einsum("nij,nj->ni", to_corners[:, :2], nodes - to_corners[:, 2])
    weights = np.hstack([first, 1 - first.sum(axis=1, keepdims=True)])
    weights = np.where(which[:, None] >= 0, weights, 0)  # in no triangle, by an error of rounding
    corners = triangles.simplices[which]
    return lambda moves: np.einsum("ni,nij->nj", weights, moves[corners]).reshape(grid.shape)


def _sampled(field: Nodes, at: Nodes) -> Nodes:
    """A field known at the nodes of the grid (r, c, 2), at other places (r, c, 2) in px: bilinear."""
    last = len(field) - 1
    places = np.clip(at / STEP_PX, 0, last - 1e-9)
    cells = places.astype(int)
    x, y = cells[..., 0], cells[..., 1]
    right, down = np.split(places - cells, 2, axis=-1)
    above = (1 - right) * field[y, x] + right * field[y, x + 1]
    below = (1 - right) * field[y + 1, x] + right * field[y + 1, x + 1]
    return np.asarray((1 - down) * above + down * below)
