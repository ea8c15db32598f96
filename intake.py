"""From Telegram to the handler, at least once: fetch, journal, acknowledge, then handle.

An update is acknowledged only when it is in the journal, and leaves the journal only when its handler has returned.
What a person sends is handled in order and one at a time, so five hundred photos of one delay nobody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from errors import LookalikeError, StorageClosed, StorageError, TelegramAway
from storage import MAX_ATTEMPTS, Storage

log = logging.getLogger(__name__)

Update = dict[str, Any]
Fetch = Callable[[int | None], Awaitable[list[Update]]]
Handle = Callable[[Update], Awaitable[None]]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0  # after a poll that failed; doubled each time
SHORTEST_POLL_S = 0.5  # of a poll that brought nothing: a server that answers at once must not make a hot loop
PASSING_S = 3600.0  # how long what is not the update's fault (Telegram away, disk full) is waited for, uncounted
RETRY_S = (1.0, 5.0)  # pauses before the second and third try of an update whose handler failed
DRAIN_S = 5.0  # for what is being handled when the bot is told to stop
KINDS = ("message", "callback_query", "my_chat_member")


class Intake:
    """Polls while `run()` runs; `handle` gets each update, `give_up` those whose handler failed three times."""

    def __init__(self, storage: Storage, fetch: Fetch, handle: Handle, give_up: Handle) -> None:
        self._storage, self._fetch, self._handle, self._give_up = storage, fetch, handle, give_up
        self._lanes: dict[tuple[int | None, bool], deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self.last_heard = time.monotonic()  # of the last poll that worked

    async def run(self) -> None:
        """Replay what an earlier run left, then poll until `stop()`."""
        for entry in await self._storage.unfinished():
            self._deliver(json.loads(entry.payload))
        offset, pause_s = None, 0.0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                before, offset = offset, await self._poll(offset)
            except (LookalikeError, OSError) as error:
                asked_s = getattr(error, "retry_after_s", None)
                pause_s = float(asked_s or min(LONGEST_PAUSE_S, max(pause_s * 2, FIRST_PAUSE_S)))
                log.warning("no updates: %s; next try in %.0f s", error, pause_s)
            else:
                self.last_heard = time.monotonic()
                pause_s = SHORTEST_POLL_S - (self.last_heard - began) if offset == before else 0.0
            await self._sleep(pause_s)

    async def _poll(self, offset: int | None) -> int | None:
        """One batch: in the journal before the next request confirms it."""
        poll = asyncio.ensure_future(self._fetch(offset))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
            if not poll.done():
                return offset
            updates = poll.result()
        finally:
            poll.cancel()
            stop.cancel()
        wanted = [update for update in updates if any(isinstance(update.get(kind), dict) for kind in KINDS)]
        rows = [(one["update_id"], person_of(one), json.dumps(one).encode()) for one in wanted]
        fresh = await self._storage.journal_many(rows) if rows else []
        for update, is_new in zip(wanted, fresh, strict=True):
            if is_new:
                self._deliver(update)
        return max((update["update_id"] for update in updates), default=(offset or 0) - 1) + 1 or None

    def _deliver(self, update: Update) -> None:
        """Put an update behind the others of its person; photos apart, so that /delete does not wait for them."""
        key = person_of(update), is_about_photos(update)
        if key in self._lanes:
            self._lanes[key].append(update)
            return
        self._lanes[key] = deque([update])
        task = asyncio.create_task(self._walk(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _walk(self, key: tuple[int | None, bool]) -> None:
        """Handle a lane's updates one after the other, until none is left."""
        lane = self._lanes[key]
        try:
            while lane and not self._stopping.is_set():
                await self._process(lane[0])
                lane.popleft()
        except StorageError:
            log.warning("the journal closed; what is unfinished in it waits for the next start")
        finally:
            del self._lanes[key]

    async def _process(self, update: Update) -> None:
        number, began, pause_s = update["update_id"], time.monotonic(), 0.0
        while not self._stopping.is_set():
            attempt = await self._surely(self._storage.begin, number)
            if attempt == 0:  # finished before, or its person has been erased
                return
            if attempt > MAX_ATTEMPTS:
                log.error("update given up after %d tries", MAX_ATTEMPTS)
                with contextlib.suppress(Exception):  # the apology is a courtesy; the journal keeps the reason
                    await self._give_up(update)
                await self._surely(self._storage.bury, number, "failed")
                return
            try:
                await self._handle(update)
            except asyncio.CancelledError:  # the bot is being stopped: no fault of this update
                await self._storage.forgive(number)
                raise
            except (TelegramAway, StorageError) as error:
                if time.monotonic() - began < PASSING_S:
                    await self._surely(self._storage.forgive, number)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2 or FIRST_PAUSE_S)
                log.warning("an update waits (%s), next try in %.0f s", type(error).__name__, pause_s)
                await self._sleep(pause_s)
                continue
            except Exception:
                log.exception("an update failed, try %d of %d", attempt, MAX_ATTEMPTS)
                if attempt <= len(RETRY_S):
                    await self._sleep(RETRY_S[attempt - 1])
                continue
            await self._surely(self._storage.finish, number)
            return

    async def _surely(self, write: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Write to the journal, however long its disk is full; raises StorageError only when stopping."""
        while True:
            try:
                return await write(*arguments)
            except StorageError as error:
                if self._stopping.is_set() or isinstance(error, StorageClosed):
                    raise
                log.error("the journal does not serve (%s), next try in %.0f s", error, FIRST_PAUSE_S)
                await self._sleep(FIRST_PAUSE_S)

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not beyond `stop()`."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def stop(self) -> None:
        """Stop polling and finish what is being handled within DRAIN_S; the rest stays in the journal."""
        self._stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def person_of(update: Update) -> int | None:
    """Telegram id of whoever caused an update."""
    for kind in KINDS:
        sender = (update.get(kind) or {}).get("from")
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return int(sender["id"])
    return None


def is_about_photos(update: Update) -> bool:
    """Whether an update brings a picture, or the consent that pictures wait for: these must stay in their order."""
    message = update.get("message") or {}
    data = (update.get("callback_query") or {}).get("data") or ""
    return "photo" in message or "document" in message or str(data).startswith("consent:")
