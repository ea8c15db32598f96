"""Between Telegram's messages and our values: what is needed of an update, its picture, how a reply looks there."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import Any

from telegram import (
    ChatMemberUpdated,
    Document,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    PhotoSize,
    Update,
)
from telegram.constants import ChatType
from telegram.ext import filters

from lookalike.telegram_bot.replies import Reply

ENOUGH_PX = 640  # longest side of the smallest photo size that serves: detection works at 800 and below

# The fields of an update that its handler needs; nothing else goes into the journal. None: the whole value.
Shape = dict[str, "Shape | None"]
_USER: Shape = dict.fromkeys(("id", "is_bot", "first_name", "language_code"))
_CHAT: Shape = dict.fromkeys(("id", "type"))
_FILE: Shape = dict.fromkeys(("file_id", "file_unique_id", "file_size", "width", "height", "mime_type", "file_name"))
_PLACE: Shape = {"message_id": None, "date": None, "chat": _CHAT, "from": _USER}
_MESSAGE: Shape = _PLACE | {
    "text": None, "caption": None, "media_group_id": None, "photo": _FILE, "document": _FILE,
    "reply_to_message": _PLACE,
}  # fmt: skip
_UPDATE: Shape = {
    "update_id": None,
    "message": _MESSAGE,
    "callback_query": {"id": None, "chat_instance": None, "data": None, "from": _USER, "message": _MESSAGE},
    "my_chat_member": {"chat": _CHAT, "from": _USER, "date": None, "old_chat_member": None, "new_chat_member": None},
}


def shorten(raw: dict[str, Any]) -> dict[str, Any] | None:
    """What of an update has to be kept until it is answered; None if nobody expects an answer.

    Raises whatever python-telegram-bot does for an update that it cannot read.
    """
    update = Update.de_json(raw, None)
    if filters.StatusUpdate.ALL.check_update(update):  # "pinned a message" and the like
        return None
    if update.my_chat_member and not is_block(update.my_chat_member):
        return None
    short: dict[str, Any] = _only(raw, _UPDATE)
    return short


def _only(value: Any, shape: Shape | None) -> Any:
    if shape is None:
        return value
    if isinstance(value, list):
        return [_only(one, shape) for one in value]
    return {name: _only(value[name], inner) for name, inner in shape.items() if name in value}


def is_block(change: ChatMemberUpdated) -> bool:
    """Whether somebody blocked the bot; thrown out of a group is another thing."""
    return change.chat.type == ChatType.PRIVATE and change.new_chat_member.status == "kicked"


@dataclass(frozen=True)
class Photo:
    """A picture in a message: where it is, not what is on it."""

    chat_id: int
    message_id: int
    file_id: str
    file_size: int  # bytes; 0 if Telegram did not say
    file_unique_id: str = ""  # '' for a photo that waited for consent


def photo_in(message: Message) -> Photo | None:
    """The picture of a message, in the smallest size that is enough; a document only if it says it is a picture."""
    if message.photo:
        size: PhotoSize = min(message.photo, key=_fitness)
        return _photo(message, size)
    document = message.document
    if document and _mime(document).startswith("image/"):
        return _photo(message, document)
    return None


def _mime(document: Document) -> str:
    """What Telegram says a file is, else what its name says."""
    return document.mime_type or mimetypes.guess_type(document.file_name or "")[0] or ""


def _photo(message: Message, file: PhotoSize | Document) -> Photo:
    return Photo(message.chat_id, message.message_id, file.file_id, file.file_size or 0, file.file_unique_id)


def _fitness(size: PhotoSize) -> tuple[bool, int]:
    """Sorts photo sizes: the smallest of those that are enough, else the largest."""
    longest = max(size.width, size.height)
    return (longest < ENOUGH_PX, longest if longest >= ENOUGH_PX else -longest)


def markup(reply: Reply) -> InlineKeyboardMarkup | None:
    """The buttons of a reply."""
    rows = [[InlineKeyboardButton(b.text, callback_data=b.data, url=b.url) for b in row] for row in reply.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def entities(reply: Reply) -> list[MessageEntity] | None:
    """The links behind words of a reply."""
    return [MessageEntity(MessageEntity.TEXT_LINK, link.start, link.length, link.url) for link in reply.links] or None


def preview(reply: Reply) -> LinkPreviewOptions:
    """A large preview above the words, or none at all."""
    if not reply.preview_url:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(url=reply.preview_url, prefer_large_media=True, show_above_text=True)
