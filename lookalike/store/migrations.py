"""The schema of the embedded store and its history: one entry per version, applied inside one transaction.

Times are Unix seconds; `person` (a user) and `photo` are keyed hashes; `sealed` is AES-GCM (encryption.py). What is not
sealed says nothing about who somebody is: update ids, times, outcomes, states. Names of tables and columns, and the
row names that sealed values are bound to, are the file's format: they stay what they are.
"""

from pathlib import Path

from lookalike.core.errors import KeyFileError, StoreError
from lookalike.store.database import Connection
from lookalike.store.encryption import Cipher
from lookalike.store.key_file import make_key, next_key_of, put_in_place, read_key

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
    (
        "CREATE TABLE conversation (person BLOB PRIMARY KEY, expires_at INTEGER NOT NULL, sealed BLOB NOT NULL)",
        "CREATE INDEX conversation_expires ON conversation (expires_at)",
        """CREATE TABLE outcomes (photo BLOB PRIMARY KEY, update_id INTEGER NOT NULL, person BLOB NOT NULL,
            sends INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL)""",
        "CREATE INDEX outcomes_update ON outcomes (update_id)",
        "CREATE INDEX outcomes_person ON outcomes (person)",
        # why a row cannot go to the user log; NULL for those that can
        "ALTER TABLE outbox ADD COLUMN set_aside TEXT",
        "CREATE INDEX outbox_set_aside ON outbox (queued_at) WHERE set_aside IS NOT NULL",
    ),
    (
        # the stars that users got; `celebrity` is a keyed hash
        """CREATE TABLE found (place INTEGER PRIMARY KEY AUTOINCREMENT, person BLOB NOT NULL, celebrity BLOB NOT NULL,
            first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, times INTEGER NOT NULL, sealed BLOB NOT NULL,
            UNIQUE (person, celebrity))""",
        "CREATE INDEX found_celebrity ON found (celebrity, last_at)",
        "CREATE INDEX found_last ON found (last_at)",
        # the last cards of a user, as Telegram's ids of the pictures
        """CREATE TABLE cards (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, person BLOB NOT NULL,
            kept_at INTEGER NOT NULL, sealed BLOB NOT NULL)""",
        "CREATE INDEX cards_person ON cards (person)",
        # deep links; `link` is the keyed hash of the code in it
        """CREATE TABLE links (place INTEGER PRIMARY KEY AUTOINCREMENT, link BLOB NOT NULL, person BLOB NOT NULL,
            expires_at INTEGER NOT NULL, sealed BLOB NOT NULL, UNIQUE (link, person))""",
        "CREATE INDEX links_person ON links (person)",
        "CREATE INDEX links_expires ON links (expires_at)",
        "CREATE TABLE bans (person BLOB PRIMARY KEY, told INTEGER NOT NULL, sealed BLOB NOT NULL)",
        # messages to everybody; `place` is the number of the update that asked, `person` who asked
        """CREATE TABLE broadcasts (place INTEGER PRIMARY KEY, person BLOB NOT NULL, state TEXT NOT NULL,
            drafted_at INTEGER NOT NULL, card_message INTEGER, sent INTEGER NOT NULL DEFAULT 0,
            blocked INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, sealed BLOB NOT NULL)""",
        # who waits for one
        """CREATE TABLE recipients (place INTEGER PRIMARY KEY AUTOINCREMENT, broadcast INTEGER NOT NULL,
            person BLOB NOT NULL, UNIQUE (broadcast, person))""",
        "CREATE INDEX recipients_person ON recipients (person)",
        # outcomes are counted by day
        "CREATE INDEX answers_outcomes ON answers (answered_at, outcome)",
        "DROP INDEX answers_answered",
    ),
    (
        # how much users like stars; `celebrity` is a keyed hash
        """CREATE TABLE ratings (place INTEGER PRIMARY KEY AUTOINCREMENT, person BLOB NOT NULL, celebrity BLOB NOT NULL,
            rated_at INTEGER NOT NULL, sealed BLOB NOT NULL, UNIQUE (person, celebrity))""",
        "CREATE INDEX ratings_rated ON ratings (rated_at)",
        # who wants none of the messages that go to everybody, and how many did not get one for that
        "ALTER TABLE people ADD COLUMN no_news INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE broadcasts ADD COLUMN declined INTEGER NOT NULL DEFAULT 0",
    ),
)


def prepare(db: Connection, key_path: Path) -> Cipher:
    """Bring the schema up to date and return the cipher whose key fits; a failure leaves everything as it was."""
    version = schema_version(db)
    if version > len(MIGRATIONS):
        raise StoreError(f"the data are of schema {version}, this program knows {len(MIGRATIONS)}: use a newer one")
    if version == 0 and not key_path.exists():
        make_key(key_path)
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            db.execute(statement)
    if version == 0:
        db.execute("INSERT INTO meta VALUES ('check', ?)", (Cipher(read_key(key_path)).check_value(),))
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    return _settle_rotation(db, key_path)


def schema_version(db: Connection) -> int:
    """Return how many migrations were applied; 0 for an empty file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def fitting_cipher(db: Connection, key_path: Path) -> tuple[Cipher, bool]:
    """Return the cipher that fits the data, and whether its key is the one a rotation has not put in place yet."""
    row = db.execute("SELECT value FROM meta WHERE name = 'check'").fetchone()
    if row is None:
        raise StoreError("the data hold no check value for their key: they are damaged")
    if (cipher := Cipher(read_key(key_path))).fits(row[0]):
        return cipher, False
    next_key = next_key_of(key_path)
    if next_key.exists() and (cipher := Cipher(read_key(next_key))).fits(row[0]):
        return cipher, True
    raise KeyFileError(f"the key in {key_path} is not the one the data were sealed with")


def _settle_rotation(db: Connection, key_path: Path) -> Cipher:
    """Return the cipher that fits; a key rotation that was cut off is completed, or was never begun."""
    cipher, is_next = fitting_cipher(db, key_path)
    if is_next:
        put_in_place(key_path)
    else:
        next_key_of(key_path).unlink(missing_ok=True)
    return cipher
