"""A celebrity's page, with the celebrities most like them; and the question which one of several is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.gallery.gallery import Kin
from lookalike.telegram_bot.callback_data import Duel, Star
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Buttons, Link, Reply, links_within, units, within_caption
from lookalike.telegram_bot.replies.sharing.collection import star_rows
from lookalike.telegram_bot.replies.tastes.rating import listed, rate_button
from lookalike.telegram_bot.texts import Texts

# Roles of catalogues that have a text; others are left out. Men and women have the same words: fields, not persons.
ROLES = frozenset({
    "actor", "athlete", "singer", "footballer", "rapper", "coach", "tennis player", "model", "presenter", "director",
    "dancer", "basketball player", "comedian", "racing driver", "politician", "royalty", "writer", "musician",
    "businessperson", "youtuber",
})  # fmt: skip
NO_FLAG = frozenset({"CS", "DD", "SU", "YU"})  # states that are no more
_FLAG_A = 0x1F1E6  # REGIONAL INDICATOR SYMBOL LETTER A; two of them are a flag


@dataclass(frozen=True)
class StarPage:
    """What is on a page: the celebrity with a photo, the ones most like them, and how many users got them.

    `also`: whom people like who like them; `rates`: whether they can be rated here.
    """

    star: Celebrity
    photo: CelebrityPhoto | None
    kin: Sequence[Kin]
    found: int
    also: Sequence[Celebrity] = ()
    rates: bool = False


def page(texts: Texts, shown: StarPage, photos_dir: Path) -> Reply:
    """The page, with the celebrity's photo; without one, a large link preview is above the words."""
    star, photo = shown.star, star_photo.shown(shown.photo, photos_dir)
    head, links = introduction(texts, star, photo)
    lines = [texts("star-kin"), *(_kin_line(texts, one) for one in shown.kin)] if shown.kin else []
    lines += [texts("star-found", count=shown.found)] if shown.found else []
    if shown.also:
        lines += [texts("star-also", stars=listed(texts, shown.also))]
    text = within_caption(head, ["", *lines] if lines else [])
    url = star.url_in(texts.language)
    path = str(photos_dir / photo.file) if photo else None
    return Reply(text, _buttons(texts, shown, url), preview_url=url, links=links_within(text, links), photo=path)


def introduction(texts: Texts, star: Celebrity, photo: CelebrityPhoto | None) -> tuple[str, tuple[Link, ...]]:
    """Who the celebrity is, and the credit of the photo that is shown, with its links."""
    head = "\n".join(filter(None, (_headline(texts, star), _facts(texts, star))))
    credit, links = star_photo.linked_credit(texts, photo, units(head) + 1) if photo else ("", ())
    return "\n".join(filter(None, (head, credit))), links


def _buttons(texts: Texts, shown: StarPage, url: str | None) -> Buttons:
    tag, name = celebrity_tag(shown.star.id), shown.star.name_in(texts.language)
    about = ((Button(texts("button-about", star=name), url=url),),) if url else ()
    kin = star_rows(texts, [one.celebrity for one in shown.kin])
    rate = ((rate_button(texts, tag),),) if shown.rates else ()
    also = star_rows(texts, shown.also, "💛 ")
    return ((Button(texts("button-duel"), Duel(tag).pack()),), *rate, *kin, *also, *about)


def which(texts: Texts, stars: Sequence[Celebrity], id: str = "star-which") -> Reply:
    """The question which of these celebrities is meant, or another text over buttons with their names."""
    return Reply(texts(id), star_rows(texts, stars))


def star_button(texts: Texts, star: Celebrity) -> Button:
    """A button that leads to a celebrity's page."""
    return Button(star.name_in(texts.language), Star(celebrity_tag(star.id)).pack())


def _headline(texts: Texts, star: Celebrity) -> str:
    note = star.description_in(texts.language)
    return "⭐ " + star.name_in(texts.language) + (texts("note", note=note) if note else "")


def _facts(texts: Texts, star: Celebrity) -> str:
    """Fields, flag and year of birth, as far as they are known."""
    fields = [texts(f"role-{role.replace(' ', '-')}") for role in star.roles if role in ROLES]
    year = re.match(r"\d{4}", star.born or "", re.ASCII)
    return " · ".join(filter(None, (", ".join(fields), _flag(star.country), f"* {year[0]}" if year else "")))


def _flag(country: str | None) -> str:
    """The flag of an ISO 3166-1 code as an emoji; '' for what has none."""
    code = (country or "").upper()
    if not re.fullmatch("[A-Z]{2}", code) or code in NO_FLAG:
        return ""
    return "".join(chr(_FLAG_A + ord(letter) - ord("A")) for letter in code)


def _kin_line(texts: Texts, kin: Kin) -> str:
    name = kin.celebrity.name_in(texts.language)
    return texts("star-kin-line", star=name, distance=f"{kin.distance:.2f}", cosine=f"{kin.cosine:.2f}")
