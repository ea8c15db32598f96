"""Stickers, GIFs, videos and video notes: the frame that Telegram gives counts as a photo; in the real process."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from tests.support.bot_api.conversation import answer, consented
from tests.support.bot_api.server import BotApi, Person, Sent

pytestmark = pytest.mark.asyncio(loop_scope="module")

Send = Callable[[Person, bytes | None], Sent]
MOVING: dict[str, Send] = {
    "sticker": lambda person, frame: person.sticker(b"webm", frame, moves=True),
    "gif": lambda person, frame: person.animation(frame),
    "video": lambda person, frame: person.video(frame),
    "video note": lambda person, frame: person.video_note(frame),
}


async def test_the_frame_of_what_moves_is_looked_at(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)

    for send in MOVING.values():
        assert "%" in (await answer(api, send(ann, astronaut))).text


async def test_a_sticker_that_does_not_move_is_a_picture(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    webp = io.BytesIO()
    Image.open(io.BytesIO(astronaut)).save(webp, "WEBP")

    assert "%" in (await answer(api, ann.sticker(webp.getvalue()))).text


async def test_what_moves_and_has_no_frame_gets_kind_words(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)

    for send in MOVING.values():
        assert "photo" in (await answer(api, send(ann, None))).text
