"""Texts of a card as masks: wrapped and made smaller until they fit, and only then shortened.

What is shortened is the middle, so that a credit keeps its licence, which is at its end.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

from lookalike.faces.drawing.card.layout import TextBox
from lookalike.faces.drawing.lettering import draw_line, drawable_part, line_length

KEPT_TEXTS = 256  # 10 to 30 KB each
MOST_LETTERS = 500  # of a credit, more than fit
KEPT_END = 152  # letters at the end of a text that is shortened: a licence, that the photo was cropped, the card's own
LINE = 1.22  # of the size of letters, from one line to the next
STEP = 0.88  # from one size to the next smaller one
SLACK = 1.15  # how much shorter than in proportion a text may become at a smaller size: letters end at whole px
# A line may end after a blank, a hyphen, or a letter of a script that has no blanks between words.
_NO_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"  # Thai, Lao, Burmese, Khmer, CJK
_MARKS = "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd"  # that stand on a letter
_PIECE = re.compile(f"[^ \\-{_NO_BLANKS}]*(?:[ \\-]|[{_NO_BLANKS}][{_MARKS}]*)?")

Ruler = Callable[[str], float]  # how long a text is, in px


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
    length = line_length(text, weight, box.size)
    for size in _sizes(box):
        if length * size <= SLACK * box.size * box.width * _most_lines(size, box):
            lines = _lines(text, _ruler(weight, size), _most_lines(size, box), box.width, breaks_words=False)
            if lines:
                return lines, size
    ruler, most = _ruler(weight, box.least), _most_lines(box.least, box)
    while not (lines := _lines(text, ruler, most, box.width, breaks_words=True)):
        text = _shortened(text)
    return lines, box.least


def _most_lines(size: int, box: TextBox) -> int:
    return box.height // round(LINE * size)


def _sizes(box: TextBox) -> Iterator[int]:
    size = float(box.size)
    while size > box.least:
        yield round(size)
        size *= STEP
    yield box.least


def _ruler(weight: str, size: int) -> Ruler:
    """What says how long a text is, and knows it for one that comes again."""
    return functools.cache(lambda text: line_length(text, weight, size))


def _lines(text: str, ruler: Ruler, most: int, width: int, *, breaks_words: bool) -> list[str]:
    """The text in lines; [] if they are more than `most`, or a word is too long for one and may not be broken."""
    lines: list[str] = []
    pieces = [piece for piece in _PIECE.findall(text) if piece]
    while pieces and len(lines) < most:
        count = _on_one_line(pieces, ruler, width)
        if count:
            lines.append("".join(pieces[:count]).strip())
            del pieces[:count]
        elif not breaks_words or len(pieces[0]) < 2:
            return []
        else:
            half = len(pieces[0]) // 2
            pieces[:1] = [pieces[0][:half], pieces[0][half:]]
    return [] if pieces else lines


def _on_one_line(pieces: list[str], ruler: Ruler, width: int) -> int:
    """How many pieces fit: about as many as their lengths add up to, so that few lines are measured."""
    so_far = itertools.accumulate(ruler(piece) for piece in pieces)
    count = sum(1 for _ in itertools.takewhile(lambda length: length <= width, so_far))
    while count and ruler("".join(pieces[:count]).rstrip()) > width:
        count -= 1
    while count < len(pieces) and ruler("".join(pieces[: count + 1]).rstrip()) <= width:
        count += 1
    return count


def _shortened(text: str) -> str:
    """With some letters less in the middle, or before the end that is kept."""
    text = text.replace("…", "", 1) if "…" in text else text
    end = min(KEPT_END, 3 * len(text) // 4)
    cut = max(len(text) // 20, 1)
    return f"{text[: len(text) - end - cut].rstrip()}…{text[len(text) - end :].lstrip()}"
