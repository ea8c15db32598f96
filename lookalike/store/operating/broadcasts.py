"""Broadcasts: a message to all users who can be reached, and who still waits for it.

Whoever got it leaves the list in the transaction that counts them, so that a process that is killed repeats at most
the one message it was sending.
"""

from lookalike.store.database import Connection
from lookalike.store.models import Broadcast, BroadcastResult, BroadcastState, User
from lookalike.store.tables import verb
from lookalike.store.users import Users

NOT_BANNED = "NOT blocked AND person NOT IN (SELECT person FROM bans)"
REACHABLE = f"people WHERE NOT no_news AND {NOT_BANNED}"
DECLINED = f"people WHERE no_news AND {NOT_BANNED}"


class Broadcasts(Users):
    """The verbs of broadcasts; the number of one is that of the update that asked for it."""

    @verb
    def draft_broadcast(
        self, db: Connection, number: int, admin_id: int, text: str, copied_message: int | None = None
    ) -> int:
        """Keep a message that nobody gets before `start_broadcast`; return how many users would get it.

        It is `text`, or a copy of the message `copied_message` in the chat with the admin.
        """
        fields = {"admin_id": admin_id, "text": text, "copied_message": copied_message}
        db.execute(
            "INSERT OR IGNORE INTO broadcasts (place, person, state, drafted_at, sealed) VALUES (?, ?, 'draft', ?, ?)",
            (number, self._user_tag(admin_id), self._now(), self._seal(f"broadcasts:{number}", fields)),
        )
        return int(db.execute(f"SELECT count(*) FROM {REACHABLE}").fetchone()[0])  # noqa: S608 -- our own names

    @verb
    def start_broadcast(self, db: Connection, number: int, card_message: int | None) -> bool:
        """List everybody who is to get a draft; `card_message` shows its progress. False if it is no draft."""
        if not self._move(db, number, ("draft",), "running"):
            return False
        declined = db.execute(f"SELECT count(*) FROM {DECLINED}").fetchone()[0]  # noqa: S608 -- our own names
        started = "UPDATE broadcasts SET card_message = ?, declined = ? WHERE place = ?"
        db.execute(started, (card_message, declined, number))
        listed = f"INSERT INTO recipients (broadcast, person) SELECT ?, person FROM {REACHABLE}"  # noqa: S608 -- ours
        db.execute(listed, (number,))
        return True

    @verb
    def move_broadcast(
        self, db: Connection, number: int, before: tuple[BroadcastState, ...], after: BroadcastState
    ) -> bool:
        """Bring a broadcast from one of the states `before` to `after`; False if it is in none of them."""
        moved = self._move(db, number, before, after)
        if moved and after in ("done", "cancelled"):
            db.execute("DELETE FROM recipients WHERE broadcast = ?", (number,))
        return moved

    @verb
    def broadcast(self, db: Connection, number: int) -> Broadcast | None:
        """Return a broadcast as it stands; None if it was never drafted, or purged."""
        return self._find_broadcast(db, number)

    @verb
    def running_broadcast(self, db: Connection) -> Broadcast | None:
        """Return the oldest broadcast that is running."""
        row = db.execute("SELECT min(place) FROM broadcasts WHERE state = 'running'").fetchone()
        return self._find_broadcast(db, row[0]) if row[0] is not None else None

    @verb
    def next_recipient(self, db: Connection, number: int) -> int | None:
        """Return the id of a user who waits for a broadcast; None if nobody does, or it is not running."""
        row = db.execute(
            "SELECT people.person, people.sealed FROM recipients JOIN people USING (person)"
            " JOIN broadcasts ON broadcasts.place = recipients.broadcast"
            " WHERE broadcast = ? AND state = 'running' ORDER BY recipients.place LIMIT 1",
            (number,),
        ).fetchone()
        return int(self._unseal(f"people:{row[0].hex()}", row[1])["id"]) if row else None

    @verb
    def count_delivery(self, db: Connection, number: int, user_id: int, result: BroadcastResult) -> None:
        """Take a user off the list of a broadcast, and count what came of it; once."""
        listed = "DELETE FROM recipients WHERE broadcast = ? AND person = ?"
        if db.execute(listed, (number, self._user_tag(user_id))).rowcount:
            counted = f"UPDATE broadcasts SET {result} = {result} + 1 WHERE place = ?"  # noqa: S608 -- our own names
            db.execute(counted, (number,))
        if result == "blocked":
            self._change(db, user_id, blocked=True)

    @verb
    def decline_broadcasts(
        self, db: Connection, user_id: int, declines: bool, *, update_id: int | None = None
    ) -> User | None:
        """Keep whether a user wants none of the messages that go to everybody; one under way passes them over."""
        self._require_open(db, update_id)
        if declines:
            tag = self._user_tag(user_id)
            waits = "place IN (SELECT broadcast FROM recipients WHERE person = ?)"
            db.execute(f"UPDATE broadcasts SET declined = declined + 1 WHERE {waits}", (tag,))  # noqa: S608 -- ours
            db.execute("DELETE FROM recipients WHERE person = ?", (tag,))
        return self._change(db, user_id, no_news=declines)

    def _move(self, db: Connection, number: int, before: tuple[BroadcastState, ...], after: BroadcastState) -> bool:
        states = ", ".join("?" * len(before))
        update = f"UPDATE broadcasts SET state = ? WHERE place = ? AND state IN ({states})"  # noqa: S608 -- only marks
        return db.execute(update, (after, number, *before)).rowcount == 1

    def _find_broadcast(self, db: Connection, number: int) -> Broadcast | None:
        row = db.execute(
            "SELECT state, card_message, sent, blocked, failed, declined, sealed,"
            " (SELECT count(*) FROM recipients WHERE broadcast = broadcasts.place) FROM broadcasts WHERE place = ?",
            (number,),
        ).fetchone()
        if row is None:
            return None
        state, card_message, sent, blocked, failed, declined, sealed, waiting = row
        fields = self._unseal(f"broadcasts:{number}", sealed)
        return Broadcast(number, state, card_message, sent, blocked, failed, waiting, **fields, declined=declined)
