"""Updates from Telegram to their handler, at least once: fetch, journal, acknowledge, then handle.

An update is acknowledged only when it is in the journal, and leaves the journal only when its handler has returned.
What a user sends is handled in order and one at a time in each lane, so five hundred photos of one user delay nobody
else. Updates are polled for by `run()`, or brought to `take()` by the webhook.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lookalike.core.errors import StoreClosed, StoreError, TelegramUnavailable, UpdateClosed
from lookalike.core.logging_setup import log_context
from lookalike.core.metrics import Metrics
from lookalike.store.store import MAX_ATTEMPTS, Store
from lookalike.telegram_bot.delivery.liveness import Liveness
from lookalike.telegram_bot.delivery.update_kinds import KINDS, Update, UpdateKind, UpdateKinds, is_update

log = logging.getLogger(__name__)

Handle = Callable[[Update], Awaitable[None]]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0  # before an update whose failure was Telegram's is tried again; doubled
PASSING_S = 3600.0  # how long a failure that is not the update's (Telegram fails, disk full) costs no attempt
OUTAGE_S = 60.0  # without an answer of Telegram's: it is away for everybody, however long that takes
RETRY_S = (1.0, 5.0)  # pauses before the second and third attempt of an update whose handler failed
DRAIN_S = 5.0  # for what is being handled when the bot is told to stop
REPLAYED = "replayed"  # field of an update that an earlier process had taken, and may have begun
RETRIED = "retried"  # field of an update that this process has begun before


@dataclass(eq=False)
class _Queued:
    """An update in its lane. `after`: the /delete before it, which must end first; `ended`: set when this one has."""

    update: Update
    kind: UpdateKind | None
    expires_at: float  # time.monotonic()
    after: asyncio.Event | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)


_Lane = tuple[int | None, str]  # the user and the lane's name


class Alone:
    """Lets in one at a time; those that are answered together are one."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._together, self._inside = "", 0

    @contextlib.asynccontextmanager
    async def turn(self, together: str) -> AsyncIterator[None]:
        """Wait until nobody else is inside, and stay inside; `together` names those who may be there too."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._inside or self._together == together)
            self._together, self._inside = together, self._inside + 1
        try:
            yield
        finally:
            self._inside -= 1
            async with self._changed:
                self._changed.notify_all()


class UpdateQueue:
    """Takes updates in; `handle` gets each one, `give_up` those whose handler failed three times."""

    def __init__(
        self,
        store: Store,
        handle: Handle,
        give_up: Handle,
        *,
        liveness: Liveness | None = None,
        kinds: UpdateKinds = KINDS,
        metrics: Metrics | None = None,
    ) -> None:
        self._store, self._handle, self._give_up, self._kinds = store, handle, give_up, kinds
        self._metrics = metrics or Metrics()
        self.liveness = liveness or Liveness()
        self._lanes: dict[_Lane, deque[_Queued]] = {}
        self._barriers: dict[int, asyncio.Event] = {}  # by user: the end of their /delete that is under way
        self._suspects: set[int] = set()  # updates that may have ended the process before
        self._alone = Alone()
        self._tasks: set[asyncio.Task[None]] = set()
        self.stopping = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Updates taken and not finished."""
        return sum(len(lane) for lane in self._lanes.values())

    @property
    def last_heard(self) -> float:
        """time.monotonic() of Telegram's last answer as it should be; in the future during a flood wait."""
        return self.liveness.last_answer

    async def replay(self) -> None:
        """Deliver what an earlier run left in the journal; before anything new is taken.

        One of those that were begun may be what ended that run. They are tried one at a time (an album as one), and
        last the users whose updates were tried most often, so that it takes none of the others with it again. A user's
        updates stay in their order.
        """
        left = await self._store.unfinished_updates()
        updates = [(json.loads(entry.payload), entry.attempts) for entry in left]
        begun = {self._together(update) for update, attempts in updates if attempts}
        self._suspects = {update["update_id"] for update, _ in updates if self._together(update) in begun}
        most: dict[int | None, int] = {}
        for update, attempts in updates:
            user_id = self._kinds.sender_of(update)
            most[user_id] = max(attempts, most.get(user_id, 0))
        for update, _ in sorted(updates, key=lambda one: most[self._kinds.sender_of(one[0])]):
            self._deliver(update | {REPLAYED: True})  # also those not begun: a stop uncounts its attempts

    async def take(self, updates: Sequence[Any]) -> None:
        """Put updates into the journal, all or none, then deliver those that are new; StoreError if it cannot be.

        What is no update, or of a kind nobody asked for, is left out: one of a hundred must not hold up the others.
        """
        self.liveness.answered()
        wanted: dict[int, Update] = {}  # by id: one may be there twice
        for one in updates:
            if not is_update(one):
                self._metrics.failure("no_update")
                log.error("Telegram sent something that is no update; it is left out")
            elif short := self._kinds.shorten(one):
                wanted.setdefault(short["update_id"], short)
        durable = [one for one in wanted.values() if self._is_durable(one)]
        rows = [(one["update_id"], self._kinds.sender_of(one), json.dumps(one).encode()) for one in durable]
        is_new = await self._store.journal_updates(rows) if rows else []
        known = {one["update_id"] for one, new in zip(durable, is_new, strict=True) if not new}
        for update in wanted.values():
            if update["update_id"] not in known:
                kind = self._kinds.kind_of(update)
                self._metrics.update(kind.name if kind else "")
                self._deliver(update)

    def _together(self, update: Update) -> str:
        """What an update is answered together with: its album, or nothing but itself."""
        kind = self._kinds.kind_of(update)
        return (kind.together(update) if kind else "") or f"update/{update['update_id']}"

    def _is_durable(self, update: Update) -> bool:
        kind = self._kinds.kind_of(update)
        return kind is None or kind.durable

    def _deliver(self, update: Update) -> None:
        """Put an update behind the others of its lane."""
        if self.stopping.is_set():
            return  # it is in the journal, for the next start
        kind, user_id = self._kinds.kind_of(update), self._kinds.sender_of(update)
        expires_s = kind.expires_s if kind else None
        queued = _Queued(update, kind, float("inf") if expires_s is None else time.monotonic() + expires_s)
        if user_id is not None:
            queued.after = self._barriers.get(user_id)
            if kind and kind.closes_earlier(update):
                self._barriers[user_id] = queued.ended
        key = user_id, kind.lane(update) if kind else ""
        if key in self._lanes:
            self._lanes[key].append(queued)
            return
        self._lanes[key] = deque([queued])
        task = asyncio.create_task(self._work(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, key: _Lane) -> None:
        """Handle a lane's updates one after the other, until none is left."""
        lane = self._lanes[key]
        user_id = key[0]
        log_id = None if user_id is None else self._store.log_id(user_id)
        try:
            while lane and not self.stopping.is_set():
                queued = lane[0]
                if queued.after:
                    await queued.after.wait()
                with log_context(update=queued.update["update_id"], person=log_id):
                    await self._process(queued)
                self._end(user_id, lane.popleft())
        except StoreError:
            log.warning("the journal closed; what is unfinished in it waits for the next start")
        finally:
            for queued in lane:
                self._end(user_id, queued)
            del self._lanes[key]

    def _end(self, user_id: int | None, queued: _Queued) -> None:
        queued.ended.set()
        if user_id is not None and self._barriers.get(user_id) is queued.ended:
            del self._barriers[user_id]

    async def _process(self, queued: _Queued) -> None:
        """Handle an update: a durable one until it is answered or given up, another one once, unless it is too late."""
        if time.monotonic() > queued.expires_at:
            self._metrics.failure("expired")
        elif queued.kind and not queued.kind.durable:
            try:
                await self._handle(queued.update)
            except Exception as error:
                self._metrics.failure("update")
                log.error("an update that is not journaled failed", exc_info=error)
        else:
            await self._process_durable(queued.update)

    async def _process_durable(self, update: Update) -> None:
        number, began, pause_s = update["update_id"], time.monotonic(), 0.0
        while not self.stopping.is_set():
            alone = self._alone.turn(self._together(update)) if number in self._suspects else contextlib.nullcontext()
            async with alone:
                failure = await self._try(update)
            if failure is None:
                self._suspects.discard(number)
                return
            update = update | {RETRIED: True}
            attempt, error = failure
            if isinstance(error, TelegramUnavailable | StoreError):
                now = time.monotonic()
                is_outage = now - self.liveness.last_answer > OUTAGE_S
                began = now if is_outage else began
                if is_outage or now - began < PASSING_S:
                    await self.write_with_retry(self._store.uncount_attempt, number)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2 or FIRST_PAUSE_S)
                log.warning("an update waits (%s), next attempt in %.0f s", type(error).__name__, pause_s)
                await self.sleep(pause_s)
            else:
                self._metrics.failure("update")
                log.error("an update failed, attempt %d of %d", attempt, MAX_ATTEMPTS, exc_info=error)
                if attempt <= len(RETRY_S):
                    await self.sleep(RETRY_S[attempt - 1])

    async def _try(self, update: Update) -> tuple[int, Exception] | None:
        """One attempt; None if there is nothing more to do, else its number and how it failed."""
        number = update["update_id"]
        attempt = await self.write_with_retry(self._store.begin_attempt, number)
        if attempt == 0:  # finished before, or its user has been erased
            return None
        if attempt > MAX_ATTEMPTS:
            log.error("update given up after %d attempts", MAX_ATTEMPTS)
            self._metrics.failure("dead_letter")
            with contextlib.suppress(Exception):  # the apology is a courtesy; the journal keeps the reason
                await self._give_up(update)
            await self.write_with_retry(self._store.dead_letter, number, "failed")
            return None
        try:
            await self._handle(update)
        except asyncio.CancelledError:  # the bot is being stopped: no fault of this update
            await self._store.uncount_attempt(number)
            raise
        except UpdateClosed:  # its user was erased while it was being handled
            return None
        except Exception as error:
            return attempt, error
        await self.write_with_retry(self._store.finish_update, number)
        return None

    async def write_with_retry(self, write: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Write to the journal, however long its disk is full; raises StoreError only when stopping."""
        while True:
            try:
                return await write(*arguments)
            except StoreError as error:
                if self.stopping.is_set() or isinstance(error, StoreClosed):
                    raise
                log.error("the journal cannot be written (%s), next attempt in %.0f s", error, FIRST_PAUSE_S)
                await self.sleep(FIRST_PAUSE_S)

    async def sleep(self, seconds: float) -> None:
        """Sleep, but not beyond `stop()`."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.stopping.wait()

    async def stop(self) -> None:
        """Take nothing more, and finish what is being handled within DRAIN_S; the rest stays in the journal."""
        self.stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=DRAIN_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def is_replayed(update: Mapping[str, Any]) -> bool:
    """Whether an earlier process had taken this update, and may have begun it."""
    return bool(update.get(REPLAYED))


def is_retried(update: Mapping[str, Any]) -> bool:
    """Whether this process has begun this update before."""
    return bool(update.get(RETRIED))
