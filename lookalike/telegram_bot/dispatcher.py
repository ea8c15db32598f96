"""An update -> the handler that its registry names for it, with everything the handler needs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram import User as Sender
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ExtBot

from lookalike.core.errors import TelegramUnavailable
from lookalike.store.store import User
from lookalike.telegram_bot.context import Context, Conversation, Press, Services
from lookalike.telegram_bot.delivery.sender import chat_of, is_block
from lookalike.telegram_bot.delivery.update_kinds import command_in
from lookalike.telegram_bot.handlers.group_chats import is_awaited
from lookalike.telegram_bot.handlers.groups import is_for_bot, is_own
from lookalike.telegram_bot.limits import RecentKeys
from lookalike.telegram_bot.photos.album_gathering import AlbumGatherer
from lookalike.telegram_bot.photos.message_photo import photo_in
from lookalike.telegram_bot.registry import CommandHandler
from lookalike.telegram_bot.replies.reply import SAID, Reply
from lookalike.telegram_bot.texts import Texts, texts_of

log = logging.getLogger(__name__)

OWN_DATA = ("export", "delete")  # what a banned user may still ask for
# How Telegram refuses a message in a group whose admins do not let the bot write.
NO_RIGHTS = ("not enough rights to send", "have no rights to send", "chat_write_forbidden")


@dataclass(eq=False)
class _OfAlbum:
    """A photo of an album in a group: whether it is meant for the bot."""

    is_for_bot: bool


async def _spread(album: list[_OfAlbum]) -> None:
    """One that is meant for the bot makes all of its album so."""
    found = any(one.is_for_bot for one in album)
    for one in album:
        one.is_for_bot = found


class Dispatcher:
    """The bot's side of every conversation."""

    def __init__(self, bot: ExtBot[None], services: Services) -> None:
        self._bot, self._services, self._registry = bot, services, services.registry
        self._group_albums: AlbumGatherer[_OfAlbum] = AlbumGatherer()
        self._apologised = RecentKeys()  # albums, by Telegram's id

    async def handle(self, raw: dict[str, Any]) -> None:
        """Answer one update; whatever is raised makes it be tried again."""
        update = self._parsed(raw)
        try:
            if await self._turned_away(update):
                return
            if update.message and update.message.from_user:
                await self._on_message(raw, update.message, update.message.from_user)
            elif update.callback_query:
                await self._on_press(raw, update.callback_query)
            else:
                await self._on_other(update)
        except Forbidden as error:
            if not is_block(error):
                raise TelegramUnavailable(type(error).__name__) from error
            # They blocked the bot: nothing can be sent, now or by trying again.
            if update.effective_user and _is_private(update):
                await self._services.store.mark_blocked(update.effective_user.id)
        except (BadRequest, ChatMigrated) as error:
            if not error.message.lower().startswith(NO_RIGHTS):
                raise
            log.info("a group lets the bot not write")  # it can tell nobody
        except TelegramError as error:  # 5xx, 429, a wrong answer or none: it will be back
            raise TelegramUnavailable(type(error).__name__) from error

    async def give_up(self, raw: dict[str, Any]) -> None:
        """Apologise for an update that failed three times; for an album once."""
        update = self._parsed(raw)
        if update.business_message:  # that chat is not the bot's to apologise in
            return
        album = update.message.media_group_id if update.message else None
        if album in self._apologised:
            return
        if album:
            self._apologised.add(album)
        if update.effective_chat and update.effective_user:
            user = await self._services.store.get_user(update.effective_user.id)
            texts = self._texts_for(update.effective_user, user)
            to = update.message.message_id if update.message else None
            await self._services.sender.send(update.effective_chat.id, Reply(texts("failed")), to)

    async def _turned_away(self, update: Update) -> bool:
        """Whether an update is of a banned user, who gets nothing: once, in private, a line that says so."""
        sender, bans = update.effective_user, self._services.bans
        if sender is None or update.my_chat_member or not await bans.holds(sender.id):
            return False
        if update.callback_query:
            await self._services.sender.answer_press(update.callback_query)
        if update.message and update.message.chat.type == ChatType.PRIVATE:
            if command_in(update.message.text) in OWN_DATA:
                return False
            if not await bans.is_told(sender.id):
                texts = self._texts_for(sender, await self._services.store.get_user(sender.id))
                await self._services.sender.say(sender.id, texts("banned"))
                await bans.note_told(sender.id)
        return True

    def _parsed(self, raw: dict[str, Any]) -> Update:
        return Update.de_json(raw, self._bot)  # what the queue says of it goes into `api_kwargs`

    async def _on_message(self, raw: dict[str, Any], message: Message, sender: Sender) -> None:
        services = self._services
        if sender.is_bot or not await self._is_for_bot(message, sender, raw["update_id"]):
            return
        name = command_in(message.text)
        handler = self._registry.commands.get(name or "")
        keeps_user = not isinstance(handler, CommandHandler) or handler.keeps_user
        user = await self._user(raw, sender) if keeps_user else await self._known_or_stranger(sender)
        texts = self._texts_for(sender, user)
        context = Context(raw, message.chat.id, user, texts, services, message)
        if name is not None:
            await self._answer(context, self._command(handler, message, user) or _unknown_command)
        else:
            found = (self._registry.messages.get(content) for content in contents_of(message))
            await self._answer(context, next(one.answer for one in found if one))

    async def _is_for_bot(self, message: Message, sender: Sender, update_id: int) -> bool:
        """Whether a message is meant for the bot; the caption of an album counts for all of it."""
        services = self._services
        found = is_for_bot(message, services.bot_id, services.bot_name)
        if message.chat.type == ChatType.PRIVATE or photo_in(message) is None:
            return found
        found = found or await is_awaited(services.store, message, sender.id, update_id)
        if not message.media_group_id:
            return found
        one = _OfAlbum(found)
        await self._group_albums.join((message.chat.id, message.media_group_id), one, _spread)
        return one.is_for_bot

    def _command(self, handler: CommandHandler | None, message: Message, user: User) -> _AnswerContext | None:
        """The function that answers a command here; None if there is no such command for this user."""
        is_private = message.chat.type == ChatType.PRIVATE
        if handler is None or (handler.admin and not (is_private and user.id in self._services.settings.admin_ids)):
            return None
        if handler.admin:
            log.info("operator: /%s", handler.name)
        return handler.answer if is_private or not handler.private else _only_in_private

    async def _on_press(self, raw: dict[str, Any], query: CallbackQuery) -> None:
        if not is_own(query):
            presser = await self._services.store.get_user(query.from_user.id)
            await self._services.sender.answer_press(query, self._texts_for(query.from_user, presser)("not-yours"))
            return
        found = self._registry.callback_for(query.data or "")
        if not (found and found[0].toasts):
            await self._services.sender.answer_press(query)
        user = await self._user(raw, query.from_user)
        texts = self._texts_for(query.from_user, user)
        message = query.message if isinstance(query.message, Message) else None
        press = Press(raw, chat_of(query), user, texts, self._services, query, message)
        if found is None:
            await self._services.sender.say(press.chat_id, texts("old-button"))
            return
        handler, data = found
        try:
            await self._answer(press, lambda press: handler.answer(press, data))
        except BaseException:
            if handler.toasts:  # which it may not have come to
                await self._services.sender.answer_press(query)
            raise

    async def _on_other(self, update: Update) -> None:
        for kind, handler in self._registry.updates.items():
            if getattr(update, kind, None) is not None:
                await handler.handle(update, self._services)

    async def _user(self, raw: dict[str, Any], sender: Sender) -> User:
        """The user in the store, made or brought up to date; UpdateClosed if they were erased meanwhile."""
        name, language, number = sender.first_name, sender.language_code, raw["update_id"]
        return await self._services.store.upsert_user(sender.id, name, language, update_id=number)

    async def _known_or_stranger(self, sender: Sender) -> User:
        """The user in the store, or one who is not kept."""
        known = await self._services.store.get_user(sender.id)
        now = datetime.now(UTC)
        return known or User(sender.id, sender.first_name, sender.language_code, None, now, now)

    def _texts_for(self, sender: Sender, user: User | None = None) -> Texts:
        """The texts in the language that the user chose, else in their Telegram's."""
        return texts_of(self._services.texts, user, sender.language_code)

    async def _answer(self, talk: Any, answer: Callable[[Any], Awaitable[Reply | None]]) -> None:
        reply = await answer(talk)
        if reply and reply != SAID:
            await talk.send(talk.chat_id, reply, _quoted(talk))


def _quoted(talk: Context | Press) -> int | None:
    """The message that an answer quotes: in a group the one of whoever asked, so that its buttons are theirs."""
    message = talk.message
    if message is None or message.chat.type == ChatType.PRIVATE:
        return None
    asked = message.reply_to_message if isinstance(talk, Press) else message
    return asked.message_id if asked else None


_AnswerContext = Callable[[Context], Awaitable[Reply | None]]


def contents_of(message: Message) -> list[str]:
    """What a message holds, most telling first; '' always is last."""
    quoted = message.reply_to_message if message.chat.type != ChatType.PRIVATE else None
    held = {
        "picture": photo_in(message), "document": message.document,
        "quoted_picture": message.text and quoted and photo_in(quoted), "text": message.text, "": True,
    }  # fmt: skip
    return [content for content, value in held.items() if value]


def _is_private(update: Update) -> bool:
    return update.effective_chat is None or update.effective_chat.type == ChatType.PRIVATE


async def _unknown_command(context: Conversation) -> Reply:
    return Reply(context.texts("unknown-command"))


async def _only_in_private(context: Conversation) -> Reply:
    return Reply(context.texts("private-only"))
