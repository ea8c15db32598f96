"""Replies on their way to a chat: as a picture or as words, edited into a card, or announced when they take long.

The Bot API has no idempotency key. A message whose fate is unknown (the request was written, no answer came) is
repeated once, when Telegram has answered something else; after that it counts as sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    InlineQueryResultsButton,
    InputFile,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError, TimedOut
from telegram.ext import ExtBot

from lookalike.faces.photo_file import read_photo
from lookalike.telegram_bot.delivery.copies import Copies
from lookalike.telegram_bot.delivery.http_request import ConnectionCut
from lookalike.telegram_bot.delivery.inline_results import inline_result
from lookalike.telegram_bot.delivery.liveness import Liveness
from lookalike.telegram_bot.delivery.markup import entities, keyboard, phone_keyboard, preview
from lookalike.telegram_bot.delivery.rate_limiter import RateLimiter
from lookalike.telegram_bot.replies.reply import Buttons, Reply
from lookalike.telegram_bot.replies.sharing.inline import InlineResult

log = logging.getLogger(__name__)

ANSWER_S = 90.0  # so long a written request may stay unanswered before its fate is unknown
MAX_PHOTO_BYTES = 10_000_000  # core.telegram.org/bots/api#sendphoto
PAUSE_AFTER_CUT_S = 6.0  # before a message whose connection was cut is repeated
PATIENCE_S = 1.0  # an answer that takes longer is announced by "sending a photo…"
FADES_S = 4.0  # then it is announced again; Telegram shows it for five seconds

BLOCKED = "Forbidden: "  # how Telegram's own 403 begins; a bare 403 comes from something in between

_Sent = TypeVar("_Sent")


class Sender:
    """Sends replies; raises TelegramError for one that cannot be sent."""

    def __init__(
        self,
        bot: ExtBot[None],
        liveness: Liveness,
        answer_s: float = ANSWER_S,
        pause_after_cut_s: float = PAUSE_AFTER_CUT_S,
    ) -> None:
        self._bot, self._liveness, self._answer_s = bot, liveness, answer_s
        self._pause_after_cut_s = pause_after_cut_s
        self._beside: set[asyncio.Task[None]] = set()

    async def say(self, chat_id: int, text: str) -> None:
        """Send words."""
        await self.send(chat_id, Reply(text))

    def say_beside(self, chat_id: int, text: str) -> None:
        """Send words in the background; if they cannot be sent, they are dropped."""

        async def say() -> None:
            with contextlib.suppress(TelegramError):
                await self._send_once(chat_id, Reply(text), None, None)

        task = asyncio.create_task(say())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def send(
        self,
        chat_id: int,
        reply: Reply,
        to: int | None = None,
        picture: bytes | str | None = None,
        copies: Copies | None = None,
        connection: str | None = None,
    ) -> Message | None:
        """Send a reply, as an answer to message `to`, with a picture (bytes, or Telegram's id of one sent before).

        `connection`: of the business account on whose behalf. None if its fate is unknown and it may not be repeated:
        it counts as sent.
        """
        picture = picture or await _star_photo(reply)
        return await self._repeated_once(
            lambda: self._send_once(chat_id, reply, to, picture, connection), copies or Copies()
        )

    async def send_album(self, chat_id: int, pictures: list[bytes], text: str, to: int, copies: Copies) -> None:
        """Send 2 to 10 pictures with words under them, as an answer to message `to`; what Telegram refuses is dropped.

        An album has no buttons (core.telegram.org/bots/api#sendmediagroup).
        """
        media = [InputMediaPhoto(one, caption=text if not place else None) for place, one in enumerate(pictures)]
        quote = ReplyParameters(to, allow_sending_without_reply=True)
        try:
            await self._repeated_once(
                lambda: self._bot.send_media_group(
                    chat_id, media, reply_parameters=quote, read_timeout=self._answer_s, write_timeout=self._answer_s
                ),
                copies,
            )
        except (BadRequest, ChatMigrated) as error:
            log.warning("an album was not sent: %s", type(error).__name__)

    async def send_file(self, chat_id: int, data: bytes, name: str, caption: str) -> None:
        """Send a file."""
        await self._repeated_once(
            lambda: self._bot.send_document(
                chat_id, InputFile(data, filename=name), caption=caption, read_timeout=self._answer_s
            ),
            Copies(),
        )

    async def send_video(self, chat_id: int, video: bytes, reply: Reply, to: int, copies: Copies) -> None:
        """Send a silent MP4 that plays by itself, with words and buttons, as an answer to message `to`."""
        quote = ReplyParameters(to, allow_sending_without_reply=True)
        await self._repeated_once(lambda: self._bot.send_animation(
            chat_id, InputFile(video, filename="morph.mp4"), caption=reply.text, caption_entities=entities(reply),
            reply_markup=self._buttons(reply), reply_parameters=quote, read_timeout=self._answer_s,
        ), copies)  # fmt: skip

    async def send_sticker(self, chat_id: int, webp: bytes, to: int, copies: Copies) -> None:
        """Send a WebP with a side of 512 px, as an answer to message `to`."""
        quote = ReplyParameters(to, allow_sending_without_reply=True)
        await self._repeated_once(lambda: self._bot.send_sticker(
            chat_id, InputFile(webp, filename="me.webp"), reply_parameters=quote, read_timeout=self._answer_s,
        ), copies)  # fmt: skip

    async def copy(
        self, chat_id: int, from_chat_id: int, message_id: int, copies: Copies | None = None, buttons: Buttons = ()
    ) -> None:
        """Send a copy of a message, with its pictures and formatting, and with buttons under it."""
        keys = self._buttons(Reply("", buttons))
        await self._repeated_once(
            lambda: self._bot.copy_message(
                chat_id, from_chat_id, message_id, reply_markup=keys, read_timeout=self._answer_s
            ),
            copies or Copies(),
        )

    @property
    def messages_waiting(self) -> int:
        """Messages that wait for their turn within Telegram's limits."""
        limiter = self._bot.rate_limiter
        return limiter.messages_waiting if isinstance(limiter, RateLimiter) else 0

    async def _repeated_once(self, send: Callable[[], Awaitable[_Sent]], copies: Copies) -> _Sent | None:
        while copies.number < copies.most:
            is_repeat = copies.number > 0
            if is_repeat:  # before it is written: a crash meanwhile must not allow another
                await copies.change(+1)
            try:
                return await send()
            except TimedOut as error:
                log.warning("a message was written, and no answer came (%s)", type(error).__name__)
                if not is_repeat:
                    await copies.change(+1)
                if copies.number < copies.most:
                    if isinstance(error, ConnectionCut):  # a server that restarts cuts one connection after another
                        await asyncio.sleep(self._pause_after_cut_s)
                    await self._liveness.next_answer()
            except TelegramError:
                if is_repeat:  # surely not sent
                    await copies.change(-1)
                raise
        log.warning("a message counts as sent: it may not be repeated once more")
        return None

    async def _send_once(
        self, chat_id: int, reply: Reply, to: int | None, picture: bytes | str | None, connection: str | None = None
    ) -> Message:
        quote = ReplyParameters(to, allow_sending_without_reply=True) if to else None
        keys = phone_keyboard(reply) or self._buttons(reply)
        try:
            if picture:
                return await self._bot.send_photo(
                    chat_id, picture, caption=reply.text, caption_entities=entities(reply),
                    reply_markup=keys, reply_parameters=quote, read_timeout=self._answer_s,
                    business_connection_id=connection,
                )  # fmt: skip
            return await self._bot.send_message(
                chat_id, reply.text, entities=entities(reply), reply_markup=keys,
                reply_parameters=quote, link_preview_options=preview(reply), read_timeout=self._answer_s,
                business_connection_id=connection,
            )  # fmt: skip
        except BadRequest:
            if picture is None:
                raise
            log.warning("a picture was refused, the words go alone")
            return await self._send_once(chat_id, reply, to, None, connection)
        except ChatMigrated as moved:
            return await self._send_once(moved.new_chat_id, reply, None, picture)

    def _buttons(self, reply: Reply) -> InlineKeyboardMarkup | None:
        asks = any(one.inline is not None for row in reply.buttons for one in row)
        return keyboard(reply.buttons, has_inline=asks and bool(self._bot.supports_inline_queries))

    async def answer_inline(self, query_id: str, results: list[InlineResult], button: str, cached_s: int) -> None:
        """Answer an inline query with at most 50 results for its user alone, and a button that opens the bot.

        One that Telegram no longer waits for is dropped.
        """
        try:
            await self._bot.answer_inline_query(
                query_id, [inline_result(one) for one in results], cache_time=cached_s, is_personal=True,
                button=InlineQueryResultsButton(button, start_parameter="inline"),
            )  # fmt: skip
        except BadRequest as error:
            log.warning("an inline query was not answered: %s", error.message)

    async def answer_guest(self, query_id: str, result: InlineResult) -> None:
        """Answer a guest query; one that Telegram no longer waits for is dropped."""
        try:
            await self._bot.answer_guest_query(query_id, inline_result(result))
        except BadRequest as error:
            log.warning("a guest query was not answered: %s", error.message)

    async def may_reply(self, connection: str) -> bool:
        """Whether a business connection is there, and lets the bot reply."""
        try:
            found = await self._bot.get_business_connection(connection)
        except BadRequest:
            return False
        return bool(found.is_enabled and found.rights and found.rights.can_reply)

    async def answer_press(self, query: CallbackQuery, toast: str | None = None) -> None:
        """Answer a press, which stops the button's spinning, with a line above the chat; a failure is ignored."""
        with contextlib.suppress(TelegramError):
            await query.answer(toast)

    async def edit_card(self, message: Message, reply: Reply, picture: bytes | str | None = None) -> Message | None:
        """Show another reply in a message of the bot: words, buttons and, where there is one, the picture or photo.

        None if Telegram cannot do that (a picture cannot become words; the message is gone), and a new message has to
        do. A repetition changes nothing, so any other TelegramError may be tried again.
        """
        picture = picture or await _star_photo(reply)
        if message.photo and picture is None:
            return None
        place: dict[str, Any] = {"chat_id": message.chat_id, "message_id": message.message_id}
        try:
            if picture:
                media = InputMediaPhoto(picture, caption=reply.text, caption_entities=entities(reply))
                edited = await self._bot.edit_message_media(media, **place, reply_markup=self._buttons(reply))
            else:
                edited = await self._bot.edit_message_text(
                    reply.text, **place, entities=entities(reply), reply_markup=self._buttons(reply),
                    link_preview_options=preview(reply),
                )  # fmt: skip
        except BadRequest as error:
            return message if "not modified" in error.message else None
        return edited if isinstance(edited, Message) else message

    async def edit_message(self, chat_id: int, message_id: int, reply: Reply) -> None:
        """Show other words and buttons in a message of the bot, by its number."""
        await self._bot.edit_message_text(reply.text, chat_id, message_id, reply_markup=self._buttons(reply))

    async def edit_buttons(self, message: Message, reply: Reply) -> None:
        """Put the buttons of a reply under a message of the bot; a failure of Telegram's to do so is ignored."""
        with contextlib.suppress(BadRequest, ChatMigrated):
            await self._bot.edit_message_reply_markup(
                message.chat_id, message.message_id, reply_markup=self._buttons(reply)
            )

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message of the bot; False if it stays where somebody sees it: it is older than 48 hours, say."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except BadRequest as error:
            return "not found" in error.message
        except (Forbidden, ChatMigrated):
            return False
        return True

    async def edit(self, query: CallbackQuery, text: str) -> None:
        """Replace the message the button was under, buttons and all; a courtesy, which nothing else waits for."""
        try:
            await query.edit_message_text(text)
        except (BadRequest, ChatMigrated) as error:  # pressed twice, or too old to be changed
            if "not modified" not in error.message:
                await self.say(chat_of(query), text)
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


async def _star_photo(reply: Reply) -> bytes | None:
    """The star's photo that goes with a reply; None if there is none, or it cannot be sent."""
    photo = await asyncio.to_thread(read_photo, Path(reply.photo)) if reply.photo else b""
    return photo if isinstance(photo, bytes) and 0 < len(photo) <= MAX_PHOTO_BYTES else None


def chat_of(query: CallbackQuery) -> int:
    """The chat in which a button was pressed."""
    return query.message.chat.id if query.message else query.from_user.id


def is_block(error: Forbidden) -> bool:
    """Whether nothing can be sent to a chat, now or by trying again; a 403 from in between may pass."""
    return error.message.startswith(BLOCKED)
