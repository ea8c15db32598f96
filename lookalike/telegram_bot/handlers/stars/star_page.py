"""The page of a celebrity: by command, by a typed name, or by a button."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from lookalike.gallery.names.name_search import NamesFound
from lookalike.telegram_bot.callback_data import Star
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.handlers.tastes.rating import can_rate
from lookalike.telegram_bot.handlers.tastes.recommending import liked_too
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.stars import star_page
from lookalike.telegram_bot.replies.stars.star_page import StarPage

KIN = 6  # celebrities like this one on a page
ASKED_LASTS = timedelta(minutes=15)  # the question for a name
STEP = "star"  # of the dialogue: a name is expected


@command("star")
async def star(context: Context) -> Reply:
    """The page of the celebrity that is named behind the command; alone it asks for a name."""
    if not context.arguments:
        await context.dialogue.set({"step": STEP}, ASKED_LASTS)
        return Reply(context.texts("star-ask"))
    return await _answer_to_name(context, context.arguments)


@callback(Star)
async def show_star(press: Press, wanted: Star) -> Reply:
    """The page that a button leads to."""
    row = press.services.gallery().celebrities.row_of_tag(wanted.tag)
    return Reply(press.texts("star-gone")) if row is None else await page_of(press, row)


async def asked_name(context: Context) -> Reply | None:
    """What is typed after `/star` alone is a name."""
    dialogue = context.dialogue
    if ((await dialogue.state()) or {}).get("step") != STEP:
        return None
    reply = await _answer_to_name(context, context.message.text or "")
    await dialogue.end()
    return reply


async def named_star(context: Context) -> Reply | None:
    """A text that surely names somebody gets the page, or the question who of several is meant."""
    found = await find_names(context, context.message.text or "")
    return await _pages(context, found.sure) if found.sure else None


async def find_names(talk: Conversation, text: str) -> NamesFound:
    """Whom a text names. The first search in a gallery takes a while; all are in a thread."""
    gallery = talk.services.gallery()
    return await asyncio.to_thread(lambda: gallery.names.search(text))


async def page_of(talk: Conversation, row: int) -> Reply:
    """The page of the celebrity of that row."""
    services, gallery = talk.services, talk.services.gallery()
    shown = gallery.celebrities[row]
    photo = next(iter(gallery.photos_of(shown.id)), None)
    found, also = await services.store.times_found(shown.id), liked_too(talk, shown.id)
    page = StarPage(shown, photo, gallery.kin(row, KIN), found, also, can_rate(talk))
    return star_page.page(talk.texts, page, services.settings.photos_dir)


async def _answer_to_name(context: Context, name: str) -> Reply:
    """The page of whom a text names or nearly names, the question who is meant, or that nobody is."""
    found = await find_names(context, name)
    rows = found.sure or found.near
    return await _pages(context, rows) if rows else Reply(context.texts("star-unknown"))


async def _pages(context: Context, rows: tuple[int, ...]) -> Reply:
    if len(rows) == 1:
        return await page_of(context, rows[0])
    celebrities = context.services.gallery().celebrities
    return star_page.which(context.texts, [celebrities[row] for row in rows])
