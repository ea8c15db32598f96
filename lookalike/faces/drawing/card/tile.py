"""What stands on a card for a star of whom there is no photo: their initials on colours of the design."""

from __future__ import annotations

import functools
import unicodedata

from PIL import Image

from lookalike.faces.drawing.card.design import CardDesign, Gradient
from lookalike.faces.drawing.lettering import draw_line, drawable_part

KEPT_TILES = 2  # 1 MB each
SIZE_SHARE = 0.34  # of the tile's width: the size of the letters


def initials(name: str) -> str:
    """The first letters of the first word and of the last one; '' for a name that has none to draw."""
    words = [word for word in drawable_part(name).split() if word[0].isalpha()]
    ends = words[:1] + words[1:][-1:]
    return "".join(_first(word) for word in ends).upper()


def _first(word: str) -> str:
    """The first letter of a word, with its marks."""
    end = 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return word[:end]


@functools.lru_cache(maxsize=KEPT_TILES)
def tile(letters: str, size: tuple[int, int], middle: int, design: CardDesign) -> Image.Image:
    """A tile of that size, the letters' middle so far down."""
    image = gradient(size, design.tile)
    px = round(SIZE_SHARE * size[0])
    line = draw_line(letters, "Bold", px, size[0]) if letters else None
    if line and (box := line.getbbox()):
        image.paste(design.ink, (0, middle - (box[1] + box[3]) // 2), line)
    return image


def gradient(size: tuple[int, int], colours: Gradient) -> Image.Image:
    """From one colour at the top to another at the bottom."""
    column = Image.new("RGB", (1, 2))
    column.putpixel((0, 0), colours[0])
    column.putpixel((0, 1), colours[1])
    return column.resize(size, Image.Resampling.BILINEAR, (0, 0.5, 1, 1.5))
