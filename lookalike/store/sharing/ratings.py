"""Ratings: how much a user likes a star, 1 to 10. Kept for a year after they were given, or changed last."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.encryption import Cipher
from lookalike.store.models import StarRating
from lookalike.store.sharing.collection import Collection
from lookalike.store.tables import verb

SCORES = range(1, 11)
PAGE_RATINGS = 500  # of one step of all_ratings: they take the store's thread about 10 ms

Rated = tuple[str, str, int]  # the key of a person, the id of a celebrity, the score


class StarRatings(Collection):
    """The verbs of ratings."""

    @verb
    def rate(
        self, db: Connection, user_id: int, celebrity_id: str, score: int, *, update_id: int | None = None
    ) -> bool:
        """Keep a user's rating of a celebrity in place of an earlier one; False: there is no such user (any more).

        ValueError if the score is none of SCORES.
        """
        if score not in SCORES:
            raise ValueError(f"a score is {SCORES[0]} to {SCORES[-1]}, not {score}")
        self._require_open(db, update_id)
        if not self._is_known(db, user_id):
            return False
        person, celebrity = self._user_tag(user_id), self._celebrity_tag(celebrity_id)
        db.execute(
            "INSERT INTO ratings (person, celebrity, rated_at, sealed) VALUES (?, ?, ?, x'')"
            " ON CONFLICT (person, celebrity) DO UPDATE SET rated_at = excluded.rated_at",
            (person, celebrity, self._now()),
        )  # first the row, for its place, which the sealed value is bound to
        find = "SELECT place FROM ratings WHERE person = ? AND celebrity = ?"
        place = db.execute(find, (person, celebrity)).fetchone()[0]
        sealed = self._seal(f"ratings:{place}", [celebrity_id, score])
        db.execute("UPDATE ratings SET sealed = ? WHERE place = ?", (sealed, place))
        rating = StarRating(celebrity_id, score, datetime.fromtimestamp(self._now(), UTC))
        self._queue(db, "rating", person, rating_to_log(user_id, rating))
        return True

    @verb
    def unrate(self, db: Connection, user_id: int, celebrity_id: str, *, update_id: int | None = None) -> bool:
        """Take a user's rating of a celebrity back; False if there was none."""
        self._require_open(db, update_id)
        person = self._user_tag(user_id)
        query = "DELETE FROM ratings WHERE person = ? AND celebrity = ?"
        gone = db.execute(query, (person, self._celebrity_tag(celebrity_id))).rowcount
        self._queue(db, "unrating", person, {"user_id": user_id, "celebrity_id": celebrity_id})
        return gone > 0

    @verb
    def ratings_of(self, db: Connection, user_id: int) -> dict[str, int]:
        """Return a user's scores by celebrity id, in the order in which the celebrities were first rated."""
        query = "SELECT place, rated_at, sealed FROM ratings WHERE person = ? ORDER BY place"
        found = (rating_of(self.cipher, row) for row in db.execute(query, (self._user_tag(user_id),)))
        return {one.celebrity_id: one.score for one in found}

    @verb
    def ratings_count(self, db: Connection) -> int:
        """Return how many ratings there are."""
        return int(db.execute("SELECT count(*) FROM ratings").fetchone()[0])

    @verb
    def ratings_since(self, db: Connection, since: datetime) -> int:
        """Return how many ratings were given or changed since then."""
        query = "SELECT count(*) FROM ratings WHERE rated_at >= ?"
        return int(db.execute(query, (int(since.timestamp()),)).fetchone()[0])

    async def all_ratings(self) -> AsyncIterator[list[Rated]]:
        """All ratings in batches, for training: nobody is named, a person is a key that stands for them here alone.

        Each batch is one job of the store, so that others wait for one batch and not for the whole. A rating that is
        given, changed or erased meanwhile is there or not; what was erased before the first batch never is.
        """
        place = 0
        while True:
            page, place = await self._ratings_behind(place)
            if not page:
                return
            yield page

    @verb
    def _ratings_behind(self, db: Connection, place: int) -> tuple[list[Rated], int]:
        query = "SELECT place, rated_at, sealed, person FROM ratings WHERE place > ? ORDER BY place LIMIT ?"
        rows = db.execute(query, (place, PAGE_RATINGS)).fetchall()
        page = []
        for *row, person in rows:
            rating = rating_of(self.cipher, tuple(row))
            page.append((person.hex(), rating.celebrity_id, rating.score))
        return page, rows[-1][0] if rows else place


def rating_of(cipher: Cipher, row: tuple[Any, ...]) -> StarRating:
    """Return a rating from its row (place, rated_at, sealed)."""
    place, rated_at, sealed = row
    celebrity_id, score = json.loads(cipher.unseal(f"ratings:{place}", sealed))
    return StarRating(celebrity_id, score, datetime.fromtimestamp(rated_at, UTC))


def rating_to_log(user_id: int, rating: StarRating) -> dict[str, Any]:
    """Return the fields of a rating for the user log, in JSON types."""
    return {
        "user_id": user_id,
        "celebrity_id": rating.celebrity_id,
        "score": rating.score,
        "rated_at": rating.rated_at.isoformat(),
    }
