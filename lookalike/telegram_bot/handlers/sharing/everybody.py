"""A photo of several people: a card for each of them, sent together."""

from __future__ import annotations

from lookalike.core.errors import WorkerDied
from lookalike.faces.types import Refusal
from lookalike.gallery.matching import Match
from lookalike.telegram_bot.context import Conversation
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.replies import everybody
from lookalike.telegram_bot.replies.reply import within_caption


async def send_cards(talk: Conversation, photo: Photo, outcome: Match) -> None:
    """Send the cards of all whose star has a photo as one album; fewer than two are none.

    They come beside an answer that has the names already: what cannot be drawn, or is refused, is left out.
    """
    services = talk.services
    cards = everybody.cards(talk.texts, outcome, bot_name=services.bot_name, photos_dir=services.settings.photos_dir)
    if len(cards) < 2:
        return
    patience = services.sender.patience(photo.chat_id)
    async with services.photo_queue.turn(talk.user.id, is_file=photo.is_file), patience:
        data = await services.downloader.download(photo)
        drawn = [] if isinstance(data, Refusal) else [(one.line, await _draw(talk, photo, data, one)) for one in cards]
    lines = [line for line, picture in drawn if picture]
    pictures = [picture for _, picture in drawn if picture]
    await talk.check_not_erased()
    if len(pictures) > 1:
        text, copies = within_caption(lines[0], lines[1:]), await talk.copies_to(photo.chat_id, photo.message_id)
        await services.sender.send_album(photo.chat_id, pictures, text, photo.message_id, copies)


async def _draw(talk: Conversation, photo: Photo, data: bytes, one: everybody.NumberedCard) -> bytes | None:
    try:
        return await talk.services.pool.draw(data, one.card, is_file=photo.is_file)
    except WorkerDied:
        return None
