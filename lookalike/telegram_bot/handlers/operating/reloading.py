"""A new index: /reload, which does what SIGHUP does."""

from __future__ import annotations

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply


@command("reload", admin=True)
async def reload(context: Context) -> Reply:
    """Take the index that is on disk now, and say what came of it."""
    refusal = await context.services.reload()
    if refusal:
        return Reply(context.texts("reload-refused", why=refusal))
    return Reply(context.texts("reload-done", people=len(context.services.gallery().celebrities)))
