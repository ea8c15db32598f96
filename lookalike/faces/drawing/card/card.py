"""What is on a share card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lookalike.faces.types import Box, Eyes


class CardFormat(StrEnum):
    """The shape of a card."""

    CHAT = "chat"  # 4:5, which a phone shows large
    STORY = "story"  # 9:16
    SQUARE = "square"


@dataclass(frozen=True)
class Card:
    """What is on a card. `percent`: 1..99.

    `box`, `eyes` and `turn` as in `Face`. `star_photo`: the path of a file, for the caller of `draw` to read; a worker
    may not. `star_box` and `star_eyes`: as in `MeasuredFace`; without a box the photo is shown whole. `star_turn`: as
    `turn`. `is_pair`: the other side is no celebrity, so nothing of it is kept ready. `is_tile`: a tile with the
    star's initials is drawn, there being no photo. `name_else` and `star_name_else` stand for names with a letter that
    no font has. `note` and `star_note`: a line under each name. `question`: to whoever looks; `address`: where to go.
    `design`: a name in assets/card_designs.toml; any other is the default.
    """

    box: Box
    name: str
    star_name: str
    star_note: str
    star_photo: str
    percent: int
    credit: str
    address: str
    turn: int = 0
    eyes: Eyes | None = None
    star_box: Box | None = None
    star_eyes: Eyes | None = None
    star_turn: int = 0
    is_pair: bool = False
    is_tile: bool = False
    name_else: str = ""
    star_name_else: str = ""
    note: str = ""
    question: str = ""
    format: CardFormat = CardFormat.CHAT
    design: str = ""


class CardError(Exception):
    """One of the two photos cannot be decoded."""
