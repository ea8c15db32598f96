"""Sends broadcasts: one user after the other, slower than answers are sent, and slower still while photos wait.

Who got it is on the disk before the next one does, so that a process that is killed repeats one message at most.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from telegram.error import BadRequest, Forbidden, TelegramError

from lookalike.core.errors import StoreClosed, StoreError
from lookalike.store.store import Broadcast, BroadcastResult, Store
from lookalike.telegram_bot.delivery.copies import Copies
from lookalike.telegram_bot.delivery.sender import Sender, is_block
from lookalike.telegram_bot.replies import operating
from lookalike.telegram_bot.replies.choices import news_buttons
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.texts import Texts, texts_of

Found = TypeVar("Found")

log = logging.getLogger(__name__)

PERIOD_S = 0.1  # ten a second; Telegram allows 30, and the rest is for answers
YIELD_S = 1.0  # at most, while photos or messages wait: a busy day must not stop it for good
LOOK_S = 0.05  # how often that is looked at
SHOW_EVERY_S = 10.0
PAUSE_S = 5.0  # after a failure that will pass


class Broadcaster:
    """Sends what is running in the store, when it starts and whenever it is woken. `is_busy`: whether answers wait."""

    def __init__(
        self, store: Store, sender: Sender, texts: Mapping[str, Texts], is_busy: Callable[[], bool],
        period_s: float = PERIOD_S,
    ) -> None:  # fmt: skip
        self._store, self._sender, self._texts, self._is_busy = store, sender, texts, is_busy
        self._period_s = period_s
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look again whether a broadcast is running."""
        self._woken.set()

    async def run(self) -> None:
        """Send broadcasts, for ever."""
        while True:
            self._woken.clear()
            while broadcast := await self._retried(self._store.running_broadcast):
                await self._send(broadcast)
            await self._woken.wait()

    async def _send(self, broadcast: Broadcast) -> None:
        """Send one to everybody who waits, unless it is stopped; then say what came of it."""
        number, shown_at = broadcast.number, 0.0
        while (user_id := await self._retried(lambda: self._store.next_recipient(number))) is not None:
            began = time.monotonic()
            await self._let_answers_go_first()
            result = await self._deliver(broadcast, user_id)
            await self._retried(lambda: self._store.count_delivery(number, user_id, result))  # noqa: B023 - awaited here
            if time.monotonic() - shown_at > SHOW_EVERY_S:
                await self.show(number)
                shown_at = time.monotonic()
            await asyncio.sleep(max(0.0, began + self._period_s - time.monotonic()))
        found = await self._retried(lambda: self._store.broadcast(number))
        if found and found.state == "running":
            log.info("broadcast %d: %d sent, %d blocked, %d failed", number, found.sent, found.blocked, found.failed)
            texts = await self._texts_of(found.admin_id)
            await self._tell(found.admin_id, operating.broadcast_result(texts, found))
            await self._retried(lambda: self._store.move_broadcast(number, ("running",), "done"))
            await self.show(number)

    async def show(self, number: int) -> None:
        """Bring the card of a broadcast up to date; it works without."""
        try:
            found = await self._store.broadcast(number)
            if found and found.card_message:
                card = operating.broadcast_card(await self._texts_of(found.admin_id), found)
                await self._sender.edit_message(found.admin_id, found.card_message, card)
        except (TelegramError, StoreError) as error:
            log.info("the card of a broadcast was not changed: %s", type(error).__name__)

    async def _deliver(self, broadcast: Broadcast, user_id: int) -> BroadcastResult:
        """Send to one user, however long Telegram is away: `sent` (surely or perhaps), `blocked` or `failed`."""
        texts = await self._retried(lambda: self._texts_of(user_id))
        while True:
            try:
                once, stop = Copies(most=1), news_buttons(texts, no_news=False)
                if broadcast.copied_message is None:
                    await self._sender.send(user_id, Reply(broadcast.text, stop), copies=once)
                else:
                    await self._sender.copy(user_id, broadcast.admin_id, broadcast.copied_message, once, stop)
            except Forbidden as error:
                if is_block(error):
                    return "blocked"
                await self._passing(error)
            except BadRequest as error:
                log.info("a broadcast was refused for one user: %s", error.message)
                return "failed"
            except TelegramError as error:
                await self._passing(error)
            else:
                return "sent"

    async def _tell(self, admin_id: int, reply: Reply) -> None:
        """Tell the admin, unless Telegram refuses that."""
        try:
            await self._sender.send(admin_id, reply)
        except TelegramError as error:
            log.warning("the result of a broadcast was not told: %s", type(error).__name__)

    async def _texts_of(self, user_id: int) -> Texts:
        user = await self._store.get_user(user_id)
        return texts_of(self._texts, user)

    async def _let_answers_go_first(self) -> None:
        for _ in range(round(YIELD_S / LOOK_S)):
            if not self._is_busy():
                return
            await asyncio.sleep(LOOK_S)

    async def _retried(self, work: Callable[[], Awaitable[Found]]) -> Found:
        """Use the store, however long its disk is full."""
        while True:
            try:
                return await work()
            except StoreClosed:
                raise
            except StoreError as error:
                await self._passing(error)

    async def _passing(self, error: Exception) -> None:
        log.warning("a broadcast waits (%s), next attempt in %.0f s", type(error).__name__, PAUSE_S)
        await asyncio.sleep(PAUSE_S)
