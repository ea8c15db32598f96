"""From Telegram to the handler, at least once: fetch, journal, acknowledge, then handle.

An update is acknowledged only when it is in the journal, and leaves the journal only when its handler has returned.
What a person sends is handled in order and one at a time, so five hundred photos of one delay nobody else. Updates are
polled for by `run()`, or brought to `take()` by the webhook.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from lookalike.core.errors import LookalikeError, PollFailed, StoreClosed, StoreError, TelegramUnavailable
from lookalike.core.logging_setup import log_context
from lookalike.core.metrics import Metrics
from lookalike.store.store import MAX_ATTEMPTS, Store

log = logging.getLogger(__name__)

Update = dict[str, Any]
Handle = Callable[[Update], Awaitable[None]]
Shorten = Callable[[Update], Update | None]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0  # after a poll that failed; doubled each time
SHORTEST_POLL_S = 0.5  # of a poll that brought nothing: a server that answers at once must not make a hot loop
PASSING_S = 3600.0  # how long what is not the update's fault (Telegram fails, disk full) is waited for, uncounted
OUTAGE_S = 60.0  # without a poll that worked: Telegram is away for everybody, however long that takes
RETRY_S = (1.0, 5.0)  # pauses before the second and third try of an update whose handler failed
DRAIN_S = 5.0  # for what is being handled when the bot is told to stop
KINDS = ("message", "callback_query", "my_chat_member")
MAX_UPDATE_ID = 2**63 - 1  # what SQLite can hold; Telegram's have nine or ten digits


class Fetch(Protocol):
    """Asks Telegram for the updates from `offset` on; it may hold the request until there is one."""

    def __call__(self, offset: int | None, *, hold: bool = True) -> Awaitable[list[Any]]:
        """Whatever Telegram gives; PollFailed if it gives nothing."""
        ...


class UpdateQueue:
    """Takes updates in; `handle` gets each one, `give_up` those whose handler failed three times.

    `shorten` leaves of an update what its handler needs, which is what the journal keeps; None: it needs no answer.
    """

    def __init__(
        self,
        storage: Store,
        fetch: Fetch,
        handle: Handle,
        give_up: Handle,
        shorten: Shorten = lambda update: update,
        metrics: Metrics | None = None,
    ) -> None:
        self._storage, self._fetch, self._handle, self._give_up = storage, fetch, handle, give_up
        self._shorten, self._metrics = shorten, metrics or Metrics()
        self._lanes: dict[tuple[int | None, bool], deque[Update]] = {}
        self._suspects: set[int] = set()
        self._alone = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self.last_heard = time.monotonic()  # of the last poll that worked
        self.last_sign = time.monotonic()  # of the last answer of any kind, a refusal too

    @property
    def waiting(self) -> int:
        """Updates taken and not finished."""
        return sum(len(lane) for lane in self._lanes.values())

    def heard(self) -> None:
        """Note that Telegram answered as it should."""
        self.last_heard = self.last_sign = time.monotonic()

    async def replay(self) -> None:
        """Deliver what an earlier run left in the journal; before anything new is taken.

        One of those that were begun may be what ended that run. They are tried one at a time, the least often tried
        first, so that it takes none of the others with it again.
        """
        left = await self._storage.unfinished_updates()
        self._suspects = {entry.update_id for entry in left if entry.attempts}
        for entry in sorted(left, key=lambda entry: entry.attempts):
            self._deliver(json.loads(entry.payload))

    async def run(self) -> None:
        """Poll until `stop()`."""
        offset, pause_s = None, 0.0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                before, offset = offset, await self._poll(offset, hold=not pause_s)  # after a failure: a quick look
            except (LookalikeError, OSError) as error:
                self._metrics.failure("poll")
                if not isinstance(error, PollFailed) or not error.is_silence:
                    self.last_sign = time.monotonic()
                asked_s = getattr(error, "retry_after_s", None)
                pause_s = float(asked_s or min(LONGEST_PAUSE_S, max(pause_s * 2, FIRST_PAUSE_S)))
                log.warning("no updates: %s; next try in %.0f s", error, pause_s)
                await self._sleep(pause_s)
            else:
                self.heard()
                pause_s = 0.0
                if offset == before:
                    await self._sleep(SHORTEST_POLL_S - (self.last_heard - began))

    async def _poll(self, offset: int | None, *, hold: bool) -> int | None:
        """One batch: in the journal before the next request confirms it."""
        poll = asyncio.ensure_future(self._fetch(offset, hold=hold))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((poll, stop), return_when=asyncio.FIRST_COMPLETED)
            if not poll.done():
                return offset
            updates = poll.result()
        finally:
            poll.cancel()
            stop.cancel()
        await self.take(updates)
        return max((one["update_id"] for one in updates if is_update(one)), default=(offset or 0) - 1) + 1 or None

    async def take(self, updates: Sequence[Any]) -> None:
        """Put updates into the journal, all or none, then deliver those that are new; StoreError if it cannot be.

        What is no update, or of a kind nobody asked for, is left out: one of a hundred must not hold up the others.
        """
        wanted = []
        for one in updates:
            if not is_update(one):
                self._metrics.failure("no_update")
                log.error("Telegram brought something that is no update; it is left out")
            elif kind_of(one) and (short := self._short(one)):
                wanted.append(short)
        rows = [(one["update_id"], person_of(one), json.dumps(one).encode()) for one in wanted]
        fresh = await self._storage.journal_updates(rows) if rows else []
        for update, is_new in zip(wanted, fresh, strict=True):
            if is_new:
                self._metrics.update(kind_of(update))
                self._deliver(update)

    def _short(self, update: Update) -> Update | None:
        try:
            return self._shorten(update)
        except Exception:  # misshapen: its handler will fail as well, three times, and then it is put aside
            return update

    def _deliver(self, update: Update) -> None:
        """Put an update behind the others of its person; photos apart, so that /delete does not wait for them."""
        if self._stopping.is_set():
            return  # it is in the journal, for the next start
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
                person = person_of(lane[0])
                alias = None if person is None else self._storage.log_id(person)
                with log_context(update=lane[0]["update_id"], person=alias):
                    await self._process(lane[0])
                lane.popleft()
        except StoreError:
            log.warning("the journal closed; what is unfinished in it waits for the next start")
        finally:
            del self._lanes[key]

    async def _process(self, update: Update) -> None:
        """Try an update until it is answered or given up."""
        number, began, pause_s = update["update_id"], time.monotonic(), 0.0
        while not self._stopping.is_set():
            async with self._alone if number in self._suspects else contextlib.nullcontext():
                failure = await self._try(update)
            if failure is None:
                self._suspects.discard(number)
                return
            attempt, error = failure
            if isinstance(error, TelegramUnavailable | StoreError):
                now = time.monotonic()
                is_outage = now - self.last_heard > OUTAGE_S
                began = now if is_outage else began
                if is_outage or now - began < PASSING_S:
                    await self.write_with_retry(self._storage.uncount_attempt, number)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2 or FIRST_PAUSE_S)
                log.warning("an update waits (%s), next try in %.0f s", type(error).__name__, pause_s)
                await self._sleep(pause_s)
            else:
                self._metrics.failure("update")
                log.error("an update failed, try %d of %d", attempt, MAX_ATTEMPTS, exc_info=error)
                if attempt <= len(RETRY_S):
                    await self._sleep(RETRY_S[attempt - 1])

    async def _try(self, update: Update) -> tuple[int, Exception] | None:
        """One try; None if there is nothing more to do, else which try it was and how it failed."""
        number = update["update_id"]
        attempt = await self.write_with_retry(self._storage.begin_attempt, number)
        if attempt == 0:  # finished before, or its person has been erased
            return None
        if attempt > MAX_ATTEMPTS:
            log.error("update given up after %d tries", MAX_ATTEMPTS)
            self._metrics.failure("buried")
            with contextlib.suppress(Exception):  # the apology is a courtesy; the journal keeps the reason
                await self._give_up(update)
            await self.write_with_retry(self._storage.dead_letter, number, "failed")
            return None
        try:
            await self._handle(update)
        except asyncio.CancelledError:  # the bot is being stopped: no fault of this update
            await self._storage.uncount_attempt(number)
            raise
        except Exception as error:
            return attempt, error
        await self.write_with_retry(self._storage.finish_update, number)
        return None

    async def write_with_retry(self, write: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Write to the journal, however long its disk is full; raises StoreError only when stopping."""
        while True:
            try:
                return await write(*arguments)
            except StoreError as error:
                if self._stopping.is_set() or isinstance(error, StoreClosed):
                    raise
                log.error("the journal does not serve (%s), next try in %.0f s", error, FIRST_PAUSE_S)
                await self._sleep(FIRST_PAUSE_S)

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not beyond `stop()`."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()

    async def stop(self) -> None:
        """Stop polling and finish what is being handled within DRAIN_S; the rest stays in the journal."""
        self._stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def is_update(value: Any) -> bool:
    """Whether this is a dictionary with a number that the journal can hold."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return isinstance(number, int) and 0 <= number <= MAX_UPDATE_ID


def kind_of(update: Update) -> str:
    """Which of KINDS an update is; '' if none."""
    return next((kind for kind in KINDS if isinstance(update.get(kind), dict)), "")


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
