"""The bot with the page beside it, or the page alone: what bot.py runs."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop
from pydantic import SecretStr

from lookalike.core.errors import LookalikeError, SettingsError, TelegramSilent
from lookalike.core.http.server import listen, open_listener
from lookalike.core.logging_setup import set_up_logging
from lookalike.core.metrics import Metrics
from lookalike.core.own_process import forbid_dumps
from lookalike.core.program import print_error
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings, from_environment
from lookalike.core.watchdog import Watchdog, notify
from lookalike.telegram_bot.app import open_telegram
from lookalike.telegram_bot.delivery.rate_limiter import TELEGRAM_LIMITS, SendLimits
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from lookalike.web.matcher import Matcher, open_matcher
from lookalike.web.metrics_endpoint import build_metrics_app
from lookalike.web.page import open_page
from lookalike.web.page_supervisor import PageSupervisor

log = logging.getLogger("bot")

UNHEALTHY_AFTER_S = 90.0  # without a poll that worked; the longest one takes 25 s
PAGE_ALONE = (
    "no TELEGRAM_TOKEN, so the page alone is served; get a token from @BotFather in Telegram, then: "
    "TELEGRAM_TOKEN=... make run"
)
NO_PHOTOS = 'no star has a photo yet, the page shows drawn ones: make photos COLLECT="--contact you@example.org"'


class BotHealth:
    """Whether the bot fetches updates, and its workers live; called for the answer."""

    def __init__(self) -> None:
        self.updates: UpdateQueue | None = None
        self.matcher: Matcher | None = None

    def __call__(self) -> bool:
        """True while all that is open is well."""
        hears = self.updates is None or time.monotonic() - self.updates.last_heard < UNHEALTHY_AFTER_S
        return hears and (self.matcher is None or self.matcher.is_well())


async def serve(settings: Settings, limits: SendLimits = TELEGRAM_LIMITS) -> None:
    """Open everything, run until told to stop, close everything in reverse."""
    watchdog, metrics, runtime = Watchdog(), Metrics(), Runtime()
    async with runtime.opened:
        if settings.metrics_listen:
            await listen(runtime, "metrics", build_metrics_app(metrics), settings.metrics_listen)
        if settings.telegram_token:
            matcher = await open_bot(runtime, settings, settings.telegram_token, metrics, watchdog, limits)
        else:
            matcher = await open_page_alone(runtime, settings, metrics, watchdog)
        if not runtime.stop.is_set():
            notify("READY=1")
            log.info("ready: %d celebrities, %d workers", len(matcher.gallery().celebrities), matcher.pool.size)
            if not matcher.gallery().celebrities.photo_counts.any():
                log.info(NO_PHOTOS)
        await runtime.stop.wait()
        log.info("stopping")
        watchdog.stopping()
    if runtime.failure:
        raise runtime.failure


async def open_bot(
    runtime: Runtime,
    settings: Settings,
    token: SecretStr,
    metrics: Metrics,
    watchdog: Watchdog,
    limits: SendLimits,
) -> Matcher:
    """The bot; and the page in a process of its own, unless it is switched off."""
    health = BotHealth()
    listener = await open_listener("page", *settings.web_listen) if settings.web_listen else None
    matcher = health.matcher = await open_matcher(runtime, settings, metrics, settings.workers)
    page = None
    if listener:
        runtime.opened.callback(listener.close)
        page = PageSupervisor(settings, listener, health)
    reload = listen_to_signals(runtime, matcher, page)
    runtime.run_beside(watchdog.run(health))
    if page:
        matcher.tastes.when_replaced(page.reload_tastes)
        runtime.run_beside(page.run())
        metrics.append(lambda: page.metrics)

        async def refresh() -> None:
            metrics.states(page_is_well=page.is_well, page_restarts=page.restarts)

        metrics.before_scrape(refresh)
    health.updates = await open_telegram(
        runtime, settings, token, matcher.pool, matcher.gallery, matcher.tastes, metrics, reload, limits
    )
    return matcher


async def open_page_alone(runtime: Runtime, settings: Settings, metrics: Metrics, watchdog: Watchdog) -> Matcher:
    """The page in this process."""
    if not settings.web_listen:
        raise SettingsError("nothing to do:\n  TELEGRAM_TOKEN is not set, and WEB_LISTEN is empty")
    listener = await open_listener("page", *settings.web_listen)
    matcher = await open_page(runtime, settings, listener, metrics, workers=settings.workers, bot_status=lambda: "off")
    listen_to_signals(runtime, matcher, None)
    runtime.run_beside(watchdog.run(matcher.is_well))
    log.warning(PAGE_ALONE)
    return matcher


def listen_to_signals(
    runtime: Runtime, matcher: Matcher, page: PageSupervisor | None
) -> Callable[[], Coroutine[Any, Any, str]]:
    """SIGINT and SIGTERM stop the bot, however often they come; SIGHUP takes a new index and tastes, also in the page.

    Returns what SIGHUP does: it says why the index was refused, '' if it was not.
    """

    async def reload() -> str:
        if page:
            page.reload()
        await matcher.tastes.reload()
        return await matcher.gallery.reload()

    runtime.stop_at_signals()
    runtime.call_at_signal(signal.SIGHUP, lambda: runtime.run_beside(reload()))
    return reload


def main(limits: SendLimits = TELEGRAM_LIMITS) -> int:
    """0 after a stop that was asked for, 2 if something that it needs is missing or wrong, 1 if it failed later."""
    forbid_dumps()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # before there is an index to replace, it would end the process
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot's new form of retry_after, without a warning
    try:
        settings = from_environment()
        hidden = (settings.telegram_token, settings.mongodb_uri, settings.telegram_webhook_secret)
        set_up_logging(settings.log_format, settings.log_level, tuple(one.get_secret_value() for one in hidden if one))
        uvloop.run(serve(settings, limits))
    except TelegramSilent as error:
        log.error("%s: the process ends", error)
        return 1
    except LookalikeError as error:
        print_error("bot.py", str(error))
        return 2
    except Exception:
        log.exception("the bot failed")
        return 1
    return 0
