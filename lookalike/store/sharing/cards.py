"""The last cards of a user, as Telegram's ids of the pictures: for passing them on. The pictures are Telegram's."""

from lookalike.store.database import Connection
from lookalike.store.models import KeptCard, to_json
from lookalike.store.tables import verb
from lookalike.store.users import Users

CARDS_KEPT = 10  # of a user


class Cards(Users):
    """The verbs of cards."""

    @verb
    def keep_card(self, db: Connection, user_id: int, card: KeptCard, *, update_id: int | None = None) -> bool:
        """Keep a card, and drop the oldest beyond CARDS_KEPT; False: there is no such user (any more)."""
        self._require_open(db, update_id)
        if not self._is_known(db, user_id):
            return False
        tag, sealed = self._user_tag(user_id), self._seal(f"cards:{card.answer_id}", to_json(card))
        db.execute(
            "INSERT OR REPLACE INTO cards (id, person, kept_at, sealed) VALUES (?, ?, ?, ?)",
            (card.answer_id, tag, self._now(), sealed),
        )
        db.execute(
            "DELETE FROM cards WHERE person = ?1 AND place NOT IN"
            " (SELECT place FROM cards WHERE person = ?1 ORDER BY place DESC LIMIT ?2)",
            (tag, CARDS_KEPT),
        )
        return True

    @verb
    def last_cards(self, db: Connection, user_id: int) -> list[KeptCard]:
        """Return the cards of a user, newest first."""
        query = "SELECT id, sealed FROM cards WHERE person = ? ORDER BY place DESC"
        rows = db.execute(query, (self._user_tag(user_id),))
        return [KeptCard(**self._unseal(f"cards:{id}", sealed)) for id, sealed in rows]
