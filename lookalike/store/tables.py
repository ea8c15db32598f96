"""The tables: rows and the values they stand for. Plain functions of a connection, run by storage.py in its one thread.

A row about a person is found by the keyed hash of their id, and what it says is sealed for that row alone (vault.py).
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.encryption import TAG_BYTES, Cipher
from lookalike.store.models import (
    Answer,
    HeldPhoto,
    JournalEntry,
    Kind,
    OutboxRow,
    Ranked,
    User,
    person_from_json,
    ranking_from_json,
    to_json,
)

DEDUPE_WINDOW_S = 48 * 3600  # Telegram redelivers for 24 h; after a quiet week its update ids start anew


class Tables:
    """All statements; `tell` is called when the outbox got something new."""

    def __init__(
        self, vault: Cipher, queued: frozenset[Kind], clock: Callable[[], datetime], tell: Callable[[], None]
    ) -> None:
        self._vault = vault
        self._queued = queued
        self._clock = clock
        self._tell = tell

    def alias(self, user_id: int) -> str:
        """Return somebody's name in log lines, 12 hex digits."""
        return self._vault.tag("log", user_id).hex()[:12]

    # The journal.

    def journal(self, db: Connection, update_id: int, user_id: int | None, payload: bytes) -> bool:
        """Keep an update; False if it is there already."""
        now = self._now()
        db.execute(
            "DELETE FROM journal WHERE update_id = ? AND state != 'new' AND changed_at < ?",
            (update_id, now - DEDUPE_WINDOW_S),
        )
        new = db.execute(
            "INSERT OR IGNORE INTO journal (update_id, state, changed_at, person, sealed) VALUES (?, 'new', ?, ?, ?)",
            (
                update_id,
                now,
                None if user_id is None else self._person(user_id),
                self._vault.seal(f"journal:{update_id}", payload),
            ),
        )
        return new.rowcount == 1

    def begin(self, db: Connection, update_id: int) -> int:
        """Count an attempt; 0 if the update is not waiting."""
        row = db.execute(
            "UPDATE journal SET attempts = attempts + 1 WHERE update_id = ? AND state = 'new' RETURNING attempts",
            (update_id,),
        ).fetchone()
        return int(row[0]) if row else 0

    def uncount_attempt(self, db: Connection, update_id: int) -> None:
        """Uncount an attempt."""
        db.execute("UPDATE journal SET attempts = attempts - 1 WHERE update_id = ? AND attempts > 0", (update_id,))

    def end_update(self, db: Connection, update_id: int, state: str, why: str | None) -> None:
        """Blank a waiting update: only its number, state and `why` stay."""
        db.execute(
            "UPDATE journal SET state = ?, changed_at = ?, person = NULL, sealed = ?"
            " WHERE update_id = ? AND state = 'new'",
            (state, self._now(), why and self._vault.seal(f"journal:{update_id}", why.encode()), update_id),
        )

    def unfinished(self, db: Connection, user_id: int | None = None) -> list[JournalEntry]:
        """Return what waits, of one person or of all, in the order of arrival."""
        rows = db.execute(
            "SELECT update_id, sealed, attempts FROM journal WHERE state = 'new' AND (?1 IS NULL OR person = ?1)"
            " ORDER BY place",
            (None if user_id is None else self._person(user_id),),
        )
        return [JournalEntry(i, self._vault.unseal(f"journal:{i}", sealed), n) for i, sealed, n in rows]

    # People.

    def meet(self, db: Connection, user_id: int, name: str, language: str | None) -> User:
        """Make or renew a person."""
        now = self._clock()
        name = name.encode("utf-8", "replace").decode()  # half a surrogate pair would be refused by MongoDB
        known = self.person(db, user_id) or User(user_id, name, language, None, now, now)
        return self._save(db, replace(known, name=name, language=language, last_seen=now, blocked=False))

    def person(self, db: Connection, user_id: int) -> User | None:
        """Return a known person."""
        person = self._person(user_id)
        row = db.execute("SELECT sealed FROM people WHERE person = ?", (person,)).fetchone()
        return person_from_json(self._unseal(f"people:{person.hex()}", row[0])) if row else None

    def consent(self, db: Connection, user_id: int, version: int | None) -> User | None:
        """Note a consent given now, or with None a consent taken back."""
        given_at = None if version is None else self._clock()
        return self.change(db, user_id, consent_version=version, consented_at=given_at)

    def change(self, db: Connection, user_id: int, **changes: Any) -> User | None:
        """Change fields of a known person."""
        known = self.person(db, user_id)
        return known and self._save(db, replace(known, **changes))

    def _save(self, db: Connection, person: User) -> User:
        tag = self._person(person.id)
        fields = to_json(person)
        db.execute(
            "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?)",
            (tag, person.consent_version is not None, person.blocked, self._seal(f"people:{tag.hex()}", fields)),
        )
        # The row says all there is, so only the newest is worth sending: a long outage costs one row per person.
        db.execute("DELETE FROM outbox WHERE person = ? AND kind = 'person'", (tag,))
        self._queue(db, "person", tag, fields)
        return person

    # Photos that wait for consent.

    def hold(self, db: Connection, photo: HeldPhoto) -> None:
        """Keep where a photo is, once per message."""
        tag = self._photo(photo.chat_id, photo.message_id)
        db.execute(
            "INSERT OR IGNORE INTO held (photo, person, held_at, sealed) VALUES (?, ?, ?, ?)",
            (tag, self._person(photo.user_id), self._now(), self._seal(f"held:{tag.hex()}", to_json(photo))),
        )

    def held(self, db: Connection, user_id: int) -> list[HeldPhoto]:
        """Return somebody's held photos, oldest first."""
        rows = db.execute("SELECT photo, sealed FROM held WHERE person = ? ORDER BY place", (self._person(user_id),))
        return [HeldPhoto(**self._unseal(f"held:{photo.hex()}", sealed)) for photo, sealed in rows]

    def drop_held(self, db: Connection, chat_id: int, message_id: int) -> None:
        """Forget one held photo."""
        db.execute("DELETE FROM held WHERE photo = ?", (self._photo(chat_id, message_id),))

    def drop_all_held(self, db: Connection, user_id: int) -> None:
        """Forget all held photos of somebody."""
        db.execute("DELETE FROM held WHERE person = ?", (self._person(user_id),))

    # History.

    def record(
        self, db: Connection, user_id: int, outcome: str, ranking: Sequence[Ranked], photo: tuple[int, int] | None
    ) -> str | None:
        """Keep an answer to a known person, once per photo (chat, message); return its id."""
        if self.person(db, user_id) is None:
            return None
        answer_id = self._vault.tag("answer", *photo).hex() if photo else secrets.token_hex(TAG_BYTES)
        answer = Answer(answer_id, user_id, self._clock(), outcome, tuple(ranking))
        fields = to_json(answer)
        tag = self._person(user_id)
        new = db.execute(
            "INSERT OR IGNORE INTO answers (id, person, answered_at, outcome, sealed) VALUES (?, ?, ?, ?, ?)",
            (answer_id, tag, self._now(), outcome, self._seal(f"answers:{answer_id}", fields["ranking"])),
        )
        if new.rowcount:
            self._queue(db, "answer", tag, fields)
        return answer_id

    def answers(self, db: Connection, user_id: int, answer_id: str | None = None) -> list[Answer]:
        """Return somebody's answers, one or all, newest first."""
        rows = db.execute(
            "SELECT id, answered_at, outcome, sealed FROM answers WHERE person = ?1 AND (?2 IS NULL OR id = ?2)"
            " ORDER BY place DESC",
            (self._person(user_id), answer_id),
        )
        found = []
        for i, answered_at, outcome, sealed in rows:
            ranking = ranking_from_json(self._unseal(f"answers:{i}", sealed))
            found.append(Answer(i, user_id, datetime.fromtimestamp(answered_at, UTC), outcome, ranking))
        return found

    # All that is kept of somebody, and what is kept too long.

    def export(self, db: Connection, user_id: int) -> dict[str, Any]:
        """Return everything kept of somebody, in JSON types."""
        person = self.person(db, user_id)
        return {
            "person": to_json(person) if person else None,
            "answers": [to_json(answer) for answer in self.answers(db, user_id)],
            "held_photos": [to_json(photo) for photo in self.held(db, user_id)],
            "unanswered_updates": [
                {"update_id": entry.update_id, "payload": entry.payload.decode("utf-8", "replace")}
                for entry in self.unfinished(db, user_id)
            ],
        }

    def delete(self, db: Connection, user_id: int, answering: int | None = None) -> bool:
        """Erase somebody, but for the update that asks for it; True if anything was there."""
        tag = self._person(user_id)
        found = 0
        for table in ("people", "held", "answers", "outbox"):
            found += db.execute(f"DELETE FROM {table} WHERE person = ?", (tag,)).rowcount  # noqa: S608 -- our own names
        # Update numbers say nothing of anybody; without them a redelivered photo would be answered after all.
        found += db.execute(
            "UPDATE journal SET state = 'done', changed_at = ?1, person = NULL, sealed = NULL"
            " WHERE person = ?2 AND (?3 IS NULL OR update_id != ?3)",
            (self._now(), tag, answering),
        ).rowcount
        self._queue(db, "delete", None, {"user_id": user_id})
        return found > 0

    def purge(self, db: Connection, now: datetime, answers_before: datetime) -> int:
        """Erase what is kept long enough; return how many rows that was."""
        horizon = int(answers_before.timestamp())
        erased = sum(
            db.execute(statement, (before,)).rowcount
            for statement, before in (
                ("DELETE FROM answers WHERE answered_at < ?", horizon),
                ("DELETE FROM held WHERE held_at < ?", horizon),
                ("DELETE FROM outbox WHERE kind = 'answer' AND queued_at < ?", horizon),
                ("DELETE FROM journal WHERE state != 'new' AND changed_at < ?", int(now.timestamp()) - DEDUPE_WINDOW_S),
            )
        )
        db.execute("DELETE FROM outbox WHERE kind = 'purge'")  # the newest one is enough
        self._queue(db, "purge", None, {"before": answers_before.isoformat()})
        return erased

    def counts(self, db: Connection) -> dict[str, int]:
        """Return how much there is of everything."""
        names = {
            "people": "people",
            "consented": "people WHERE consented",
            "blocked": "people WHERE blocked",
            "answers": "answers",
            "matches": "answers WHERE outcome = 'match'",
            "held": "held",
            "waiting": "journal WHERE state = 'new'",
            "dead": "journal WHERE state = 'dead'",
            "outbox": "outbox",
        }
        return {
            name: int(db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608 -- our own names
            for name, rows in names.items()
        }

    # The outbox of the user log.

    def outbox(self, db: Connection, limit: int) -> list[OutboxRow]:
        """Return the oldest rows, in order."""
        rows = db.execute("SELECT id, kind, sealed FROM outbox ORDER BY id LIMIT ?", (limit,))
        return [OutboxRow(i, kind, self._unseal(f"outbox:{i}", sealed)) for i, kind, sealed in rows]

    def outbox_size(self, db: Connection) -> int:
        """Return how many rows wait."""
        return int(db.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def outbox_done(self, db: Connection, ids: Sequence[int]) -> None:
        """Forget rows the user log has."""
        db.executemany("DELETE FROM outbox WHERE id = ?", [(i,) for i in ids])

    def _queue(self, db: Connection, kind: Kind, person: bytes | None, fields: dict[str, Any]) -> None:
        if kind not in self._queued:
            return
        # First the row, for its number, which the sealed value is then bound to.
        new = db.execute(
            "INSERT INTO outbox (kind, person, queued_at, sealed) VALUES (?, ?, ?, x'')", (kind, person, self._now())
        )
        sealed = self._seal(f"outbox:{new.lastrowid}", fields)
        db.execute("UPDATE outbox SET sealed = ? WHERE id = ?", (sealed, new.lastrowid))
        self._tell()

    # Sealing.

    def _person(self, user_id: int) -> bytes:
        return self._vault.tag("person", user_id)

    def _photo(self, chat_id: int, message_id: int) -> bytes:
        return self._vault.tag("photo", chat_id, message_id)

    def _seal(self, row: str, value: object) -> bytes:
        return self._vault.seal(row, json.dumps(value).encode())

    def _unseal(self, row: str, sealed: bytes) -> Any:
        value = json.loads(self._vault.unseal(row, sealed))
        if "person_id" in value:  # as it was called by the first versions
            value["user_id"] = value.pop("person_id")
        return value

    def _now(self) -> int:
        return int(self._clock().timestamp())
