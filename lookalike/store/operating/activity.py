"""Activity: how many people, answers and refusals there were on each day, for the chart.

It is counted in small steps, so that other jobs of the store wait for one step and not for the whole.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from lookalike.store.database import Connection
from lookalike.store.models import Activity, user_from_json
from lookalike.store.tables import verb
from lookalike.store.users import Users

PAGE_USERS = 200  # of one step: they take the store's thread about 4 ms


class ActivityCounts(Users):
    """The verbs of counts by day."""

    async def activity(self, days: int) -> Activity:
        """Count the last `days` days, in UTC, today among them."""
        today = self._clock().date()
        wanted = [today - timedelta(days=ago) for ago in reversed(range(days))]
        outcomes = [await self._outcomes_of(day) for day in wanted]
        joined: Counter[date] = Counter()
        languages: Counter[str] = Counter()
        last = b""
        while page := await self._users_behind(last):
            last = page[-1][0]
            joined.update(day for _, day, _ in page)
            languages.update(language for *_, language in page)
        return Activity(tuple(wanted), tuple(outcomes), tuple(joined[day] for day in wanted), dict(languages))

    @verb
    def _outcomes_of(self, db: Connection, day: date) -> dict[str, int]:
        """Answers of a day by their outcome."""
        begin = int(datetime.combine(day, time(), UTC).timestamp())
        query = "SELECT outcome, count(*) FROM answers WHERE answered_at >= ? AND answered_at < ? GROUP BY outcome"
        return dict(db.execute(query, (begin, begin + 86400)).fetchall())

    @verb
    def _users_behind(self, db: Connection, last: bytes) -> list[tuple[bytes, date, str]]:
        """The next users in the order of their hashes: hash, day of the first message, language."""
        query = "SELECT person, sealed FROM people WHERE person > ? ORDER BY person LIMIT ?"
        found = []
        for tag, sealed in db.execute(query, (last, PAGE_USERS)).fetchall():
            user = user_from_json(self._unseal(f"people:{tag.hex()}", sealed))
            language = (user.chosen_language or user.language or "?").partition("-")[0].lower()
            found.append((tag, user.first_seen.date(), language))
        return found
