"""Conversations: where a user is in a dialogue of several steps, until it ends or expires."""

from datetime import timedelta
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.tables import verb
from lookalike.store.users import Users


class Conversations(Users):
    """The verbs of conversations; a user has at most one.

    Every photo asks whether its sender is in one, and hardly any is: who may be is kept in memory.
    """

    _talking: set[bytes] | None = None  # tags of users; None: not read yet. Changed in the store's thread alone

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
        if self._talking is not None:
            self._talking.add(tag)
        return True

    async def get_conversation(self, user_id: int) -> dict[str, Any] | None:
        """Return the state of a user's conversation; None if there is none or it has expired."""
        talking = self._talking
        if talking is not None and self._user_tag(user_id) not in talking:
            return None
        return await self._read_conversation(user_id)

    @verb
    def _read_conversation(self, db: Connection, user_id: int) -> dict[str, Any] | None:
        if self._talking is None:
            self._talking = {tag for (tag,) in db.execute("SELECT person FROM conversation")}
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
