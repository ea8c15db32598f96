"""The schema of the embedded store, and its history: one entry per version, applied inside one transaction.

Times are Unix seconds; `person` and `photo` are keyed hashes (vault.py); `sealed` is AES-GCM. What is not sealed says
nothing about who somebody is: update numbers, times, outcomes, states.
"""

from pathlib import Path

from lookalike.core.errors import StoreError
from lookalike.store.database import Connection
from lookalike.store.encryption import Cipher

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
        """CREATE TABLE journal (place INTEGER PRIMARY KEY AUTOINCREMENT, update_id INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('new', 'done', 'dead')), attempts INTEGER NOT NULL DEFAULT 0,
            changed_at INTEGER NOT NULL, person BLOB, sealed BLOB)""",
        "CREATE INDEX journal_new ON journal (place) WHERE state = 'new'",
        "CREATE INDEX journal_person ON journal (person) WHERE person IS NOT NULL",
        "CREATE INDEX journal_changed ON journal (changed_at)",
        """CREATE TABLE people (person BLOB PRIMARY KEY, consented INTEGER NOT NULL, blocked INTEGER NOT NULL,
            sealed BLOB NOT NULL)""",
        """CREATE TABLE held (place INTEGER PRIMARY KEY AUTOINCREMENT, photo BLOB NOT NULL UNIQUE, person BLOB NOT NULL,
            held_at INTEGER NOT NULL, sealed BLOB NOT NULL)""",
        "CREATE INDEX held_person ON held (person)",
        """CREATE TABLE answers (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person BLOB NOT NULL,
            answered_at INTEGER NOT NULL, outcome TEXT NOT NULL, sealed BLOB NOT NULL)""",
        "CREATE INDEX answers_person ON answers (person)",
        "CREATE INDEX answers_answered ON answers (answered_at)",
        # AUTOINCREMENT: the drainer may still hold the number of a row that was deleted, so none is used twice
        """CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, person BLOB,
            queued_at INTEGER NOT NULL, sealed BLOB NOT NULL)""",
        "CREATE INDEX outbox_person ON outbox (person) WHERE person IS NOT NULL",
    ),
)


def prepare(db: Connection, key_file: Path) -> Cipher:
    """Bring the schema up to date and return the vault whose key fits; a failure leaves everything as it was."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StoreError(f"the data are of schema {version}, this program knows {len(MIGRATIONS)}: use a newer one")
    vault = Cipher.open(key_file, create=version == 0)
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            db.execute(statement)
    if version == 0:
        db.execute("INSERT INTO meta VALUES ('check', ?)", (vault.check_value(),))
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    row = db.execute("SELECT value FROM meta WHERE name = 'check'").fetchone()
    if row is None:
        raise StoreError("the data hold no check value for their key: they are damaged")
    vault.check(row[0], key_file)
    return vault
