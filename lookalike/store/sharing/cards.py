"""The last cards of a user, as Telegram's ids of the pictures: for passing them on. The pictures are Telegram's."""

import secrets

from lookalike.store.database import Connection
from lookalike.store.models import KeptCard, to_json
from lookalike.store.tables import verb
from lookalike.store.users import Users

CARDS_KEPT = 10  # of a user
ID_BYTES = 16


class Cards(Users):
    """The verbs of cards."""

    @verb
    def keep_card(self, db: Connection, user_id: int, card: KeptCard, *, update_id: int | None = None) -> bool:
        """Keep a card in place of an earlier one of the same star; False: there is no such user (any more).

        The oldest beyond CARDS_KEPT are dropped.
        """
        self._require_open(db, update_id)
        if not self._is_known(db, user_id):
            return False
        for id, one in self._cards_of(db, user_id):
            if one.celebrity_id == card.celebrity_id:
                db.execute("DELETE FROM cards WHERE id = ?", (id,))
        tag, id = self._user_tag(user_id), secrets.token_hex(ID_BYTES)
        db.execute(
            "INSERT INTO cards (id, person, kept_at, sealed) VALUES (?, ?, ?, ?)",
            (id, tag, self._now(), self._seal(f"cards:{id}", to_json(card))),
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
        return [card for _, card in self._cards_of(db, user_id)]

    def _cards_of(self, db: Connection, user_id: int) -> list[tuple[str, KeptCard]]:
        query = "SELECT id, sealed FROM cards WHERE person = ? ORDER BY place DESC"
        rows = db.execute(query, (self._user_tag(user_id),))
        return [(id, KeptCard(**self._unseal(f"cards:{id}", sealed))) for id, sealed in rows]
