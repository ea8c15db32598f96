"""One message as plain data: words, buttons, links, and the card to draw.

No parse mode is used, so a name is a name, whatever is in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Box

CAPTION_CHARACTERS = 1024  # in UTF-16 units, Telegram's limit (core.telegram.org/bots/api#sendphoto)


@dataclass(frozen=True)
class Button:
    """A button under a message: it either sends `data` back or opens `url`.

    With `inline` the user chooses a chat, and that is typed to the bot there; without inline mode `url` opens instead.
    """

    text: str
    data: str | None = None
    url: str | None = None
    inline: str | None = None


Buttons = tuple[tuple[Button, ...], ...]  # rows


@dataclass(frozen=True)
class Link:
    """A link behind some words of a text; `start` and `length` are in UTF-16 units, as Telegram counts."""

    start: int
    length: int
    url: str


@dataclass(frozen=True)
class Reply:
    """One message. With a card it is that picture with the text as caption; with a preview, a link preview above it.

    `photo`: the path of a star's photo to send with the words; if it cannot be read, they go without. `keyboard`: rows
    of keys in place of the phone's keyboard, of a message without buttons.

    `numbered`: the picture is the photo itself, turned by `turn`, with a number at each of these boxes.
    """

    text: str
    buttons: Buttons = ()
    card: Card | None = None
    preview_url: str | None = None
    links: tuple[Link, ...] = ()
    numbered: tuple[Box, ...] = ()
    turn: int = 0
    photo: str | None = None
    keyboard: tuple[tuple[str, ...], ...] = ()


SAID = Reply("")  # of a handler that has sent its answer itself, where None would leave it to another one


def units(text: str) -> int:
    """Length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def within_caption(head: str, lines: list[str]) -> str:
    """As many of the lines under the head as a caption can hold."""
    text = head[:CAPTION_CHARACTERS]
    for line in lines:
        if units(text) + 1 + units(line) > CAPTION_CHARACTERS:
            break
        text += f"\n{line}"
    return text


def links_within(text: str, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links whose words the text still holds."""
    return tuple(link for link in links if link.start + link.length <= units(text))
