"""Deep links: a random code that leads to something a user offers, until it expires or is taken back."""

import secrets
from datetime import timedelta
from typing import Any

from lookalike.store.database import Connection
from lookalike.store.models import DeepLink
from lookalike.store.tables import verb
from lookalike.store.users import Users

CODE_BYTES = 8  # 2^64 codes: nobody finds one by trying
LINKS_KEPT = 50  # of a user


class Links(Users):
    """The verbs of deep links. A code may belong to several users, each with fields of their own."""

    @verb
    def make_link(
        self,
        db: Connection,
        user_id: int,
        kind: str,
        fields: dict[str, Any],
        lasts: timedelta,
        *,
        code: str | None = None,
        update_id: int | None = None,
    ) -> str | None:
        """Keep what a link leads to (JSON types) and return its code, 11 letters of [0-9A-Za-z_-].

        The same kind and fields again are the same link; a `code` that is given gets these fields instead of its
        user's earlier ones. The oldest links beyond LINKS_KEPT are dropped. None: there is no such user (any more).
        """
        self._require_open(db, update_id)
        if not self._is_known(db, user_id):
            return None
        own = self._links_of(db, user_id)
        code = code or next((one.code for one in own if (one.kind, one.fields) == (kind, fields)), None)
        code = code or secrets.token_urlsafe(CODE_BYTES)
        person, link = self._user_tag(user_id), self._link_tag(code)
        expires_at = int((self._clock() + lasts).timestamp())
        db.execute("DELETE FROM links WHERE link = ? AND person = ?", (link, person))
        new = db.execute(
            "INSERT INTO links (link, person, expires_at, sealed) VALUES (?, ?, ?, x'')", (link, person, expires_at)
        )  # first the row, for its place, which the sealed value is bound to
        sealed = self._seal(
            f"links:{new.lastrowid}", {"code": code, "user_id": user_id, "kind": kind, "fields": fields}
        )
        db.execute("UPDATE links SET sealed = ? WHERE place = ?", (sealed, new.lastrowid))
        db.execute(
            "DELETE FROM links WHERE person = ?1 AND place NOT IN"
            " (SELECT place FROM links WHERE person = ?1 ORDER BY place DESC LIMIT ?2)",
            (person, LINKS_KEPT),
        )
        return code

    @verb
    def find_links(self, db: Connection, code: str) -> list[DeepLink]:
        """Return what a code leads to, of each of its users, oldest first; [] if it is unknown or has expired."""
        query = "SELECT place, sealed FROM links WHERE link = ? AND expires_at > ? ORDER BY place"
        rows = db.execute(query, (self._link_tag(code), self._now())).fetchall()
        return [DeepLink(**self._unseal(f"links:{place}", sealed)) for place, sealed in rows]

    @verb
    def links_of(self, db: Connection, user_id: int, kind: str) -> list[DeepLink]:
        """Return the links of this kind that a user made."""
        return [one for one in self._links_of(db, user_id) if one.kind == kind]

    @verb
    def drop_link(self, db: Connection, code: str) -> None:
        """Take a link back, for all of its users."""
        db.execute("DELETE FROM links WHERE link = ?", (self._link_tag(code),))

    @verb
    def drop_links(self, db: Connection, user_id: int, kind: str) -> None:
        """Take back all links of this kind that a user made."""
        for one in self._links_of(db, user_id):
            if one.kind == kind:
                values = (self._link_tag(one.code), self._user_tag(user_id))
                db.execute("DELETE FROM links WHERE link = ? AND person = ?", values)

    def _links_of(self, db: Connection, user_id: int) -> list[DeepLink]:
        query = "SELECT place, sealed FROM links WHERE person = ? AND expires_at > ?"
        rows = db.execute(query, (self._user_tag(user_id), self._now())).fetchall()
        return [DeepLink(**self._unseal(f"links:{place}", sealed)) for place, sealed in rows]

    def _link_tag(self, code: str) -> bytes:
        return self.cipher.tag("link", code)
