"""The collection: which stars a user got, when, and how often; and how many users got a star."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.encryption import Cipher
from lookalike.store.models import FoundStar
from lookalike.store.tables import verb
from lookalike.store.users import Users


class Collection(Users):
    """The verbs of the collection. Users are counted, never named."""

    @verb
    def found_stars(self, db: Connection, user_id: int) -> list[FoundStar]:
        """Return the stars that a user got, the one met last first."""
        rows = db.execute(
            "SELECT place, first_at, last_at, times, sealed,"
            " (SELECT count(*) FROM found AS others WHERE others.celebrity = found.celebrity)"
            " FROM found WHERE person = ? ORDER BY last_at DESC, place DESC",
            (self._user_tag(user_id),),
        )
        return [FoundStar(people=people, **_star(self.cipher, tuple(row))) for *row, people in rows]

    @verb
    def times_found(self, db: Connection, celebrity_id: str) -> int:
        """Return how many users got a celebrity."""
        query = "SELECT count(*) FROM found WHERE celebrity = ?"
        return int(db.execute(query, (self._celebrity_tag(celebrity_id),)).fetchone()[0])

    @verb
    def most_found(self, db: Connection, since: datetime, limit: int) -> list[tuple[str, int]]:
        """Return the celebrities that most users met since then, as (id, users), most first."""
        rows = db.execute(
            "SELECT max(place), count(*) FROM found WHERE last_at >= ? GROUP BY celebrity ORDER BY 2 DESC, 1 LIMIT ?",
            (int(since.timestamp()), limit),
        ).fetchall()
        query = "SELECT sealed FROM found WHERE place = ?"
        return [
            (str(self._unseal(f"found:{place}", db.execute(query, (place,)).fetchone()[0])), users)
            for place, users in rows
        ]

    @verb
    def first_unfound(self, db: Connection, celebrity_ids: Iterable[str], limit: int) -> list[str]:
        """Return the first of these celebrities that nobody got, at most `limit`."""
        unfound: list[str] = []
        for celebrity_id in celebrity_ids:
            if len(unfound) == limit:
                break
            tag = self._celebrity_tag(celebrity_id)
            if not db.execute("SELECT 1 FROM found WHERE celebrity = ? LIMIT 1", (tag,)).fetchone():
                unfound.append(celebrity_id)
        return unfound

    @verb
    def count_found(self, db: Connection) -> int:
        """Return how many celebrities somebody got."""
        return int(db.execute("SELECT count(DISTINCT celebrity) FROM found").fetchone()[0])

    def _collect(self, db: Connection, user_id: int, celebrity_id: str) -> None:
        """Add a celebrity to a user's collection, or count one more meeting."""
        person, celebrity, now = self._user_tag(user_id), self._celebrity_tag(celebrity_id), self._now()
        known = db.execute(
            "UPDATE found SET last_at = ?, times = times + 1 WHERE person = ? AND celebrity = ?",
            (now, person, celebrity),
        )
        if not known.rowcount:
            new = db.execute(
                "INSERT INTO found (person, celebrity, first_at, last_at, times, sealed) VALUES (?, ?, ?, ?, 1, x'')",
                (person, celebrity, now, now),
            )  # first the row, for its place, which the sealed value is bound to
            sealed = self._seal(f"found:{new.lastrowid}", celebrity_id)
            db.execute("UPDATE found SET sealed = ? WHERE place = ?", (sealed, new.lastrowid))

    def _celebrity_tag(self, celebrity_id: str) -> bytes:
        return self.cipher.tag("celebrity", celebrity_id)


def found_fields(cipher: Cipher, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a star of a collection in JSON types from its row (place, first_at, last_at, times, sealed)."""
    fields = _star(cipher, row)
    return fields | {name: fields[name].isoformat() for name in ("first_at", "last_at")}


def _star(cipher: Cipher, row: tuple[Any, ...]) -> dict[str, Any]:
    place, first_at, last_at, times, sealed = row
    return {
        "celebrity_id": json.loads(cipher.unseal(f"found:{place}", sealed)),
        "first_at": datetime.fromtimestamp(first_at, UTC),
        "last_at": datetime.fromtimestamp(last_at, UTC),
        "times": times,
    }
