"""The bot and the page in one process: what bot.py runs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time

from lookalike.core.errors import LookalikeError, TelegramSilent
from lookalike.core.http_server import listen
from lookalike.core.logging_setup import set_up_logging
from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings, from_environment
from lookalike.core.watchdog import Watchdog, notify
from lookalike.gallery.load_check import check_load
from lookalike.gallery.matching import Outcome, match
from lookalike.gallery.served_gallery import ServedGallery
from lookalike.telegram_bot.app import open_telegram
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from lookalike.web.app import build_app
from lookalike.web.metrics_endpoint import build_metrics_app
from lookalike.workers.pool import WorkerPool

log = logging.getLogger("bot")

UNHEALTHY_AFTER_S = 90.0  # without a poll that worked; the longest one takes 25 s
PAGE_ALONE = (
    "no TELEGRAM_TOKEN, so the page alone is served; get a token from @BotFather in Telegram, then: "
    "TELEGRAM_TOKEN=... make run"
)


class Health:
    """Whether the bot, if there is one, still hears Telegram."""

    def __init__(self) -> None:
        self.updates: UpdateQueue | None = None

    def __call__(self) -> bool:
        """True while it does."""
        return self.updates is None or time.monotonic() - self.updates.last_heard < UNHEALTHY_AFTER_S


async def serve(settings: Settings) -> None:
    """Open everything, run until told to stop, close everything in reverse."""
    watchdog, metrics, runtime, health = Watchdog(), Metrics(), Runtime(), Health()
    checked = asyncio.create_task(check_load(settings.index_dir))  # beside the workers' start: both take about a second
    async with WorkerPool(settings.workers, observe=metrics.observe) as pool:
        await checked
        gallery = ServedGallery(settings.index_dir, on_refused=lambda: metrics.failure("index"))
        listen_to_signals(runtime, gallery)
        async with runtime.opened:
            runtime.run_beside(watchdog.run(health))
            await open_page(runtime, settings, pool, gallery, metrics, health)
            if settings.telegram_token:
                health.updates = await open_telegram(runtime, settings, settings.telegram_token, pool, gallery, metrics)
            else:
                log.warning(PAGE_ALONE)
            if not runtime.stop.is_set():
                notify("READY=1")
                log.info("ready: %d celebrities, %d workers", len(gallery().celebrities), pool.size)
            await runtime.stop.wait()
            log.info("stopping")
            watchdog.stopping()
    if runtime.failure:
        raise runtime.failure


def listen_to_signals(runtime: Runtime, gallery: ServedGallery) -> None:
    """SIGINT and SIGTERM stop the bot, however often they come; SIGHUP takes a new index."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, runtime.stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: runtime.run_beside(gallery.reload()))


async def open_page(
    runtime: Runtime, settings: Settings, pool: WorkerPool, gallery: ServedGallery, metrics: Metrics, health: Health
) -> None:
    """The page and its API, unless it is switched off; the metrics, if they are switched on."""

    async def match_photo(photo: bytes) -> Outcome:
        return await match(photo, pool.find, gallery())

    async def refresh() -> None:
        metrics.states(
            workers=pool.size, workers_alive=pool.alive, workers_busy=pool.busy, workers_lost=pool.deaths,
            workers_recycled=pool.recycled, work_waiting=pool.waiting, celebrities=len(gallery().celebrities),
        )  # fmt: skip
        manifest = gallery().manifest
        metrics.gallery(built_at=manifest.built_at, recipe=manifest.recipe)

    metrics.before_scrape(refresh)
    if settings.web_listen:
        app = build_app(match_photo, gallery, settings.photos_dir, health)
        await listen(runtime, "page", app, settings.web_listen)
    if settings.metrics_listen:
        await listen(runtime, "metrics", build_metrics_app(metrics), settings.metrics_listen)


def main() -> int:
    """0 after a stop that was asked for, 2 if something that it needs is missing or wrong, 1 if it failed later."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # before there is an index to replace, it would end the process
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot's new form of retry_after, without a warning
    try:
        settings = from_environment()
        hidden = (settings.telegram_token, settings.mongodb_uri, settings.telegram_webhook_secret)
        set_up_logging(settings.log_format, settings.log_level, tuple(one.get_secret_value() for one in hidden if one))
        asyncio.run(serve(settings))
    except TelegramSilent as error:
        log.error("%s: the process ends", error)
        return 1
    except LookalikeError as error:
        print(f"bot.py: {error}", file=sys.stderr)
        return 2
    except Exception:
        log.exception("the bot failed")
        return 1
    return 0
