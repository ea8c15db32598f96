"""How much there is of everything, in words and as a chart."""

from __future__ import annotations

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.operating.chart_process import draw_chart
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply

CHART_DAYS = 30


@command("stats", admin=True)
async def stats(context: Context) -> None:
    """How much there is of everything, with the last days as a picture; where that cannot be drawn, words alone."""
    services = context.services
    counts = await services.store.counts()
    stars, deaths = len(services.gallery().celebrities), services.pool.deaths
    chart = await draw_chart(await services.store.activity(CHART_DAYS), context.texts)
    ratings = context.texts("stats-ratings", ratings=counts["ratings"])
    reply = Reply(f"{context.texts('stats', **counts, stars=stars, deaths=deaths)}\n{ratings}")
    await services.sender.send(context.chat_id, reply, picture=chart)
