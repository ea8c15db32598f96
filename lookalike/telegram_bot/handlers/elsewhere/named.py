"""Whoever names the bot in a chat that is not its own gets the star of a photo of theirs, once they have consented.

Consent is given in the bot's own chat. Nothing is recorded: message ids of such a chat may be those of other messages
in the bot's own chat with the same person. There are no buttons that are answered, for the same reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from telegram import Message, Update

from lookalike.gallery.matching import Match, Outcome
from lookalike.telegram_bot.context import Conversation, Services
from lookalike.telegram_bot.handlers.groups import COMMAND
from lookalike.telegram_bot.handlers.photo_flow import (
    CONSENT_VERSION,
    draw_card,
    look_at,
    remembered_filter,
    star_reply,
)
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.replies.reply import Button, Reply
from lookalike.telegram_bot.texts import texts_of


async def answer_to(
    update: Update, message: Message, services: Services, *, has_card: bool
) -> tuple[Reply, bytes | None] | None:
    """The answer to a message that names the bot, and its card; None: nobody waits for one.

    UpdateClosed if the user of a journaled update was erased meanwhile.
    """
    sender = message.from_user
    if sender is None or sender.is_bot or message.sender_business_bot:
        return None
    user = await services.store.get_user(sender.id)
    texts = texts_of(services.texts, user, sender.language_code)
    how, where = _names(message, services.bot_name)
    photo = _own_photo(message, sender.id)
    if photo is None:
        return Reply(texts("elsewhere-photo", bot=how)), None
    if user is None or user.consent_version != CONSENT_VERSION:
        return Reply(texts("elsewhere-consent", bot=where)), None
    talk = Conversation(journaled(update), message.chat.id, user, texts, services)
    gallery = services.gallery()
    among = remembered_filter(user, gallery)
    with services.metrics.stage("answer"):
        async with services.photo_queue.turn(user.id, is_file=photo.is_file):
            data, outcome = await look_at(talk, photo, gallery, among)
            reply = star_reply(talk, outcome if has_card else _without_photos(outcome), gallery, among)
            card = await draw_card(talk, photo, data, reply) if has_card else None
    services.metrics.answer("elsewhere")
    if message.business_connection_id:
        await talk.check_not_erased()
    else:  # a guest's update is not in the journal
        now = await services.store.get_user(user.id)
        if now is None or now.consent_version != CONSENT_VERSION:
            return None
    return replace(reply, buttons=_links(reply)), card


def journaled(update: Update) -> dict[str, Any]:
    """The number of an update, and what the queue says of it."""
    return {"update_id": update.update_id, **update.api_kwargs}


def _names(message: Message, bot_name: str) -> tuple[str, str]:
    """How the bot is named in this chat, and where its own is.

    On behalf of an account it never says its own name: where that of the other side is connected with it too, it would
    be named by its own answer, and answer that, without end.
    """
    name = f"@{bot_name}"
    return (f"/{COMMAND}", f"t.me/{bot_name}") if message.business_connection_id else (name, name)


def _own_photo(message: Message, user_id: int) -> Photo | None:
    """The photo of the message, or the one that it replies to; only of whoever asks."""
    quoted = message.reply_to_message
    if photo := photo_in(message):
        return photo
    is_own = quoted is not None and quoted.from_user is not None and quoted.from_user.id == user_id
    return photo_in(quoted) if quoted and is_own else None


def _without_photos(outcome: Outcome) -> Outcome:
    """An outcome whose stars have no photos: there is no card, and nobody to credit."""
    if not isinstance(outcome, Match):
        return outcome
    faces = outcome.faces
    stars = (tuple(replace(one, photo=None) for one in face.neighbours) for face in faces)
    return Match(tuple(replace(face, neighbours=shown) for face, shown in zip(faces, stars, strict=True)))


def _links(reply: Reply) -> tuple[tuple[Button, ...], ...]:
    """The buttons that open something."""
    rows = (tuple(Button(one.text, url=one.url) for one in row if one.url) for row in reply.buttons)
    return tuple(row for row in rows if row)
