"""Lines of text in any script: a font for each letter, shaped by Raqm, from right to left where it is so.

    drawable("Ann 👩‍🚀")   ->  "Ann"      emoji are left out
    drawable("𝓐𝓷𝓷")        ->  "Ann"      letters for show become plain ones
    drawable("𓀀 Ann")      ->  ""         a letter that no font has: nothing, rather than a box

Latin, Greek and Cyrillic are Inter's, in Pillow's basic layout, which is right for them and four times as fast. What
else a text holds is drawn in the fonts of noto/: assets/fonts/coverage.txt says which has which letters.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, features

from lookalike.core.paths import ASSETS_DIR

FONTS = ASSETS_DIR / "fonts"
COVERAGE = FONTS / "coverage.txt"
INTER = "Inter-Bold.otf"
MAX_LETTERS = 100  # of a line; longer ones would only be shortened letter by letter
# Scripts whose letters stand beside each other as they are typed: those that can do without Raqm. It needs the system's
# FriBiDi (Debian: libfribidi0), which Pillow does not bring.
PLAIN = ("Armenian", "CJK", "Ethiopic", "Georgian", "Lao", "Thai")
RIGHT_TO_LEFT = ("R", "AL")  # bidirectional classes of letters, Unicode Standard Annex 9
STRONG = ("L", *RIGHT_TO_LEFT)
# Zero-width joiners belong between letters of these blocks, Arabic to Tibetan; elsewhere they only join emoji.
_STRAY_JOINER = re.compile("(?<![\u0600-\u0fff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0fff])")
_DIRECTIONS = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))  # marks, isolates
_BESIDE_EMOJI = re.compile(".\ufe0f|[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


@dataclass(frozen=True)
class _FontRun:
    """A part of a line in one font. `is_strong`: it holds a letter that has a direction."""

    text: str
    file: str
    is_rtl: bool = False
    is_strong: bool = False


def drawable(text: str, most: int = MAX_LETTERS) -> str:
    """The first `most` letters as they can be drawn, in one line; '' if no font has one of them, or there is none."""
    text = unicodedata.normalize("NFC", text[:most])
    if _covered()[INTER].issuperset(text):
        return " ".join(text.split())
    plain = _plain(text, most)
    return plain if all(map(_file_for, plain)) else ""


def drawable_part(text: str, most: int = MAX_LETTERS) -> str:
    """As `drawable`, with letters left out that no font has."""
    return drawable(text, most) or " ".join("".join(filter(_file_for, _plain(text, most))).split())


def line_length(text: str, weight: str, size: int) -> float:
    """How long a line is, in px; `text`: what `drawable` gives."""
    if _covered()[INTER].issuperset(text):
        return font_of(INTER, weight, size).getlength(text)
    return _length(_runs(text), weight, size)


def draw_line(text: str, weight: str, size: int, room: int) -> Image.Image:
    """A line as a mask, `room` px wide and 2.5 sizes high, its letters' top half a size below its own.

    `text`: what `drawable` gives. The line is made smaller, then shortened, until it fits.
    """
    if _covered()[INTER].issuperset(text):
        return _draw_plain(text, weight, size, room)
    runs = _runs(text)
    if _length(runs, weight, size) > room:
        size = max(size * 2 // 3, 13)
    while text and _length(runs, weight, size) > room:
        text = text[:-2].rstrip() + "…"
        runs = _runs(text)
    line = Image.new("L", (room, 5 * size // 2))
    pen, baseline = ImageDraw.Draw(line), size // 2 + font_of(INTER, weight, size).getmetrics()[0]
    left = (room - _length(runs, weight, size)) / 2
    for run in _in_visual_order(runs):
        font = font_of(run.file, weight, size)
        pen.text((left, baseline), run.text, 255, font, anchor="ls", direction=_direction(run))
        left += font.getlength(run.text, direction=_direction(run))
    return line


@functools.cache
def font_of(file: str, weight: str, size: int) -> ImageFont.FreeTypeFont:
    """A font by its file's name for Bold; of another weight where there is one."""
    path = FONTS / file.replace("Bold", weight)
    layout = ImageFont.Layout.RAQM if _needs_raqm(file) else ImageFont.Layout.BASIC
    return ImageFont.truetype(str(path if path.exists() else FONTS / file), size, layout_engine=layout)


