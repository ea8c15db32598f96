"""The card of an answer in another format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lookalike.faces.drawing.card.card import CardFormat
from lookalike.gallery.matching import Match
from lookalike.telegram_bot.callback_data import CardAs
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Reply, units
from lookalike.telegram_bot.texts import Texts


def formatted(
    texts: Texts, outcome: Match, wanted: CardAs, *, user_name: str, bot_name: str, photos_dir: Path
) -> Reply:
    """The card of the main face, with who it shows under it; a star without a photo is a tile."""
    face = outcome.faces[0]
    star = face.neighbours[min(wanted.place, len(face.neighbours) - 1)]
    photo = star_photo.shown(star.photo, photos_dir)
    card = star_photo.share_card(
        texts, face, star, photo, user_name=user_name, bot_name=bot_name, photos_dir=photos_dir
    )
    words = texts("answer-other", star=card.star_name, percent=f"{card.percent}%")
    credit, links = star_photo.linked_credit(texts, photo, units(words) + 1) if photo else ("", ())
    format = CardFormat(wanted.format)
    return Reply("\n".join(filter(None, (words, credit))), card=replace(card, format=format), links=links)
