"""A person as a drawing, in three styles, each as a sticker too.

At a button under the answer to a photo; by /avatar in reply to a photo, before one, or in its caption. Only whoever
sent a photo gets it drawn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from telegram import Message
from telegram.constants import ChatType

from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.filters import ANYBODY
from lookalike.telegram_bot.callback_data import AvatarAs
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.delivery.update_kinds import command_in
from lookalike.telegram_bot.handlers.another_star import asked_again
from lookalike.telegram_bot.handlers.consent import answer_or_ask
from lookalike.telegram_bot.handlers.drawn.made_picture import made_or_why_not
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.registry import callback, command, on_photo
from lookalike.telegram_bot.replies.drawn import avatar_reply
from lookalike.telegram_bot.replies.photo_answer import refusal_text
from lookalike.telegram_bot.replies.reply import Reply

COMMAND = "avatar"
STEP = "avatar"  # of the dialogue: a photo is expected
WAITS = timedelta(minutes=30)  # for the photo
FIRST = AvatarAs(AvatarStyle.COMIC, "new")
NONE = "avatar-none"  # the text where nothing can be drawn
SHAPES = {"sticker": AvatarShape.STICKER, "round": AvatarShape.ROUND}  # by the form of a button; else a picture


@command(COMMAND)
async def avatar_of_photo(context: Context) -> Reply | None:
    """Draw the photo that the command replies to, or ask for one; in a group there must be one."""
    quoted = context.message.reply_to_message
    photo = photo_in(quoted) if quoted else None
    if photo and quoted and quoted.from_user and quoted.from_user.id == context.user.id:
        await answer_or_ask(context, photo, FIRST.pack())
        return None
    if photo or context.message.chat.type != ChatType.PRIVATE:
        return Reply(context.texts("avatar-own"))
    await context.dialogue.set({"step": STEP}, WAITS)
    return Reply(context.texts("avatar-ask"))


async def photo_to_draw(context: Context) -> AvatarAs | None:
    """Whether a photo is the one that /avatar asked for, however often it is handled, or says /avatar itself."""
    if command_in(context.message.caption) == COMMAND:
        return FIRST
    if context.message.chat.type != ChatType.PRIVATE:
        return None
    dialogue, number = context.dialogue, context.message.message_id
    state = await dialogue.state() or {}
    if state.get("step") != STEP or state.get("photo", number) != number:
        return None
    await dialogue.set({**state, "photo": number}, WAITS)
    return FIRST


@on_photo(AvatarAs)
async def draw_photo(talk: Conversation, photo: Photo, wanted: AvatarAs) -> None:
    """Draw a photo that came for that; a photo of which that is not possible leaves the question open."""
    sent = await _send(talk, replace(photo, purpose=""), wanted)
    if sent is None:
        return
    await talk.send(photo.chat_id, sent, photo.message_id)
    dialogue = talk.dialogue
    if ((await dialogue.state()) or {}).get("photo") == photo.message_id:
        await dialogue.set({"step": STEP}, WAITS)


@callback(AvatarAs)
async def avatar(press: Press, wanted: AvatarAs) -> Reply | None:
    """Look at the photo again, and draw its main face."""
    again = await asked_again(press, str(ANYBODY))
    if not isinstance(again, tuple):
        return again
    return await _send(press, again[0], wanted, press.message if wanted.form == "instead" else None)


async def _send(talk: Conversation, photo: Photo, wanted: AvatarAs, instead: Message | None = None) -> Reply | None:
    """Send the drawing, in place of the one in a message or in a new one; or the words why there is none."""
    services, style = talk.services, AvatarStyle(wanted.style)
    sender, shape = services.sender, SHAPES.get(wanted.form, AvatarShape.PICTURE)
    drawing = await made_or_why_not(
        talk, photo, services.picture_queue, lambda: _drawn(talk, photo, style, shape), kind="avatar", failed=NONE
    )
    if isinstance(drawing, Reply):
        return drawing
    if shape is not AvatarShape.PICTURE:
        copies = await talk.copies_to(photo.chat_id, photo.message_id)
        await sender.send_sticker(photo.chat_id, drawing, photo.message_id, copies)
        return None
    reply = avatar_reply(talk.texts, style)
    if instead is None or not await sender.edit_card(instead, reply, drawing):
        await talk.send(photo.chat_id, reply, photo.message_id, drawing)
    return None


async def _drawn(talk: Conversation, photo: Photo, style: AvatarStyle, shape: AvatarShape) -> bytes | str:
    """The drawing; or which text says why there is none."""
    services = talk.services
    async with services.photo_queue.turn(talk.user.id, is_file=photo.is_file, is_part=True):
        data = await services.downloader.download(photo)
        if isinstance(data, Refusal):
            return "photo-gone" if data.reason is Reason.UNREADABLE else refusal_text(data.reason)
        faces = await services.pool.find(data, is_file=photo.is_file)
    if isinstance(faces, Refusal):
        return refusal_text(faces.reason)
    order = AvatarOrder.of(faces, style, shape)
    drawing = await services.pool.avatar(data, order) if order else Refusal(Reason.UNREADABLE)
    if isinstance(drawing, Refusal):
        return refusal_text(drawing.reason) if drawing.reason is Reason.FACE_TOO_SMALL else NONE
    return drawing
