"""Writing the user log anew from the store: when it is to be sealed or not any more, or its key has changed."""

import json

from lookalike.store.answers import answer_fields
from lookalike.store.database import Connection
from lookalike.store.encryption import Cipher
from lookalike.store.outbox import queue_change
from lookalike.store.sharing.ratings import rating_of, rating_to_log


def queue_whole_log(db: Connection, cipher: Cipher, now: int) -> None:
    """Let the user log be cleared and written anew from the store: when it is to be sealed, or not any more."""
    db.execute("DELETE FROM outbox")
    queue_change(db, cipher, "clear", None, {}, now)
    ids: dict[bytes, int] = {}
    for tag, sealed in db.execute("SELECT person, sealed FROM people").fetchall():
        fields = json.loads(cipher.unseal(f"people:{tag.hex()}", sealed))
        ids[tag] = fields["id"]
        queue_change(db, cipher, "person", tag, fields, now)
    for answer in db.execute("SELECT id, person, answered_at, outcome, sealed FROM answers ORDER BY place").fetchall():
        queue_change(db, cipher, "answer", answer[1], answer_fields(cipher, answer, ids[answer[1]]), now)
    for *row, tag in db.execute("SELECT place, rated_at, sealed, person FROM ratings ORDER BY place").fetchall():
        queue_change(db, cipher, "rating", tag, rating_to_log(ids[tag], rating_of(cipher, tuple(row))), now)
