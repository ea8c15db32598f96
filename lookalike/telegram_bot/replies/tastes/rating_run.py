"""One star after another, each to be rated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.callback_data import Menu, RateNext
from lookalike.telegram_bot.replies import star_photo
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply, links_within, within_caption
from lookalike.telegram_bot.replies.stars.star_page import introduction
from lookalike.telegram_bot.replies.tastes.rating import SCORES, in_rows
from lookalike.telegram_bot.texts import Texts


@dataclass(frozen=True)
class AskedStar:
    """A star to be rated, with a photo, and how many the user has rated."""

    star: Celebrity
    photo: CelebrityPhoto | None
    rated: int


def card(texts: Texts, asked: AskedStar, photos_dir: Path) -> Reply:
    """The star, with the scores; before the first rating it says what is kept."""
    star, photo = asked.star, star_photo.shown(asked.photo, photos_dir)
    head, links = introduction(texts, star, photo)
    lines = ["", texts("rate-how", star=star.name_in(texts.language))]
    lines += [texts("rate-count", count=asked.rated) if asked.rated else texts("rate-notice")]
    text, tag = within_caption(head, lines), celebrity_tag(star.id)
    rows = in_rows([Button(str(one), RateNext(str(one), tag).pack()) for one in SCORES])
    steps = tuple(Button(texts(f"button-{step}"), RateNext(step, tag).pack()) for step in ("skip", "stop"))
    return Reply(
        text, (*rows, steps), preview_url=star.url_in(texts.language), links=links_within(text, links),
        photo=str(photos_dir / photo.file) if photo else None,
    )  # fmt: skip


def end(texts: Texts, rated: int, *, missing: int, is_all: bool) -> Reply:
    """How many were rated, and what comes of it; `missing`: ratings until stars are recommended."""
    lines = [texts("rate-all") if is_all else texts("rate-done", count=rated)]
    if missing:
        lines.append(texts("recommend-missing", count=missing))
    recommend = Button(texts("button-recommend"), Menu("recommend").pack())
    return Reply("\n".join(lines), start_row(texts) if missing and not is_all else ((recommend,),))


def start_row(texts: Texts) -> Buttons:
    """The button with which rating begins."""
    return ((Button(texts("button-rate-stars"), RateNext("start", "").pack()),),)
