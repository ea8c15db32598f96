"""Broadcasts: /broadcast shows what everybody would get, and buttons send it, pause it, cancel it."""

from __future__ import annotations

import logging

from telegram.error import BadRequest

from lookalike.telegram_bot.callback_data import BroadcastStep
from lookalike.telegram_bot.context import Context, Press
from lookalike.telegram_bot.registry import callback, command
from lookalike.telegram_bot.replies import operating
from lookalike.telegram_bot.replies.reply import Reply

log = logging.getLogger(__name__)


@command("broadcast", admin=True)
async def broadcast(context: Context) -> Reply:
    """Keep a draft of what was written behind the command, or replied to, and show it as everybody would get it."""
    services, chat_id = context.services, context.chat_id
    _, *words = (context.message.text or "").split(maxsplit=1)
    text = words[0] if words else ""
    answered = context.message.reply_to_message
    if not text and not answered:
        return Reply(context.texts("broadcast-usage"))
    if text:
        await services.sender.send(chat_id, Reply(text))
    elif answered:
        try:
            await services.sender.copy(chat_id, chat_id, answered.message_id)
        except BadRequest:
            return Reply(context.texts("broadcast-cannot"))
    copied = answered.message_id if answered and not text else None
    people = await services.store.draft_broadcast(context.update_id, context.user.id, text, copied)
    return operating.broadcast_draft(context.texts, context.update_id, people)


@callback(BroadcastStep)
async def step(press: Press, wanted: BroadcastStep) -> Reply | None:
    """Send, pause, resume or cancel a broadcast; a step that was taken before changes nothing."""
    services, store, number = press.services, press.services.store, wanted.number
    if press.user.id not in services.settings.admin_ids or press.chat_id != press.user.id:
        return Reply(press.texts("old-button"))
    log.info("operator: broadcast %d, %s", number, wanted.step)
    match wanted.step:
        case "send":
            await store.start_broadcast(number, press.message.message_id if press.message else None)
        case "pause":
            await store.move_broadcast(number, ("running",), "paused")
        case "resume":
            await store.move_broadcast(number, ("paused",), "running")
        case "cancel":
            await store.move_broadcast(number, ("draft", "running", "paused"), "cancelled")
    services.broadcaster.wake()
    found = await store.broadcast(number)
    if found is None:
        return Reply(press.texts("old-button"))
    if press.message:
        await services.sender.edit_card(press.message, operating.broadcast_card(press.texts, found))
    return None
