"""Cache of the last answers: the same photo from the same user is answered at once, with the same card.

Telegram names a file by an id that is the same for everybody and for ever (`file_unique_id`). Cached are the outcome,
which the history holds anyway, and Telegram's id of the card that was sent; never a photo or an embedding. The cache is
in memory only and holds the last REMEMBERED answers.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from lookalike.gallery.filters import ANYBODY, Filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Outcome

REMEMBERED = 2000


@dataclass(frozen=True)
class CachedAnswer:
    """An outcome, and the file_id of the card that was sent, if one was."""

    outcome: Outcome
    card_file_id: str | None


@dataclass(frozen=True)
class CacheKey:
    """A photo, the user who sent it, the language of the answer, and among whom the stars were looked for."""

    user_id: int
    file_unique_id: str
    language: str
    where: Filter = ANYBODY


class AnswerCache:
    """The last answers from one gallery; another gallery empties it."""

    def __init__(self) -> None:
        self._answers: OrderedDict[CacheKey, CachedAnswer] = OrderedDict()
        self._gallery: Gallery | None = None
        self.erasures = 0  # calls of `forget`: an answer begun before one may be of the user it erased

    def get(self, key: CacheKey, gallery: Gallery) -> CachedAnswer | None:
        """The cached answer; None if there is none from this gallery, or the photo has no unique id."""
        if gallery is not self._gallery:
            self._answers.clear()
            self._gallery = gallery
        return self._answers.get(key)

    def put(self, key: CacheKey, answer: CachedAnswer, gallery: Gallery) -> None:
        """Cache an answer of the present gallery, and drop the oldest."""
        if gallery is not self._gallery:
            return
        self._answers[key] = answer
        self._answers.move_to_end(key)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    def forget(self, user_id: int) -> None:
        """Drop all answers to a user."""
        self.erasures += 1
        for key in [one for one in self._answers if one.user_id == user_id]:
            del self._answers[key]