def _draw_plain(text: str, weight: str, size: int, room: int) -> Image.Image:
    font = font_of(INTER, weight, size)
    if font.getlength(text) > room:
        size = max(size * 2 // 3, 13)
        font = font_of(INTER, weight, size)
    while text and font.getlength(text) > room:
        text = text[:-2].rstrip() + "…"
    line = Image.new("L", (room, 5 * size // 2))
    ImageDraw.Draw(line).text((room // 2, size // 2), text, 255, font, anchor="ma")
    return line


def _plain(text: str, most: int) -> str:
    """Without emoji, controls and joiners that join nothing; letters that no font has are replaced by plain ones."""
    text = text[:most].translate(_DIRECTIONS)
    letters = (one if one.isprintable() or one in "\u200c\u200d" else " " for one in text)
    text = unicodedata.normalize("NFC", _BESIDE_EMOJI.sub("", "".join(letters)))
    text = "".join(one if _file_for(one) else unicodedata.normalize("NFKC", one) for one in text)[:most]
    text = "".join(one for one in text if _file_for(one) or unicodedata.category(one) not in ("So", "Sk", "Cn"))
    return " ".join(_STRAY_JOINER.sub("", text).split())


def _runs(text: str) -> list[_FontRun]:
    """A text in parts of one font each; marks, blanks and signs stay with the letter before, if its font has them."""
    runs: list[_FontRun] = []
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        is_rtl, is_strong = kind in RIGHT_TO_LEFT, kind in STRONG
        last = runs[-1] if runs else None
        if last and (letter in _covered()[last.file] and not (is_strong and last.is_strong and is_rtl != last.is_rtl)):
            joined = last.text + letter
            runs[-1] = _FontRun(joined, last.file, last.is_rtl or is_rtl, last.is_strong or is_strong)
        else:
            follows = bool(last and last.is_rtl and not is_strong)
            runs.append(_FontRun(letter, _file_for(letter) or INTER, is_rtl or follows, is_strong))
    return runs


def _in_visual_order(runs: list[_FontRun]) -> list[_FontRun]:
    """From left to right as they are seen: the first letter with a direction says where the line begins."""
    is_rtl = next((run.is_rtl for run in runs if run.is_strong), False)
    groups: list[list[_FontRun]] = []  # of runs in one direction
    for run in runs:
        if groups and groups[-1][0].is_rtl == run.is_rtl:
            groups[-1].append(run)
        else:
            groups.append([run])
    ordered = (group[::-1] if group[0].is_rtl else group for group in (groups[::-1] if is_rtl else groups))
    return [run for group in ordered for run in group]


def _length(runs: list[_FontRun], weight: str, size: int) -> float:
    return sum(font_of(run.file, weight, size).getlength(run.text, direction=_direction(run)) for run in runs)


def _direction(run: _FontRun) -> str | None:
    """What Raqm is told; the basic layout knows no directions."""
    if not _needs_raqm(run.file):
        return None
    return "rtl" if run.is_rtl else "ltr"


def _needs_raqm(file: str) -> bool:
    return file != INTER and not any(script in file for script in PLAIN)


@functools.lru_cache(maxsize=4096)
def _file_for(letter: str) -> str | None:
    """The first font that has a letter."""
    return next((file for file, letters in _covered().items() if letter in letters), None)


@functools.cache
def _covered() -> dict[str, frozenset[str]]:
    """The letters of each font that can be used here, Inter's first."""
    has_raqm = features.check_feature("raqm")
    found = {}
    for line in COVERAGE.read_text().splitlines():
        file, *ranges = line.split()
        if has_raqm or not _needs_raqm(file):
            ends = [[int(end, 16) for end in one.split("-")] for one in ranges]
            found[file] = frozenset(chr(point) for pair in ends for point in range(pair[0], pair[-1] + 1))
    return found
