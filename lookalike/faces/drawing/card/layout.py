"""Where everything is on a card of each format, in px."""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.faces.drawing.card.card import CardFormat
from lookalike.faces.drawing.portrait import Frame


@dataclass(frozen=True)
class TextBox:
    """Room for a text: its width and height, and sizes of letters, the wanted one and the least."""

    width: int
    height: int
    size: int
    least: int


@dataclass(frozen=True)
class Layout:
    """A format. Both faces are side by side, `panel` wide and high, from `panel_top` on; texts are below them.

    `frame`: how a face is cut for a panel. `fade`: the height over which panels turn into the background. `badge`:
    diameter, and how far down its middle is. `texts_top` and `texts_bottom`: between them are names with their lines,
    in the middle of what is there; `question_top`, `address_top`, `credit_bottom`: of the texts below.
    """

    size: tuple[int, int]
    panel: tuple[int, int]
    panel_top: int
    frame: Frame
    fade: int
    badge: int
    badge_middle: int
    texts_top: int
    texts_bottom: int
    question_top: int
    address_top: int
    credit_bottom: int
    name: TextBox
    note: TextBox
    question: TextBox
    address: TextBox
    credit: TextBox

    @property
    def panels(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The left top corners of both panels."""
        return (0, self.panel_top), (self.size[0] - self.panel[0], self.panel_top)

    @property
    def middles(self) -> tuple[int, int]:
        """The middle of each panel, across."""
        left, right = self.panels
        return left[0] + self.panel[0] // 2, right[0] + self.panel[0] // 2


CHAT = Layout(
    size=(768, 960), panel=(382, 608), panel_top=0, frame=Frame(608 / 382, 0.265, 0.44), fade=104,
    badge=154, badge_middle=538, texts_top=622, texts_bottom=774, question_top=778, address_top=840, credit_bottom=951,
    name=TextBox(354, 96, 40, 20), note=TextBox(354, 56, 23, 16), question=TextBox(722, 44, 35, 20),
    address=TextBox(614, 36, 27, 16), credit=TextBox(722, 44, 16, 11),
)  # fmt: skip
# 1280 px is the longest side that Telegram keeps of a photo; apps of stories cover 13 % at the top, 18 % at the bottom.
STORY = Layout(
    size=(720, 1280), panel=(358, 740), panel_top=0, frame=Frame(740 / 358, 0.275, 0.48), fade=120,
    badge=164, badge_middle=664, texts_top=752, texts_bottom=904, question_top=912, address_top=984, credit_bottom=1110,
    name=TextBox(328, 98, 40, 20), note=TextBox(328, 58, 23, 16), question=TextBox(640, 54, 40, 22),
    address=TextBox(580, 42, 31, 18), credit=TextBox(640, 44, 16, 11),
)  # fmt: skip
SQUARE = Layout(
    size=(900, 900), panel=(448, 560), panel_top=0, frame=Frame(560 / 448, 0.24, 0.44), fade=90,
    badge=156, badge_middle=494, texts_top=572, texts_bottom=716, question_top=718, address_top=775, credit_bottom=890,
    name=TextBox(404, 92, 38, 19), note=TextBox(404, 54, 22, 16), question=TextBox(840, 44, 32, 20),
    address=TextBox(740, 34, 26, 16), credit=TextBox(840, 42, 16, 11),
)  # fmt: skip
LAYOUTS = {CardFormat.CHAT: CHAT, CardFormat.STORY: STORY, CardFormat.SQUARE: SQUARE}
