"""The bot as a whole: its store and user log, both directions of Telegram, and the tasks beside them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram.error import InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from lookalike.core.clock import SteadyClock
from lookalike.core.errors import SettingsError, StoreError
from lookalike.core.http.server import listen
from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings
from lookalike.core.watchdog import watch_telegram
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.replacing import hidden
from lookalike.gallery.replacing.hidden import HiddenFile
from lookalike.store.store import Store
from lookalike.store.user_log.drain import drain
from lookalike.store.user_log.mongo_log import MongoLog
from lookalike.taste.serving.served_tastes import ServedTastes
from lookalike.telegram_bot import report_file
from lookalike.telegram_bot.context import Services
from lookalike.telegram_bot.delivery.http_request import WRONG_SHAPE, BotRequest
from lookalike.telegram_bot.delivery.liveness import Liveness
from lookalike.telegram_bot.delivery.polling import Poller
from lookalike.telegram_bot.delivery.rate_limiter import TELEGRAM_LIMITS, RateLimiter, SendLimits, retry_after_s
from lookalike.telegram_bot.delivery.raw_api import RawApi
from lookalike.telegram_bot.delivery.sender import Sender
from lookalike.telegram_bot.delivery.update_kinds import KINDS
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from lookalike.telegram_bot.delivery.webhook import build_webhook_app
from lookalike.telegram_bot.dispatcher import Dispatcher
from lookalike.telegram_bot.handlers import (
    another_star,
    callbacks,
    commands,
    comparing,
    consent,
    group_chats,
    photo_flow,
    pictures,
    settings_menu,
    words,
)
from lookalike.telegram_bot.handlers.drawn import avatar, card_formats, morph
from lookalike.telegram_bot.handlers.elsewhere import business, guest
from lookalike.telegram_bot.handlers.operating import bans, broadcasts, reloading, reports, statistics
from lookalike.telegram_bot.handlers.sharing import challenge, collection, inline
from lookalike.telegram_bot.handlers.stars import random_star, star_duel, star_page
from lookalike.telegram_bot.handlers.talk import menu
from lookalike.telegram_bot.handlers.tastes import rating, rating_run, recommending
from lookalike.telegram_bot.limits import Cooldown, LastValues, RecentKeys, ShownCards
from lookalike.telegram_bot.operating.ban_list import BanList
from lookalike.telegram_bot.operating.broadcaster import Broadcaster
from lookalike.telegram_bot.operating.taste_trainer import TasteTrainer
from lookalike.telegram_bot.photos.album_gathering import AlbumGatherer
from lookalike.telegram_bot.photos.answer_cache import AnswerCache
from lookalike.telegram_bot.photos.download import Downloader
from lookalike.telegram_bot.photos.kept_answer import (
    AnswerKeeper,
    album_from_json,
    album_to_json,
    outcome_from_json,
    outcome_to_json,
)
from lookalike.telegram_bot.photos.kept_comparison import pair_from_json, pair_to_json
from lookalike.telegram_bot.photos.photo_queue import PhotoQueue
from lookalike.telegram_bot.profile import show_profile
from lookalike.telegram_bot.registry import Registry
from lookalike.telegram_bot.report_file import ReportFile
from lookalike.telegram_bot.texts import all_texts
from lookalike.telegram_bot.variants import Variants
from lookalike.workers.pool import WorkerPool

log = logging.getLogger(__name__)

PURGE_EVERY_S = 3600.0
WEBHOOK_CHECK_S = 15.0  # how often Telegram is asked whether it still knows the webhook
CONNECT_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
PHOTOS_PER_WORKER = 4  # downloads under way for each worker: enough that none waits for the network
EXPORT_EVERY_S = 60.0  # at most, of one user
RANDOM_STARS_REMEMBERED = 10  # of each user: none of them comes again
SKIPPED_STARS_REMEMBERED = 100  # of each user: they are asked about again last
CONSENT_CARD_EVERY_S = 3600.0  # further photos that wait meanwhile get one line
HANDLER_MODULES = (
    commands, words, pictures, photo_flow, consent, another_star, settings_menu, callbacks, collection, inline,
    star_page, rating, rating_run, recommending, star_duel, comparing, group_chats, challenge, random_star, menu,
    business, guest, morph, avatar, card_formats,
    statistics, bans, broadcasts, reloading, reports,
)  # fmt: skip

FindGallery = Callable[[], Gallery]
ReloadIndex = Callable[[], Awaitable[str]]


async def _nothing_to_reload() -> str:
    return ""


async def open_telegram(
    runtime: Runtime,
    settings: Settings,
    token: SecretStr,
    pool: WorkerPool,
    gallery: FindGallery,
    tastes: ServedTastes,
    metrics: Metrics,
    reload: ReloadIndex = _nothing_to_reload,
    limits: SendLimits = TELEGRAM_LIMITS,
) -> UpdateQueue | None:
    """Open the bot, its store and its user log; None if stopped before Telegram answered."""
    opened, clock, liveness = runtime.opened, SteadyClock(), Liveness()
    store = await open_store(runtime, settings, clock)
    bot = make_bot(settings.telegram_api_url, token.get_secret_value(), limits)
    opened.push_async_callback(bot.shutdown)
    if not await runtime.unless_stopped(connect(bot)):
        return None
    if not bot.supports_inline_queries:
        log.warning("inline mode is off; send /setinline to @BotFather to switch it on")
    raw_api = RawApi(settings.telegram_api_url, token.get_secret_value(), KINDS.allowed_updates)
    opened.push_async_callback(raw_api.close)
    services = make_services(settings, bot, raw_api, store, pool, gallery, tastes, metrics, liveness, reload)
    dispatcher = Dispatcher(bot, services)
    queue = UpdateQueue(store, dispatcher.handle, dispatcher.give_up, liveness=liveness, metrics=metrics)

    async def refresh() -> None:
        metrics.states(
            updates_waiting=queue.waiting, line=services.photo_queue.waiting, telegram_silence_s=liveness.silence_s
        )
        with contextlib.suppress(StoreError):
            metrics.states(outbox=await store.outbox_size())

    metrics.before_scrape(refresh)
    opened.push_async_callback(queue.stop)
    await queue.replay()
    runtime.run_beside(show_profile(bot, services.texts, services.registry.menu))
    runtime.run_beside(services.broadcaster.run())
    trainer = TasteTrainer(
        store, tastes, gallery, metrics, clock, hour=settings.training_hour, after=settings.training_after
    )
    runtime.run_beside(trainer.run())
    if not settings.operator:
        log.warning("OPERATOR is not set: /privacy does not name who runs the bot")
    if settings.telegram_webhook_url:
        await open_webhook(runtime, settings, settings.telegram_webhook_url, bot, queue)
    else:
        runtime.run_beside(delete_webhook(bot))
        runtime.run_beside(Poller(queue, raw_api.get_updates, metrics).run())
    runtime.run_beside(watch_telegram(lambda: liveness.last_sign))
    return queue


async def open_store(runtime: Runtime, settings: Settings, clock: SteadyClock) -> Store:
    """Open the store, what empties its outbox into the user log, and what erases old rows."""
    store = await Store.open(
        settings.data_dir,
        settings.data_key_file,
        settings.retention_days,
        user_log=settings.mongodb_uri is not None,
        seal_log=settings.mongodb_seal,
        clock=clock,
    )
    runtime.opened.push_async_callback(store.close)
    if settings.mongodb_uri:
        cipher = store.cipher if settings.mongodb_seal else None
        user_log = MongoLog.open(settings.mongodb_uri.get_secret_value(), cipher)
        runtime.opened.push_async_callback(user_log.close)
        runtime.run_beside(drain(store, user_log, runtime.stop))
    runtime.run_beside(keep_purging(store, clock))
    return store


def make_services(
    settings: Settings,
    bot: ExtBot[None],
    raw_api: RawApi,
    store: Store,
    pool: WorkerPool,
    gallery: FindGallery,
    tastes: ServedTastes,
    metrics: Metrics,
    liveness: Liveness,
    reload: ReloadIndex = _nothing_to_reload,
) -> Services:
    """What all handlers share."""
    sender, texts = Sender(bot, liveness), all_texts()
    photo_queue = PhotoQueue(pool.size * PHOTOS_PER_WORKER)
    picture_queue = PhotoQueue(pool.size, beside=photo_queue)

    def is_busy() -> bool:
        return bool(photo_queue.waiting or picture_queue.waiting or sender.messages_waiting)

    return Services(
        bot_id=bot.id,
        bot_name=bot.username,
        sender=sender,
        downloader=Downloader(bot, raw_api),
        store=store,
        pool=pool,
        gallery=gallery,
        tastes=tastes,
        metrics=metrics,
        settings=settings,
        texts=texts,
        registry=Registry.of(*HANDLER_MODULES),
        photo_queue=photo_queue,
        picture_queue=picture_queue,
        answer_cache=AnswerCache(),
        answer_keeper=AnswerKeeper(store, outcome_to_json, outcome_from_json),
        album_keeper=AnswerKeeper(store, album_to_json, album_from_json),
        comparison_keeper=AnswerKeeper(store, pair_to_json, pair_from_json),
        albums=AlbumGatherer(),
        asked_albums=RecentKeys(),
        asked_owners=RecentKeys(),
        accepted_cards=RecentKeys(),
        shown_cards=ShownCards(),
        hidden=HiddenFile(settings.data_dir / hidden.FILE_NAME),
        reports=ReportFile(settings.data_dir / report_file.FILE_NAME),
        variants=Variants(),
        consent_cards=Cooldown(CONSENT_CARD_EVERY_S),
        shown_stars=LastValues(RANDOM_STARS_REMEMBERED),
        skipped_stars=LastValues(SKIPPED_STARS_REMEMBERED),
        told=LastValues(1),
        exports=Cooldown(EXPORT_EVERY_S),
        bans=BanList(store),
        broadcaster=Broadcaster(store, sender, texts, is_busy),
        reload=reload,
    )


async def delete_webhook(bot: ExtBot[None]) -> None:
    """Delete a webhook left from another time, until it is deleted: with one, Telegram answers no poll."""
    while True:
        try:
            await bot.delete_webhook()
            return
        except TelegramError as error:
            log.warning("the webhook was not deleted: %s", type(error).__name__)
            await asyncio.sleep(wait_s_after(error, WEBHOOK_CHECK_S))


async def open_webhook(runtime: Runtime, settings: Settings, url: str, bot: ExtBot[None], queue: UpdateQueue) -> None:
    """Serve the webhook, and keep it set at Telegram."""
    given = settings.telegram_webhook_secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    app = build_webhook_app(urlsplit(url).path or "/", secret, queue.take)
    if settings.telegram_webhook_listen is None:
        raise SettingsError("wrong settings:\n  TELEGRAM_WEBHOOK_LISTEN: must be host:port")
    await listen(runtime, "webhook", app, settings.telegram_webhook_listen)
    runtime.run_beside(keep_webhook(bot, queue.liveness, url, secret))


async def keep_webhook(bot: ExtBot[None], liveness: Liveness, url: str, secret: str) -> None:
    """Set the webhook, and check every WEBHOOK_CHECK_S that it is still set; the answers are signs of life, too."""
    known = ""  # at the start the secret may be new
    while True:
        pause_s = WEBHOOK_CHECK_S
        try:
            if known != url:
                await bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS.allowed_updates)
            known = (await bot.get_webhook_info()).url
            liveness.answered()
        except (TelegramError, *WRONG_SHAPE) as error:
            pause_s = wait_s_after(error, WEBHOOK_CHECK_S)
            if isinstance(error, RetryAfter):
                liveness.flood_wait(pause_s)
            elif not isinstance(error, TimedOut):
                liveness.refused()
            log.warning("the webhook was not checked: %s", type(error).__name__)
        await asyncio.sleep(pause_s)


def make_bot(api_url: str, token: str, limits: SendLimits = TELEGRAM_LIMITS) -> ExtBot[None]:
    """The sending half of Telegram, within these rate limits."""
    request = BotRequest(connections=64)
    polling = BotRequest()  # never used: polling.py polls
    return ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request,
        get_updates_request=polling,
        rate_limiter=RateLimiter(limits),
    )


async def connect(bot: ExtBot[None]) -> None:
    """Ask Telegram who the bot is until it answers; SettingsError if it refuses the token."""
    for attempt in range(sys.maxsize):
        pause_s = CONNECT_PAUSES_S[min(attempt, len(CONNECT_PAUSES_S) - 1)]
        try:
            await bot.initialize()
            return
        except InvalidToken:
            raise SettingsError("wrong settings:\n  TELEGRAM_TOKEN: Telegram does not know this token") from None
        except TelegramError as error:
            pause_s = wait_s_after(error, pause_s)
            log.warning("Telegram does not answer (%s), next try in %.0f s", type(error).__name__, pause_s)
        except WRONG_SHAPE:
            log.error("Telegram's answer to getMe cannot be read: is TELEGRAM_API_URL right?")
        await asyncio.sleep(pause_s)


def wait_s_after(error: Exception, otherwise_s: float) -> float:
    """Seconds to wait after a failed request: as long as Telegram asks, if it does."""
    return retry_after_s(error) if isinstance(error, RetryAfter) else otherwise_s


async def keep_purging(store: Store, clock: SteadyClock) -> None:
    """Erase what is past its retention, now and every PURGE_EVERY_S."""
    while True:
        if jump := clock.jump():
            log.error("the clock of this machine jumped by %s; until the next start the time before counts on", jump)
        try:
            await store.purge(clock())
        except StoreError as error:  # a full disk, say: next hour
            log.error("nothing was purged: %s", error)
        await asyncio.sleep(PURGE_EVERY_S)
