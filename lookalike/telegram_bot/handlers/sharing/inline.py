"""Inline mode: `@bot` in any chat offers one's own last cards, `@bot name` stars."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from telegram import Update

from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.gallery import Gallery
from lookalike.store.store import User
from lookalike.telegram_bot.context import Services
from lookalike.telegram_bot.handlers.sharing.collection import STAR_LINK
from lookalike.telegram_bot.registry import on_update
from lookalike.telegram_bot.replies.sharing.inline import InlineResult, own_card, star_result
from lookalike.telegram_bot.texts import Texts, texts_of

MOST_STARS = 20
LINK_LASTS = timedelta(days=30)
STARS_CACHED_S = 300  # Telegram's default; one's own cards are never cached


@on_update("inline_query")
async def inline_query(update: Update, services: Services) -> None:
    """Offer the user's cards, of one star if it is named, then the stars that the words name."""
    query = update.inline_query
    if query is None:
        return
    user = await services.store.get_user(query.from_user.id)
    texts = texts_of(services.texts, user, query.from_user.language_code)
    gallery = services.gallery()
    stars = await find_stars(gallery, query.query.strip())
    cards = await _own_cards(user, texts, services, {one.id for one in stars} if query.query.strip() else None)
    if not query.query.strip() and cards:
        stars = []
    link = f"https://t.me/{services.bot_name}"
    results = [*cards, *(star_result(texts, one, gallery.photos_of(one.id), link) for one in stars)]
    cached_s = 0 if cards or not query.query.strip() else STARS_CACHED_S
    await services.sender.answer_inline(query.id, results, texts("inline-find-mine"), cached_s)


@on_update("chosen_inline_result")
async def chosen(update: Update, services: Services) -> None:
    """An offer was posted: it is counted among the updates, and nothing is kept of it."""


async def find_stars(gallery: Gallery, text: str) -> list[Celebrity]:
    """The stars that a text names or begins to name; the best known for no text. In a thread: it takes a while."""

    def find() -> list[Celebrity]:
        celebrities = gallery.celebrities
        if not text:
            return [*celebrities.by_id(celebrities.best_known(MOST_STARS)).values()]
        found = gallery.names.search(text, MOST_STARS)
        rows = dict.fromkeys((*found.sure, *found.near, *gallery.names.begins_with(text, MOST_STARS)))
        return [celebrities[row] for row in [*rows][:MOST_STARS]]

    return await asyncio.to_thread(find)


async def _own_cards(user: User | None, texts: Texts, services: Services, only: set[str] | None) -> list[InlineResult]:
    """The user's cards, newest first; `only`: of these stars."""
    if user is None:
        return []
    kept = [one for one in await services.store.last_cards(user.id) if only is None or one.celebrity_id in only]
    stars = services.gallery().celebrities.by_id([one.celebrity_id for one in kept])
    results = []
    for card in kept:
        if star := stars.get(card.celebrity_id):
            link = await _link(user, card.celebrity_id, card.percent, services)
            results.append(own_card(texts, card, star, link))
    return results


async def _link(user: User, celebrity_id: str, percent: int, services: Services) -> str:
    """The link under a card: to the bot, and if the user allowed it, to what it tells of their star."""
    link = f"https://t.me/{services.bot_name}"
    if not user.tells_friends:
        return link
    fields = {"celebrity_id": celebrity_id, "percent": percent}
    code = await services.store.make_link(user.id, STAR_LINK, fields, LINK_LASTS)
    return f"{link}?start=from_{code}" if code else link
