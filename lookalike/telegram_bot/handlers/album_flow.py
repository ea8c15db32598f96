"""Photos that were sent together: one pooled answer if they show one person, else one message with a line for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from lookalike.faces.types import Face, Refusal
from lookalike.gallery.matching import AlbumOutcome, PooledMatch, find_faces, match_album
from lookalike.store.store import HeldPhoto
from lookalike.telegram_bot.context import Conversation
from lookalike.telegram_bot.handlers.photo_flow import answer_photo, draw_card, first_shown, record, remembered_filter
from lookalike.telegram_bot.handlers.sharing.own_cards import keep_card
from lookalike.telegram_bot.photos.kept_answer import KeptAnswer
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.replies import album_answer
from lookalike.telegram_bot.replies.reply import Reply


def by_album(held: Sequence[HeldPhoto]) -> list[list[Photo]]:
    """Held photos in their order, those of one album together."""
    return [
        [Photo(one.chat_id, one.message_id, one.file_id, one.file_size, purpose=one.purpose, album=one.album,
               is_file=one.is_file)
         for one in together]
        for _, together in groupby(held, key=lambda one: (one.chat_id, one.album or one.message_id))
    ]  # fmt: skip


async def answer_photos(talk: Conversation, photos: Sequence[Photo]) -> None:
    """Answer photos that were sent together, of which the same was asked; one alone as any photo.

    UpdateClosed if the user was erased meanwhile. The sender has consented.
    """
    asked = next(filter(None, (photo.purpose for photo in photos)), "")
    if len(photos) > 1 and not asked:
        await _answer_album(talk, photos)
        return
    for photo in photos:
        await answer_photo(talk, replace(photo, purpose=asked))


async def _answer_album(talk: Conversation, photos: Sequence[Photo]) -> None:
    services = talk.services
    with services.metrics.stage("answer"):
        async with services.sender.patience(talk.chat_id):
            kept = await services.album_keeper.load(photos[0], talk.update, services.gallery())
            kept = kept or await _look_at(talk, photos)
            shown = photos[kept.outcome.shown if isinstance(kept.outcome, PooledMatch) else 0]
            reply = _reply(talk, kept)
            picture = await _draw(talk, shown, reply)
        await talk.check_not_erased()
        with services.metrics.stage("send"):
            sent = await services.sender.send(shown.chat_id, reply, shown.message_id, picture, kept.copies)
    services.album_keeper.drop(photos[0])
    if isinstance(kept.outcome, PooledMatch):
        await keep_card(talk, kept.outcome.match.best, sent)
    services.metrics.answer("pooled" if isinstance(kept.outcome, PooledMatch) else "album")


async def _look_at(talk: Conversation, photos: Sequence[Photo]) -> KeptAnswer[AlbumOutcome]:
    """Find the faces of each photo, one photo in memory at a time; record and keep what they are answered with."""
    services, gallery, found = talk.services, talk.services.gallery(), []
    where = remembered_filter(talk.user, gallery)
    for photo in photos:
        async with services.photo_queue.turn(talk.user.id, is_file=photo.is_file):
            found.append(await _faces(talk, photo))
    with services.metrics.stage("match"):
        outcome = match_album(found, gallery, where=where)
    if isinstance(outcome, PooledMatch):
        answer_id = await record(talk, photos[outcome.shown], outcome.match)
    else:
        ids = [await record(talk, photo, one) for photo, one in zip(photos, outcome, strict=True)]
        answer_id = ids[0]
    return await services.album_keeper.keep(photos[0], talk.update_id, outcome, answer_id, where)


async def _faces(talk: Conversation, photo: Photo) -> tuple[Face, ...] | Refusal:
    services = talk.services
    with services.metrics.stage("download"):
        data = await services.downloader.download(photo)
    find = partial(services.pool.find, is_file=photo.is_file)
    return data if isinstance(data, Refusal) else await find_faces(data, find)


def _reply(talk: Conversation, kept: KeptAnswer[AlbumOutcome]) -> Reply:
    services = talk.services
    if isinstance(kept.outcome, PooledMatch):
        return album_answer.of_one_person(
            talk.texts,
            kept.outcome,
            user_name=talk.user.name,
            bot_name=services.bot_name,
            photos_dir=services.settings.photos_dir,
            shown=first_shown(talk, kept.where, services.gallery()),
        )
    return album_answer.of_each(talk.texts, kept.outcome, kept.where)


async def _draw(talk: Conversation, photo: Photo, reply: Reply) -> bytes | None:
    """The share card, of a photo that is fetched again; None where there is none: then the words have to do."""
    if reply.card is None:
        return None
    async with talk.services.photo_queue.turn(talk.user.id, is_file=photo.is_file):
        return await draw_card(talk, photo, await talk.services.downloader.download(photo), reply)
