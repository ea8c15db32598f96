"""Carries the outbox of the store to the user log, for as long as the bot runs."""

import asyncio
import logging

from lookalike.core.errors import StoreClosed
from lookalike.store.store import Store
from lookalike.store.user_log.mongo_log import MongoLog

log = logging.getLogger(__name__)

# Most rows sent at once. FerretDB v1 holds one of its 100 SQLite connections per update of a command until the command
# ends (internal/handler/msg_update.go), so that a command of 100 updates waits for itself for ever.
BATCH_ROWS = 50
BACKOFF_S = (1.0, 30.0)  # first and longest wait while the server is away


async def drain(
    store: Store, user_log: MongoLog, stop: asyncio.Event, *, backoff_s: tuple[float, float] = BACKOFF_S
) -> None:
    """Carry the outbox to the user log until `stop` is set; whatever fails is tried again, and nothing is raised."""
    wait_s, is_away, batch_rows = backoff_s[0], False, BATCH_ROWS
    while not stop.is_set():
        store.outbox_changed.clear()  # before reading: what comes after the reading sets it again
        try:
            await user_log.prepare()
            rows = await store.outbox_rows(batch_rows)
            if rows:
                refused = await user_log.write(rows)
                if refused:
                    await store.set_aside(refused)
                await store.remove_outbox_rows([row.id for row in rows if row.id not in refused])
        except StoreClosed:
            return
        except Exception as error:  # the log must never be what stops the bot
            if not is_away:
                # The class alone: an error's text may hold the URI and with it a password.
                log.warning("the user log is away (%s); entries wait in the outbox", type(error).__name__)
            is_away = True
            await _first_of(stop, timeout_s=wait_s)
            wait_s = min(wait_s * 2, backoff_s[1])
            batch_rows = max(1, batch_rows // 2)  # a server too slow for a whole batch must not get it for ever
            continue
        if is_away:
            log.info("the user log is back")
        wait_s, is_away, batch_rows = backoff_s[0], False, min(batch_rows + 1, BATCH_ROWS)
        if not rows:
            await _first_of(stop, store.outbox_changed)


async def _first_of(*events: asyncio.Event, timeout_s: float | None = None) -> None:
    """Wait until one of these is set."""
    waiters = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiters, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)
