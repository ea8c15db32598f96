"""Groups: the bot answers only messages meant for it, and a button works only for the user it was sent to."""

from __future__ import annotations

import re

from telegram import CallbackQuery, Message
from telegram.constants import ChatType

COMMAND = "lookalike"  # no other bot has it, so it is understood without a name behind it


def is_for_bot(message: Message, bot_id: int, bot_name: str) -> bool:
    """Whether a message is meant for the bot: every private one; in a group a mention, a reply to it, /lookalike."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    return names_bot(message, bot_name) or (answered is not None and answered.id == bot_id)


def names_bot(message: Message, bot_name: str) -> bool:
    """Whether a message mentions the bot, or begins with /lookalike."""
    words = (message.text or message.caption or "").casefold()
    if words.split(maxsplit=1)[:1] == [f"/{COMMAND}"]:
        return True
    return re.search(rf"@{re.escape(bot_name.casefold())}\b", words) is not None


def is_own(query: CallbackQuery) -> bool:
    """Whether a button was pressed by the user its message replies to; everybody in a group sees it."""
    asked = query.message.reply_to_message if isinstance(query.message, Message) else None
    return not (asked and asked.from_user and asked.from_user.id != query.from_user.id)
