"""Answers: what a user's photos were answered with. Kept for the days of retention, never with a photo or embedding."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.encryption import TAG_BYTES, Cipher
from lookalike.store.models import Answer, Ranked, ranking_from_json, to_json
from lookalike.store.sharing.collection import Collection
from lookalike.store.tables import verb


class Answers(Collection):
    """The verbs of answers."""

    @verb
    def record_answer(
        self,
        db: Connection,
        user_id: int,
        outcome: str,
        ranking: Sequence[Ranked] = (),
        *,
        chat_id: int | None = None,
        message_id: int | None = None,
        update_id: int | None = None,
        collects: bool = True,
    ) -> str | None:
        """Keep what a photo was answered with and return the answer's id, 32 hex digits.

        A new answer with stars adds the first of them to the user's collection, unless `collects` is False.
        With the photo's chat and message, a repetition keeps nothing new and returns the same id. None: there is no
        such user (any more), and nothing is kept.
        """
        self._require_open(db, update_id)
        if not self._is_known(db, user_id):
            return None
        photo = None if chat_id is None or message_id is None else (chat_id, message_id)
        answer_id = self.cipher.tag("answer", *photo).hex() if photo else secrets.token_hex(TAG_BYTES)
        fields = to_json(Answer(answer_id, user_id, self._clock(), outcome, tuple(ranking)))
        tag = self._user_tag(user_id)
        new = db.execute(
            "INSERT OR IGNORE INTO answers (id, person, answered_at, outcome, sealed) VALUES (?, ?, ?, ?, ?)",
            (answer_id, tag, self._now(), outcome, self._seal(f"answers:{answer_id}", fields["ranking"])),
        )
        if new.rowcount:
            self._queue(db, "answer", tag, fields)
            if ranking and collects:
                self._collect(db, user_id, ranking[0].celebrity_id)
        return answer_id

    @verb
    def get_answer(self, db: Connection, answer_id: str, user_id: int) -> Answer | None:
        """Return one answer, to its owner only."""
        row = db.execute(
            "SELECT id, person, answered_at, outcome, sealed FROM answers WHERE id = ? AND person = ?",
            (answer_id, self._user_tag(user_id)),
        ).fetchone()
        if row is None:
            return None
        fields = answer_fields(self.cipher, row, user_id)
        answered_at = datetime.fromisoformat(fields["answered_at"])
        return Answer(answer_id, user_id, answered_at, fields["outcome"], ranking_from_json(fields["ranking"]))


def answer_fields(cipher: Cipher, row: tuple[Any, ...], user_id: int) -> dict[str, Any]:
    """Return an Answer in JSON types from its row (id, person, answered_at, outcome, sealed)."""
    answer_id, _, answered_at, outcome, sealed = row
    return {
        "id": answer_id,
        "user_id": user_id,
        "answered_at": datetime.fromtimestamp(answered_at, UTC).isoformat(),
        "outcome": outcome,
        "ranking": json.loads(cipher.unseal(f"answers:{answer_id}", sealed)),
    }
