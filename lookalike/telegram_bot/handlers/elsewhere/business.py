"""Chats of a business account that the bot is connected with: it answers on behalf of the account, where it may.

It reads what the account's owner lets it read. Only a message that names the bot is answered. One that names
anybody, or is a command, is kept until it is handled; any other is dropped as it comes (delivery/update_kinds.py).
"""

from __future__ import annotations

import logging

from telegram import Update
from telegram.error import Forbidden

from lookalike.telegram_bot.context import Services
from lookalike.telegram_bot.delivery.copies import copies_of_update
from lookalike.telegram_bot.handlers.elsewhere.named import answer_to, journaled
from lookalike.telegram_bot.handlers.groups import names_bot
from lookalike.telegram_bot.registry import on_update

log = logging.getLogger(__name__)


@on_update("business_message")
async def business_message(update: Update, services: Services) -> None:
    """Answer whoever names the bot, if the connection lets it reply."""
    message = update.business_message
    connection = message.business_connection_id if message else None
    if message is None or connection is None or not names_bot(message, services.bot_name):
        return
    if not await services.sender.may_reply(connection):
        log.info("a business connection lets the bot not reply")
        return
    if found := await answer_to(update, message, services, has_card=True):
        (reply, card), place = found, (message.chat.id, message.message_id)
        copies = await copies_of_update(services.store, journaled(update), *place)
        try:
            await services.sender.send(place[0], reply, place[1], card, copies, connection)
        except Forbidden as error:  # between the account and whoever asked: nobody has blocked the bot
            log.info("an answer for a business account was refused: %s", error.message)
