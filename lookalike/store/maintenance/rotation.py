"""A new key for everything that is sealed, while the bot is stopped.

The new key is written beside the old one, then one transaction seals every value anew, then the new key takes the
place of the old one. A process that ends anywhere in between leaves data that fit one of the two keys; the next start
puts that one in place (migrations.py).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lookalike.core.errors import StoreError
from lookalike.store.database import Connection, Database
from lookalike.store.encryption import Cipher
from lookalike.store.key_file import locate_key, make_key, next_key_of, put_in_place, read_key
from lookalike.store.maintenance.log_rebuild import queue_whole_log
from lookalike.store.maintenance.sealed_rows import KEYS, sealed_rows
from lookalike.store.migrations import prepare
from lookalike.store.outbox import UNREADABLE
from lookalike.store.store import FILE_NAME, SEALED
from lookalike.store.tables import renamed

NAMES_USER = ("people", "held", "bans", "outbox", "journal")  # tables whose sealed values say which user they are about
TAGGED = (  # tables with a column `person`
    "people", "held", "answers", "found", "ratings", "cards", "links", "conversation", "bans", "broadcasts",
    "recipients", "outbox", "journal",
)  # fmt: skip


async def rotate_key(data_dir: Path, key_file: Path | None, now: int) -> int:
    """Seal everything with a new key and return how many values that were; StoreBusy while the bot is running.

    Outcomes whose answer was being sent are dropped, so such photos are matched anew. Unreadable outbox rows are
    dropped as well. A sealed user log is written anew.
    """
    key_path = locate_key(data_dir, key_file)
    database = await Database.open(data_dir / FILE_NAME)
    try:
        old = await database.run(lambda db: prepare(db, key_path))
        next_key = next_key_of(key_path)
        make_key(next_key)
        try:
            new = Cipher(read_key(next_key))
            count = await database.run(lambda db: _reseal(db, old, new, now), scrub=True)
        except StoreError:
            next_key.unlink()
            raise
        put_in_place(key_path)
    finally:
        await database.close()
    return count


def _reseal(db: Connection, old: Cipher, new: Cipher, now: int) -> int:
    """Seal every value with the new key, under the keyed hashes of the new key."""
    db.execute("DELETE FROM outcomes")  # they do not say which message they are about
    db.execute("DELETE FROM outbox WHERE set_aside = ?", (UNREADABLE,))
    tags = _new_tags(db, old, new)
    count = 0
    for table in KEYS:
        for rowid, row, sealed in list(sealed_rows(db, table)):
            plain = old.unseal(row, sealed)
            if table == "meta":
                db.execute("UPDATE meta SET value = ? WHERE rowid = ?", (new.seal(row, plain), rowid))
            elif table == "held":
                fields = json.loads(plain)
                photo = new.tag("photo", fields["chat_id"], fields["message_id"])
                sealed = new.seal(f"held:{photo.hex()}", plain)
                db.execute("UPDATE held SET photo = ?, sealed = ? WHERE rowid = ?", (photo, sealed, rowid))
            else:
                key = row.partition(":")[2]
                name = tags[bytes.fromhex(key)].hex() if KEYS[table] == "person" else key
                sealed = new.seal(f"{table}:{name}", plain)
                db.execute(f"UPDATE {table} SET sealed = ? WHERE rowid = ?", (sealed, rowid))  # noqa: S608 -- our names
            if table == "found":
                tag = new.tag("celebrity", json.loads(plain))
                db.execute("UPDATE found SET celebrity = ? WHERE rowid = ?", (tag, rowid))
            elif table == "ratings":
                tag = new.tag("celebrity", json.loads(plain)[0])
                db.execute("UPDATE ratings SET celebrity = ? WHERE rowid = ?", (tag, rowid))
            elif table == "links":
                tag = new.tag("link", json.loads(plain)["code"])
                db.execute("UPDATE links SET link = ? WHERE rowid = ?", (tag, rowid))
            count += 1
    for table in TAGGED:
        update = f"UPDATE {table} SET person = ? WHERE person = ?"  # noqa: S608 -- our own names
        db.executemany(update, [(after, before) for before, after in tags.items()])
    if db.execute("SELECT value FROM meta WHERE name = 'user_log'").fetchone() == (SEALED,):
        queue_whole_log(db, new, now)
    return count


def _new_tags(db: Connection, old: Cipher, new: Cipher) -> dict[bytes, bytes]:
    """The users' keyed hashes of the old key, and those of the new one."""
    tags: dict[bytes, bytes] = {}
    for table in NAMES_USER:
        for _, row, sealed in sealed_rows(db, table):
            for user_id in _user_ids(old.unseal(row, sealed)):
                tags[old.tag("person", user_id)] = new.tag("person", user_id)
    for table in TAGGED:
        found = db.execute(f"SELECT DISTINCT person FROM {table} WHERE person IS NOT NULL")  # noqa: S608 -- our names
        if unknown := sum(tag not in tags for (tag,) in found):
            raise StoreError(f"{unknown} users in {table} cannot be named: let the bot handle its updates first")
    return tags


def _user_ids(plain: bytes) -> Iterator[int]:
    """Whole numbers in a sealed value that may be the user's id; which one is, its hash shows."""
    try:
        value = json.loads(plain)
    except ValueError:
        return
    yield from _whole_numbers(renamed(value) if isinstance(value, dict) else value)


def _whole_numbers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _whole_numbers(item)
