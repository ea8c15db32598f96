"""One photo to its answer: a turn, download, match, record, card, send."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, replace

from telegram import Message

from lookalike.core.errors import FilterError, UpdateClosed, WorkerDied
from lookalike.faces.drawing.card.around import around
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Box, Eyes, Face, Refusal
from lookalike.gallery.filters import ANYBODY, Filter, parse_filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import SHOWN, Match, Outcome, match
from lookalike.store.store import Ranked, User
from lookalike.telegram_bot.context import Conversation
from lookalike.telegram_bot.handlers.sharing.everybody import send_cards
from lookalike.telegram_bot.handlers.sharing.own_cards import keep_card
from lookalike.telegram_bot.handlers.tastes.rating import can_rate
from lookalike.telegram_bot.photos.answer_cache import CachedAnswer, CacheKey
from lookalike.telegram_bot.photos.kept_answer import KeptAnswer
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.registry import on_photo
from lookalike.telegram_bot.replies import photo_answer
from lookalike.telegram_bot.replies.answer_buttons import Shown
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.workers.protocol import FoundFaces

# Raise it when the consent text changes in substance: everybody is asked again. The clause about morphs and
# drawings did not: nothing more is kept, and nobody else sees more than the person's own press or command shows there.
CONSENT_VERSION = 2


@dataclass(frozen=True)
class Panel:
    """The user's face for the share card, cut from a photo that would be costly to decode again, and where it is."""

    jpeg: bytes
    box: Box
    eyes: Eyes | None

    def in_card(self, card: Card) -> Card:
        """The card of the whole photo, as it is of this."""
        return replace(card, box=self.box, eyes=self.eyes, turn=0)


def panel_of(found: FoundFaces) -> Panel | None:
    """The panel of the main face, where there is one."""
    if not found.panel:
        return None
    face = found.faces[0]
    kept = around(face.box, face.eyes, (found.size.width, found.size.height))
    return Panel(found.panel, kept.box(face.box), kept.eyes(face.eyes))


async def answer_photo(talk: Conversation, photo: Photo) -> None:
    """Answer a photo with what was asked of it; UpdateClosed if the user was erased meanwhile.

    The sender has consented. The bytes of the photo live no longer than this call.
    """
    handler, asked = talk.services.registry.photo_handler_for(photo.purpose)
    await handler.answer(talk, photo, asked)


@on_photo()
async def answer_with_star(talk: Conversation, photo: Photo, _: None) -> None:
    """Look at a photo and answer with the star; if the user was erased meanwhile, nothing is kept or sent."""
    services, gallery = talk.services, talk.services.gallery()
    where = remembered_filter(talk.user, gallery)
    key = CacheKey(talk.user.id, photo.file_unique_id, talk.texts.language, where)
    cached = services.answer_cache.get(key, gallery)
    if cached:
        await _answer_again(talk, photo, cached, where)
        return
    erasures = services.answer_cache.erasures
    with services.metrics.stage("answer"):
        _send_notice(talk, photo)
        async with (
            services.photo_queue.turn(talk.user.id, is_file=photo.is_file),
            services.sender.patience(photo.chat_id),
        ):
            kept, reply, card = await _found(talk, photo, gallery, where)
        await talk.check_not_erased()
        with services.metrics.stage("send"):
            sent = await _send(talk, photo, kept, reply, card)
    services.answer_keeper.drop(photo)
    if isinstance(kept.outcome, Match):
        await keep_card(talk, kept.outcome.best, sent)
    services.metrics.answer(outcome_name(kept.outcome))
    if photo.file_unique_id and isinstance(kept.outcome, Match) and erasures == services.answer_cache.erasures:
        card_file_id = sent.photo[-1].file_id if sent and sent.photo else None
        services.answer_cache.put(key, CachedAnswer(kept.outcome, card_file_id), gallery)


async def _answer_again(talk: Conversation, photo: Photo, cached: CachedAnswer, where: Filter) -> None:
    """The same photo from the same user: the same answer, with the card that was sent."""
    services = talk.services
    kept = await services.answer_keeper.load(photo, talk.update, services.gallery())
    kept = kept or await _keep(talk, photo, cached.outcome, where, is_repeat=True)
    reply = star_reply(talk, kept.outcome, services.gallery(), kept.where)
    card = cached.card_file_id if reply.card or reply.numbered else None
    await _send(talk, photo, kept, reply, card)
    services.answer_keeper.drop(photo)
    services.metrics.answer("repeat")


async def _send(
    talk: Conversation, photo: Photo, kept: KeptAnswer[Outcome], reply: Reply, card: bytes | str | None
) -> Message | None:
    """Send the answer; behind one about several people a card for each, in a group only by button."""
    sent = await talk.services.sender.send(photo.chat_id, reply, photo.message_id, card, kept.copies)
    if isinstance(kept.outcome, Match) and len(kept.outcome.faces) > 1 and photo.chat_id > 0:
        await kept.copies.use_up()  # whatever becomes of the cards
        await send_cards(talk, photo, kept.outcome)
    return sent


