"""A challenge to a friend: the link, the question, the card of both."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from lookalike.gallery.matching import NotCompared, percent
from lookalike.telegram_bot.callback_data import TakeBack
from lookalike.telegram_bot.photos.kept_comparison import Pair
from lookalike.telegram_bot.replies.comparison import TIERS, comparison
from lookalike.telegram_bot.replies.photo_answer import refusal_text
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import Texts


def link_for_friend(texts: Texts, code: str, bot_name: str) -> Reply:
    """The link of a challenge, with buttons to pass it on and to take it back."""
    link = f"https://t.me/{bot_name}?start=duel_{code}"
    share = f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(texts('challenge-share'))}"
    buttons = (
        (Button(texts("challenge-send"), url=share),),
        (Button(texts("challenge-take-back"), TakeBack(code).pack()),),
    )
    return Reply(texts("challenge-made", link=link), buttons)


def question(texts: Texts, challenger: str, code: str) -> Reply:
    """What whoever opened the link is asked, and what becomes of their photo."""
    buttons = ((Button(texts("challenge-no"), TakeBack(code).pack()),),)
    return Reply(texts("challenge-asked", friend=challenger), buttons)


def result(texts: Texts, pair: Pair, names: tuple[str, str], code: str, bot_name: str) -> Reply:
    """The card that both get; `names` stand under the faces, the challenger's first."""
    shown = percent(pair.similarity)
    tier = texts(next(id for least, id in TIERS if shown >= least))
    words = texts("duel-result", one=names[0], other=names[1], percent=f"{shown}%", tier=tier)
    buttons = ((Button(texts("challenge-take-back"), TakeBack(code).pack()),),)
    return replace(comparison(texts, pair, names, bot_name), text=words, buttons=buttons)


def refused(texts: Texts, outcome: NotCompared) -> Reply:
    """Why there is no card."""
    if outcome.photo == 0:
        return Reply(texts("challenge-over"))
    return Reply(texts("challenge-again", reason=texts(refusal_text(outcome.refusal.reason))))
