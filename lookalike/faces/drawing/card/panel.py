"""The two sides of a card: a face cut as the other one is, a photo shown whole, or a tile with initials."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from PIL import Image

from lookalike.faces.decoding import TURNS, Picture, decode
from lookalike.faces.drawing.card.around import around
from lookalike.faces.drawing.card.card import CardError
from lookalike.faces.drawing.card.evening import evened
from lookalike.faces.drawing.card.layout import Layout
from lookalike.faces.drawing.card.levelling import level_panel, level_part
from lookalike.faces.drawing.portrait import portrait
from lookalike.faces.types import MAX_SIDE_PX, Box, Eyes, Face, Refusal

LEAST_ZOOM = 1.05  # that is worth another resampling
WHOLE_MARGIN_PX = 14  # around a photo that is shown whole
AROUND_QUALITY = 92  # of what is encoded once more on its way


@dataclass(frozen=True)
class CardPanel:
    """A picture for one side of a card.

    `zoom`: by how much its part of the photo is smaller, 0 for one without a face; `eyes_top`: how far down the eyes
    are, as a share of its height.
    """

    image: Image.Image
    zoom: float = 0.0
    eyes_top: float = 0.0


def decoded(photo: bytes, max_side_px: int = MAX_SIDE_PX) -> Picture:
    """The picture; CardError if there is none."""
    picture = decode(photo, max_side_px)
    if isinstance(picture, Refusal):
        raise CardError(picture.reason.message)
    return picture


def face_panel(
    picture: Picture, box: Box, eyes: Eyes | None, layout: Layout, beside: CardPanel | None = None
) -> CardPanel:
    """The part around a face in an even light, smaller where the picture has no room.

    Beside another face it is cut as closely, with the eyes at the same height.
    """
    frame = replace(layout.frame, eyes_top=beside.eyes_top) if beside and beside.zoom else layout.frame
    cut = portrait(box, eyes, frame)
    zoom = max(beside.zoom if beside else 0, cut.zoom(picture.size), *cut.over(picture.size))
    level = level_part(cut, picture.size, zoom)
    size = layout.panel if cut.turn in (0, 180) else layout.panel[::-1]
    if level.angle:
        panel = level_panel(picture.image, picture.scale, level, cut.eyes, size)
    else:
        left, top, right, bottom = (edge / picture.scale for edge in level.part)
        part = (max(left, 0.0), max(top, 0.0), min(right, picture.image.width), min(bottom, picture.image.height))
        panel = picture.image.resize(size, Image.Resampling.BILINEAR, part, reducing_gap=2)
    upright = panel.transpose(TURNS[cut.turn]) if cut.turn else panel
    return CardPanel(evened(upright), level.zoom, level.eyes_top)


def star_panel(photo: bytes, box: Box | None, eyes: Eyes | None, turn: int, layout: Layout) -> CardPanel:
    """The face, cut as the user's, or the whole photo, as it is, where it is not known where the face is."""
    if box:
        return face_panel(decoded(photo).turned(turn), box, eyes, layout)
    width, height = layout.panel[0], layout.badge_middle - layout.badge // 2 - layout.panel_top
    room = width - 2 * WHOLE_MARGIN_PX, height - 2 * WHOLE_MARGIN_PX
    image = decoded(photo, 2 * max(room)).image
    scale = min(room[0] / image.width, room[1] / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return CardPanel(image.resize(size, Image.Resampling.BILINEAR))


def zoomed(panel: CardPanel, beside: CardPanel, layout: Layout) -> Image.Image:
    """A panel that is cut, by as much closer as another one is, with the eyes at the same height."""
    if not panel.zoom or beside.zoom <= panel.zoom * LEAST_ZOOM:
        return panel.image
    width, height = (side * panel.zoom / beside.zoom for side in layout.panel)
    room = layout.panel[1] - height
    left, top = (layout.panel[0] - width) / 2, panel.eyes_top * layout.panel[1] - beside.eyes_top * height
    top = min(max(top, 0.0), room)
    return panel.image.resize(layout.panel, Image.Resampling.BILINEAR, (left, top, left + width, top + height))


def cut_around(picture: Picture, face: Face) -> bytes:
    """What is kept of an upright photo for its card, as a JPEG without loss of colour."""
    kept = around(face.box, face.eyes, picture.size)
    ends = (*picture.image.size, *picture.image.size)
    left, top, right, bottom = (min(at / picture.scale, end) for at, end in zip(kept.part, ends, strict=True))
    cut = picture.image.resize(kept.size, Image.Resampling.BILINEAR, (left, top, right, bottom), reducing_gap=2)
    out = io.BytesIO()
    cut.save(out, "JPEG", quality=AROUND_QUALITY, subsampling=0)
    return out.getvalue()
