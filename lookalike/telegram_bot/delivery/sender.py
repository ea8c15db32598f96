"""Replies on their way to a chat: as a picture or as words, edited into a card, or announced when they take long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from telegram import CallbackQuery, Message, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ExtBot

from lookalike.telegram_bot.converters import entities, markup, preview
from lookalike.telegram_bot.replies import Reply

log = logging.getLogger(__name__)

PATIENCE_S = 1.0  # an answer that takes longer is announced by "sending a photo…"
FADES_S = 4.0  # then it is announced again; Telegram shows it for five seconds


class Sender:
    """Sends replies; raises TelegramError for one that cannot be sent."""

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot

    async def say(self, chat_id: int, text: str) -> None:
        """Send words."""
        await self.send(chat_id, Reply(text))

    async def try_to_say(self, chat_id: int, text: str) -> None:
        """Send words that nobody misses if they cannot be sent."""
        with contextlib.suppress(TelegramError):
            await self.say(chat_id, text)

    async def send(
        self, chat_id: int, reply: Reply, to: int | None = None, picture: bytes | str | None = None
    ) -> Message:
        """Send a reply, as an answer to message `to`, with a picture (bytes, or Telegram's id of one sent before)."""
        quote = ReplyParameters(to, allow_sending_without_reply=True) if to else None
        try:
            if picture:
                return await self._bot.send_photo(
                    chat_id, picture, caption=reply.text, caption_entities=entities(reply), reply_markup=markup(reply),
                    reply_parameters=quote,
                )  # fmt: skip
            return await self._bot.send_message(
                chat_id, reply.text, entities=entities(reply), reply_markup=markup(reply), reply_parameters=quote,
                link_preview_options=preview(reply),
            )  # fmt: skip
        except BadRequest:
            if picture is None:
                raise
            log.warning("a picture was refused, the words go alone")
            return await self.send(chat_id, reply, to)
        except ChatMigrated as moved:
            return await self.send(moved.new_chat_id, reply, None, picture)

    async def edit(self, query: CallbackQuery, text: str) -> None:
        """Replace the message the button was under, buttons and all; a courtesy, which nothing else waits for."""
        try:
            await query.edit_message_text(text)
        except (BadRequest, ChatMigrated) as error:  # pressed twice, or too old to be changed
            if "not modified" not in error.message:
                await self.send(chat_of(query), Reply(text))
        except Forbidden:
            raise
        except TelegramError as error:
            log.warning("a card was not replaced: %s", type(error).__name__)

    @contextlib.asynccontextmanager
    async def patience(self, chat_id: int) -> AsyncIterator[None]:
        """Show "sending a photo…" while an answer takes long; most are there before that."""

        async def show() -> None:
            with contextlib.suppress(TelegramError):
                while True:
                    await asyncio.sleep(PATIENCE_S)
                    await self._bot.send_chat_action(chat_id, ChatAction.UPLOAD_PHOTO)
                    await asyncio.sleep(FADES_S - PATIENCE_S)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()


def chat_of(query: CallbackQuery) -> int:
    """The chat in which a button was pressed."""
    return query.message.chat.id if query.message else query.from_user.id
