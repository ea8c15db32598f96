"""The answer to a photo, kept until it is sent: a retry neither matches again nor sends too often.

A retry in the same process finds it in memory; one after a restart in the store, as celebrity ids and numbers.
"""

from __future__ import annotations

import contextlib
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from lookalike.faces.types import Doubt, Reason, Refusal
from lookalike.gallery.filters import ANYBODY, Filter, parse_filter
from lookalike.gallery.gallery import Gallery, Neighbour
from lookalike.gallery.matching import AlbumOutcome, FaceMatch, Match, Outcome, PooledMatch
from lookalike.store.store import Store
from lookalike.telegram_bot.delivery.copies import Copies, CountedCopies
from lookalike.telegram_bot.delivery.update_queue import is_replayed
from lookalike.telegram_bot.photos.message_photo import Photo

REMEMBERED = 2_000

Found = TypeVar("Found")  # what photos were answered with: the Outcome of one, say


@dataclass(frozen=True)
class KeptAnswer(Generic[Found]):
    """What was found in a photo, under which id it was recorded, and how often it may have been sent."""

    outcome: Found
    answer_id: str
    copies: Copies
    where: Filter = ANYBODY  # among whom the stars were looked for


class AnswerKeeper(Generic[Found]):
    """The answers of one kind that are found and not yet sent; `to_json` and `from_json` say how the kind is kept."""

    def __init__(
        self,
        store: Store,
        to_json: Callable[[Found], dict[str, Any]],
        from_json: Callable[[dict[str, Any], Gallery], Found | None],
    ) -> None:
        self._store, self._to_json, self._from_json = store, to_json, from_json
        # By chat and message: those of this process, as JSON, for matches hold whole entries of stars, for each face.
        self._live: OrderedDict[tuple[int, int], tuple[bytes, Copies]] = OrderedDict()

    async def load(self, photo: Photo, update: Mapping[str, Any], gallery: Gallery) -> KeptAnswer[Found] | None:
        """The answer that an earlier try has found; None if there is none, or it names a celebrity who is gone."""
        message = photo.chat_id, photo.message_id
        if live := self._live.get(message):
            return self._read(*live, gallery)
        kept = await self._store.kept_outcome(*message) if is_replayed(update) else None
        if kept is None:
            return None
        keep = partial(self._store.keep_sends, update["update_id"], *message)
        copies = CountedCopies(keep, kept.sends, is_replayed=True)
        return self._read(kept.outcome, copies, gallery)

    def _read(self, kept: bytes, copies: Copies, gallery: Gallery) -> KeptAnswer[Found] | None:
        fields = json.loads(kept)
        with contextlib.suppress(KeyError):  # of another kind: something else was asked of the photo then
            if (outcome := self._from_json(fields["outcome"], gallery)) is not None:
                where = parse_filter(fields.get("where", "any"))  # older versions kept none
                return KeptAnswer(outcome, fields["answer_id"], copies, where)
        return None

    async def keep(
        self, photo: Photo, update_id: int, outcome: Found, answer_id: str, where: Filter = ANYBODY
    ) -> KeptAnswer[Found]:
        """Keep an answer until the update is finished; UpdateClosed if its sender was erased: nothing may be sent."""
        fields = {"outcome": self._to_json(outcome), "answer_id": answer_id, "where": str(where)}
        message, text = (photo.chat_id, photo.message_id), json.dumps(fields).encode()
        await self._store.keep_outcome(update_id, *message, text)
        copies = CountedCopies(partial(self._store.keep_sends, update_id, *message))
        self._live[message] = text, copies
        if len(self._live) > REMEMBERED:  # some are never sent: their user has blocked the bot, say
            self._live.popitem(last=False)
        return KeptAnswer(outcome, answer_id, copies, where)

    def drop(self, photo: Photo) -> None:
        """Forget an answer: it was sent, or cannot be."""
        self._live.pop((photo.chat_id, photo.message_id), None)


def outcome_to_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome in JSON types."""
    if isinstance(outcome, Refusal):
        return {"refusal": str(outcome.reason)}
    return {
        "faces": [
            {
                "box": face.box,
                "eyes": face.eyes,
                "turn": face.turn,
                "doubt": face.doubt,
                "stars": [_star(one) for one in face.neighbours],
            }
            for face in outcome.faces
        ]
    }


def album_to_json(outcome: AlbumOutcome) -> dict[str, Any]:
    """What an album was answered with in JSON types."""
    if isinstance(outcome, PooledMatch):
        counts = {"photos": outcome.photos, "shown": outcome.shown, "left_out": outcome.left_out}
        return {"pooled": outcome_to_json(outcome.match), **counts}
    return {"each": [outcome_to_json(one) for one in outcome]}


def album_from_json(fields: dict[str, Any], gallery: Gallery) -> AlbumOutcome | None:
    """Read `album_to_json`; None as for `outcome_from_json`."""
    if "pooled" in fields:
        match = outcome_from_json(fields["pooled"], gallery)
        counts = fields["photos"], fields["shown"], fields["left_out"]
        return PooledMatch(match, *counts) if isinstance(match, Match) else None
    outcomes = [outcome_from_json(one, gallery) for one in fields["each"]]
    return None if None in outcomes else tuple(one for one in outcomes if one)


def _star(one: Neighbour) -> list[Any]:
    return [one.celebrity.id, one.distance, one.score, one.similarity, one.photo.file if one.photo else None]


def outcome_from_json(fields: dict[str, Any], gallery: Gallery) -> Outcome | None:
    """Read `outcome_to_json`; None if the gallery no longer has one of the celebrities, or a photo."""
    if "refusal" in fields:
        return Refusal(Reason(fields["refusal"]))
    wanted = {star[0] for face in fields["faces"] for star in face["stars"]}
    celebrities = gallery.celebrities.by_id(wanted)
    photos = {(id, photo.file): photo for id in celebrities for photo in gallery.photos_of(id)}
    try:
        return Match(
            tuple(
                FaceMatch(
                    tuple(face["box"]),
                    tuple(
                        Neighbour(celebrities[id], distance, score, similarity, photos[id, file] if file else None)
                        for id, distance, score, similarity, file in face["stars"]
                    ),
                    face["turn"],
                    Doubt(face["doubt"]) if face.get("doubt") else None,  # older versions kept none, and no eyes
                    tuple(face["eyes"]) if face.get("eyes") else None,
                )
                for face in fields["faces"]
            )
        )
    except KeyError:
        return None
