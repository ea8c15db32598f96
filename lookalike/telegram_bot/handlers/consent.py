"""Consent: what a user has just been shown and agreed to; without it no photo is downloaded."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace
from datetime import timedelta

from telegram.error import BadRequest, TelegramError

from lookalike.core.errors import LookalikeError
from lookalike.store.store import HeldPhoto
from lookalike.telegram_bot.callback_data import Consent
from lookalike.telegram_bot.context import Conversation, Press
from lookalike.telegram_bot.handlers.album_flow import answer_photos, by_album
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION, answer_photo
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies import choices
from lookalike.telegram_bot.replies.reply import SAID, Reply

log = logging.getLogger(__name__)

STEP = "consent"  # of the dialogue
CARD_LASTS = timedelta(hours=1)  # a card that asks about no held photo


@callback(Consent)
async def consent(press: Press, pressed: Consent) -> None:
    """Yes or no to the consent card."""
    if pressed.agreed:
        await _agree(press)
    else:
        await _refuse(press)


async def _refuse(press: Press) -> None:
    """No: the photos that wait are forgotten, and consent given before is withdrawn."""
    await press.services.sender.edit(press.query, await _refused(press))


async def _refused(talk: Conversation) -> str:
    """Forget the photos and withdraw consent; what is said about it."""
    store, user = talk.services.store, talk.user
    await store.drop_held_photos(user.id)
    await store.withdraw_consent(user.id, update_id=talk.update_id)
    await talk.dialogue.end(STEP)
    return talk.texts("consent-refused" if user.consent_version is None else "consent-withdrawn")


async def refuse_in_words(talk: Conversation) -> Reply:
    """A typed no."""
    return Reply(await _refused(talk))


async def agree_in_words(talk: Conversation) -> Reply:
    """A typed yes to a card that is open: consent is recorded, and the photos that waited for it are answered."""
    services, user = talk.services, talk.user
    held = await services.store.held_photos(user.id)
    await services.store.give_consent(user.id, CONSENT_VERSION, update_id=talk.update_id)
    await talk.dialogue.end(STEP)
    if not held:
        return Reply(talk.texts("consent-given"))
    await services.sender.say(talk.chat_id, talk.texts("consent-thanks"))
    await _answer_held(talk)
    return SAID


async def is_open(talk: Conversation) -> bool:
    """Whether the user has been asked for consent, and has not answered."""
    store, user = talk.services.store, talk.user
    if user.consent_version == CONSENT_VERSION:
        return False
    state = await talk.dialogue.state()
    return bool(state and state.get("step") == STEP) or bool(await store.held_photos(user.id, limit=1))


async def _agree(press: Press) -> None:
    """Yes: consent is recorded, then the very photos that waited for it are answered.

    On a card that is not the present one (its photo was answered, refused or erased) nothing is recorded, and the card
    comes anew. Several quick taps are one.
    """
    services, user = press.services, press.user
    held = await services.store.held_photos(user.id, limit=1)
    card = (press.chat_id, press.message.message_id if press.message else 0)
    if user.consent_version == CONSENT_VERSION:
        if card in services.accepted_cards and not held:
            return
        text = "consent-thanks" if held else "consent-stale"
    elif await _is_present(press):
        await services.store.give_consent(user.id, CONSENT_VERSION, update_id=press.update_id)
        await press.dialogue.end(STEP)
        text = "consent-thanks" if held else "consent-given"
    else:
        await ask_anew(press)
        return
    services.accepted_cards.add(card)
    await services.sender.edit(press.query, press.texts(text))
    await _answer_held(press)


async def _is_present(press: Press) -> bool:
    """Whether the card asks about a photo that is held, or is the one that came anew."""
    if press.message is None:
        return False
    photo = press.message.reply_to_message
    if photo and await press.services.store.is_held(press.user.id, press.chat_id, photo.message_id):
        return True
    state = await press.dialogue.state()
    return state == {"step": STEP, "card": press.message.message_id}


async def ask_anew(talk: Conversation) -> None:
    """Send a fresh consent card."""
    await ask_with(talk, consent_card(talk))


async def ask_with(talk: Conversation, card: Reply) -> None:
    """Send a card that asks for consent; its buttons count like those under a photo."""
    sent = await talk.send(talk.chat_id, card)
    if sent:
        await talk.dialogue.set({"step": STEP, "card": sent.message_id}, CARD_LASTS)


async def answer_or_ask(talk: Conversation, photo: Photo, purpose: str = "") -> None:
    """Answer a photo of the user's that is already in the chat, or hold it and ask for their consent first."""
    services, user = talk.services, talk.user
    if user.consent_version == CONSENT_VERSION:
        await answer_photo(talk, replace(photo, purpose=purpose))
        return
    held = HeldPhoto(
        user.id, photo.chat_id, photo.message_id, photo.file_id, photo.file_size, purpose, is_file=photo.is_file
    )
    await services.store.hold_photo(held, update_id=talk.update_id)
    await talk.send(photo.chat_id, consent_card(talk), photo.message_id)


def consent_card(talk: Conversation) -> Reply:
    """The card in the user's language; whoever agreed to an earlier text is told that it has changed."""
    days = talk.services.settings.retention_days
    is_changed = talk.user.consent_version is not None
    return choices.consent_card(talk.texts, talk.texts.name(talk.user.name), days, is_changed=is_changed)


async def _answer_held(talk: Conversation) -> None:
    """Answer the photos that waited, oldest first; a bad one must not cost the others their answer."""
    services = talk.services
    while page := await services.store.held_photos(talk.user.id):
        for photos in by_album(page):
            try:
                await answer_photos(talk, photos)
            except Exception as error:
                if isinstance(error, (TelegramError, LookalikeError)) and not isinstance(error, BadRequest):
                    raise
                log.exception("a photo that waited for consent failed")
                with contextlib.suppress(BadRequest):
                    await services.sender.send(photos[0].chat_id, Reply(talk.texts("failed")), photos[0].message_id)
            for photo in photos:
                await services.store.drop_held_photo(photo.chat_id, photo.message_id)
