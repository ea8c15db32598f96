"""The embedded store in a process of its own, to be killed during a write.

    python -m faults.store_process fill|open|migrate|purge DATA_DIR

It prints `begin` when it touches the files and `end` when it is done.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lookalike.store import migrations
from lookalike.store.store import HeldPhoto, Ranked, Store

ANSWERS, PEOPLE = 3000, 20
RETENTION_DAYS = 30
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2 * RETENTION_DAYS)
RANKING = (Ranked("Q13909", "Angelina Jolie", 0.87), Ranked("Q2263", "Tom Hanks", 0.41))
# A further migration, made up: it changes a table, every row of it, and its indexes.
NEXT = (
    "ALTER TABLE answers ADD COLUMN size INTEGER",
    "UPDATE answers SET size = length(sealed)",
    "CREATE TABLE notes (place INTEGER PRIMARY KEY, size INTEGER)",
    "INSERT INTO notes SELECT place, size FROM answers",
    "DROP INDEX answers_outcomes",
    "CREATE INDEX answers_size ON answers (size)",
)


async def main(verb: str, data: Path) -> None:
    """Run one verb."""
    if verb == "migrate":
        migrations.MIGRATIONS = (*migrations.MIGRATIONS, NEXT)
    print("begin", flush=True)
    storage = await Store.open(data, None, RETENTION_DAYS, clock=lambda: LONG_AGO if verb == "fill" else NOW)
    if verb == "fill":
        await fill(storage)
    if verb == "purge":
        await storage.purge(NOW)
    print("end", flush=True)
    await storage.close()


async def fill(storage: Store) -> None:
    """Store users of long ago with their answers, each with a photo held until consent."""
    for person in range(PEOPLE):
        await storage.upsert_user(person, f"Person {person}", "en")
    await asyncio.gather(
        *(
            storage.record_answer(number % PEOPLE, "match", RANKING, chat_id=number % PEOPLE, message_id=number)
            for number in range(ANSWERS)
        ),
        *(storage.hold_photo(HeldPhoto(person, person, 1, f"file {person}", 100_000)) for person in range(PEOPLE)),
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
