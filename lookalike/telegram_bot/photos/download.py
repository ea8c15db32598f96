"""A photo's bytes from Telegram: held in memory, never in a file."""

from __future__ import annotations

from telegram.error import BadRequest
from telegram.ext import ExtBot

from lookalike.core.errors import DownloadFailed
from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.telegram_bot.delivery.raw_api import RawApi
from lookalike.telegram_bot.photos.message_photo import Photo

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")  # how JPEG, PNG, WebP and GIF begin
HEIF = b"ftyp"  # how HEIC and AVIF go on after four bytes


class Downloader:
    """Downloads photos by their file_id."""

    def __init__(self, bot: ExtBot[None], raw_api: RawApi) -> None:
        self._bot, self._raw_api = bot, raw_api

    async def download(self, photo: Photo) -> bytes | Refusal:
        """The file, or the reason why it cannot be had; DownloadFailed if it may be there later."""
        if photo.file_size > MAX_BYTES:
            return Refusal(Reason.TOO_LARGE)
        try:
            return await self._download(photo)
        except DownloadFailed:  # a link lives for an hour: get a new one, once
            pass
        try:
            return await self._download(photo)
        except DownloadFailed as error:
            if error.is_gone:
                return Refusal(Reason.UNREADABLE)
            raise

    async def _download(self, photo: Photo) -> bytes | Refusal:
        try:
            file = await self._bot.get_file(photo.file_id)
        except BadRequest as error:
            return Refusal(Reason.TOO_LARGE if "too big" in error.message.lower() else Reason.UNREADABLE)
        data = await self._raw_api.download(file.file_path or "")
        if data is None:
            return Refusal(Reason.TOO_LARGE)
        if len(data) != (file.file_size or len(data)) and not (data.startswith(PICTURES) or data.startswith(HEIF, 4)):
            raise DownloadFailed("something else than the file")  # a proxy's page, say
        return data
