"""Users: who they are, what they consented to and chose. The user log gets every change through the outbox."""

from dataclasses import replace
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.journal import Journal
from lookalike.store.models import User, to_json, user_from_json
from lookalike.store.outbox import Outbox
from lookalike.store.tables import verb


class Users(Journal, Outbox):
    """The verbs of users. Those that change one return the user as changed, or None if there is no such user.

    `update_id`: the update that is being handled; UpdateClosed if its user was erased meanwhile.
    """

    @verb
    def upsert_user(
        self, db: Connection, user_id: int, name: str, language: str | None, *, update_id: int | None = None
    ) -> User:
        """Note that a user wrote: a new one, or a known one by the name and language of today."""
        self._require_open(db, update_id)
        now = self._clock()
        name = name.encode("utf-8", "replace").decode()  # MongoDB would refuse half a surrogate pair
        known = self._find_user(db, user_id) or User(user_id, name, language, None, now, now)
        return self._save(db, replace(known, name=name, language=language, last_seen=now, blocked=False))

    @verb
    def get_user(self, db: Connection, user_id: int) -> User | None:
        """Return a user; None if they never wrote or were erased."""
        return self._find_user(db, user_id)

    @verb
    def give_consent(self, db: Connection, user_id: int, version: int, *, update_id: int | None = None) -> User | None:
        """Note that a user agrees to this version of the consent text, now."""
        self._require_open(db, update_id)
        return self._change(db, user_id, consent_version=version, consented_at=self._clock())

    @verb
    def withdraw_consent(self, db: Connection, user_id: int, *, update_id: int | None = None) -> User | None:
        """Note that a user takes their consent back."""
        self._require_open(db, update_id)
        return self._change(db, user_id, consent_version=None, consented_at=None)

    @verb
    def set_language(
        self, db: Connection, user_id: int, language: str | None, *, update_id: int | None = None
    ) -> User | None:
        """Keep a user's own choice of language; None goes back to Telegram's."""
        self._require_open(db, update_id)
        return self._change(db, user_id, chosen_language=language)

    @verb
    def set_tells_friends(
        self, db: Connection, user_id: int, tells: bool, *, update_id: int | None = None
    ) -> User | None:
        """Keep whether friends who open a user's link hear which star they got."""
        self._require_open(db, update_id)
        return self._change(db, user_id, tells_friends=tells)

    @verb
    def set_where(self, db: Connection, user_id: int, where: str, *, update_id: int | None = None) -> User | None:
        """Keep among whom a user's stars are looked for, the text of a filter; '' is among all."""
        self._require_open(db, update_id)
        return self._change(db, user_id, where=where)

    @verb
    def mark_blocked(self, db: Connection, user_id: int) -> User | None:
        """Note that a user blocked the bot: nothing can be sent until they write again."""
        return self._change(db, user_id, blocked=True)

    def _find_user(self, db: Connection, user_id: int) -> User | None:
        tag = self._user_tag(user_id)
        row = db.execute("SELECT sealed FROM people WHERE person = ?", (tag,)).fetchone()
        return user_from_json(self._unseal(f"people:{tag.hex()}", row[0])) if row else None

    def _is_known(self, db: Connection, user_id: int) -> bool:
        row = db.execute("SELECT 1 FROM people WHERE person = ?", (self._user_tag(user_id),)).fetchone()
        return row is not None

    def _change(self, db: Connection, user_id: int, **changes: Any) -> User | None:
        known = self._find_user(db, user_id)
        return known and self._save(db, replace(known, **changes))

    def _save(self, db: Connection, user: User) -> User:
        tag = self._user_tag(user.id)
        fields = to_json(user)
        sealed = self._seal(f"people:{tag.hex()}", fields)
        db.execute(
            "INSERT OR REPLACE INTO people (person, consented, blocked, no_news, sealed) VALUES (?, ?, ?, ?, ?)",
            (tag, user.consent_version is not None, user.blocked, user.no_news, sealed),
        )
        # The row says all there is, so only the newest is worth sending: a long outage costs one row per user.
        db.execute("DELETE FROM outbox WHERE person = ? AND kind = 'person'", (tag,))
        self._queue(db, "person", tag, fields)
        return user
