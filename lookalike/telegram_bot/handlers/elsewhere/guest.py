"""Guest mode: somebody names the bot in a chat where it is no member, and it may answer once.

The answer is an inline result, which cannot hold a picture that Telegram does not have yet: words with a link preview.
"""

from __future__ import annotations

from telegram import Update

from lookalike.telegram_bot.context import Services
from lookalike.telegram_bot.handlers.elsewhere.named import answer_to
from lookalike.telegram_bot.registry import on_update
from lookalike.telegram_bot.replies.sharing.inline import InlineResult


@on_update("guest_message")
async def guest_message(update: Update, services: Services) -> None:
    """Answer the one message that a guest sees."""
    message = update.guest_message
    if message is None or not message.guest_query_id:
        return
    if found := await answer_to(update, message, services, has_card=False):
        reply, _ = found
        await services.sender.answer_guest(message.guest_query_id, InlineResult("answer", services.bot_name, "", reply))
