"""Held photos: where the photos are that wait for their sender's consent. Nothing of them has been downloaded."""

from lookalike.store.database import Connection
from lookalike.store.models import HeldPhoto, to_json
from lookalike.store.tables import renamed, verb
from lookalike.store.users import Users

PAGE_PHOTOS = 50


class HeldPhotos(Users):
    """The verbs of held photos."""

    @verb
    def hold_photo(self, db: Connection, photo: HeldPhoto, *, update_id: int | None = None) -> bool:
        """Keep where a photo is; the same message twice is one photo. False: there is no such user (any more)."""
        self._require_open(db, update_id)
        if not self._is_known(db, photo.user_id):
            return False
        tag = self._photo_tag(photo.chat_id, photo.message_id)
        db.execute(
            "INSERT OR IGNORE INTO held (photo, person, held_at, sealed) VALUES (?, ?, ?, ?)",
            (tag, self._user_tag(photo.user_id), self._now(), self._seal(f"held:{tag.hex()}", to_json(photo))),
        )
        return True

    @verb
    def held_photos(self, db: Connection, user_id: int, limit: int = PAGE_PHOTOS) -> list[HeldPhoto]:
        """Return the oldest held photos of a user, at most `limit`: they stay until dropped, so a crash loses none.

        Whoever answers all of them asks again when these are dropped, until there are none.
        """
        rows = db.execute(
            "SELECT photo, sealed FROM held WHERE person = ? ORDER BY place LIMIT ?", (self._user_tag(user_id), limit)
        )
        return [HeldPhoto(**renamed(self._unseal(f"held:{photo.hex()}", sealed))) for photo, sealed in rows]

    @verb
    def is_held(self, db: Connection, user_id: int, chat_id: int, message_id: int) -> bool:
        """Return whether a photo waits for the consent of this user."""
        query, tags = "SELECT 1 FROM held WHERE person = ? AND photo = ?", (self._user_tag(user_id),)
        return db.execute(query, (*tags, self._photo_tag(chat_id, message_id))).fetchone() is not None

    @verb
    def drop_held_photo(self, db: Connection, chat_id: int, message_id: int) -> None:
        """Forget one held photo: it was answered."""
        db.execute("DELETE FROM held WHERE photo = ?", (self._photo_tag(chat_id, message_id),))

    @verb
    def drop_held_photos(self, db: Connection, user_id: int) -> None:
        """Forget all held photos of a user: they refused."""
        db.execute("DELETE FROM held WHERE person = ?", (self._user_tag(user_id),))
