"""Telegram's rate limits on sending, flood waits, and the repetition of requests that failed for a passing reason.

Telegram allows about 30 messages a second in all, one a second in a chat (short bursts pass) and 20 a minute in a
group (core.telegram.org/bots/faq#my-bot-is-hitting-limits). After an answer 429 nothing is sent before the flood wait
is over; one for a method that sends nothing (getFile) holds back that method alone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

CHATS_REMEMBERED = 10_000  # then the oldest window goes: its chat has long been quiet
TRIES = 5
LONGEST_PAUSE_S = 30.0
MESSAGES = "messages"  # what all sending methods are called together
# Their callers wait themselves, or do without: a flood wait of setMyName takes hours.
DIRECT = frozenset(
    {"getMe", "setWebhook", "deleteWebhook", "getWebhookInfo", "getUserProfilePhotos", "setMyProfilePhoto"}
    | {f"{verb}My{what}" for verb in ("get", "set") for what in ("Name", "Description", "ShortDescription")}
)


@dataclass(frozen=True)
class SendLimits:
    """How many messages are sent in how many seconds; the defaults are Telegram's limits.

    Overall 30 a second, in small bursts: what has been let through when an answer 429 comes cannot be called back. Of a
    burst of 30 pictures 11 were still being written, on a busy machine, half a second later.
    """

    overall: tuple[int, float] = (10, 1 / 3)
    private_chat: tuple[int, float] = (3, 3.0)
    group: tuple[int, float] = (20, 60.0)

    def times(self, factor: float) -> SendLimits:
        """So many times faster, for a server with such limits."""
        windows = (self.overall, self.private_chat, self.group)
        return SendLimits(*((count, period_s / factor) for count, period_s in windows))


TELEGRAM_LIMITS = SendLimits()


class Window:
    """At most `count` turns in any `period_s` seconds, in order of arrival.

    Exact, unlike a leaky bucket, which lets nearly twice as many through at the start, or (with small drops) too few
    for want of timer precision: aiolimiter at 3 in 0.1 s passed 28 a second.
    """

    def __init__(self, count: int, period_s: float) -> None:
        self._count, self._period_s = count, period_s
        self._turns: deque[float] = deque(maxlen=count)
        self._queue = asyncio.Lock()
        self.waiting = 0  # turns that are waited for

    async def turn(self, messages: int = 1) -> None:
        """Wait for as many turns, and take them together; those beyond `count` are taken from the next periods."""
        self.waiting += 1
        try:
            async with self._queue:
                missing = min(messages, self._count) - (self._count - len(self._turns))
                if missing > 0:
                    wait_s = self._turns[missing - 1] + self._period_s - time.monotonic()
                    if wait_s > 0:
                        await asyncio.sleep(wait_s)
                now = time.monotonic()
                self._turns.extend(now + place // self._count * self._period_s for place in range(messages))
        finally:
            self.waiting -= 1


class RateLimiter(BaseRateLimiter[None]):
    """Holds every message back until Telegram allows it, and repeats requests that failed for a passing reason.

    A message that timed out may have arrived: whether it is repeated is for the sender to say.
    """

    def __init__(self, limits: SendLimits = TELEGRAM_LIMITS) -> None:
        self._limits = limits
        self._overall = Window(*limits.overall)
        self._chats: dict[Any, Window] = {}
        self._flood_wait_until: dict[str, float] = {}  # time.monotonic(), by method

    @property
    def messages_waiting(self) -> int:
        """Messages that wait for their turn in the whole."""
        return self._overall.waiting

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,
    ) -> Any:
        """Make the request when it is due; raises telegram.error.TelegramError when it cannot be made at all."""
        is_message = endpoint.startswith(("send", "edit", "copy")) and endpoint != "sendChatAction"
        method = MESSAGES if is_message else endpoint
        media = data.get("media")  # an album counts as many messages as it has items
        messages = len(media) if isinstance(media, list | tuple) else 1
        for attempt in range(1, TRIES + 1):
            await self._due(method, data.get("chat_id"), messages)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                if endpoint in DIRECT:
                    raise
                wait_s = retry_after_s(error)
                self._flood_wait_until[method] = max(self._waits_until(method), time.monotonic() + wait_s)
                log.warning("flood wait: %.0f s, %s", wait_s, method)
                if attempt == TRIES:
                    raise
            except BadRequest:  # a subclass of NetworkError that no repetition helps
                raise
            except TimedOut:
                if is_message or attempt > 1:
                    raise
            except NetworkError:
                if attempt == TRIES:
                    raise
                await asyncio.sleep(min(LONGEST_PAUSE_S, 2.0 ** (attempt - 1)))
        raise AssertionError("unreachable")

    async def _due(self, method: str, chat_id: Any, messages: int) -> None:
        """Wait until a request may be made: no flood wait, and for a message a turn in its chat and in the whole."""
        await self._flood_wait(method)
        while method == MESSAGES:
            await self._turn(chat_id, messages)
            if time.monotonic() >= self._waits_until(method):
                return
            await self._flood_wait(method)  # then a new turn: what waited must not all go at once

    async def _turn(self, chat_id: Any, messages: int) -> None:
        """Wait until this chat, and the bot as a whole, may send."""
        if chat_id is not None:
            limit = self._limits.group if _is_group(chat_id) else self._limits.private_chat
            window = self._chats.pop(chat_id, None) or Window(*limit)
            self._chats[chat_id] = window  # newest last
            if len(self._chats) > CHATS_REMEMBERED:
                del self._chats[next(iter(self._chats))]
            await window.turn(messages)
        await self._overall.turn(messages)

    def _waits_until(self, method: str) -> float:
        return self._flood_wait_until.get(method, 0.0)

    async def _flood_wait(self, method: str) -> None:
        """Wait until a flood wait is over, and the one that came meanwhile too."""
        while True:
            left_s = self._waits_until(method) - time.monotonic()
            if left_s <= 0:
                return
            await asyncio.sleep(left_s)


def _is_group(chat_id: Any) -> bool:
    """Whether a chat is a group or a channel: their ids are negative, or names."""
    return isinstance(chat_id, str) or chat_id < 0


def retry_after_s(error: RetryAfter) -> float:
    """How long Telegram wants to hear nothing, in seconds."""
    pause = error.retry_after
    return float(pause if isinstance(pause, int) else pause.total_seconds())
