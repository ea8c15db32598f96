"""Answers to small talk, and to what is not understood: never the same twice running."""

from __future__ import annotations

import random

from lookalike.telegram_bot import phrases
from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers.stars.star_page import find_names
from lookalike.telegram_bot.handlers.talk.menu import random_number
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.stars import star_page
from lookalike.telegram_bot.replies.talk import how_are_you, menu_buttons

VARIANTS = 3  # of the texts that have several
STARS_OFFERED, STARS_DRAWN = 4, 20  # some of those drawn may be hidden


async def plain_phrase(context: Context) -> Reply | None:
    """A text that is a phrase of small talk and nothing else."""
    kind = phrases.said_exactly(context.message.text or "")
    return _answer(context, kind) if kind else None


async def phrase_within(context: Context) -> Reply | None:
    """A text that holds a phrase of small talk."""
    kind = phrases.said(context.message.text or "")
    return _answer(context, kind) if kind else None


async def not_understood(context: Context) -> Reply:
    """Names that are nearly typed; else in turn the plain request for a photo, the menu, and stars to look at."""
    texts, told, user_id = context.texts, context.services.told, context.user.id
    celebrities = context.services.gallery().celebrities
    last = (*told.of(user_id), "")[0]
    near = (await find_names(context, context.message.text or "")).near if last != "near" else ()
    kinds = ("photo", "menu", "stars")
    kind = "near" if near else kinds[(kinds.index(last) + 1) % 3] if last in kinds else "photo"
    told.add(user_id, kind)
    if kind == "near":
        return star_page.which(texts, [celebrities[row] for row in near], "star-near")
    if kind == "menu":
        return Reply(texts("lost-menu"), menu_buttons(texts, "find", "random", "how"))
    if kind == "stars":
        chance = random.Random(context.update_id)  # noqa: S311 - for fun
        rows = chance.sample(range(len(celebrities)), min(STARS_DRAWN, len(celebrities)))
        rows = [row for row in rows if row not in celebrities.hidden_rows][:STARS_OFFERED]
        return star_page.which(texts, [celebrities[row] for row in rows], "lost-stars")
    return Reply(texts("send-photo"))


def _answer(context: Context, kind: str) -> Reply:
    texts = context.texts
    if kind == "how":
        return how_are_you(texts)
    if kind == "number":
        return random_number(texts, context.update_id)
    if kind in ("joke", "okay", "laugh"):
        return Reply(texts(f"talk-{kind}", variant=context.update_id % VARIANTS))
    if kind in ("bored", "can"):
        return Reply(texts(f"talk-{kind}"), menu_buttons(texts, "find", "random"))
    return Reply(texts(f"talk-{kind}"))
