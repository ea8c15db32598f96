"""The picture of a message: where it is, not what is on it."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from telegram import Animation, Document, Message, PhotoSize, Sticker

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
    is_file: bool = False  # as its sender made it, and not one of Telegram's own sizes: it may cost a worker seconds


def photo_in(message: Message) -> Photo | None:
    """The picture of a message, in the smallest size that is enough; a document unless it says it is none.

    Some programs send pictures as files of no kind: what they are, their first bytes say (containers.py). Of what moves
    it is the frame that Telegram gives as a picture, most often the first one.
    """
    if message.photo:
        return _photo(message, min(message.photo, key=_fitness))
    if message.sticker or message.animation or message.video or message.video_note:  # an animation is a document, too
        frame = _frame(message)
        return _photo(message, frame) if frame else None
    document = message.document
    if document and _may_be_picture(document):
        return _photo(message, document)
    return None


def _frame(message: Message) -> PhotoSize | Sticker | Animation | None:
    """A sticker that does not move, a GIF file; else the cover of a video, or the thumbnail (up to 320 px)."""
    sticker, animation, video = message.sticker, message.animation, message.video
    if sticker and not sticker.is_animated and not sticker.is_video:
        return sticker
    if animation and animation.mime_type == "image/gif":
        return animation
    if video and video.cover:
        return min(video.cover, key=_fitness)
    moving = sticker or animation or video or message.video_note
    return moving.thumbnail if moving else None


def _may_be_picture(document: Document) -> bool:
    """By what Telegram says a file is, else by its name; a file of which neither tells may be one."""
    told = document.mime_type or ""
    if told in OF_NO_KIND:
        told = mimetypes.guess_type(document.file_name or "")[0] or ""
    return told.startswith("image/") or told in OF_NO_KIND


def _photo(message: Message, file: PhotoSize | Document | Sticker | Animation) -> Photo:
    size, album, is_file = file.file_size or 0, message.media_group_id or "", not isinstance(file, PhotoSize)
    return Photo(
        message.chat_id, message.message_id, file.file_id, size, file.file_unique_id, album=album, is_file=is_file
    )


def _fitness(size: PhotoSize) -> tuple[bool, int]:
    """Sorts photo sizes: the smallest of those that are enough, else the largest."""
    longest = max(size.width, size.height)
    return (longest < ENOUGH_PX, longest if longest >= ENOUGH_PX else -longest)
