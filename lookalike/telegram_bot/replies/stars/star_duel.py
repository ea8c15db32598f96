"""A duel with a celebrity: the invitation to send a photo, and how like them the face on it is."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from lookalike.faces.types import Face
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import FaceMatch, percent
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply, links_within, units, within_caption
from lookalike.telegram_bot.replies.stars.star_page import star_button
from lookalike.telegram_bot.texts import Texts

START = "star_"  # of the deep link that opens a duel; what follows is the celebrity's tag
# Words for a likeness to one celebrity, by the least percentage that earns them.
TIERS = ((95, "duel-twin"), (75, "duel-strong"), (40, "duel-some"), (0, "duel-faint"))


def invitation(texts: Texts, star: Celebrity) -> Reply:
    """The question for a photo."""
    return Reply(texts("duel-ask", star=star.name_in(texts.language)), ((star_button(texts, star),),))


def outcome(
    texts: Texts, face: Face, star: Neighbour, *, user_name: str, bot_name: str, photos_dir: Path
) -> Reply:  # fmt: skip
    """How like a celebrity a face is, with a card where `photos_dir` holds the celebrity's photo nearest to it."""
    name, number = star.celebrity.name_in(texts.language), percent(star.similarity)
    tier = texts(next(id for least, id in TIERS if number >= least))
    headline = texts("duel", star=name, percent=f"{number}%", tier=tier)
    photo = star_photo.shown(star.photo, photos_dir)
    credit, links = star_photo.linked_credit(texts, photo, units(headline) + 1) if photo else ("", ())
    doubt = ["", texts("duel-doubt")] if face.doubt else []
    text = within_caption("\n".join(filter(None, (headline, credit))), doubt)
    buttons = _buttons(texts, star.celebrity, number, bot_name)
    if not photo:
        return Reply(text, buttons, preview_url=star.celebrity.url_in(texts.language))
    shown = FaceMatch(face.box, (star,), face.turn, face.doubt, face.eyes)
    card = star_photo.share_card(
        texts, shown, star, photo, user_name=user_name, bot_name=bot_name, photos_dir=photos_dir
    )
    return Reply(text, buttons, card, links=links_within(text, links))


def _buttons(texts: Texts, star: Celebrity, number: int, bot_name: str) -> Buttons:
    tag, name = celebrity_tag(star.id), star.name_in(texts.language)
    link = quote(f"https://t.me/{bot_name}?start={START}{tag}", safe="")
    words = quote(texts("duel-share-text", star=name, percent=f"{number}%"))
    return (
        (star_button(texts, star),),
        (Button(texts("button-share"), url=f"https://t.me/share/url?url={link}&text={words}"),),
    )