async def _found(
    talk: Conversation, photo: Photo, gallery: Gallery, where: Filter
) -> tuple[KeptAnswer[Outcome], Reply, bytes | None]:
    """What was found in the photo, now or by an earlier try, with the reply and the card to send."""
    services = talk.services
    data: bytes | Panel | Refusal | None = None
    kept = await services.answer_keeper.load(photo, talk.update, gallery)
    if kept is None:
        data, outcome = await look_at(talk, photo, gallery, where)
        kept = await _keep(talk, photo, outcome, where)
    reply = star_reply(talk, kept.outcome, gallery, kept.where)
    again = (reply.card and data is None) or (reply.numbered and not isinstance(data, bytes))
    if again:  # a retry, or a panel where the whole photo is wanted: the card needs the photo once more
        data = await services.downloader.download(photo)
    return kept, reply, await draw_card(talk, photo, data, reply)


def _send_notice(talk: Conversation, photo: Photo) -> None:
    """Send a user who will wait long their place in the queue, without waiting for that."""
    services = talk.services
    place = services.photo_queue.notice_due(talk.user.id) if photo.chat_id > 0 else None
    if place:
        words = talk.texts("waiting", place=place.number, seconds=math.ceil(place.wait_s))
        services.sender.say_beside(photo.chat_id, words)


async def look_at(
    talk: Conversation, photo: Photo, gallery: Gallery, where: Filter
) -> tuple[bytes | Panel | Refusal, Outcome]:
    """What the card is to be drawn from, and the outcome among those whom a filter leaves."""
    services = talk.services
    with services.metrics.stage("download"):
        data = await services.downloader.download(photo)
    if isinstance(data, Refusal):
        return data, data
    panel: Panel | None = None

    async def find(encoded: bytes) -> tuple[Face, ...] | Refusal:
        nonlocal panel
        found = await services.pool.find_for_card(encoded, is_file=photo.is_file)
        if isinstance(found, Refusal):
            return found
        panel = panel_of(found)
        return found.faces

    with services.metrics.stage("match"):
        outcome = await match(data, find, gallery, where=where)
    return panel or data, outcome


async def _keep(
    talk: Conversation, photo: Photo, outcome: Outcome, where: Filter, *, is_repeat: bool = False
) -> KeptAnswer[Outcome]:
    """Put the outcome into the user's history, and keep it until it is sent; a repeat is not collected."""
    answer_id = await record(talk, photo, outcome, collects=not is_repeat)
    return await talk.services.answer_keeper.keep(photo, talk.update_id, outcome, answer_id, where)


async def record(talk: Conversation, photo: Photo, outcome: Outcome, *, collects: bool = True) -> str:
    """Put an outcome into the user's history, and return its id; UpdateClosed if the user was erased meanwhile."""
    ranking = [
        Ranked(one.celebrity.id, one.celebrity.name_in(talk.texts.language), one.similarity)
        for one in (outcome.faces[0].neighbours if isinstance(outcome, Match) else ())
    ]
    answer_id = await talk.services.store.record_answer(
        talk.user.id, outcome_name(outcome), ranking,
        chat_id=photo.chat_id, message_id=photo.message_id, update_id=talk.update_id, collects=collects,
    )  # fmt: skip
    if answer_id is None:
        raise UpdateClosed(f"the user of update {talk.update_id} was erased")
    return answer_id


def star_reply(talk: Conversation, outcome: Outcome, gallery: Gallery, where: Filter, place: int = 0) -> Reply:
    """The answer with the star at a place, from 0, of those who were found among the ones whom a filter leaves."""
    services = talk.services
    return photo_answer.answer(
        talk.texts,
        outcome,
        user_name=talk.user.name,
        bot_name=services.bot_name,
        photos_dir=services.settings.photos_dir,
        shown=replace(first_shown(talk, where, gallery), place=place),
    )


def first_shown(talk: Conversation, where: Filter, gallery: Gallery) -> Shown:
    """The first star among those whom a filter leaves, the filters to choose from, and a wording."""
    variant = talk.services.variants.choose(talk.user.id, str(talk.update_id))
    return Shown(0, where, gallery.celebrities.traits.choices(where, SHOWN), variant, can_rate(talk))


async def draw_card(
    talk: Conversation, photo: Photo, data: bytes | Panel | Refusal | None, reply: Reply
) -> bytes | None:
    """The share card; None where there is none, and then the words alone have to do."""
    pool, is_file = talk.services.pool, photo.is_file
    try:
        if reply.numbered and isinstance(data, bytes):
            return await pool.number_faces(data, reply.numbered, reply.turn, is_file=is_file)
        if reply.card is None or not isinstance(data, bytes | Panel):
            return None
        if isinstance(data, Panel):
            return await pool.draw(data.jpeg, data.in_card(reply.card))
        return await pool.draw(data, reply.card, is_file=is_file)
    except WorkerDied:
        return None


def remembered_filter(user: User, gallery: Gallery) -> Filter:
    """The filter that a user has set, unless it leaves nobody of this gallery."""
    if not user.where:
        return ANYBODY
    with contextlib.suppress(FilterError):
        where = parse_filter(user.where)
        gallery.celebrities.traits.rows(where)
        return where
    return ANYBODY


def outcome_name(outcome: Outcome) -> str:
    """What an outcome is called in the history and in the metrics: `match`, or the reason why not."""
    return "match" if isinstance(outcome, Match) else str(outcome.reason)
