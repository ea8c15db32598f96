"""A picture that somebody sent: what is asked of it, and consent before anything is downloaded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from lookalike.store.store import HeldPhoto
from lookalike.telegram_bot.callback_data import Callback
from lookalike.telegram_bot.context import Context
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION, answer_photo
from lookalike.telegram_bot.photos.message_photo import photo_in
from lookalike.telegram_bot.registry import on_message
from lookalike.telegram_bot.replies import choices

# What may be asked of a photo beside the plain question; the first that finds something decides.
PURPOSES: tuple[Callable[[Context], Awaitable[Callback | None]], ...] = ()


@on_message("picture")
async def picture(context: Context) -> None:
    """Answer a picture, or ask for consent first; an album is asked about once."""
    photo, services = photo_in(context.message), context.services
    if photo is None:
        return
    photo = replace(photo, purpose=await _purpose(context))
    if context.user.consent_version == CONSENT_VERSION:
        await answer_photo(context, photo)
        return
    user = context.user
    held = HeldPhoto(user.id, photo.chat_id, photo.message_id, photo.file_id, photo.file_size, photo.purpose)
    await services.store.hold_photo(held, update_id=context.update_id)
    album = context.message.media_group_id
    if album and album in services.asked_albums:
        return
    name, days = context.texts.name(user.name), services.settings.retention_days
    await services.sender.send(photo.chat_id, choices.consent_card(context.texts, name, days), photo.message_id)
    if album:
        services.asked_albums.add(album)


async def _purpose(context: Context) -> str:
    """What is asked of the photo, as callback data; '' if it is the plain question."""
    for find in PURPOSES:
        if asked := await find(context):
            return asked.pack()
    return ""
