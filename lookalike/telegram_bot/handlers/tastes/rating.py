"""A star is rated under an answer and on its page: the scores come in the place of the button."""

from __future__ import annotations

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.callback_data import RateStar
from lookalike.telegram_bot.context import Conversation, Press
from lookalike.telegram_bot.delivery.markup import buttons_of
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies.reply import Buttons, Reply
from lookalike.telegram_bot.replies.tastes import rating as replies

TOAST_LETTERS = 200  # core.telegram.org/bots/api#answercallbackquery


def can_rate(talk: Conversation) -> bool:
    """Whether stars are rated in this chat: in private ones alone."""
    return talk.chat_id == talk.user.id


@callback(RateStar, toasts=True)
async def rate_star(press: Press, wanted: RateStar) -> Reply | None:
    """Show the scores, keep one, or take it back; the buttons of the same message change."""
    services, texts, message = press.services, press.texts, press.message
    if not can_rate(press):
        await services.sender.answer_press(press.query, texts("private-only"))
        return None
    star = services.gallery().celebrities.by_tag(wanted.star)
    score, said = await _changed(press, wanted, star)
    await services.sender.answer_press(press.query, said[:TOAST_LETTERS] or None)
    if star is None:
        rows: Buttons = ()
    elif wanted.what == "ask":
        rows = replies.score_rows(texts, wanted.star, score)
    else:
        rows = ((replies.rate_button(texts, wanted.star, score),),)
    if message is None:
        return replies.question(texts, star, score, rows) if star else None
    await services.sender.edit_buttons(message, replies.in_place(buttons_of(message), rows))
    return None


async def _changed(press: Press, wanted: RateStar, star: Celebrity | None) -> tuple[int | None, str]:
    """Do what is wanted; the score that is kept now, and what is said above the chat.

    A rating is taken back of a star who is gone, too.
    """
    store, texts = press.services.store, press.texts
    scores = await store.ratings_of(press.user.id)
    rated = next((id for id in scores if celebrity_tag(id) == wanted.star), None)
    if wanted.what == "back" and rated:
        await store.unrate(press.user.id, rated, update_id=press.update_id)
        return None, texts("rating-gone", star=star.name_in(texts.language) if star else rated)
    if star is None:
        return None, texts("star-gone")
    if wanted.what.isdecimal():
        await store.rate(press.user.id, star.id, int(wanted.what), update_id=press.update_id)
        return int(wanted.what), texts("rating-kept", star=star.name_in(texts.language), score=wanted.what)
    return scores[rated] if rated else None, texts("rating-asked") if wanted.what == "ask" else ""
