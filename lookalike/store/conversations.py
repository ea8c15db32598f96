"""Conversations: where a user is in a dialogue of several steps, until it ends or expires."""

from datetime import timedelta
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.tables import verb
from lookalike.store.users import Users


class Conversations(Users):
    """The verbs of conversations; a user has at most one."""

    @verb
    def set_conversation(
        self,
        db: Connection,
        user_id: int,
        state: dict[str, Any],
        expires_in: timedelta,
        *,
        update_id: int | None = None,
    ) -> bool:
        """Keep the state (JSON types) of a user's conversation in place of any earlier one; False: no such user."""
        self._require_open(db, update_id)
        if not self._is_known(db, user_id):
            return False
        tag = self._user_tag(user_id)
        expires_at = int((self._clock() + expires_in).timestamp())
        sealed = self._seal(f"conversation:{tag.hex()}", state)
        db.execute("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?)", (tag, expires_at, sealed))
        return True

    @verb
    def get_conversation(self, db: Connection, user_id: int) -> dict[str, Any] | None:
        """Return the state of a user's conversation; None if there is none or it has expired."""
        return self._find_conversation(db, user_id)

    @verb
    def clear_conversation(self, db: Connection, user_id: int) -> None:
        """End a user's conversation."""
        db.execute("DELETE FROM conversation WHERE person = ?", (self._user_tag(user_id),))

    def _find_conversation(self, db: Connection, user_id: int) -> dict[str, Any] | None:
        tag = self._user_tag(user_id)
        query = "SELECT sealed FROM conversation WHERE person = ? AND expires_at > ?"
        row = db.execute(query, (tag, self._now())).fetchone()
        state: dict[str, Any] | None = self._unseal(f"conversation:{tag.hex()}", row[0]) if row else None
        return state
