"""How many copies of one message may have reached a chat, and how many may at most.

Telegram cannot be asked whether it took a message whose answer did not come. So copies that may have been sent are
counted, in the store where a later attempt of the same update has to know; nothing is written for a message that is
answered at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lookalike.store.store import Store
from lookalike.telegram_bot.delivery.update_queue import is_replayed, is_retried

MAX_COPIES = 2


@dataclass
class Copies:
    """How many copies of one message may have reached the chat, and how many may at most."""

    number: int = 0
    most: int = MAX_COPIES

    async def change(self, by: int) -> None:
        """Count a copy more or less; a subclass keeps the number where a restart finds it."""
        self.number += by

    async def use_up(self) -> None:
        """Allow no further copy: the message was sent, and something else of its update is not yet."""
        if self.number < self.most:
            await self.change(self.most - self.number)


class CountedCopies(Copies):
    """Copies whose number is kept: `keep` writes it, `kept` is what was read.

    `is_replayed`: an earlier process may have ended while it was sending a copy that it had not counted yet; then one
    that stays without an answer counts as sent.
    """

    def __init__(self, keep: Callable[[int], Awaitable[None]], kept: int = 0, *, is_replayed: bool = False) -> None:
        self._uncounted = int(is_replayed and not kept)
        super().__init__(kept, MAX_COPIES - self._uncounted)
        self._keep = keep

    async def change(self, by: int) -> None:
        """Count copies more or less, in the store too; UpdateClosed if their user was erased: no more may be sent."""
        await super().change(by)
        await self._keep(self.number + self._uncounted)


async def copies_of_update(store: Store, update: Mapping[str, Any], chat_id: int, message_id: int) -> CountedCopies:
    """The copies of what an update sends to a chat as an answer to a message (0: to none), its earlier attempts' too.

    For one message of the update; an update that is handled for the first time reads nothing.
    """
    place = update["update_id"], chat_id, message_id
    was_begun = is_replayed(update) or is_retried(update)
    kept = await store.kept_copies(*place) if was_begun else 0
    return CountedCopies(partial(store.keep_copies, *place), kept, is_replayed=is_replayed(update))
