"""Groups: a welcome, photos that somebody replies to, somebody else's photo only with their yes, the next photo."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telegram import Message, Update
from telegram.constants import ChatType

from lookalike.store.store import Store
from lookalike.telegram_bot.callback_data import Permission
from lookalike.telegram_bot.context import Context, Conversation, Press, Services
from lookalike.telegram_bot.dialogue import Dialogue
from lookalike.telegram_bot.handlers.comparing import compare_with_asker
from lookalike.telegram_bot.handlers.consent import answer_or_ask
from lookalike.telegram_bot.handlers.groups import COMMAND
from lookalike.telegram_bot.handlers.photo_flow import answer_photo
from lookalike.telegram_bot.photos.message_photo import Photo, photo_in
from lookalike.telegram_bot.registry import callback, command, on_message, on_photo, on_update
from lookalike.telegram_bot.replies.comparison import permission_card
from lookalike.telegram_bot.replies.reply import Reply
from lookalike.telegram_bot.texts import language_of

STEP = "group-photo"
AWAITED = timedelta(minutes=10)  # the next photo of who asked
ASKED_LASTS = timedelta(days=1)  # a question to the sender of a photo


@on_update("my_chat_member")
async def membership(update: Update, services: Services) -> None:
    """Greet a group that the bot was added to; note that a user blocked the bot."""
    change = update.my_chat_member
    if change is None:
        return
    if change.chat.type == ChatType.PRIVATE:
        await services.store.mark_blocked(change.from_user.id)
        return
    texts = services.texts[language_of(change.from_user.language_code)]
    rights = change.new_chat_member.to_dict()  # an admin's and a member's have no such fields: they may
    if not rights.get("can_send_messages", True):
        return
    lines = [texts("group-welcome", bot=f"@{services.bot_name}")]
    if not rights.get("can_send_photos", True):
        lines.append(texts("group-no-pictures"))
    await services.sender.say(change.chat.id, "\n\n".join(lines))


@command(COMMAND)
async def lookalike(context: Context) -> Reply | None:
    """The star of the photo that is replied to, else of the next one."""
    quoted = context.message.reply_to_message
    if quoted and photo_in(quoted) and context.message.chat.type != ChatType.PRIVATE:
        return await quoted_picture.answer(context)
    return Reply(context.texts("send-photo")) if context.chat_id > 0 else await await_photo(context)


async def await_photo(context: Context) -> Reply:
    """Ask for a photo; the user's next one in this group counts."""
    await context.dialogue.set({"step": STEP, "chat": context.chat_id}, AWAITED)
    return Reply(context.texts("group-next-photo"))


async def is_awaited(store: Store, message: Message, user_id: int, update_id: int) -> bool:
    """Whether a photo in a group is the one that was asked for; it stays so when it is handled again."""
    dialogue = Dialogue(store, user_id, update_id)
    state = await dialogue.state() or {}
    if state.get("step") != STEP or state.get("chat") != message.chat.id:
        return False
    sent = message.media_group_id or str(message.message_id)
    if "photo" not in state:
        await dialogue.set(state | {"photo": sent}, AWAITED)
    return bool(state.get("photo", sent) == sent)


@on_message("quoted_picture")
async def quoted_picture(context: Context) -> Reply | None:
    """Words to the bot in reply to a photo in a group: its star, if it is one's own; else its sender is asked."""
    quoted, services = context.message.reply_to_message, context.services
    photo = photo_in(quoted) if quoted else None
    if quoted is None or photo is None or quoted.from_user is None or quoted.from_user.is_bot:
        return await await_photo(context)
    if quoted.from_user.id == context.user.id:
        await answer_or_ask(context, photo)
        return None
    asked = (photo.chat_id, photo.message_id)
    if asked not in services.asked_owners:  # one question about a photo is enough
        card = permission_card(context.texts, context.user, is_pair=False)
        await context.send(photo.chat_id, card, photo.message_id)
        services.asked_owners.add(asked)
    return None


@callback(Permission)
async def permission(press: Press, asked: Permission) -> Reply | None:
    """The yes or no of whose photo it is; nobody else's press comes here."""
    quoted = press.message.reply_to_message if press.message else None
    photo = photo_in(quoted) if quoted else None
    if press.message is None or photo is None or datetime.now(UTC) - press.message.date > ASKED_LASTS:
        return Reply(press.texts("permission-old"))
    if not asked.agreed:
        await press.services.sender.edit(press.query, press.texts("permission-refused"))
        return None
    await press.services.sender.edit(press.query, press.texts("permission-thanks"))
    await answer_or_ask(press, photo, asked.pack())
    return None


@on_photo(Permission)
async def permitted(talk: Conversation, photo: Photo, asked: Permission) -> None:
    """Answer a photo that its sender allowed to be looked at."""
    if asked.is_pair:
        await compare_with_asker(talk, photo, asked.asker)
    else:
        await answer_photo(talk, replace(photo, purpose=""))
