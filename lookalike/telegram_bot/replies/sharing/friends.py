"""What a friend's link tells."""

from __future__ import annotations

from lookalike.gallery.catalogue import Celebrity
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.sharing.collection import star_rows
from lookalike.telegram_bot.texts import Texts


def star_of_friend(texts: Texts, name: str, friend: str, star: Celebrity, percent: int) -> Reply:
    """Which star a friend got; `name` is whom it is told."""
    words = texts(
        "friend-star",
        name=texts.name(name),
        friend=texts.name(friend),
        star=star.name_in(texts.language),
        percent=f"{percent}%",
    )
    return Reply(words, star_rows(texts, [star]), preview_url=star.url_in(texts.language))
