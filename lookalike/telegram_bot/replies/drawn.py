"""Words beside pictures that are made of a photo."""

from __future__ import annotations

from pathlib import Path

from lookalike.faces.drawing.share_card import Card
from lookalike.gallery.matching import Match
from lookalike.telegram_bot.callback_data import MorphAt, StripAt
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import Texts


def morph_card(texts: Texts, outcome: Match, place: int, photos_dir: Path) -> Card | None:
    """The faces that turn into each other; None where there is no photo of the star, or none that may be changed."""
    stars = outcome.faces[0].neighbours
    star = stars[min(place, len(stars) - 1)]
    photo = star_photo.shown(star.photo, photos_dir)
    if photo is None or photo.cut_at is None:
        return None
    return star_photo.share_card(texts, outcome.faces[0], star, photo, user_name="", bot_name="", photos_dir=photos_dir)


def morph_reply(texts: Texts, card: Card, shown: MorphAt | StripAt) -> Reply:
    """The words: the star, and the credit, for this is an adaptation of the star's photo (CC BY-SA 4.0, 3(b))."""
    words = texts("morph", star=card.star_name, percent=f"{card.percent}%")
    strip = Button(texts("button-strip"), StripAt(shown.place, shown.where).pack())
    return Reply("\n".join(filter(None, (words, card.credit))), () if isinstance(shown, StripAt) else ((strip,),))
