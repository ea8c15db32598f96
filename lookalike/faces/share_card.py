"""The share card: a person's face beside their star, the percentage between them, both names. Drawn in a worker.

Nothing of a person's photo outlives the call; only the stars' photos and the empty background are kept in memory.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from lookalike.core.paths import ASSETS_DIR
from lookalike.faces.decoding import decode
from lookalike.faces.types import Box, Refusal

FONTS = ASSETS_DIR / "fonts"
SIZE = (1000, 640)
PORTRAIT_PX = 430
MARGIN_PX = 46
TOP_PX = 44
CORNER_PX = 28
BADGE_PX = 176
FACE_SHARE = 0.55  # of the portrait that the detected box fills: hair and chin stay on it
KEPT_STARS = 64  # decoded star photos a worker keeps, 0.6 MB each
JPEG_QUALITY = 88
LONGEST_TEXT = 100  # letters; what is longer would only be made shorter one by one

NIGHT, DUSK = (24, 22, 48), (66, 32, 92)  # background, top and bottom
INK, FAINT, RING = (255, 255, 255), (196, 188, 214), (255, 196, 84)


@dataclass(frozen=True)
class Card:
    """What is drawn. `box`: the face in px of the upright photo; `percent`: 1..99.

    `star_photo`: the path of a file, for the caller of `draw` to read; a worker may not.
    """

    box: Box
    name: str
    star_name: str
    star_note: str
    star_photo: str
    percent: int
    credit: str
    footer: str


class CardError(Exception):
    """The card cannot be drawn, for one of its pictures cannot be read."""


def draw(photo: bytes, card: Card, star_photo: bytes) -> bytes:
    """The card as JPEG of two encoded photos; CardError if either cannot be read."""
    left = TOP_PX, MARGIN_PX
    right = TOP_PX, SIZE[0] - MARGIN_PX - PORTRAIT_PX
    image = _background().copy()
    _paste(image, person_portrait(photo, card.box), left)
    _paste(image, _star_portrait(star_photo), right)
    _paste_badge(image, card.percent)
    pen = ImageDraw.Draw(image)
    name_top = TOP_PX + PORTRAIT_PX + 22
    for text, (_, x) in ((card.name, left), (card.star_name, right)):
        _text(pen, text, (x + PORTRAIT_PX // 2, name_top), "Bold", 34, INK)
    _text(pen, card.star_note, (right[1] + PORTRAIT_PX // 2, name_top + 46), "Regular", 21, FAINT)
    _text(pen, card.credit, (right[1] + PORTRAIT_PX // 2, SIZE[1] - 36), "Regular", 15, FAINT)
    _text(pen, card.footer, (left[1] + PORTRAIT_PX // 2, SIZE[1] - 40), "Regular", 19, FAINT)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def person_portrait(photo: bytes, box: Box) -> Image.Image:
    """The face and some room around it, a square of PORTRAIT_PX."""
    picture = decode(photo)
    if isinstance(picture, Refusal):
        raise CardError(picture.reason.message)
    left, top, right, bottom = (edge / picture.scale for edge in box)
    image = picture.image
    side = min(max(right - left, bottom - top) / FACE_SHARE, *image.size)
    x = min(max((left + right - side) / 2, 0), image.width - side)
    y = min(max((top + bottom - side) / 2 - 0.06 * side, 0), image.height - side)
    return image.resize(
        (PORTRAIT_PX, PORTRAIT_PX), Image.Resampling.BILINEAR, (x, y, x + side, y + side), reducing_gap=2
    )


@functools.lru_cache(maxsize=KEPT_STARS)
def _star_portrait(photo: bytes) -> Image.Image:
    """The star's photo, whole (a crop would be an adaptation under many licences), as large as fits."""
    picture = decode(photo, 2 * PORTRAIT_PX)
    if isinstance(picture, Refusal):
        raise CardError(picture.reason.message)
    image = picture.image
    scale = PORTRAIT_PX / max(image.size)
    return image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BILINEAR
    )


def _paste(image: Image.Image, portrait: Image.Image, top_left: tuple[int, int]) -> None:
    """Put a portrait with round corners in the middle of its place."""
    top, left = top_left
    x, y = left + (PORTRAIT_PX - portrait.width) // 2, top + (PORTRAIT_PX - portrait.height) // 2
    image.paste(portrait, (x, y), _round_corners(portrait.size))


@functools.lru_cache(maxsize=16)
def _round_corners(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] * 2 - 1, size[1] * 2 - 1), CORNER_PX * 2, fill=255)
    return mask.resize(size, Image.Resampling.BOX)


@functools.cache
def _background() -> Image.Image:
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), NIGHT)
    column.putpixel((0, 1), DUSK)
    return column.resize(SIZE, Image.Resampling.BILINEAR, (0, 0.5, 1, 1.5))


def _paste_badge(image: Image.Image, percent: int) -> None:
    """The percentage in a ring that is filled as far, in the middle between the portraits."""
    badge = _badge(percent)
    image.paste(badge, (SIZE[0] // 2 - BADGE_PX // 2, TOP_PX + PORTRAIT_PX // 2 - BADGE_PX // 2), badge)


@functools.cache
def _badge(percent: int) -> Image.Image:
    """Drawn three times as large and made smaller, for Pillow draws arcs without smooth edges."""
    side = BADGE_PX * 3
    badge = Image.new("RGBA", (side, side), (*NIGHT, 0))
    pen = ImageDraw.Draw(badge)
    pen.ellipse((0, 0, side - 1, side - 1), fill=NIGHT)
    ring = (30, 30, side - 31, side - 31)
    pen.arc(ring, 0, 360, fill=DUSK, width=33)
    pen.arc(ring, -90, -90 + 3.6 * percent, fill=RING, width=33)
    pen.text((side // 2, side // 2), f"{percent}%", INK, _font("Bold", 46 * 3), anchor="mm")
    return badge.resize((BADGE_PX, BADGE_PX), Image.Resampling.BOX)


def _text(
    pen: ImageDraw.ImageDraw,
    text: str,
    middle_top: tuple[int, int],
    weight: str,
    size: int,
    colour: tuple[int, int, int],
) -> None:
    """One centred line, made smaller and then shorter until it fits its half of the card."""
    room = PORTRAIT_PX + MARGIN_PX
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT]).split())
    font = _font(weight, size)
    if font.getlength(text) > room:
        font = _font(weight, max(size * 2 // 3, 13))
    while text and font.getlength(text) > room:
        text = text[:-2].rstrip() + "…"
    pen.text(middle_top, text, colour, font, anchor="ma")


@functools.cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """The font has Latin, Greek and Cyrillic, for which the plain layout is right, and four times as fast."""
    return ImageFont.truetype(str(FONTS / f"Inter-{weight}.otf"), size, layout_engine=ImageFont.Layout.BASIC)
