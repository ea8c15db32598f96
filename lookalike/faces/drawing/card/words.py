"""Texts of a card as masks: wrapped and made smaller until they fit, and only then shortened.

What is shortened is the middle, so that a credit keeps its licence, which is at its end.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from lookalike.faces.drawing.card.layout import TextBox
from lookalike.faces.drawing.lettering import draw_line, drawable_part, line_length

KEPT_TEXTS = 256  # 10 to 30 KB each
MOST_LETTERS = 500  # of a credit, more than fit
KEPT_END = 72  # letters at the end of a text that is shortened: a licence, that the photo was cropped, the card's own
LINE = 1.22  # of the size of letters, from one line to the next
STEP = 0.88  # from one size to the next smaller one
# A line may end after a blank, a hyphen, or a letter of a script that has no blanks between words.
_NO_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"  # Thai, Lao, Burmese, Khmer, CJK
_MARKS = "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"  # that stand on a letter
_PIECE = re.compile(f"[^ \\-{_NO_BLANKS}]*(?:[ \\-]|[{_NO_BLANKS}][{_MARKS}]*)?")


@dataclass(frozen=True)
class TextMask:
    """A text in a box `width` wide, as high as its lines; `left` and `top`: where its mask, without margins, begins."""

    width: int
    height: int = 0
    left: int = 0
    top: int = 0
    mask: Image.Image | None = None


@functools.lru_cache(maxsize=KEPT_TEXTS)
def text_mask(text: str, weight: str, box: TextBox) -> TextMask:
    """A text, each line in the middle of the box's width; letters that no font has are left out."""
    if len(text) > MOST_LETTERS:
        text = f"{text[: MOST_LETTERS - KEPT_END]}…{text[-KEPT_END:]}"
    lines, size = wrapped(drawable_part(text, MOST_LETTERS + 1), weight, box)
    if not lines:
        return TextMask(box.width)
    step = round(LINE * size)
    mask = Image.new("L", (box.width, step * (len(lines) - 1) + 9 * size // 4))
    for number, line in enumerate(lines):
        drawn = draw_line(line, weight, size, box.width)
        part = drawn.crop((0, size // 4, box.width, drawn.height))  # letters begin half a size below its top
        mask.paste(255, (0, number * step), part)
    place = mask.getbbox()
    if place is None:
        return TextMask(box.width)
    return TextMask(box.width, step * len(lines) + size // 4, place[0], place[1], mask.crop(place))


def wrapped(text: str, weight: str, box: TextBox) -> tuple[list[str], int]:
    """The lines of a text that fit into a box, and the size of their letters."""
    if not text:
        return [], box.size
    for size in _sizes(box):
        lines = _lines(text, weight, size, box.width, breaks_words=False)
        if lines and _fits(lines, size, box):
            return lines, size
    while not _fits(lines := _lines(text, weight, box.least, box.width, breaks_words=True), box.least, box):
        text = _shortened(text)
    return lines, box.least


def _fits(lines: list[str], size: int, box: TextBox) -> bool:
    return round(LINE * size) * len(lines) <= box.height


def _sizes(box: TextBox) -> Iterator[int]:
    size = float(box.size)
    while size > box.least:
        yield round(size)
        size *= STEP
    yield box.least


def _lines(text: str, weight: str, size: int, width: int, *, breaks_words: bool) -> list[str]:
    """The text in lines; [] if a word is too long for one and may not be broken."""
    if line_length(text, weight, size) <= width:
        return [text]
    lines = [""]
    pieces = [piece for piece in _PIECE.findall(text) if piece]
    while pieces:
        piece = pieces.pop(0)
        if line_length((lines[-1] + piece).rstrip(), weight, size) <= width:
            lines[-1] += piece
        elif lines[-1]:
            lines.append("")
            pieces.insert(0, piece)
        elif not breaks_words or len(piece) < 2:
            return []
        else:
            pieces[:0] = [piece[: len(piece) // 2], piece[len(piece) // 2 :]]
    return [line.strip() for line in lines]


def _shortened(text: str) -> str:
    """With some letters less in the middle, or before the end that is kept."""
    text = text.replace("…", "", 1) if "…" in text else text
    end = min(KEPT_END, len(text) // 2)
    cut = max(len(text) // 20, 1)
    return f"{text[: len(text) - end - cut].rstrip()}…{text[len(text) - end :].lstrip()}"
