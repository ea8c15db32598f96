"""The bot as a whole: store, user log, Telegram's two directions, and the tasks beside them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from lookalike.core.clock import SteadyClock
from lookalike.core.errors import SettingsError, StoreError
from lookalike.core.http_server import listen
from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings
from lookalike.core.watchdog import hear
from lookalike.gallery.gallery import Gallery
from lookalike.store.store import Store
from lookalike.store.user_log.drain import drain
from lookalike.store.user_log.mongo_log import MongoLog
from lookalike.telegram_bot.converters import shorten
from lookalike.telegram_bot.delivery.rate_limiter import RateLimiter
from lookalike.telegram_bot.delivery.raw_api import UPDATES, RawApi
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from lookalike.telegram_bot.delivery.webhook import build_webhook_app
from lookalike.telegram_bot.dispatcher import Dispatcher
from lookalike.workers.pool import WorkerPool

log = logging.getLogger(__name__)

PURGE_EVERY_S = 3600.0
WEBHOOK_CHECK_S = 15.0  # how often Telegram is asked whether it still knows the webhook
CONNECT_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)

FindGallery = Callable[[], Gallery]


async def open_telegram(
    runtime: Runtime, settings: Settings, token: SecretStr, pool: WorkerPool, gallery: FindGallery, metrics: Metrics
) -> UpdateQueue | None:
    """Open the bot, its store and its user log; None if told to stop before Telegram answered."""
    opened, clock, has_log = runtime.opened, SteadyClock(), settings.mongodb_uri is not None
    storage = await Store.open(
        settings.data_dir, settings.data_key_file, settings.retention_days, user_log=has_log, clock=clock
    )
    opened.push_async_callback(storage.close)
    if settings.mongodb_uri:
        user_log = MongoLog.open(settings.mongodb_uri.get_secret_value())
        opened.push_async_callback(user_log.close)
        runtime.run_beside(drain(storage, user_log, runtime.stop))
    runtime.run_beside(keep_purging(storage, clock))

    bot = make_bot(settings.telegram_api_url, token.get_secret_value())
    opened.push_async_callback(bot.shutdown)
    if not await runtime.unless_stopped(connect(bot)):
        return None
    transport = RawApi(settings.telegram_api_url, token.get_secret_value())
    opened.push_async_callback(transport.close)
    handlers = Dispatcher(
        bot, transport, storage, pool, gallery, settings.photos_dir, settings.retention_days,
        settings.admin_ids, metrics,
    )  # fmt: skip
    intake = UpdateQueue(storage, transport.get_updates, handlers.handle, handlers.give_up, shorten, metrics)

    async def refresh() -> None:
        silence_s = time.monotonic() - intake.last_heard
        metrics.states(
            updates_waiting=intake.waiting, line=handlers.line.waiting, telegram_silence_s=silence_s,
        )  # fmt: skip
        with contextlib.suppress(StoreError):
            metrics.states(outbox=await storage.outbox_size())

    metrics.before_scrape(refresh)
    opened.push_async_callback(intake.stop)
    await intake.replay()
    runtime.run_beside(handlers.announce())
    if settings.telegram_webhook_url:
        await open_webhook(runtime, settings, settings.telegram_webhook_url, bot, intake)
    else:
        runtime.run_beside(poll(bot, intake))
    runtime.run_beside(hear(lambda: intake.last_sign))
    return intake


async def poll(bot: ExtBot[None], intake: UpdateQueue) -> None:
    """Fetch updates; a webhook forgotten from another time would keep all of them from us."""
    try:
        await bot.delete_webhook()
    except TelegramError as error:
        log.warning("the webhook was not deleted: %s", type(error).__name__)
    await intake.run()


async def open_webhook(runtime: Runtime, settings: Settings, url: str, bot: ExtBot[None], intake: UpdateQueue) -> None:
    """Take what Telegram posts, and see to it that Telegram goes on posting."""
    given = settings.telegram_webhook_secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    app = build_webhook_app(urlsplit(url).path or "/", secret, intake.take)
    if settings.telegram_webhook_listen is None:
        raise SettingsError("wrong settings:\n  TELEGRAM_WEBHOOK_LISTEN: must be host:port")
    await listen(runtime, "webhook", app, settings.telegram_webhook_listen)
    runtime.run_beside(keep_webhook(bot, intake, url, secret))


async def keep_webhook(bot: ExtBot[None], intake: UpdateQueue, url: str, secret: str) -> None:
    """Tell Telegram where to post, and ask now and then whether it still knows; its answers are signs of life, too."""
    known = ""  # at the start the secret may be new
    while True:
        try:
            if known != url:
                await bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES)
            known = (await bot.get_webhook_info()).url
            intake.heard()
        except TelegramError as error:
            if not isinstance(error, TimedOut):
                intake.last_sign = time.monotonic()
            log.warning("the webhook is not looked after: %s", type(error).__name__)
        await asyncio.sleep(WEBHOOK_CHECK_S)


def make_bot(api_url: str, token: str) -> ExtBot[None]:
    """The sending half of Telegram, at the pace it allows."""
    request = HTTPXRequest(connection_pool_size=64, pool_timeout=10.0, read_timeout=10.0)
    polling = HTTPXRequest(connection_pool_size=1)  # never used: transport.py polls
    return ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=request,
        get_updates_request=polling,
        rate_limiter=RateLimiter(),
    )


async def connect(bot: ExtBot[None]) -> None:
    """Ask Telegram who we are until it answers; SettingsError if it refuses the token."""
    for attempt in range(sys.maxsize):
        try:
            await bot.initialize()
            break
        except InvalidToken:
            raise SettingsError("wrong settings:\n  TELEGRAM_TOKEN: Telegram does not know this token") from None
        except TelegramError as error:
            pause_s = CONNECT_PAUSES_S[min(attempt, len(CONNECT_PAUSES_S) - 1)]
            log.warning("Telegram does not answer (%s), next try in %.0f s", type(error).__name__, pause_s)
        await asyncio.sleep(pause_s)


async def keep_purging(storage: Store, clock: SteadyClock) -> None:
    """Erase what is past its days, now and every hour."""
    while True:
        if jump := clock.jump():
            log.error("the clock of this machine jumped by %s; until the next start the time before counts on", jump)
        try:
            await storage.purge(clock())
        except StoreError as error:  # a full disk, say: next hour
            log.error("nothing was purged: %s", error)
        await asyncio.sleep(PURGE_EVERY_S)
