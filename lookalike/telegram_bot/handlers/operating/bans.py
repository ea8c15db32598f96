"""Bans: /ban and /unban, by a user's id or in reply to a message of theirs that was forwarded here."""

from __future__ import annotations

import re

from telegram import MessageOriginUser

from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.registry import command
from lookalike.telegram_bot.replies.reply import Reply

TELEGRAM_ID = re.compile(r"[1-9][0-9]{0,15}")  # at most 52 bits: core.telegram.org/bots/api#user


@command("ban", admin=True)
async def ban(context: Context) -> Reply:
    """Answer somebody no more."""
    services, user_id = context.services, meant_user(context)
    if user_id is None:
        return Reply(context.texts("ban-usage", command="/ban"))
    if user_id in services.settings.admin_ids or user_id == services.bot_id:
        return Reply(context.texts("ban-admin"))
    is_new = await services.bans.add(user_id)
    services.answer_cache.forget(user_id)
    return Reply(context.texts("ban-done" if is_new else "ban-before", user=str(user_id)))


@command("unban", admin=True)
async def unban(context: Context) -> Reply:
    """Answer somebody again."""
    user_id = meant_user(context)
    if user_id is None:
        return Reply(context.texts("ban-usage", command="/unban"))
    was_banned = await context.services.bans.remove(user_id)
    return Reply(context.texts("unban-done" if was_banned else "unban-nobody", user=str(user_id)))


def meant_user(context: Context) -> int | None:
    """Whom a command is about; None if it does not say."""
    if TELEGRAM_ID.fullmatch(context.arguments):
        return int(context.arguments)
    answered = context.message.reply_to_message
    origin = answered.forward_origin if answered else None
    return origin.sender_user.id if isinstance(origin, MessageOriginUser) else None
