"""Answers that were just given, so that the same photo from the same person is answered at once, and the same.

Telegram names a file by an id that is the same for everybody and for ever (`file_unique_id`). What is remembered is the
outcome, which the history holds anyway, and Telegram's id of the card that was sent; never a photo or an embedding. It
is in memory only, for the last REMEMBERED answers.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Outcome

REMEMBERED = 2000


@dataclass(frozen=True)
class CachedAnswer:
    """An answer: what was found, and the card that was sent, if one was."""

    outcome: Outcome
    card_file_id: str | None


@dataclass(frozen=True)
class CacheKey:
    """A photo in the hands of a person who reads that language."""

    user_id: int
    file_unique_id: str
    language: str


class AnswerCache:
    """The last answers of one gallery, by who got them for which photo in which language."""

    def __init__(self) -> None:
        self._answers: OrderedDict[CacheKey, CachedAnswer] = OrderedDict()
        self._gallery: Gallery | None = None

    def get(self, sighting: CacheKey, gallery: Gallery) -> CachedAnswer | None:
        """The answer that was given; None if there was none, or if it came from another gallery."""
        if gallery is not self._gallery:
            self._answers.clear()
            self._gallery = gallery
        return self._answers.get(sighting)

    def remember(self, sighting: CacheKey, answer: CachedAnswer, gallery: Gallery) -> None:
        """Keep an answer of the present gallery, and forget the oldest."""
        if gallery is not self._gallery:
            return
        self._answers[sighting] = answer
        self._answers.move_to_end(sighting)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    def forget(self, user_id: int) -> None:
        """Forget all answers that a person got."""
        for sighting in [one for one in self._answers if one.user_id == user_id]:
            del self._answers[sighting]
