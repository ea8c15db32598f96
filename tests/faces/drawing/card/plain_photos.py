"""Plain photos for share cards, and what is drawn of them."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.faces.drawing.card.card import Card, CardFormat
from lookalike.faces.drawing.card.layout import LAYOUTS, Layout

Pixels = npt.NDArray[np.int16]
Rgb = tuple[int, int, int]

GREEN, BLUE, RED = (30, 160, 60), (40, 60, 200), (200, 40, 40)
JPEG_NOISE = 12  # how far a plain colour may be from itself after JPEG
FACE = (220, 220, 380, 380)
CARD = Card(FACE, "Ada", "Angelina Jolie", "actress", "", 87, "Photo: CC BY", "t.me/bot", question="And you?")


def photo(colour: Rgb, size: tuple[int, int] = (600, 600), format: str = "PNG") -> bytes:
    """A photo of one colour."""
    return encoded(plain(colour, size), format)


def plain(colour: Rgb, size: tuple[int, int] = (600, 600)) -> Image.Image:
    """The same as an image."""
    return Image.new("RGB", size, colour)


def encoded(image: Image.Image, format: str = "PNG") -> bytes:
    """The file of an image."""
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


def pixels(data: bytes) -> Pixels:
    """What is drawn, (height, width, 3)."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def panel(drawn: Pixels, side: int, format: CardFormat = CardFormat.CHAT) -> Pixels:
    """One side of a card, 0 or 1, above where it turns into the background."""
    layout = LAYOUTS[format]
    left, top = layout.panels[side]
    return drawn[top : top + layout.panel[1] - layout.fade, left : left + layout.panel[0]]


def assert_colour(area: Pixels, colour: Rgb) -> None:
    """All of it has that colour, in the mean."""
    np.testing.assert_allclose(area.reshape(-1, 3).mean(axis=0), colour, atol=JPEG_NOISE)


def changed(one: Pixels, other: Pixels) -> tuple[Pixels, Pixels]:
    """Rows and columns where two cards differ by more than JPEG makes them."""
    rows, columns = np.nonzero(np.abs(one - other).max(axis=2) > 56)
    return rows.astype(np.int16), columns.astype(np.int16)


def texts_top(layout: Layout) -> int:
    """The first row below both panels."""
    return layout.panel_top + layout.panel[1]
