"""All sealed values of a store file: where they are and which row name each is bound to."""

from collections.abc import Iterator

from lookalike.store.database import Connection

KEYS = {  # table: the column that its row names end with
    "meta": "name",
    "journal": "update_id",
    "people": "person",
    "held": "photo",
    "answers": "id",
    "found": "place",
    "ratings": "place",
    "cards": "id",
    "links": "place",
    "bans": "person",
    "broadcasts": "place",
    "outbox": "id",
    "conversation": "person",
    "outcomes": "photo",
}
VALUES = {"meta": "value"}  # the column with the sealed value; `sealed` where it is not said
# Tables that a file of an older schema lacks.
MIGRATED = {"conversation", "outcomes", "found", "ratings", "cards", "links", "bans", "broadcasts"}


def sealed_rows(db: Connection, table: str) -> Iterator[tuple[int, str, bytes]]:
    """The sealed values of a table: rowid, the name of the row, the value."""
    exists = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    if not exists and table in MIGRATED:
        return
    value = VALUES.get(table, "sealed")
    query = f"SELECT rowid, {KEYS[table]}, {value} FROM {table} WHERE {value} IS NOT NULL"  # noqa: S608 -- our own names
    for rowid, key, sealed in db.execute(query + (" AND name = 'check'" if table == "meta" else "")):
        yield rowid, f"{table}:{key.hex() if isinstance(key, bytes) else key}", sealed
