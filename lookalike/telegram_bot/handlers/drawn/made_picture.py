"""One picture that is made of a photo: a turn, the making, and whether its user is still there when it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from lookalike.core.errors import FilterError, WorkerDied
from lookalike.telegram_bot.context import Conversation
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.photos.photo_queue import PhotoQueue
from lookalike.telegram_bot.replies.reply import Reply

Made = TypeVar("Made")


async def made_or_why_not(
    talk: Conversation, photo: Photo, queue: PhotoQueue, make: Callable[[], Awaitable[Made | str]], *, kind: str,
    failed: str,
) -> Made | Reply:  # fmt: skip
    """What `make` gives in a turn of the queue; or the reply with the words why there is none.

    `make` gives their text's id then; `failed` is that of a picture whose worker died. `kind` is counted in the
    metrics. UpdateClosed if the user was erased meanwhile.
    """
    try:
        async with queue.turn(talk.user.id, is_file=photo.is_file), talk.services.sender.patience(photo.chat_id):
            made = await make()
    except FilterError:
        made = "where-nobody"
    except WorkerDied:
        made = failed
    await talk.check_not_erased()
    talk.services.metrics.answer(f"no_{kind}" if isinstance(made, str) else kind)
    return Reply(talk.texts(made)) if isinstance(made, str) else made
