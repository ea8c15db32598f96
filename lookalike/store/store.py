"""The embedded store of one data directory: all verbs together, and those that concern everything kept of a user.

Each verb is one transaction in the one thread of database.py and is on the disk when it returns. What the user log
should get goes into the outbox in the same transaction; user_log/drain.py takes it from there.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self, get_args

from lookalike.core.clock import wall_clock
from lookalike.core.errors import StoreError
from lookalike.store.answers import Answers, answer_fields
from lookalike.store.conversations import Conversations
from lookalike.store.database import Connection, Database
from lookalike.store.encryption import Cipher
from lookalike.store.held_photos import HeldPhotos
from lookalike.store.journal import DEDUPE_WINDOW_S, MAX_ATTEMPTS
from lookalike.store.key_file import locate_key
from lookalike.store.maintenance.log_rebuild import queue_whole_log
from lookalike.store.migrations import MIGRATIONS, fitting_cipher, prepare, schema_version
from lookalike.store.models import (
    Activity,
    Answer,
    Broadcast,
    BroadcastResult,
    DeepLink,
    FoundStar,
    HeldPhoto,
    JournalEntry,
    KeptCard,
    KeptOutcome,
    OutboxKind,
    OutboxRow,
    Ranked,
    StarRating,
    User,
    to_json,
)
from lookalike.store.operating.activity import ActivityCounts
from lookalike.store.operating.bans import Bans
from lookalike.store.operating.broadcasts import Broadcasts
from lookalike.store.sharing.cards import Cards
from lookalike.store.sharing.collection import found_fields
from lookalike.store.sharing.links import Links
from lookalike.store.sharing.ratings import StarRatings, rating_of
from lookalike.store.tables import renamed, scrubbing_verb, verb

__all__ = [
    "FILE_NAME", "MAX_ATTEMPTS", "Activity", "Answer", "Broadcast", "BroadcastResult", "DeepLink", "FoundStar",
    "HeldPhoto", "JournalEntry", "KeptCard", "KeptOutcome", "OutboxRow", "Ranked", "StarRating",
    "Store", "User",
]  # fmt: skip

FILE_NAME = "lookalike.sqlite3"
COLLECTION_KEPT_S = 365 * 86400  # a star stays in a collection that long after it was met last
RATINGS_KEPT_S = 365 * 86400  # after they were given, or changed last
PAGE_ROWS = 100  # of an export: they take the store's thread about 5 ms
READABLE, SEALED = b"", b"sealed"  # meta.user_log: how the log in MongoDB was written last
EXPORTED = {  # the lists of an export, and their rows: place, then what `_exported` takes
    "answers": "SELECT place, id, person, answered_at, outcome, sealed FROM answers WHERE true",
    "stars": "SELECT place, place, first_at, last_at, times, sealed FROM found WHERE true",
    "ratings": "SELECT place, place, rated_at, sealed FROM ratings WHERE true",
    "cards": "SELECT place, id, sealed FROM cards WHERE true",
    "links": "SELECT place, place, sealed FROM links WHERE true",
    "broadcasts": "SELECT place, place, sealed FROM broadcasts WHERE true",
    "held_photos": "SELECT place, photo, sealed FROM held WHERE true",
    "unanswered_updates": "SELECT place, update_id, sealed FROM journal WHERE state = 'new'",
}
ERASED = (
    "people", "held", "answers", "found", "ratings", "cards", "links", "conversation", "outcomes", "outbox",
    "broadcasts",
)  # fmt: skip
PURGE = (
    "DELETE FROM answers WHERE answered_at < :horizon",
    "DELETE FROM found WHERE last_at < :last_year",
    "DELETE FROM ratings WHERE rated_at < :rated",
    "DELETE FROM outbox WHERE kind IN ('rating', 'unrating') AND queued_at < :rated",
    "DELETE FROM cards WHERE kept_at < :horizon",
    "DELETE FROM links WHERE expires_at <= :now",
    "DELETE FROM broadcasts WHERE state NOT IN ('running', 'paused') AND drafted_at < :horizon",
    "DELETE FROM recipients WHERE broadcast NOT IN (SELECT place FROM broadcasts)",
    "DELETE FROM held WHERE held_at < :horizon",
    "DELETE FROM outbox WHERE (kind = 'answer' OR set_aside IS NOT NULL) AND queued_at < :horizon",
    "DELETE FROM journal WHERE state != 'new' AND changed_at < :deduped",
    "DELETE FROM conversation WHERE expires_at <= :now",
)
COUNTED = {
    "people": "people",
    "consented": "people WHERE consented",
    "blocked": "people WHERE blocked",
    "answers": "answers",
    "matches": "answers WHERE outcome = 'match'",
    "stars_found": "found",
    "ratings": "ratings",
    "cards": "cards",
    "links": "links",
    "bans": "bans",
    "held": "held",
    "conversations": "conversation",
    "waiting": "journal WHERE state = 'new'",
    "dead": "journal WHERE state = 'dead'",
    "outbox": "outbox WHERE set_aside IS NULL",
    "set_aside": "outbox WHERE set_aside IS NOT NULL",
}


class Store(Answers, StarRatings, Cards, Links, HeldPhotos, Conversations, Bans, Broadcasts, ActivityCounts):
    """The store; make it with `open` or `open_read_only`, and close it."""

    def __init__(
        self,
        database: Database,
        cipher: Cipher,
        clock: Callable[[], datetime],
        queued: frozenset[OutboxKind],
        retention: timedelta,
    ) -> None:
        super().__init__(database, cipher, clock, queued)
        self._retention = retention

    @classmethod
    async def open(
        cls,
        data_dir: Path,
        key_file: Path | None,
        retention_days: int,
        *,
        user_log: bool = True,
        seal_log: bool = False,
        clock: Callable[[], datetime] = wall_clock,
    ) -> Self:
        """Open or make the store; `key_file` None is `<data_dir>.key`, beside the directory.

        Without a user log nothing goes into the outbox; but once there was one, deletions and purges still do, to be
        applied when it is switched on again. `seal_log`: whether the user log is written
        sealed; when that changes, all of it is written anew.
        """
        key_path = locate_key(data_dir, key_file)
        database = await Database.open(data_dir / FILE_NAME)

        def start(db: Connection) -> tuple[Cipher, frozenset[OutboxKind]]:
            cipher = prepare(db, key_path)
            row = db.execute("SELECT value FROM meta WHERE name = 'user_log'").fetchone()
            if not user_log:
                return cipher, frozenset(("delete", "unrating", "purge")) if row else frozenset()
            form = SEALED if seal_log else READABLE
            if row and row[0] != form:
                queue_whole_log(db, cipher, int(clock().timestamp()))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('user_log', ?)", (form,))
            return cipher, frozenset(get_args(OutboxKind))

        try:
            cipher, queued = await database.run(start)
        except BaseException:
            await database.close()
            raise
        return cls(database, cipher, clock, queued, timedelta(days=retention_days))

    @classmethod
    async def open_read_only(cls, data_dir: Path, key_file: Path | None) -> Self:
        """Open an existing store for reading, while the bot may be running; a verb that writes raises StoreError."""
        key_path = locate_key(data_dir, key_file)
        database = await Database.open(data_dir / FILE_NAME, read_only=True)

        def start(db: Connection) -> Cipher:
            if (schema := schema_version(db)) != len(MIGRATIONS):
                raise StoreError(
                    f"the data are of schema {schema}, this program reads {len(MIGRATIONS)}: start the bot once"
                )
            return fitting_cipher(db, key_path)[0]

        try:
            cipher = await database.run(start)
        except BaseException:
            await database.close()
            raise
        return cls(database, cipher, wall_clock, frozenset(), timedelta(0))

    async def close(self) -> None:
        """Finish what is being written and close the file. Twice is fine; any other call then raises StoreClosed."""
        await self._database.close()

    async def export_user(self, user_id: int) -> bytes:
        """Return everything kept of a user as a JSON document, in UTF-8.

        It is read page by page, so that other jobs of the store wait for one page and not for the whole.
        """
        user, conversation = await self._export_head(user_id)
        parts = [f'{{"user": {user},\n"conversation": {conversation}']
        for name in EXPORTED:
            items: list[str] = []
            place: int | None = 0
            while place is not None:
                page, place = await self._export_page(user_id, name, place)
                items += page
            parts.append(f'"{name}": [\n' + ",\n".join(items) + "]")
        return (",\n".join(parts) + "}\n").encode()

    @verb
    def _export_head(self, db: Connection, user_id: int) -> tuple[str, str]:
        user = self._find_user(db, user_id)
        return _dump(user and to_json(user)), _dump(self._find_conversation(db, user_id))

    @verb
    def _export_page(self, db: Connection, user_id: int, name: str, place: int) -> tuple[list[str], int | None]:
        """One page of a list as JSON texts, and the place behind which the next one begins; None at the end."""
        query = f"{EXPORTED[name]} AND person = ? AND place > ? ORDER BY place LIMIT ?"
        rows = db.execute(query, (self._user_tag(user_id), place, PAGE_ROWS)).fetchall()
        items = [_dump(self._exported(name, row[1:], user_id)) for row in rows]
        return items, rows[-1][0] if len(rows) == PAGE_ROWS else None

    def _exported(self, name: str, row: tuple[Any, ...], user_id: int) -> dict[str, Any]:
        if name == "answers":
            return answer_fields(self.cipher, row, user_id)
        if name == "stars":
            return found_fields(self.cipher, row)
        if name == "ratings":
            rating = rating_of(self.cipher, row)
            return {**asdict(rating), "rated_at": rating.rated_at.isoformat()}
        if name in ("cards", "links", "broadcasts"):
            fields: dict[str, Any] = self._unseal(f"{name}:{row[0]}", row[1])
            return fields
        if name == "held_photos":
            return renamed(self._unseal(f"held:{row[0].hex()}", row[1]))
        payload = self.cipher.unseal(f"journal:{row[0]}", row[1])
        return {"update_id": row[0], "payload": payload.decode("utf-8", "replace")}

    @scrubbing_verb
    def erase_user(self, db: Connection, user_id: int, *, answering: int | None = None) -> bool:
        """Erase a user from every table and file; True if anything was there.

        `answering` is the update that asks for it. It stays open, and so do updates that were sent after it; those sent
        before it are closed. The outbox keeps one sealed row with the bare id, until MongoDB has erased the user too.
        A ban stays, or erasing would lift it.
        """
        tag = self._user_tag(user_id)
        found = 0
        for table in (*ERASED, "recipients"):
            found += db.execute(f"DELETE FROM {table} WHERE person = ?", (tag,)).rowcount  # noqa: S608 -- our own names
        # Update ids say nothing about anybody; without them a redelivered photo would be answered after all.
        found += self._close_updates_of(db, tag, answering)
        self._queue(db, "delete", None, {"user_id": user_id})
        return found > 0

    @scrubbing_verb
    def purge(self, db: Connection, now: datetime) -> int:
        """Erase what is kept long enough, and return how many rows that was.

        Answers, cards, held photos and rows set aside go after the days of retention, stars of a collection a year
        after they were met last, ratings a year after they were given or changed last, closed updates after 48 hours,
        conversations and links when they expire. The user log erases the same answers and ratings, through the outbox.
        """
        horizon, now_s = now - self._retention, int(now.timestamp())
        times = {"horizon": int(horizon.timestamp()), "now": now_s, "deduped": now_s - DEDUPE_WINDOW_S}
        times |= {"last_year": now_s - COLLECTION_KEPT_S, "rated": now_s - RATINGS_KEPT_S}
        rated = now - timedelta(seconds=RATINGS_KEPT_S)
        self._talking = None  # some have expired
        erased = sum(db.execute(statement, times).rowcount for statement in PURGE)
        db.execute("DELETE FROM outbox WHERE kind = 'purge'")  # the newest one is enough
        self._queue(db, "purge", None, {"before": horizon.isoformat(), "rated_before": rated.isoformat()})
        return erased

    @verb
    def counts(self, db: Connection) -> dict[str, int]:
        """Return how much there is of everything in COUNTED."""
        return {
            name: int(db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608 -- our own names
            for name, rows in COUNTED.items()
        }


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
