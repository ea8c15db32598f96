"""What a handler is given: the message, who wrote it, their texts, and the services of the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telegram import CallbackQuery, Message

from lookalike.core.metrics import Metrics
from lookalike.core.settings import Settings
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import AlbumOutcome, Outcome
from lookalike.gallery.replacing.hidden import HiddenFile
from lookalike.store.store import Store, User
from lookalike.taste.serving.served_tastes import ServedTastes
from lookalike.telegram_bot.delivery.copies import Copies, copies_of_update
from lookalike.telegram_bot.delivery.sender import Sender
from lookalike.telegram_bot.dialogue import Dialogue
from lookalike.telegram_bot.limits import Cooldown, LastValues, RecentKeys, ShownCards
from lookalike.telegram_bot.operating.ban_list import BanList
from lookalike.telegram_bot.operating.broadcaster import Broadcaster
from lookalike.telegram_bot.photos.album_gathering import AlbumGatherer
from lookalike.telegram_bot.photos.answer_cache import AnswerCache
from lookalike.telegram_bot.photos.download import Downloader
from lookalike.telegram_bot.photos.kept_answer import AnswerKeeper
from lookalike.telegram_bot.photos.kept_comparison import PairOutcome
from lookalike.telegram_bot.photos.photo_queue import PhotoQueue
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.report_file import ReportFile
from lookalike.telegram_bot.texts import Texts
from lookalike.telegram_bot.variants import Variants
from lookalike.workers.pool import WorkerPool

if TYPE_CHECKING:
    from lookalike.telegram_bot.registry import Registry


@dataclass(frozen=True)
class Services:
    """What all handlers share, for as long as the bot runs."""

    bot_id: int
    bot_name: str  # without the @
    sender: Sender
    downloader: Downloader
    store: Store
    pool: WorkerPool
    gallery: Callable[[], Gallery]
    tastes: ServedTastes  # `.model` is None until there are enough ratings
    metrics: Metrics
    settings: Settings
    texts: Mapping[str, Texts]  # by language
    registry: Registry
    photo_queue: PhotoQueue
    # Of morphs and drawings, which take long: nobody holds a turn of photo_queue for one. Within a turn of it there may
    # be one of photo_queue, but never the other way round: each could wait for the other.
    picture_queue: PhotoQueue
    answer_cache: AnswerCache
    answer_keeper: AnswerKeeper[Outcome]
    album_keeper: AnswerKeeper[AlbumOutcome]
    comparison_keeper: AnswerKeeper[PairOutcome]
    albums: AlbumGatherer[Context]
    asked_albums: RecentKeys  # media_group_id of those whose sender was asked for consent
    asked_owners: RecentKeys  # (chat, message) of photos in groups whose sender was asked for a yes to somebody else
    accepted_cards: RecentKeys  # (chat, message) of consent cards that were answered with yes
    shown_cards: ShownCards
    hidden: HiddenFile
    reports: ReportFile
    variants: Variants
    consent_cards: Cooldown  # the whole card again, for a user with photos that wait
    shown_stars: LastValues  # tags of celebrities shown at random
    skipped_stars: LastValues  # tags of celebrities not rated when they were asked about
    told: LastValues  # how a user was answered who was not understood
    exports: Cooldown
    bans: BanList
    broadcaster: Broadcaster
    reload: Callable[[], Awaitable[str]]  # takes the index that is on disk now; why it was refused, '' if it was not


@dataclass(frozen=True)
class Conversation:
    """Who is talked to, where, and in which texts. `update` is the raw update, as the journal keeps it."""

    update: dict[str, Any]
    chat_id: int
    user: User
    texts: Texts
    services: Services

    @property
    def update_id(self) -> int:
        """Telegram's number of the update."""
        return int(self.update["update_id"])

    @property
    def dialogue(self) -> Dialogue:
        """The dialogue that the user may be in."""
        return Dialogue(self.services.store, self.user.id, self.update_id)

    async def check_not_erased(self) -> None:
        """UpdateClosed if the user was erased while the answer was made: nothing is sent then."""
        await self.services.store.check_open(self.update_id)

    async def copies_to(self, chat_id: int, message_id: int = 0) -> Copies:
        """The copies of the answer to a message (0: to none) of that chat, also those of earlier attempts."""
        return await copies_of_update(self.services.store, self.update, chat_id, message_id)

    async def send(
        self, chat_id: int, reply: Reply, to: int | None = None, picture: bytes | str | None = None
    ) -> Message | None:
        """Send what a message of that chat is answered with, as `Sender.send` does: in all attempts twice at most."""
        copies = await self.copies_to(chat_id, to or 0)
        return await self.services.sender.send(chat_id, reply, to, picture, copies)


@dataclass(frozen=True)
class Context(Conversation):
    """A message to be answered."""

    message: Message

    @property
    def arguments(self) -> str:
        """What follows the command."""
        return (self.message.text or "").partition(" ")[2].strip()


@dataclass(frozen=True)
class Press(Conversation):
    """A press on a button; `message` is the one it is under, None if Telegram no longer shows it."""

    query: CallbackQuery
    message: Message | None
