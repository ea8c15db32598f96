"""Who do I look like? The bot, and the page beside it.

    .venv/bin/python bot.py

With TELEGRAM_TOKEN: the bot and the page. Without: the page alone. Ctrl-C or SIGTERM stops it, SIGHUP takes a new
index. A process that can no longer do its work ends with status 1, for its supervisor to start it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram.error import InvalidToken, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from lookalike.core.clock import SteadyClock
from lookalike.core.errors import Deaf, IndexRefused, LookalikeError, SettingsError, StorageError
from lookalike.core.logging_setup import set_up_logging
from lookalike.core.metrics import Metrics, build_metrics_app
from lookalike.core.settings import Settings, from_environment
from lookalike.core.watchdog import Watchdog, hear, notify
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.load_check import try_out
from lookalike.gallery.matching import Outcome, match
from lookalike.store.mongo_log import UserLog, drain
from lookalike.store.storage import Storage
from lookalike.telegram_bot.converters import shorten
from lookalike.telegram_bot.handlers import Handlers
from lookalike.telegram_bot.rate_limiter import Pacing
from lookalike.telegram_bot.raw_api import UPDATES, Transport
from lookalike.telegram_bot.update_queue import Intake
from lookalike.telegram_bot.webhook import build_webhook_app
from lookalike.web.app import build_app
from lookalike.web.server import ASGIApp, Server
from lookalike.workers.pool import WorkerPool

log = logging.getLogger("bot")

PURGE_EVERY_S = 3600.0
UNHEALTHY_AFTER_S = 90.0  # without a poll that worked; the longest one takes 25 s
WEBHOOK_CHECK_S = 15.0  # how often Telegram is asked whether it still knows the webhook
CONNECT_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
PAGE_ALONE = (
    "no TELEGRAM_TOKEN, so the page alone is served; get a token from @BotFather in Telegram, then: "
    "TELEGRAM_TOKEN=... make run"
)


@dataclass
class House:
    """What lives as long as the process: the gallery in use, the order to stop, and everything that must be closed."""

    gallery: Gallery
    metrics: Metrics = field(default_factory=Metrics)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    opened: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    failure: BaseException | None = None
    intake: Intake | None = None

    def is_healthy(self) -> bool:
        """Whether the bot, if there is one, still hears Telegram."""
        return self.intake is None or time.monotonic() - self.intake.last_heard < UNHEALTHY_AFTER_S

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` until the house closes; if it fails, the process ends, for its supervisor to start it again."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self.opened.push_async_callback(_cancel, task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            self.failure = task.exception()
            self.stop.set()

    async def take_new_gallery(self, settings: Settings) -> None:
        """Swap in the index that is on disk now; a refused one leaves the present one serving."""
        try:
            await try_out(settings.index_dir)
            self.gallery = await asyncio.to_thread(Gallery.load, settings.index_dir)
        except IndexRefused as error:
            self.metrics.failure("index")
            log.error("the new index is refused, the old one serves on: %s", error)
        else:
            log.info("new index: %d celebrities", len(self.gallery.celebrities))

    async def listen(self, name: str, app: ASGIApp, address: tuple[str, int]) -> None:
        """Serve an application until the house closes."""
        server = Server(name)
        await server.start(app, *address)
        self.opened.push_async_callback(server.close)


async def serve(settings: Settings) -> None:
    """Open everything, run until told to stop, close everything in reverse."""
    watchdog, metrics = Watchdog(), Metrics()
    tried = asyncio.create_task(try_out(settings.index_dir))  # beside the workers' start: both take about a second
    async with WorkerPool(settings.workers, observe=metrics.took) as pool:
        await tried
        house = House(Gallery.load(settings.index_dir), metrics)
        listen_to_signals(house, settings)
        async with house.opened:
            house.beside(watchdog.run(house.is_healthy))
            await open_page(house, settings, pool)
            if settings.telegram_token:
                await open_telegram(house, settings, settings.telegram_token, pool)
            else:
                log.warning(PAGE_ALONE)
            if not house.stop.is_set():
                notify("READY=1")
                log.info("ready: %d celebrities, %d workers", len(house.gallery.celebrities), pool.size)
            await house.stop.wait()
            log.info("stopping")
            watchdog.stopping()
    if house.failure:
        raise house.failure


def listen_to_signals(house: House, settings: Settings) -> None:
    """SIGINT and SIGTERM stop the bot, however often they come; SIGHUP takes a new index."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, house.stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: house.beside(house.take_new_gallery(settings)))


async def open_page(house: House, settings: Settings, pool: WorkerPool) -> None:
    """The page and its API, unless it is switched off; the metrics, if they are switched on."""

    async def match_photo(photo: bytes) -> Outcome:
        return await match(photo, pool.find, house.gallery)

    async def refresh() -> None:
        house.metrics.states(
            workers=pool.size, workers_alive=pool.alive, workers_busy=pool.busy, workers_lost=pool.deaths,
            workers_recycled=pool.recycled, work_waiting=pool.waiting, celebrities=len(house.gallery.celebrities),
        )  # fmt: skip
        manifest = house.gallery.manifest
        house.metrics.gallery(built_at=manifest.built_at, recipe=manifest.recipe)

    house.metrics.refreshed_by(refresh)
    if settings.web_listen:
        app = build_app(match_photo, lambda: house.gallery, settings.photos_dir, house.is_healthy)
        await house.listen("page", app, settings.web_listen)
    if settings.metrics_listen:
        await house.listen("metrics", build_metrics_app(house.metrics), settings.metrics_listen)


