"""Recommended stars, each with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lookalike.gallery.catalogue import Celebrity
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.sharing.collection import star_rows
from lookalike.telegram_bot.replies.tastes.rating import listed
from lookalike.telegram_bot.replies.tastes.rating_run import start_row
from lookalike.telegram_bot.texts import Texts

REASONS = 2  # stars that are named as the reason


@dataclass(frozen=True)
class RecommendedStar:
    """A star, and the ones rated high that speak most for it: by people's ratings, or by their faces."""

    star: Celebrity
    because: Sequence[Celebrity]
    by_faces: bool


def recommendations(texts: Texts, stars: Sequence[RecommendedStar]) -> Reply:
    """The stars with why, each with a button to its page; if faces decide it is said why."""
    lines = [texts("recommend")]
    lines += [
        texts("recommend-line", rank=rank, star=one.star.name_in(texts.language), why=_why(texts, one))
        for rank, one in enumerate(stars, start=1)
    ]
    if any(one.by_faces for one in stars):
        lines += ["", texts("recommend-early")]
    return Reply("\n".join(lines), (*star_rows(texts, [one.star for one in stars]), *start_row(texts)))


def too_few(texts: Texts, missing: int) -> Reply:
    """How many ratings are missing, with a button to rate."""
    return Reply(texts("recommend-missing", count=missing), start_row(texts))


def _why(texts: Texts, one: RecommendedStar) -> str:
    stars = one.because[:REASONS]
    if stars:
        return texts("recommend-face" if one.by_faces else "recommend-liked", stars=listed(texts, stars))
    return texts("recommend-known") if one.by_faces else ""
