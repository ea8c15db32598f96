"""The picture of a message: where it is, not what is on it."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from telegram import Document, Message, PhotoSize

ENOUGH_PX = 640  # longest side of the smallest photo size that serves: detection works at 800 and below

OF_NO_KIND = ("", "application/octet-stream")


@dataclass(frozen=True)
class Photo:
    """A picture in a message."""

    chat_id: int
    message_id: int
    file_id: str
    file_size: int  # bytes; 0 if Telegram did not say
    file_unique_id: str = ""  # '' for a photo that waited for consent
    purpose: str = ""  # callback data that says what was asked of it; '': who does it look like
    album: str = ""  # what it shares with those that were sent together with it


def photo_in(message: Message) -> Photo | None:
    """The picture of a message, in the smallest size that is enough; a document unless it says it is none.

    Some programs send pictures as files of no kind: what they are, their first bytes say (containers.py).
    """
    if message.photo:
        size: PhotoSize = min(message.photo, key=_fitness)
        return _photo(message, size)
    document = message.document
    if document and _may_be_picture(document):
        return _photo(message, document)
    return None


def _may_be_picture(document: Document) -> bool:
    """By what Telegram says a file is, else by its name; a file of which neither tells may be one."""
    told = document.mime_type or ""
    if told in OF_NO_KIND:
        told = mimetypes.guess_type(document.file_name or "")[0] or ""
    return told.startswith("image/") or told in OF_NO_KIND


def _photo(message: Message, file: PhotoSize | Document) -> Photo:
    size, album = file.file_size or 0, message.media_group_id or ""
    return Photo(message.chat_id, message.message_id, file.file_id, size, file.file_unique_id, album=album)


def _fitness(size: PhotoSize) -> tuple[bool, int]:
    """Sorts photo sizes: the smallest of those that are enough, else the largest."""
    longest = max(size.width, size.height)
    return (longest < ENOUGH_PX, longest if longest >= ENOUGH_PX else -longest)
