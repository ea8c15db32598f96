"""What the bot does with each kind of update: words in, photos in, buttons pressed -> replies out."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import math
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path

from telegram import (
    BotCommand,
    CallbackQuery,
    Message,
    Update,
)
from telegram import (
    User as TelegramUser,
)
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ExtBot

from lookalike.core.errors import DownloadFailed, LookalikeError, TelegramUnavailable, WorkerDied
from lookalike.core.metrics import Metrics
from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Match, Outcome, match
from lookalike.store.store import HeldPhoto, Ranked, Store, User
from lookalike.telegram_bot import replies
from lookalike.telegram_bot.answer_cache import AnswerCache, CachedAnswer, CacheKey
from lookalike.telegram_bot.converters import Photo, is_block, photo_in
from lookalike.telegram_bot.delivery.raw_api import RawApi
from lookalike.telegram_bot.delivery.sender import Sender, chat_of
from lookalike.telegram_bot.photo_queue import PhotoQueue
from lookalike.telegram_bot.replies import Reply, Texts
from lookalike.workers.pool import WorkerPool

log = logging.getLogger(__name__)

CONSENT_VERSION = 1  # raise it when the consent text changes in substance: everybody is asked again
REFUSED = "Forbidden: "  # how Telegram begins when somebody blocked the bot; a bare 403 comes from something in between
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")  # how JPEG, PNG, WebP and GIF begin
PHOTOS_PER_WORKER = 4  # downloads under way for each worker: enough that none waits for the network


class Dispatcher:
    """The bot's side of every conversation."""

    def __init__(
        self,
        bot: ExtBot[None],
        transport: RawApi,
        storage: Store,
        pool: WorkerPool,
        gallery: Callable[[], Gallery],
        photos_dir: Path,
        retention_days: int,
        admin_ids: frozenset[int] = frozenset(),
        metrics: Metrics | None = None,
    ) -> None:
        self._bot, self._transport, self._storage, self._pool = bot, transport, storage, pool
        self._admin_ids, self._metrics = admin_ids, metrics or Metrics()
        self._gallery, self._photos_dir, self._retention_days = gallery, photos_dir, retention_days
        self._texts = replies.all_texts()
        self._repeats = AnswerCache()
        self._sender = Sender(bot)
        self._telling: set[asyncio.Task[None]] = set()
        self._asked_albums: deque[str] = deque(maxlen=1000)  # media_group_id; a restart may ask once more
        self.line = PhotoQueue(pool.size * PHOTOS_PER_WORKER)
        self._commands = {
            "start": self._on_start,
            "help": self._on_help,
            "privacy": self._on_privacy,
            "export": self._on_export,
            "language": self._on_language,
            "stats": self._on_stats,
        }

    async def announce(self) -> None:
        """Put the commands into Telegram's menu, in every language; the bot works without it."""
        for language, texts in self._texts.items():
            commands = [BotCommand(name, texts(f"command-{name}")) for name in replies.COMMANDS]
            code = None if language == replies.DEFAULT_LANGUAGE else language
            try:
                await self._bot.set_my_commands(commands, language_code=code)
            except TelegramError as error:
                log.warning("the command menu was not set: %s", type(error).__name__)

    async def handle(self, raw: dict[str, object]) -> None:
        """Answer one update; whatever is raised makes it be tried again."""
        update = Update.de_json(raw, self._bot)
        try:
            if update.message and update.message.from_user:
                await self._on_message(update.message, update.message.from_user, update.update_id)
            elif update.callback_query:
                await self._on_press(update.callback_query)
            elif update.my_chat_member and is_block(update.my_chat_member):
                await self._storage.mark_blocked(update.my_chat_member.from_user.id)
        except Forbidden as error:
            if not error.message.startswith(REFUSED):
                raise TelegramUnavailable(type(error).__name__) from error
            if update.effective_user:  # they blocked the bot: nothing can be sent, now or by trying again
                await self._storage.mark_blocked(update.effective_user.id)
        except (BadRequest, ChatMigrated):
            raise
        except TelegramError as error:  # 5xx, 429, a wrong answer or none: it will be back
            raise TelegramUnavailable(type(error).__name__) from error

    async def give_up(self, raw: dict[str, object]) -> None:
        """A plain apology for an update that failed three times."""
        update = Update.de_json(raw, self._bot)
        if update.effective_chat and update.effective_user:
            person = await self._storage.get_user(update.effective_user.id)
            texts = self._texts_for(update.effective_user, person)
            to = update.message.message_id if update.message else None
            await self._sender.send(update.effective_chat.id, Reply(texts("failed")), to)

    # Messages

    async def _on_message(self, message: Message, sender: TelegramUser, update_id: int) -> None:
        if sender.is_bot or not self._is_for_us(message):
            return
        if (command := self._command_in(message)) == "delete":  # must not make the person anew
            known = await self._storage.get_user(sender.id)
            await self._on_delete(message, update_id, known, self._texts_for(sender, known))
            return
        person = await self._storage.upsert_user(sender.id, sender.first_name, sender.language_code)
        texts = self._texts_for(sender, person)
        photo = photo_in(message)
        if command:
            if handler := self._commands.get(command):
                await handler(message, person, texts)
            else:
                await self._sender.say(message.chat_id, texts("unknown-command"))
        elif photo:
            await self._on_photo(message, photo, person, texts)
        elif message.text and replies.is_greeting(message.text):
            await self._sender.say(message.chat_id, texts("hello", name=texts.name(person.name)))
        else:
            await self._sender.say(message.chat_id, texts("only-pictures" if message.document else "send-photo"))

    def _is_for_us(self, message: Message) -> bool:
        """In a group the bot speaks only when it is spoken to."""
        if message.chat.type == ChatType.PRIVATE:
            return True
        words = (message.text or message.caption or "").casefold()
        answered = message.reply_to_message.from_user if message.reply_to_message else None
        called = re.search(rf"@{re.escape(self._bot.username.casefold())}\b", words)
        return called is not None or (answered is not None and answered.id == self._bot.id)

    def _command_in(self, message: Message) -> str | None:
        """The command that a message begins with, in lower case without slash and bot name."""
        if not message.text or not message.text.startswith("/"):
            return None
        return message.text.split(maxsplit=1)[0][1:].split("@")[0].lower()

    def _texts_for(self, user: TelegramUser, person: User | None = None) -> Texts:
        """The texts in the language somebody chose, else in their Telegram's."""
        chosen = person.chosen_language if person else None
        return self._texts[chosen or replies.language_of(user.language_code)]

    async def _on_start(self, message: Message, person: User, texts: Texts) -> None:
        people = len(self._gallery().celebrities)
        await self._sender.say(message.chat_id, texts("start", name=texts.name(person.name), people=people))

    async def _on_help(self, message: Message, person: User, texts: Texts) -> None:
        await self._sender.say(message.chat_id, texts("help"))

    async def _on_privacy(self, message: Message, person: User, texts: Texts) -> None:
        await self._sender.say(message.chat_id, texts("privacy", days=self._retention_days))

    async def _on_export(self, message: Message, person: User, texts: Texts) -> None:
        if message.chat.type != ChatType.PRIVATE:  # what is kept about somebody is not for a group to read
            await self._sender.say(message.chat_id, texts("export-private"))
            return
        document = io.BytesIO(await self._storage.export_user(person.id))
        await self._bot.send_document(
            message.chat_id, document, caption=texts("export-caption"), filename="lookalike.json"
        )

    async def _on_delete(self, message: Message, update_id: int, person: User | None, texts: Texts) -> None:
        """Erase everything about the sender; `person` is what was known of them."""
        if message.from_user:
            await self._storage.erase_user(message.from_user.id, answering=update_id)
            self._repeats.forget(message.from_user.id)
        await self._sender.say(message.chat_id, texts("deleted" if person else "deleted-nothing"))
        await self._storage.finish_update(update_id, scrub=True)

    async def _on_stats(self, message: Message, person: User, texts: Texts) -> None:
        """How much there is of everything, for those who run the bot; to all others it is no command."""
        if person.id not in self._admin_ids:
            await self._sender.say(message.chat_id, texts("unknown-command"))
            return
        counts = await self._storage.counts()
        await self._sender.say(
            message.chat_id,
            texts("stats", **counts, stars=len(self._gallery().celebrities), deaths=self._pool.deaths),
        )

    async def _on_language(self, message: Message, person: User, texts: Texts) -> None:
        await self._sender.send(message.chat_id, replies.language_card(texts))

    # Photos

    async def _on_photo(self, message: Message, photo: Photo, person: User, texts: Texts) -> None:
        if person.consent_version == CONSENT_VERSION:
            await self._answer(photo, person, texts)
            return
        await self._storage.hold_photo(
            HeldPhoto(person.id, photo.chat_id, photo.message_id, photo.file_id, photo.file_size)
        )
        album = message.media_group_id
        if not album or album not in self._asked_albums:  # an album is asked about once
            card = replies.consent_card(texts, texts.name(person.name), self._retention_days)
            await self._sender.send(photo.chat_id, card, photo.message_id)
            if album:
                self._asked_albums.append(album)

    async def _answer(self, photo: Photo, person: User, texts: Texts) -> None:
        """Look at a photo and answer it; the bytes live no longer than this call."""
        gallery, sighting = self._gallery(), CacheKey(person.id, photo.file_unique_id, texts.language)
        repeat = self._repeats.get(sighting, gallery)
        if repeat:
            reply = await self._reply(photo, person, repeat.outcome, texts)
            await self._sender.send(photo.chat_id, reply, photo.message_id, repeat.card_file_id if reply.card else None)
            self._metrics.answer("repeat")
            return
        with self._metrics.stage("answer"):
            self._tell_place(photo, person, texts)
            async with self.line.turn(), self._sender.patience(photo.chat_id):
                with self._metrics.stage("download"):
                    data = await self._download(photo)
                with self._metrics.stage("match"):
                    outcome = data if isinstance(data, Refusal) else await match(data, self._pool.find, gallery)
                if not await self._still_agrees(person):  # /delete came meanwhile: nothing is kept or said
                    return
                reply = await self._reply(photo, person, outcome, texts)
                picture = await self._draw(data, reply) if isinstance(data, bytes) else None
            with self._metrics.stage("send"):
                sent = await self._sender.send(photo.chat_id, reply, photo.message_id, picture)
        self._metrics.answer(word_of(outcome))
        if photo.file_unique_id and isinstance(outcome, Match) and await self._still_agrees(person):
            card_file_id = sent.photo[-1].file_id if sent.photo else None
            self._repeats.remember(sighting, CachedAnswer(outcome, card_file_id), gallery)

    def _tell_place(self, photo: Photo, person: User, texts: Texts) -> None:
        """Tell somebody who will wait long where they stand, without keeping them from standing there."""
        place = self.line.notice_due(person.id) if photo.chat_id > 0 else None
        if place:
            words = texts("waiting", place=place.number, seconds=math.ceil(place.wait_s))
            task = asyncio.create_task(self._sender.try_to_say(photo.chat_id, words))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _still_agrees(self, person: User) -> bool:
        now = await self._storage.get_user(person.id)
        return now is not None and now.consent_version == CONSENT_VERSION

    async def _reply(self, photo: Photo, person: User, outcome: Outcome, texts: Texts) -> Reply:
        """Put the outcome into the history, and into words."""
        return replies.answer(
            texts,
            outcome,
            person=person.name,
            answer_id=await self._record(photo, person, outcome, texts),
            bot_name=self._bot.username,
            photos_dir=self._photos_dir,
        )

    async def _download(self, photo: Photo) -> bytes | Refusal:
        if photo.file_size > MAX_BYTES:
            return Refusal(Reason.TOO_LARGE)
        for last_try in (False, True):
            try:
                file = await self._bot.get_file(photo.file_id)
                data = await self._transport.download(file.file_path or "")
                if data is None:
                    return Refusal(Reason.TOO_LARGE)
                if len(data) != (file.file_size or len(data)) and not data.startswith(PICTURES):
                    raise DownloadFailed("something else than the file")  # a proxy's page, say
                return data
            except BadRequest as error:
                if "too big" in error.message.lower():
                    return Refusal(Reason.TOO_LARGE)
                return Refusal(Reason.UNREADABLE)  # the file is gone
            except DownloadFailed as error:  # a link lives for an hour: get a new one, once
                if last_try and error.is_gone:
                    return Refusal(Reason.UNREADABLE)
                if last_try:
                    raise
        raise AssertionError("unreachable")

    async def _record(self, photo: Photo, person: User, outcome: Outcome, texts: Texts) -> str | None:
        ranking = [
            Ranked(one.celebrity.id, one.celebrity.name_in(texts.language), one.similarity)
            for one in (outcome.faces[0].neighbours if isinstance(outcome, Match) else ())
        ]
        word = word_of(outcome)
        return await self._storage.record_answer(
            person.id, word, ranking, chat_id=photo.chat_id, message_id=photo.message_id
        )

    async def _draw(self, data: bytes, reply: Reply) -> bytes | None:
        """The share card; None where there is none, and then the words alone have to do."""
        if reply.card is None:
            return None
        try:
            return await self._pool.draw(data, reply.card)
        except WorkerDied:
            return None

    # Buttons

    async def _on_press(self, query: CallbackQuery) -> None:
        asked = query.message.reply_to_message if isinstance(query.message, Message) else None
        with contextlib.suppress(TelegramError):  # it stops the button's spinning, no more
            await query.answer()
        if asked and asked.from_user and asked.from_user.id != query.from_user.id:  # in a group everybody sees the card
            return
        person = await self._storage.upsert_user(
            query.from_user.id, query.from_user.first_name, query.from_user.language_code
        )
        texts = self._texts_for(query.from_user, person)
        verb, _, value = (query.data or "").partition(":")
        match verb, value:
            case "consent", "yes":
                await self._on_consent(query, person, texts)
            case "consent", "no":
                refused = "consent-refused" if person.consent_version is None else "consent-withdrawn"
                await self._storage.drop_held_photos(person.id)
                await self._storage.withdraw_consent(person.id)
                await self._sender.edit(query, texts(refused))
            case "language", code if code in replies.LANGUAGES or code == "auto":
                changed = await self._storage.set_language(person.id, None if code == "auto" else code)
                await self._sender.edit(query, self._texts_for(query.from_user, changed)("language-chosen"))
            case "more", answer_id:
                found = await self._storage.get_answer(answer_id, person.id)
                await self._sender.send(chat_of(query), replies.more(texts, found))

    async def _on_consent(self, query: CallbackQuery, person: User, texts: Texts) -> None:
        """Consent is noted, then the very photos that waited for it are answered."""
        await self._storage.give_consent(person.id, CONSENT_VERSION)
        held = await self._storage.held_photos(person.id)
        await self._sender.edit(query, texts("consent-thanks" if held else "consent-stale"))
        while held := await self._storage.held_photos(person.id):  # asked anew each time: /delete empties it
            photo = held[0]
            try:
                await self._answer(
                    Photo(photo.chat_id, photo.message_id, photo.file_id, photo.file_size), person, texts
                )
            except Exception as error:  # one bad photo must not cost the others their answer
                if isinstance(error, (TelegramError, LookalikeError)) and not isinstance(error, BadRequest):
                    raise
                log.exception("a photo that waited for consent failed")
                with contextlib.suppress(BadRequest):
                    await self._sender.send(photo.chat_id, Reply(texts("failed")), photo.message_id)
            await self._storage.drop_held_photo(photo.chat_id, photo.message_id)


def word_of(outcome: Outcome) -> str:
    """What an outcome is called in the history and in the metrics: `match`, or the reason why not."""
    return "match" if isinstance(outcome, Match) else str(outcome.reason)
