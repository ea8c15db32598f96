"""A celebrity at random: for one user never one of the last ten."""

from __future__ import annotations

import random

from lookalike.gallery.celebrities import celebrity_tag
from lookalike.telegram_bot.context import Context, Conversation
from lookalike.telegram_bot.handlers.stars.star_page import page_of
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply


@command("random")
async def random_star(context: Context) -> Reply:
    """The page of a celebrity at random."""
    return await random_page(context)


async def random_page(talk: Conversation) -> Reply:
    """The page of a celebrity whom this user was not shown lately; after a restart that is forgotten."""
    celebrities, shown = talk.services.gallery().celebrities, talk.services.shown_stars
    lately = {celebrities.row_of_tag(tag) for tag in shown.of(talk.user.id)} | celebrities.hidden_rows
    chance = random.Random(talk.update_id)  # noqa: S311 - for fun
    row = chance.randrange(len(celebrities))
    while row in lately and len(lately) < len(celebrities):
        row = chance.randrange(len(celebrities))
    shown.add(talk.user.id, celebrity_tag(celebrities[row].id))
    return await page_of(talk, row)
