"""A picture that somebody sent: what is asked of it, and consent before anything is downloaded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from lookalike.store.store import HeldPhoto
from lookalike.telegram_bot.callback import Callback
from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers import comparing
from lookalike.telegram_bot.handlers.album_flow import answer_photos
from lookalike.telegram_bot.handlers.consent import consent_card
from lookalike.telegram_bot.handlers.drawn import avatar
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION
from lookalike.telegram_bot.handlers.sharing.challenge import photo_for_challenge
from lookalike.telegram_bot.handlers.stars.star_duel import named_in_caption, photo_asked_for
from lookalike.telegram_bot.photos.message_photo import photo_in
from lookalike.telegram_bot.registry import on_message
from lookalike.telegram_bot.replies import choices
from lookalike.telegram_bot.replies.reply import Reply

# What may be asked of a photo beside the plain question; the first that finds something decides.
PURPOSES: tuple[Callable[[Context], Awaitable[Callback | None]], ...] = (
    photo_for_challenge, avatar.photo_to_draw, photo_asked_for, named_in_caption, comparing.photo_to_compare,
)  # fmt: skip


@on_message("picture")
async def picture(context: Context) -> None:
    """Answer a picture, or ask for consent first; an album is answered, or asked about, as one."""
    photo, services = photo_in(context.message), context.services
    if photo is None:
        return
    if context.user.consent_version != CONSENT_VERSION:
        held = HeldPhoto(
            context.user.id, photo.chat_id, photo.message_id, photo.file_id, photo.file_size, await _purpose(context),
            photo.album, photo.is_file,
        )  # fmt: skip
        await services.store.hold_photo(held, update_id=context.update_id)
    if photo.album:
        await services.albums.join((photo.chat_id, photo.album), context, _answer)
    else:
        await _answer([context])


async def _answer(contexts: list[Context]) -> None:
    """Answer pictures that were sent together, or ask for consent.

    Once they are answered their updates are finished at once: a crash in between leaves all of them, or none.
    """
    contexts = sorted(contexts, key=lambda one: one.message.message_id)
    if waiting := [one for one in contexts if one.user.consent_version != CONSENT_VERSION]:
        await _ask_for_consent(waiting[0])
    if agreed := [one for one in contexts if one.user.consent_version == CONSENT_VERSION]:
        asked = next(filter(None, [await _purpose(one) for one in agreed]), "")
        photos = [replace(photo, purpose=asked) for one in agreed if (photo := photo_in(one.message))]
        await answer_photos(agreed[0], photos)
    if len(contexts) > 1:
        await contexts[0].services.store.finish_updates([one.update_id for one in contexts])


async def _ask_for_consent(context: Context) -> None:
    """Send the consent card under a picture; about an album once."""
    services, album = context.services, context.message.media_group_id
    if album and album in services.asked_albums:
        return
    try:
        await context.send(context.chat_id, await _consent_card(context), context.message.message_id)
    except BaseException:
        services.consent_cards.give_back(context.user.id)
        raise
    if album:
        services.asked_albums.add(album)


async def _consent_card(context: Context) -> Reply:
    """The whole card, or one line if it was lately shown for another photo that still waits in this chat."""
    is_due, album = context.services.consent_cards.take(context.user.id), context.message.media_group_id
    held = await context.services.store.held_photos(context.user.id)
    others = [
        one for one in held
        if one.chat_id == context.chat_id and one.message_id != context.message.message_id
        and not (album and one.album == album)
    ]  # fmt: skip
    return choices.consent_again(context.texts) if others and not is_due else consent_card(context)


async def _purpose(context: Context) -> str:
    """What is asked of the photo, as callback data; '' if it is the plain question."""
    for find in PURPOSES:
        if asked := await find(context):
            return asked.pack()
    return ""
