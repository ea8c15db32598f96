"""The last cards of a user: kept when one is sent, as Telegram's id of the picture, to be passed on."""

from __future__ import annotations

import logging

from telegram import Message

from lookalike.core.errors import StoreError
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.matching import percent
from lookalike.store.store import KeptCard
from lookalike.telegram_bot.context import Conversation

log = logging.getLogger(__name__)


async def keep_card(talk: Conversation, star: Neighbour, sent: Message | None) -> None:
    """Keep the card of a user's star that was sent to them; in a group, where the face may be another's, nothing."""
    if sent is None or talk.chat_id != talk.user.id:
        return
    file_id = sent.photo[-1].file_id if sent.photo else None
    card = KeptCard(star.celebrity.id, percent(star.similarity), file_id)
    try:
        await talk.services.store.keep_card(talk.user.id, card, update_id=talk.update_id)
    except StoreError:  # the answer was sent: nothing may send it again
        log.exception("a card that was sent is not kept")
