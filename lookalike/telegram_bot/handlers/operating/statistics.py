"""How much there is of everything."""

from __future__ import annotations

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply


@command("stats", admin=True)
async def stats(context: Context) -> Reply:
    """How much there is of everything."""
    services = context.services
    counts = await services.store.counts()
    stars, deaths = len(services.gallery().celebrities), services.pool.deaths
    return Reply(context.texts("stats", **counts, stars=stars, deaths=deaths))
