"""Two people, of two photos or of one: their faces found and compared, and the card of both."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from lookalike.core.errors import WorkerDied
from lookalike.faces.types import Face, Refusal
from lookalike.gallery.matching import NotCompared, compare_faces, find_faces
from lookalike.telegram_bot.context import Conversation
from lookalike.telegram_bot.photos.kept_comparison import FacePlace, Pair, PairOutcome
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.replies.reply import Reply


async def compare_people(
    talk: Conversation, photos: Sequence[Photo], data: list[bytes], places: tuple[int, int] | None = None
) -> PairOutcome:
    """How alike the main faces of two photos are, or two faces of one photo by their places from the left.

    The bytes of the photos are put into `data`, for the card.
    """
    faces: list[Face] = []
    for number, photo in enumerate(photos):
        found = await _faces(talk, photo, data)
        if isinstance(found, Refusal):
            return NotCompared(number, found)
        faces += found[:1] if places is None else _from_left(found, places)
    one, other = faces
    with talk.services.metrics.stage("match"):
        alike = await compare_faces(one, other, talk.services.gallery())
    return Pair((FacePlace.of(one), FacePlace.of(other)), alike.similarity)


async def draw_people(talk: Conversation, photos: Sequence[Photo], reply: Reply, data: list[bytes]) -> bytes | None:
    """The card of both; None where there is none, and then the words alone have to do."""
    if reply.card is None:
        return None
    if not data:  # a retry: the card needs the photos once more
        for photo in photos:
            downloaded = await talk.services.downloader.download(photo)
            if isinstance(downloaded, Refusal):
                return None
            data.append(downloaded)
    try:
        return await talk.services.pool.draw_pair(data[0], reply.card, data[-1], is_file=is_any_file(photos))
    except WorkerDied:
        return None


async def _faces(talk: Conversation, photo: Photo, data: list[bytes]) -> tuple[Face, ...] | Refusal:
    services = talk.services
    with services.metrics.stage("download"):
        downloaded = await services.downloader.download(photo)
    if isinstance(downloaded, Refusal):
        return downloaded
    data.append(downloaded)
    return await find_faces(downloaded, partial(services.pool.find, is_file=photo.is_file))


def is_any_file(photos: Sequence[Photo]) -> bool:
    """Whether one of them was sent as a file."""
    return any(photo.is_file for photo in photos)


def _from_left(faces: Sequence[Face], places: tuple[int, int]) -> list[Face]:
    """The faces at two places from the left; those at the ends where there are fewer."""
    ordered = sorted(faces, key=lambda face: face.box[0])
    return [ordered[min(max(place, 0), len(ordered) - 1)] for place in places]
