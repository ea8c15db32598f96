"""The share card: the user's face beside the celebrity, the percentage between them, both names. Drawn in a worker.

Nothing of a user's photo or name outlives the call. What comes again is kept ready: panels of celebrities at the size
they have on the card, their lines of text, badges, the background.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from lookalike.faces.decoding import MAX_SIDE_PX, TURNS, Picture, decode
from lookalike.faces.drawing.lettering import INTER, draw_line, drawable, drawable_part, font_of
from lookalike.faces.drawing.portrait import EYES_TOP, portrait
from lookalike.faces.types import Box, Eyes, Face, Refusal

SIZE = (1000, 640)
PANEL_PX = 430  # side of the squares that the two pictures are in
MARGIN_PX = 46
TOP_PX = 44
CORNER_PX = 28
BADGE_PX = 176
LEFT, RIGHT = (MARGIN_PX, TOP_PX), (SIZE[0] - MARGIN_PX - PANEL_PX, TOP_PX)  # left top corners of the panels
KEPT_PANELS = 64  # of celebrities, 0.5 MB each
KEPT_LINES = 512  # of text, 25 KB each
LEAST_ZOOM = 1.05  # that is worth another resampling
JPEG_QUALITY = 88
PANEL_QUALITY = 92  # of a panel that is encoded once more on its way: 35 KB, 0.8 ms

NIGHT, DUSK = (24, 22, 48), (66, 32, 92)  # background, top and bottom
INK, FAINT, RING = (255, 255, 255), (196, 188, 214), (255, 196, 84)


@dataclass(frozen=True)
class Card:
    """What is on a card. `percent`: 1..99.

    `box`, `eyes` and `turn` as in `Face`; no box where the photo is a panel already. `star_photo`: the path of a file,
    for the caller of `draw` to read; a worker may not. `star_box` and `star_eyes`: as in `MeasuredFace`; without a box
    the photo is shown whole. `star_turn`: as `turn`. `is_pair`: the other side is no celebrity, so nothing of it is
    kept ready. `name_else` and `star_name_else` stand for names with a letter that no font has.
    """

    box: Box | None
    name: str
    star_name: str
    star_note: str
    star_photo: str
    percent: int
    credit: str
    footer: str
    turn: int = 0
    eyes: Eyes | None = None
    star_box: Box | None = None
    star_eyes: Eyes | None = None
    star_turn: int = 0
    is_pair: bool = False
    name_else: str = ""
    star_name_else: str = ""


@dataclass(frozen=True)
class _Panel:
    """A picture for one side of a card; `zoom`: by how much its part of the photo is smaller, 0 for one without."""

    image: Image.Image
    zoom: float


class CardError(Exception):
    """One of the two photos cannot be decoded."""


def draw(photo: bytes, card: Card, star_photo: bytes) -> bytes:
    """The card as JPEG of two encoded photos; CardError if either cannot be decoded."""
    image = _background().copy()
    star_panel, line = (_star_panel.__wrapped__, _line.__wrapped__) if card.is_pair else (_star_panel, _line)
    star = star_panel(star_photo, card.star_box, card.star_eyes, card.star_turn)
    user = _user_panel(photo, card, star.zoom)
    _paste_panel(image, user.image, LEFT)
    _paste_panel(image, _zoomed(star, user.zoom), RIGHT)
    badge = _badge(card.percent)
    image.paste(badge, ((SIZE[0] - BADGE_PX) // 2, TOP_PX + (PANEL_PX - BADGE_PX) // 2), badge)
    under = TOP_PX + PANEL_PX + 22
    _write(image, _line.__wrapped__(drawable(card.name) or card.name_else, "Bold", 34), LEFT[0], under, INK)
    star_name = drawable(card.star_name) or card.star_name_else or card.star_name
    _write(image, line(star_name, "Bold", 34), RIGHT[0], under, INK)
    _write(image, _line(card.star_note, "Regular", 21), RIGHT[0], under + 46, FAINT)
    _write(image, _line(card.credit, "Regular", 15), RIGHT[0], SIZE[1] - 36, FAINT)
    _write(image, _line(card.footer, "Regular", 19), LEFT[0], SIZE[1] - 40, FAINT)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def cut_panel(picture: Picture, face: Face) -> bytes:
    """The panel of a user whose photo is upright, as a JPEG without loss of colour, to be drawn onto a card later."""
    out = io.BytesIO()
    _face_panel(picture, face.box, face.eyes).image.save(out, "JPEG", quality=PANEL_QUALITY, subsampling=0)
    return out.getvalue()


def _user_panel(photo: bytes, card: Card, zoom: float) -> _Panel:
    """The face with a margin around it, a square of PANEL_PX, as close as the star's."""
    picture = decode(photo)
    if isinstance(picture, Refusal):
        raise CardError(picture.reason.message)
    if card.box is None:
        return _Panel(picture.image, 0)
    return _face_panel(picture.turned(card.turn), card.box, card.eyes, zoom)


