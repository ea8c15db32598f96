"""A person as a drawing, at a button under the answer to their photo: three styles, and each as a sticker."""

from __future__ import annotations

from lookalike.core.errors import WorkerDied
from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.types import Refusal
from lookalike.gallery.filters import ANYBODY
from lookalike.telegram_bot.callback_data import AvatarAs
from lookalike.telegram_bot.context import Press
from lookalike.telegram_bot.handlers.another_star import asked_again
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies.drawn import avatar_reply
from lookalike.telegram_bot.replies.reply import Reply


@callback(AvatarAs)
async def avatar(press: Press, wanted: AvatarAs) -> Reply | None:
    """Look at the photo again, and draw its main face."""
    sender, again = press.services.sender, await asked_again(press, str(ANYBODY))
    if not isinstance(again, tuple):
        return again
    photo, _ = again
    style, is_sticker = AvatarStyle(wanted.style), wanted.form == "sticker"
    try:
        async with press.services.photo_queue.turn(press.user.id), sender.patience(photo.chat_id):
            drawing = await _drawn(press, photo, style, AvatarShape.STICKER if is_sticker else AvatarShape.PICTURE)
    except WorkerDied:
        drawing = None
    if drawing is None:
        return Reply(press.texts("avatar-none"))
    if is_sticker:
        await sender.send_sticker(photo.chat_id, drawing, photo.message_id)
        return None
    reply = avatar_reply(press.texts, style)
    is_shown = wanted.form == "instead" and press.message and await sender.edit_card(press.message, reply, drawing)
    if not is_shown:
        await sender.send(photo.chat_id, reply, photo.message_id, drawing)
    return None


async def _drawn(press: Press, photo: Photo, style: AvatarStyle, shape: AvatarShape) -> bytes | None:
    """The drawing; None where the photo is gone, or its face is not seen well enough."""
    services = press.services
    data = await services.downloader.download(photo)
    faces = data if isinstance(data, Refusal) else await services.pool.find(data)
    if isinstance(data, Refusal) or isinstance(faces, Refusal) or faces[0].eyes is None:
        return None
    drawing = await services.pool.avatar(data, AvatarOrder(faces[0].box, faces[0].eyes, faces[0].turn, style, shape))
    return drawing if isinstance(drawing, bytes) else None
