"""Cache of the last answers: the same photo from the same user is answered at once, with the same card.

Telegram names a file by an id that is the same for everybody and for ever (`file_unique_id`). Cached are the outcome,
which the history holds anyway, and Telegram's id of the card that was sent; never a photo or an embedding. The cache is
in memory only and holds the last REMEMBERED answers at most, in REMEMBERED_BYTES.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass

from lookalike.gallery.filters import ANYBODY, Filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Outcome
from lookalike.telegram_bot.photos.kept_answer import outcome_from_json, outcome_to_json

REMEMBERED = 2000
REMEMBERED_BYTES = 16_000_000  # of outcomes as JSON


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
        # The outcome as JSON, and the card's file_id: matches hold whole entries of stars, for each face.
        self._answers: OrderedDict[CacheKey, tuple[bytes, str | None]] = OrderedDict()
        self._bytes = 0
        self._gallery: Gallery | None = None
        self.erasures = 0  # calls of `forget`: an answer begun before one may be of the user it erased

    def get(self, key: CacheKey, gallery: Gallery) -> CachedAnswer | None:
        """The cached answer; None if there is none from this gallery, or the photo has no unique id."""
        if gallery is not self._gallery:
            self._answers.clear()
            self._gallery, self._bytes = gallery, 0
        if (cached := self._answers.get(key)) is None:
            return None
        text, card_file_id = cached
        outcome = outcome_from_json(json.loads(text), gallery)
        return CachedAnswer(outcome, card_file_id) if outcome else None

    def put(self, key: CacheKey, answer: CachedAnswer, gallery: Gallery) -> None:
        """Cache an answer of the present gallery, and drop the oldest."""
        if gallery is not self._gallery:
            return
        self._drop(key)
        text = json.dumps(outcome_to_json(answer.outcome)).encode()
        self._answers[key] = text, answer.card_file_id
        self._bytes += len(text)
        while len(self._answers) > REMEMBERED or self._bytes > REMEMBERED_BYTES:
            self._drop(next(iter(self._answers)))

    def forget(self, user_id: int) -> None:
        """Drop all answers to a user."""
        self.erasures += 1
        for key in [one for one in self._answers if one.user_id == user_id]:
            self._drop(key)

    def _drop(self, key: CacheKey) -> None:
        if found := self._answers.pop(key, None):
            self._bytes -= len(found[0])
