"""Well-known stars to be rated, one after another, in one message.

Which star comes next follows from the ratings and from the star that the button was about: nothing else is kept of a
run, and a button that is pressed twice, or long after, does the same again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.callback_data import RateNext
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.handlers.tastes.rating import can_rate
from lookalike.telegram_bot.handlers.tastes.recommending import NEEDED
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.tastes import rating_run as replies
from lookalike.telegram_bot.replies.tastes.rating_run import AskedStar

MOST_MET = 200  # stars that come first where the gallery does not know how well known anybody is


@command("rate", private=True)
async def rate(context: Context) -> Reply:
    """The best known star that the user has not rated, and then the next."""
    return await _next_card(context, None)


@callback(RateNext)
async def rate_next(press: Press, pressed: RateNext) -> Reply | None:
    """Keep the score, if one was given, and show the next star in the same message."""
    if not can_rate(press):
        return Reply(press.texts("private-only"))
    services, user = press.services, press.user
    row = services.gallery().celebrities.row_of_tag(pressed.star) if pressed.star else None
    if pressed.what == "skip":
        services.skipped_stars.add(user.id, pressed.star)
    elif pressed.what.isdecimal() and row is not None:
        star = services.gallery().celebrities[row]
        await services.store.rate(user.id, star.id, int(pressed.what), update_id=press.update_id)
    reply = await (_stopped(press) if pressed.what == "stop" else _next_card(press, row))
    if press.message is None or pressed.what == "start":
        return reply
    if await services.sender.edit_card(press.message, reply):
        return None
    await services.sender.edit_buttons(press.message, Reply(""))  # one card to go on with is enough
    return reply


async def _next_card(talk: Conversation, behind: int | None) -> Reply:
    """The card of the next star behind that of a row; the end when all are rated, or this one alone is left."""
    services, gallery = talk.services, talk.services.gallery()
    scores = await services.store.ratings_of(talk.user.id)
    row = _next_row(talk, await _rows_by_fame(talk), scores, behind)
    if row is None or row == behind:
        return _end(talk, len(scores), is_all=row is None)
    star = gallery.celebrities[row]
    photo = next(iter(gallery.photos_of(star.id)), None)
    return replies.card(talk.texts, AskedStar(star, photo, len(scores)), services.settings.photos_dir)


def _next_row(talk: Conversation, order: Sequence[int], scores: dict[str, int], behind: int | None) -> int | None:
    """The next star in this order, from the one behind a row on and round again; skipped ones come last."""
    celebrities = talk.services.gallery().celebrities
    tags = {celebrity_tag(id) for id in scores}
    rated = {celebrities.row_of_tag(tag) for tag in tags} | celebrities.hidden_rows
    skipped = {celebrities.row_of_tag(tag) for tag in talk.services.skipped_stars.of(talk.user.id)}
    start = order.index(behind) + 1 if behind is not None else 0
    around = (*order[start:], *order[:start])
    fresh = (row for row in around if row not in rated and row not in skipped)
    again = (row for row in around if row not in rated)
    return next(fresh, next(again, None))


async def _rows_by_fame(talk: Conversation) -> Sequence[int]:
    """Rows of stars, best known first; where nothing says who is, those first whom most users got."""
    celebrities = talk.services.gallery().celebrities
    if not np.isnan(celebrities.sitelinks).all():
        return celebrities.rows_by_fame
    met = await talk.services.store.most_found(datetime.fromtimestamp(0, UTC), MOST_MET)
    rows = [row for id, _ in met if (row := celebrities.row_of_tag(celebrity_tag(id))) is not None]
    return tuple(dict.fromkeys((*rows, *celebrities.rows_by_fame)))


async def _stopped(talk: Conversation) -> Reply:
    return _end(talk, len(await talk.services.store.ratings_of(talk.user.id)), is_all=False)


def _end(talk: Conversation, rated: int, *, is_all: bool) -> Reply:
    return replies.end(talk.texts, rated, missing=max(0, NEEDED - rated), is_all=is_all)
