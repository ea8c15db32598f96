"""The card of an answer as a story or a square, in a new message: the answer stays as it is."""

from __future__ import annotations

from lookalike.faces.types import Refusal
from lookalike.gallery.filters import Filter
from lookalike.telegram_bot.callback_data import CardAs
from lookalike.telegram_bot.context import Press
from lookalike.telegram_bot.handlers.another_star import asked_again, of_one_photo
from lookalike.telegram_bot.handlers.drawn.made_picture import made_or_why_not
from lookalike.telegram_bot.handlers.photo_flow import draw_card, look_at
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.registry import callback
from lookalike.telegram_bot.replies.card_formats import formatted
from lookalike.telegram_bot.replies.reply import Reply

FAILED = "failed"  # the text where the card could not be drawn


@callback(CardAs)
async def card_as(press: Press, wanted: CardAs) -> Reply | None:
    """Look at the photo again, and send its card in that format."""
    services, again = press.services, await asked_again(press, wanted.where)
    if not isinstance(again, tuple):
        return again
    photo, where = again
    made = await made_or_why_not(
        press, photo, services.photo_queue, lambda: _made(press, photo, where, wanted), kind="card", failed=FAILED
    )
    if isinstance(made, Reply):
        return made
    reply, picture = made
    await press.send(photo.chat_id, reply, photo.message_id, picture)
    return None


async def _made(press: Press, photo: Photo, where: Filter, wanted: CardAs) -> tuple[Reply, bytes] | str:
    """The words and the card; or which words say why there is none."""
    services = press.services
    data, outcome = await look_at(press, photo, services.gallery(), where)
    if isinstance(outcome, Refusal):
        return "photo-gone"
    reply = formatted(
        press.texts, outcome, wanted, user_name=press.user.name, bot_name=services.bot_name,
        photos_dir=services.settings.photos_dir,
    )  # fmt: skip
    picture = await draw_card(press, photo, data, reply)
    return (of_one_photo(press, photo, reply), picture) if picture else FAILED
