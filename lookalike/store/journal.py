"""The journal: every update from its arrival to its answer, and the outcomes of photos whose answer is under way.

An update is open until it is finished, becomes a dead letter, or its user is erased; then only its id stays, so that
Telegram cannot deliver it again. Verbs that write about a user take the id of the update that is being handled: if the
user was erased meanwhile, that update is closed, and they raise UpdateClosed instead of keeping anything.
"""

from collections.abc import Sequence

from lookalike.core.errors import UpdateClosed
from lookalike.store.database import Connection
from lookalike.store.models import JournalEntry, KeptOutcome
from lookalike.store.tables import Tables, verb

MAX_ATTEMPTS = 3  # begun more often than this, an update becomes a dead letter: it may be what kills the process
DEDUPE_WINDOW_S = 48 * 3600  # Telegram redelivers for 24 h; after a quiet week its update ids start anew
OLDER_S = 24 * 3600  # the ids of two updates that arrived further apart than this do not give their order


class Journal(Tables):
    """The verbs of updates and of the outcomes under way."""

    def log_id(self, user_id: int) -> str:
        """Return what log lines call a user: 12 hex digits, which lead back to the id only with the key."""
        return self.cipher.tag("log", user_id).hex()[:12]

    @verb
    def journal_updates(self, db: Connection, updates: Sequence[tuple[int, int | None, bytes]]) -> list[bool]:
        """Keep updates (id, user, payload), all or none; False for one that came before within the last 48 hours."""
        return [self._journal(db, *update) for update in updates]

    @verb
    def begin_attempt(self, db: Connection, update_id: int) -> int:
        """Count one more attempt and return how many that makes; 0 if the update is not open."""
        row = db.execute(
            "UPDATE journal SET attempts = attempts + 1 WHERE update_id = ? AND state = 'new' RETURNING attempts",
            (update_id,),
        ).fetchone()
        return int(row[0]) if row else 0

    @verb
    def uncount_attempt(self, db: Connection, update_id: int) -> None:
        """Take back one attempt: it failed for a reason outside the update."""
        db.execute("UPDATE journal SET attempts = attempts - 1 WHERE update_id = ? AND attempts > 0", (update_id,))

    async def finish_update(self, update_id: int, *, scrub: bool = False) -> None:
        """Close an update that was answered; with `scrub` not even its sealed payload stays in any file."""
        await self._database.run(lambda db: self._close(db, update_id, "done", None), scrub=scrub)

    @verb
    def finish_updates(self, db: Connection, update_ids: Sequence[int]) -> None:
        """Close updates that were answered as one, all or none."""
        for update_id in update_ids:
            self._close(db, update_id, "done", None)

    @verb
    def dead_letter(self, db: Connection, update_id: int, why: str) -> None:
        """Close an update that failed MAX_ATTEMPTS times; only `why` stays, for the operator."""
        self._close(db, update_id, "dead", why)

    @verb
    def unfinished_updates(self, db: Connection) -> list[JournalEntry]:
        """Return the open updates, in the order of arrival."""
        rows = db.execute("SELECT update_id, sealed, attempts FROM journal WHERE state = 'new' ORDER BY place")
        return [JournalEntry(i, self.cipher.unseal(f"journal:{i}", sealed), n) for i, sealed, n in rows]

    # Outcomes of photos whose answer is under way: for retries, also after a restart.

    @verb
    def keep_outcome(self, db: Connection, update_id: int, chat_id: int, message_id: int, outcome: bytes) -> None:
        """Keep what the photo in this message was matched with, until the update is closed."""
        self._require_open(db, update_id)
        tag = self._photo_tag(chat_id, message_id)
        db.execute(
            "INSERT INTO outcomes (photo, update_id, person, sealed)"
            " SELECT ?1, update_id, person, ?2 FROM journal WHERE update_id = ?3 AND person IS NOT NULL"
            " ON CONFLICT (photo) DO UPDATE SET sealed = excluded.sealed, update_id = excluded.update_id",
            (tag, self.cipher.seal(f"outcomes:{tag.hex()}", outcome), update_id),
        )

    @verb
    def kept_outcome(self, db: Connection, chat_id: int, message_id: int) -> KeptOutcome | None:
        """Return what was kept of the photo in this message."""
        tag = self._photo_tag(chat_id, message_id)
        row = db.execute("SELECT sealed, sends FROM outcomes WHERE photo = ?", (tag,)).fetchone()
        return KeptOutcome(self.cipher.unseal(f"outcomes:{tag.hex()}", row[0]), row[1]) if row else None

    @verb
    def keep_sends(self, db: Connection, update_id: int, chat_id: int, message_id: int, number: int) -> None:
        """Keep how often a kept outcome may have been sent.

        UpdateClosed if the update is no longer open: whoever is answered was erased.
        """
        self._require_open(db, update_id)
        db.execute("UPDATE outcomes SET sends = ? WHERE photo = ?", (number, self._photo_tag(chat_id, message_id)))

    # Answers of which no outcome is kept are counted in the same table: by their update and what they answer.

    @verb
    def keep_copies(self, db: Connection, update_id: int, chat_id: int, message_id: int, number: int) -> None:
        """Keep how often an update may have sent its answer to a message (0: to none), until the update is closed.

        UpdateClosed if it is no longer open.
        """
        self._require_open(db, update_id)
        tag = self.cipher.tag("copies", update_id, chat_id, message_id)
        db.execute(
            "INSERT INTO outcomes (photo, update_id, person, sends, sealed)"
            " SELECT ?1, update_id, person, ?2, ?3 FROM journal WHERE update_id = ?4 AND person IS NOT NULL"
            " ON CONFLICT (photo) DO UPDATE SET sends = excluded.sends",
            (tag, number, self.cipher.seal(f"outcomes:{tag.hex()}", b""), update_id),
        )

    @verb
    def kept_copies(self, db: Connection, update_id: int, chat_id: int, message_id: int) -> int:
        """Return what `keep_copies` has kept; 0 if nothing."""
        tag = self.cipher.tag("copies", update_id, chat_id, message_id)
        row = db.execute("SELECT sends FROM outcomes WHERE photo = ?", (tag,)).fetchone()
        return int(row[0]) if row else 0

    @verb
    def check_open(self, db: Connection, update_id: int) -> None:
        """UpdateClosed if the update that is being handled is not open any more: its user was erased."""
        self._require_open(db, update_id)

    def _journal(self, db: Connection, update_id: int, user_id: int | None, payload: bytes) -> bool:
        now = self._now()
        db.execute(
            "DELETE FROM journal WHERE update_id = ? AND state != 'new' AND changed_at < ?",
            (update_id, now - DEDUPE_WINDOW_S),
        )
        tag = None if user_id is None else self._user_tag(user_id)
        new = db.execute(
            "INSERT OR IGNORE INTO journal (update_id, state, changed_at, person, sealed) VALUES (?, 'new', ?, ?, ?)",
            (update_id, now, tag, self.cipher.seal(f"journal:{update_id}", payload)),
        )
        return new.rowcount == 1

    def _close(self, db: Connection, update_id: int, state: str, why: str | None) -> None:
        db.execute(
            "UPDATE journal SET state = ?, changed_at = ?, person = NULL, sealed = ?"
            " WHERE update_id = ? AND state = 'new'",
            (state, self._now(), why and self.cipher.seal(f"journal:{update_id}", why.encode()), update_id),
        )
        db.execute("DELETE FROM outcomes WHERE update_id = ?", (update_id,))

    def _close_updates_of(self, db: Connection, tag: bytes, before: int | None) -> int:
        """Close a user's updates, or only those sent before the update `before`; return how many."""
        row = db.execute("SELECT changed_at FROM journal WHERE update_id = ?", (before,)).fetchone()
        arrived = row[0] if row else 0
        return db.execute(
            "UPDATE journal SET state = 'done', changed_at = ?1, person = NULL, sealed = NULL"
            " WHERE person = ?2 AND (?3 IS NULL OR update_id < ?3 OR changed_at < ?4)",
            (self._now(), tag, before, arrived - OLDER_S),
        ).rowcount

    def _require_open(self, db: Connection, update_id: int | None) -> None:
        """Raise UpdateClosed if the update that is being handled is not open any more; None: no update is."""
        if update_id is None:
            return
        if not db.execute("SELECT 1 FROM journal WHERE update_id = ? AND state = 'new'", (update_id,)).fetchone():
            raise UpdateClosed(f"update {update_id} was closed while it was being handled")

    def _photo_tag(self, chat_id: int, message_id: int) -> bytes:
        return self.cipher.tag("photo", chat_id, message_id)