def _face_panel(picture: Picture, box: Box, eyes: Eyes | None, zoom: float = 0) -> _Panel:
    """The square around a face, by `zoom` smaller or by what the picture has no room for."""
    square = portrait(box, eyes)
    zoom = max(zoom, square.zoom(picture.size))
    left, top, right, bottom = (edge / picture.scale for edge in square.part(picture.size, zoom))
    part = (left, top, min(right, picture.image.width), min(bottom, picture.image.height))
    panel = picture.image.resize((PANEL_PX, PANEL_PX), Image.Resampling.BILINEAR, part, reducing_gap=2)
    return _Panel(panel.transpose(TURNS[square.turn]) if square.turn else panel, zoom)


def _zoomed(panel: _Panel, zoom: float) -> Image.Image:
    """A panel that is cut, by as much closer as another one is."""
    if not panel.zoom or zoom <= panel.zoom * LEAST_ZOOM:
        return panel.image
    side = PANEL_PX * panel.zoom / zoom
    left, top = (anchor * (PANEL_PX - side) for anchor in (0.5, EYES_TOP))
    return panel.image.resize((PANEL_PX, PANEL_PX), Image.Resampling.BILINEAR, (left, top, left + side, top + side))


@functools.lru_cache(maxsize=KEPT_PANELS)
def _star_panel(photo: bytes, box: Box | None, eyes: Eyes | None, turn: int) -> _Panel:
    """The face, cut as the user's, or the whole photo, as large as fits, where it is not known where the face is."""
    picture = decode(photo, MAX_SIDE_PX if box else 2 * PANEL_PX)
    if isinstance(picture, Refusal):
        raise CardError(picture.reason.message)
    if box:
        return _face_panel(picture.turned(turn), box, eyes)
    image = picture.image
    scale = PANEL_PX / max(image.size)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return _Panel(image.resize(size, Image.Resampling.BILINEAR), 0)


def _paste_panel(image: Image.Image, panel: Image.Image, place: tuple[int, int]) -> None:
    """Put a panel into the middle of its square, with the background in its round corners."""
    width, height = panel.size
    x, y = place[0] + (PANEL_PX - width) // 2, place[1] + (PANEL_PX - height) // 2
    radius = min(CORNER_PX, width // 2, height // 2)
    corners = [(left, top) for top in (y, y + height - radius) for left in (x, x + width - radius)]
    behind = [image.crop((left, top, left + radius, top + radius)) for left, top in corners]
    image.paste(panel, (x, y))
    for corner, background, mask in zip(corners, behind, _outside_corners(radius), strict=True):
        image.paste(background, corner, mask)


@functools.cache
def _outside_corners(radius: int) -> tuple[Image.Image, ...]:
    """What lies outside a circle in the four corners of its square, row by row: masks of that side, smoothed."""
    if not radius:
        return ()
    circle = Image.new("L", (radius * 8, radius * 8), 255)
    ImageDraw.Draw(circle).ellipse((0, 0, radius * 8 - 1, radius * 8 - 1), fill=0)
    circle = circle.resize((radius * 2, radius * 2), Image.Resampling.BOX)
    halves = (0, radius)
    return tuple(circle.crop((left, top, left + radius, top + radius)) for top in halves for left in halves)


@functools.cache
def _background() -> Image.Image:
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), NIGHT)
    column.putpixel((0, 1), DUSK)
    return column.resize(SIZE, Image.Resampling.BILINEAR, (0, 0.5, 1, 1.5))


@functools.cache
def _badge(percent: int) -> Image.Image:
    """The percentage in a ring that is filled as far; drawn three times as large, since Pillow draws hard edges."""
    side = BADGE_PX * 3
    badge = Image.new("RGBA", (side, side), (*NIGHT, 0))
    pen = ImageDraw.Draw(badge)
    pen.ellipse((0, 0, side - 1, side - 1), fill=NIGHT)
    ring = (30, 30, side - 31, side - 31)
    pen.arc(ring, 0, 360, fill=DUSK, width=33)
    pen.arc(ring, -90, -90 + 3.6 * percent, fill=RING, width=33)
    pen.text((side // 2, side // 2), f"{percent}%", INK, font_of(INTER, "Bold", 46 * 3), anchor="mm")
    return badge.resize((BADGE_PX, BADGE_PX), Image.Resampling.BOX)


def _write(image: Image.Image, line: Image.Image, left: int, top: int, colour: tuple[int, int, int]) -> None:
    """Put a line into the middle under a panel that begins at `left`."""
    image.paste(colour, (left + (PANEL_PX - line.width) // 2, top - line.height // 5), line)


@functools.lru_cache(maxsize=KEPT_LINES)
def _line(text: str, weight: str, size: int) -> Image.Image:
    """A line of text as a mask, with space above and below; without letters that no font has."""
    return draw_line(drawable_part(text), weight, size, PANEL_PX + MARGIN_PX)
