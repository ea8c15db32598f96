"""A face turns into a star's and back: a short video at a button under the answer, and five pictures of it."""

from __future__ import annotations

from lookalike.faces.types import Refusal
from lookalike.gallery.filters import Filter
from lookalike.telegram_bot.callback_data import MorphAt, StripAt
from lookalike.telegram_bot.context import Press
from lookalike.telegram_bot.handlers.another_star import asked_again, of_one_photo
from lookalike.telegram_bot.handlers.drawn.made_picture import made_or_why_not
from lookalike.telegram_bot.handlers.photo_flow import Panel, look_at
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies.drawn import morph_card
from lookalike.telegram_bot.replies.reply import Reply

NONE = "morph-none"  # the text where nothing can be made


@callback(MorphAt)
async def morph(press: Press, wanted: MorphAt) -> Reply | None:
    """The main face of the photo turning into the star's."""
    return await _send(press, wanted)


@callback(StripAt)
async def strip(press: Press, wanted: StripAt) -> Reply | None:
    """Five pictures of that."""
    return await _send(press, wanted)


async def _send(press: Press, wanted: MorphAt | StripAt) -> Reply | None:
    """Look at the photo again, and send what is made of it."""
    services, again = press.services, await asked_again(press, wanted.where)
    if not isinstance(again, tuple):
        return again
    photo, where = again
    made = await made_or_why_not(
        press, photo, services.picture_queue, lambda: _made(press, photo, where, wanted), kind="morph", failed=NONE
    )
    if isinstance(made, Reply):
        return made
    reply, picture = made
    if isinstance(wanted, StripAt):
        await press.send(photo.chat_id, reply, photo.message_id, picture)
    else:
        copies = await press.copies_to(photo.chat_id, photo.message_id)
        await services.sender.send_video(photo.chat_id, picture, reply, photo.message_id, copies)
    return None


async def _made(press: Press, photo: Photo, where: Filter, wanted: MorphAt | StripAt) -> tuple[Reply, bytes] | str:
    """The words, and the video or the strip.

    Or which words say why not: the photo is gone, a face is not seen well enough, or may not be changed.
    """
    services = press.services
    async with services.photo_queue.turn(press.user.id, is_file=photo.is_file, is_part=True):
        data, outcome = await look_at(press, photo, services.gallery(), where)
    if isinstance(outcome, Refusal) or isinstance(data, Refusal):
        return "photo-gone"
    found = morph_card(press.texts, outcome, wanted, services.settings.photos_dir)
    if found is None:
        return NONE
    card, reply = found
    if isinstance(data, Panel):  # it has room for a morph: portrait.py, aligned.py
        card, data = data.in_card(card), data.jpeg
    picture = await services.pool.morph(data, card, as_strip=isinstance(wanted, StripAt))
    return NONE if isinstance(picture, Refusal) else (of_one_photo(press, photo, reply), picture)
