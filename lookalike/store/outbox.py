"""The outbox: changes that wait for the user log, in order. A row that can never go there is set aside, and kept."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from lookalike.core.errors import StoreError
from lookalike.store.database import Connection, Database
from lookalike.store.encryption import Cipher
from lookalike.store.models import OutboxKind, OutboxRow
from lookalike.store.tables import Tables, renamed, verb

log = logging.getLogger(__name__)

UNREADABLE = "unreadable"  # why a row was set aside that does not open, or holds no JSON object
NEXT_ROWS = "SELECT id, kind, sealed FROM outbox WHERE set_aside IS NULL ORDER BY id LIMIT ?"


class Outbox(Tables):
    """The verbs of the outbox; only changes of the kinds `queued` go into it.

    `outbox_changed` is set whenever there is something new; whoever reads the outbox clears it first.
    """

    def __init__(
        self, database: Database, cipher: Cipher, clock: Callable[[], datetime], queued: frozenset[OutboxKind]
    ) -> None:
        super().__init__(database, cipher, clock)
        self.outbox_changed = asyncio.Event()
        self._queued = queued
        self._loop = asyncio.get_running_loop()

    @verb
    def outbox_rows(self, db: Connection, limit: int) -> list[OutboxRow]:
        """Return the oldest changes that the user log does not have, in order; unreadable ones are set aside."""
        while rows := db.execute(NEXT_ROWS, (limit,)).fetchall():
            found: list[OutboxRow] = []
            for row_id, kind, sealed in rows:
                try:
                    found.append(OutboxRow(row_id, kind, renamed(self._unseal(f"outbox:{row_id}", sealed))))
                except (StoreError, ValueError, AttributeError):
                    self._set_aside(db, row_id, UNREADABLE)
            if found:
                return found
        return []

    @verb
    def remove_outbox_rows(self, db: Connection, ids: Sequence[int]) -> None:
        """Remove changes that the user log has."""
        db.executemany("DELETE FROM outbox WHERE id = ?", [(i,) for i in ids])

    @verb
    def set_aside(self, db: Connection, refused: dict[int, str]) -> None:
        """Keep rows (id: why) out of the way of the others: the user log will never take them."""
        for row_id, why in refused.items():
            self._set_aside(db, row_id, why)

    @verb
    def outbox_size(self, db: Connection) -> int:
        """Return how many changes wait; those set aside do not."""
        return int(db.execute("SELECT count(*) FROM outbox WHERE set_aside IS NULL").fetchone()[0])

    def _set_aside(self, db: Connection, row_id: int, why: str) -> None:
        db.execute("UPDATE outbox SET set_aside = ? WHERE id = ?", (why, row_id))
        log.error("outbox row %d is set aside: %s", row_id, why)

    def _queue(self, db: Connection, kind: OutboxKind, tag: bytes | None, fields: dict[str, Any]) -> None:
        if kind in self._queued:
            queue_change(db, self.cipher, kind, tag, fields, self._now())
            self._wake()

    def _wake(self) -> None:
        """Set the event from the thread. A read that it causes queues behind the commit of this change."""
        with contextlib.suppress(RuntimeError):  # the loop has ended; what is in the outbox stays there
            self._loop.call_soon_threadsafe(self.outbox_changed.set)


def queue_change(
    db: Connection, cipher: Cipher, kind: OutboxKind, tag: bytes | None, fields: dict[str, Any], now: int
) -> None:
    """Put a change into the outbox; `tag` is the user's, so that erasing them finds the row."""
    # First the row, for its id, which the sealed value is then bound to.
    new = db.execute("INSERT INTO outbox (kind, person, queued_at, sealed) VALUES (?, ?, ?, x'')", (kind, tag, now))
    sealed = cipher.seal(f"outbox:{new.lastrowid}", json.dumps(fields).encode())
    db.execute("UPDATE outbox SET sealed = ? WHERE id = ?", (sealed, new.lastrowid))
