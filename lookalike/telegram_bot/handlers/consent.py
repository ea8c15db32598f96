"""Consent: what a user has just been shown and agreed to; without it no photo is downloaded."""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

from telegram.error import BadRequest, TelegramError

from lookalike.core.errors import LookalikeError
from lookalike.telegram_bot.callback_data import Consent
from lookalike.telegram_bot.context import Conversation, Press
from lookalike.telegram_bot.dialogue import Dialogue
from lookalike.telegram_bot.handlers.album_flow import answer_photos, by_album
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies import choices
from lookalike.telegram_bot.replies.reply import Reply

log = logging.getLogger(__name__)

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
    store, user = press.services.store, press.user
    await store.drop_held_photos(user.id)
    await store.withdraw_consent(user.id, update_id=press.update_id)
    await Dialogue(store, user.id).end()
    text = "consent-refused" if user.consent_version is None else "consent-withdrawn"
    await press.services.sender.edit(press.query, press.texts(text))


async def _agree(press: Press) -> None:
    """Yes: consent is recorded, then the very photos that waited for it are answered.

    On a card that is not the present one (its photo was answered, refused or erased) nothing is recorded, and the card
    comes anew. Several quick taps are one.
    """
    services, user = press.services, press.user
    held = await services.store.held_photos(user.id)
    card = (press.chat_id, press.message.message_id if press.message else 0)
    if user.consent_version == CONSENT_VERSION:
        if card in services.accepted_cards and not held:
            return
        text = "consent-thanks" if held else "consent-stale"
    elif await _is_present(press, [(photo.chat_id, photo.message_id) for photo in held]):
        await services.store.give_consent(user.id, CONSENT_VERSION, update_id=press.update_id)
        await _end_card_dialogue(press)
        text = "consent-thanks" if held else "consent-given"
    else:
        await ask_anew(press)
        return
    services.accepted_cards.add(card)
    await services.sender.edit(press.query, press.texts(text))
    await _answer_held(press)


async def _end_card_dialogue(press: Press) -> None:
    """End the dialogue of a card that came anew; one of another kind goes on."""
    dialogue = Dialogue(press.services.store, press.user.id)
    if (await dialogue.state() or {}).get("step") == "consent":
        await dialogue.end()


async def _is_present(press: Press, held: list[tuple[int, int]]) -> bool:
    """Whether the card asks about a photo that is held, or is the one that came anew."""
    if press.message is None:
        return False
    photo = press.message.reply_to_message
    if photo and (press.chat_id, photo.message_id) in held:
        return True
    state = await Dialogue(press.services.store, press.user.id).state()
    return state == {"step": "consent", "card": press.message.message_id}


async def ask_anew(press: Press) -> None:
    """Send a fresh consent card."""
    sent = await press.services.sender.send(press.chat_id, consent_card(press))
    if sent:
        state = {"step": "consent", "card": sent.message_id}
        await Dialogue(press.services.store, press.user.id).set(state, CARD_LASTS)


def consent_card(talk: Conversation) -> Reply:
    """The card in the user's language."""
    days = talk.services.settings.retention_days
    return choices.consent_card(talk.texts, talk.texts.name(talk.user.name), days)


async def _answer_held(press: Press) -> None:
    """Answer the photos that waited, oldest first; a bad one must not cost the others their answer."""
    services = press.services
    while page := await services.store.held_photos(press.user.id):
        for photos in by_album(page):
            try:
                await answer_photos(press, photos)
            except Exception as error:
                if isinstance(error, (TelegramError, LookalikeError)) and not isinstance(error, BadRequest):
                    raise
                log.exception("a photo that waited for consent failed")
                with contextlib.suppress(BadRequest):
                    await services.sender.send(photos[0].chat_id, Reply(press.texts("failed")), photos[0].message_id)
            for photo in photos:
                await services.store.drop_held_photo(photo.chat_id, photo.message_id)