async def open_telegram(house: House, settings: Settings, token: SecretStr, pool: WorkerPool) -> None:
    """The bot, its store and its user log."""
    opened, clock, has_log = house.opened, SteadyClock(), settings.mongodb_uri is not None
    storage = await Storage.open(
        settings.data_dir, settings.data_key_file, settings.retention_days, user_log=has_log, clock=clock
    )
    opened.push_async_callback(storage.close)
    if settings.mongodb_uri:
        user_log = UserLog.open(settings.mongodb_uri.get_secret_value())
        opened.push_async_callback(user_log.close)
        house.beside(drain(storage, user_log, house.stop))
    house.beside(keep_purging(storage, clock))

    bot = make_bot(settings.telegram_api_url, token.get_secret_value())
    opened.push_async_callback(bot.shutdown)
    if not await unless_stopped(connect(bot), house.stop):
        return
    transport = Transport(settings.telegram_api_url, token.get_secret_value())
    opened.push_async_callback(transport.close)
    handlers = Handlers(
        bot, transport, storage, pool, lambda: house.gallery, settings.photos_dir, settings.retention_days,
        settings.admin_ids, house.metrics,
    )  # fmt: skip
    intake = Intake(storage, transport.get_updates, handlers.handle, handlers.give_up, shorten, house.metrics)
    house.intake = intake

    async def refresh() -> None:
        silence_s = time.monotonic() - intake.last_heard
        house.metrics.states(
            updates_waiting=intake.waiting, line=handlers.line.waiting, telegram_silence_s=silence_s,
        )  # fmt: skip
        with contextlib.suppress(StorageError):
            house.metrics.states(outbox=await storage.outbox_size())

    house.metrics.refreshed_by(refresh)
    opened.push_async_callback(intake.stop)
    await intake.replay()
    house.beside(handlers.announce())
    if settings.telegram_webhook_url:
        await open_webhook(house, settings, settings.telegram_webhook_url, bot, intake)
    else:
        house.beside(poll(bot, intake))
    house.beside(hear(lambda: intake.last_sign))


async def poll(bot: ExtBot[None], intake: Intake) -> None:
    """Fetch updates; a webhook forgotten from another time would keep all of them from us."""
    try:
        await bot.delete_webhook()
    except TelegramError as error:
        log.warning("the webhook was not deleted: %s", type(error).__name__)
    await intake.run()


async def open_webhook(house: House, settings: Settings, url: str, bot: ExtBot[None], intake: Intake) -> None:
    """Take what Telegram posts, and see to it that Telegram goes on posting."""
    given = settings.telegram_webhook_secret
    secret = given.get_secret_value() if given else secrets.token_urlsafe(32)
    app = build_webhook_app(urlsplit(url).path or "/", secret, intake.take)
    if settings.telegram_webhook_listen is None:
        raise SettingsError("wrong settings:\n  TELEGRAM_WEBHOOK_LISTEN: must be host:port")
    await house.listen("webhook", app, settings.telegram_webhook_listen)
    house.beside(keep_webhook(bot, intake, url, secret))


async def keep_webhook(bot: ExtBot[None], intake: Intake, url: str, secret: str) -> None:
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
        rate_limiter=Pacing(),
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


async def unless_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> bool:
    """Do `work`; False if told to stop before it is done, and then it is cancelled."""
    task, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        return task.done()
    finally:
        stopped.cancel()
        await _cancel(task)


async def keep_purging(storage: Storage, clock: SteadyClock) -> None:
    """Erase what is past its days, now and every hour."""
    while True:
        if jump := clock.jump():
            log.error("the clock of this machine jumped by %s; until the next start the time before counts on", jump)
        try:
            await storage.purge(clock())
        except StorageError as error:  # a full disk, say: next hour
            log.error("nothing was purged: %s", error)
        await asyncio.sleep(PURGE_EVERY_S)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def main() -> int:
    """0 after a stop that was asked for, 2 if something that it needs is missing or wrong, 1 if it failed later."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # before there is an index to replace, it would end the process
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot's new form of retry_after, without a warning
    try:
        settings = from_environment()
        hidden = (settings.telegram_token, settings.mongodb_uri, settings.telegram_webhook_secret)
        set_up_logging(settings.log_format, settings.log_level, tuple(one.get_secret_value() for one in hidden if one))
        asyncio.run(serve(settings))
    except Deaf as error:
        log.error("%s: the process ends", error)
        return 1
    except LookalikeError as error:
        print(f"bot.py: {error}", file=sys.stderr)
        return 2
    except Exception:
        log.exception("the bot failed")
        return 1
    return 0
