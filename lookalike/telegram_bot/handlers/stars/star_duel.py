"""A duel: how like one celebrity the face on a photo is.

It is asked by button, by deep link, or by the caption of the photo. By button under an answer it is the photo that was
answered; else the next photo is the one.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lookalike.core.errors import WorkerDied
from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.gallery.names.name_search import NOBODY
from lookalike.telegram_bot.callback_data import Duel
from lookalike.telegram_bot.context import Context, Conversation, Press
from lookalike.telegram_bot.handlers.photo_flow import CONSENT_VERSION, answer_photo, draw_card, panel_of
from lookalike.telegram_bot.handlers.stars.star_page import find_names
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.registry import callback, on_photo
from lookalike.telegram_bot.replies.photo_answer import refusal_text
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.replies.stars import star_duel

ASKED_LASTS = timedelta(hours=1)  # the question for a photo
STEP = "duel"  # of the dialogue: a photo is expected


@callback(Duel)
async def challenge(press: Press, asked: Duel) -> Reply | None:
    """The photo that was answered is compared with the celebrity, or else the next one."""
    answered = press.message.reply_to_message if press.message else None
    photo = photo_in(answered) if answered else None
    if photo is None or press.user.consent_version != CONSENT_VERSION:
        return await ask_for_photo(press, asked.tag)
    await answer_photo(press, replace(photo, purpose=asked.pack()))
    return None


async def ask_for_photo(talk: Conversation, tag: str) -> Reply:
    """Ask for a photo to compare with the celebrity of a tag; the next one is it."""
    celebrity = talk.services.gallery().celebrities.by_tag(tag)
    if celebrity is None:
        return Reply(talk.texts("star-gone"))
    await talk.dialogue.set({"step": STEP, "star": tag}, ASKED_LASTS)
    return star_duel.invitation(talk.texts, celebrity)


async def photo_asked_for(context: Context) -> Duel | None:
    """The duel that a photo was asked for; the first photo is it, however often that one is handled."""
    dialogue = context.dialogue
    state: dict[str, Any] = await dialogue.state() or {}
    number = context.message.message_id
    if state.get("step") != STEP or state.get("photo", number) != number:
        return None
    await dialogue.set({**state, "photo": number}, ASKED_LASTS)
    return Duel(state["star"])


async def named_in_caption(context: Context) -> Duel | None:
    """The duel with the one celebrity whom the caption of a photo names."""
    caption = (context.message.caption or "").replace(f"@{context.services.bot_name}", " ")
    found = await find_names(context, caption) if caption.strip() else NOBODY
    celebrities = context.services.gallery().celebrities
    return Duel(celebrity_tag(celebrities[found.sure[0]].id)) if len(found.sure) == 1 else None


@on_photo(Duel)
async def answer_duel(talk: Conversation, photo: Photo, asked: Duel) -> None:
    """Look at a photo and tell how like the celebrity its main face is; nothing of it is kept."""
    services = talk.services
    with services.metrics.stage("answer"):
        patience = services.sender.patience(photo.chat_id)
        async with services.photo_queue.turn(talk.user.id, is_file=photo.is_file), patience:
            reply, card = await _outcome(talk, photo, asked)
        await talk.check_not_erased()
        await talk.send(photo.chat_id, reply, photo.message_id, card)
    services.metrics.answer("duel")


async def _outcome(talk: Conversation, photo: Photo, asked: Duel) -> tuple[Reply, bytes | None]:
    services, gallery = talk.services, talk.services.gallery()
    row = gallery.celebrities.row_of_tag(asked.tag)
    if row is None:
        return Reply(talk.texts("star-gone")), None
    data = await services.downloader.download(photo)
    if isinstance(data, Refusal):
        return Reply(talk.texts(refusal_text(data.reason))), None
    try:
        found = await services.pool.find_for_card(data, is_file=photo.is_file)
    except WorkerDied:
        found = Refusal(Reason.UNREADABLE)
    if isinstance(found, Refusal):
        return Reply(talk.texts(refusal_text(found.reason))), None
    face = found.faces[0]
    star = await asyncio.to_thread(gallery.likeness, face.embedding, row)
    reply = star_duel.outcome(
        talk.texts, face, star, user_name=talk.user.name, bot_name=services.bot_name,
        photos_dir=services.settings.photos_dir,
    )  # fmt: skip
    return reply, await draw_card(talk, photo, panel_of(found) or data, reply)
