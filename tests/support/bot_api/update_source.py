"""A Telegram of a few lines, and a handler that remembers: for tests of the update queue and of polling."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from lookalike.store.store import Store
from lookalike.telegram_bot.delivery.polling import Poller
from lookalike.telegram_bot.delivery.update_kinds import KINDS, UpdateKinds
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue

Update = dict[str, Any]
GIVE_UP_S = 60  # only so that a failing test ends


def message(number: int, user_id: int = 1, **content: Any) -> Update:
    """A message that python-telegram-bot can read."""
    user = {"id": user_id, "is_bot": False, "first_name": "Ann"}
    chat = {"id": user_id, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": chat, "from": user, **content}}


class Telegram:
    """Hands out batches, one a poll; then nothing, as a long poll does. A batch may be an error."""

    def __init__(self, *batches: list[Any] | Exception) -> None:
        self._batches = list(batches)
        self.offsets: list[int | None] = []
        self.held: list[bool] = []
        self.quiet = asyncio.Event()

    async def fetch(self, offset: int | None, *, hold: bool = True) -> list[Any]:
        self.offsets.append(offset)
        self.held.append(hold)
        if self._batches:
            batch = self._batches.pop(0)
            if isinstance(batch, Exception):
                raise batch
            return batch
        self.quiet.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


class Handled:
    """Remembers what was handled; `fail` says which updates raise, and how often."""

    def __init__(self, fail: dict[int, int] | None = None) -> None:
        self.numbers: list[int] = []
        self.given_up: list[int] = []
        self._fail = fail or {}
        self._changed = asyncio.Condition()

    async def handle(self, update: Update) -> None:
        number = update["update_id"]
        async with self._changed:
            self.numbers.append(number)
            self._changed.notify_all()
        if self._fail.get(number, 0) > 0:
            self._fail[number] -= 1
            raise RuntimeError("broken")

    async def give_up(self, update: Update) -> None:
        async with self._changed:
            self.given_up.append(update["update_id"])
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(GIVE_UP_S), self._changed:
            await self._changed.wait_for(condition)


class Running:
    """An update queue that is polled for while the block lasts."""

    def __init__(
        self,
        store: Store,
        telegram: Telegram,
        handled: Handled,
        handle: Callable[[Update], Awaitable[None]] | None = None,
        kinds: UpdateKinds = KINDS,
    ) -> None:
        self.queue = UpdateQueue(store, handle or handled.handle, handled.give_up, kinds=kinds)
        self._poller = Poller(self.queue, telegram.fetch)

    async def __aenter__(self) -> UpdateQueue:
        await self.queue.replay()
        self._polling = asyncio.create_task(self._poller.run())
        return self.queue

    async def __aexit__(self, *_: object) -> None:
        await self.queue.stop()
        await self._polling
