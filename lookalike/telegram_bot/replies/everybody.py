"""A photo of several people: the number and the star of each, and a card for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lookalike.faces.drawing.card.card import Card
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import FaceMatch, Match, percent
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.texts import Texts

FACES_SHOWN = 10  # of one photo; an album holds no more (core.telegram.org/bots/api#sendmediagroup)


@dataclass(frozen=True)
class NumberedCard:
    """The card of one of several people, with the line of words that belongs to it."""

    line: str
    card: Card


def from_left(outcome: Match) -> list[FaceMatch]:
    """At most FACES_SHOWN faces, the most prominent ones, from left to right: their places are their numbers."""
    return sorted(outcome.faces[:FACES_SHOWN], key=lambda face: face.box[0])


def numbered(texts: Texts, number: int, one: Neighbour) -> str:
    """The line of one person."""
    answer = texts("answer-other", star=one.celebrity.name_in(texts.language), percent=f"{percent(one.similarity)}%")
    return texts("album-line", number=number, answer=answer)


def cards(texts: Texts, outcome: Match, *, bot_name: str, photos_dir: Path) -> list[NumberedCard]:
    """The cards of all, with a number in place of each name; a star without a photo is a tile.

    None for a photo of one person, and where no star has a photo.
    """
    faces = from_left(outcome) if len(outcome.faces) > 1 else []
    photos = [star_photo.shown(face.neighbours[0].photo, photos_dir) for face in faces]
    found = []
    for number, (face, photo) in enumerate(zip(faces, photos, strict=True), start=1):
        star = face.neighbours[0]
        card = star_photo.share_card(
            texts, face, star, photo, user_name=str(number), bot_name=bot_name, photos_dir=photos_dir
        )
        found.append(NumberedCard(numbered(texts, number, star), card))
    return found if any(photos) else []
