"""Bans: users who are answered no more. A ban stays when its user is erased, or erasing would lift it."""

from lookalike.store.database import Connection
from lookalike.store.tables import verb
from lookalike.store.users import Users


class Bans(Users):
    """The verbs of bans."""

    @verb
    def ban(self, db: Connection, user_id: int) -> bool:
        """Ban a user, known or not, and forget their photos that wait for consent; False if they were banned before."""
        tag = self._user_tag(user_id)
        sealed = self._seal(f"bans:{tag.hex()}", {"user_id": user_id})
        db.execute("DELETE FROM held WHERE person = ?", (tag,))
        return db.execute("INSERT OR IGNORE INTO bans VALUES (?, 0, ?)", (tag, sealed)).rowcount == 1

    @verb
    def unban(self, db: Connection, user_id: int) -> bool:
        """Lift a ban; False if there was none."""
        return db.execute("DELETE FROM bans WHERE person = ?", (self._user_tag(user_id),)).rowcount == 1

    @verb
    def bans(self, db: Connection) -> dict[int, bool]:
        """Return the ids of banned users, each with whether they were told."""
        rows = db.execute("SELECT person, told, sealed FROM bans").fetchall()
        return {self._unseal(f"bans:{tag.hex()}", sealed)["user_id"]: bool(told) for tag, told, sealed in rows}

    @verb
    def mark_ban_told(self, db: Connection, user_id: int) -> None:
        """Note that a banned user was told so."""
        db.execute("UPDATE bans SET told = 1 WHERE person = ?", (self._user_tag(user_id),))
