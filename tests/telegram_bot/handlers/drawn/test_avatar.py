"""A person as a drawing at a button, in the real process."""

import io

import pytest
from PIL import Image

from lookalike.workers.file_shapes import is_jpeg
from tests.support.bot_api.conversation import SLOW_S, consented
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, error, too_many
from tests.telegram_bot.handlers.drawn.test_morph import pressed

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_drawing_changes_its_style_in_place_and_becomes_stickers(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    drawing = await pressed(api, ann, card, "card:avatar:comic:new", "sendPhoto")
    since = len(api.calls)
    ann.press(drawing, "card:avatar:ink:instead")
    other = await api.wait_for(lambda call: call.ok and call.method == "editMessageMedia", SLOW_S, since=since)
    sticker = await pressed(api, ann, drawing, "card:avatar:ink:sticker", "sendSticker")

    assert drawing.reply_to == card.reply_to == sticker.reply_to
    assert "You as a drawing" in drawing.text
    first, second = (next(iter(call.files.values())) for call in (drawing, other))
    assert is_jpeg(first)
    assert is_jpeg(second)
    assert first != second
    whole = await pressed(api, ann, drawing, "card:avatar:ink:round", "sendSticker")
    for made in (sticker, whole):
        with Image.open(io.BytesIO(next(iter(made.files.values())))) as image:
            assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (512, 512))


async def test_a_photo_that_was_deleted_is_asked_for_again(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    ann.delete(card.message["reply_to_message"]["message_id"])
    told = await pressed(api, ann, card, "card:avatar:comic:new", "sendMessage")

    assert "no longer see that photo" in told.text


async def test_a_photo_that_telegram_no_longer_has_is_asked_for_again(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    api.fail("getFile", error(400, "Bad Request: wrong file_id or the file is temporarily unavailable"))
    told = await pressed(api, ann, card, "card:avatar:comic:new", "sendMessage")

    assert "no longer see that photo" in told.text


async def test_a_drawing_that_telegram_refuses_for_a_moment_comes_once(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    api.fail("sendPhoto", too_many(1))
    drawing = await pressed(api, ann, card, "card:avatar:comic:new", "sendPhoto")

    assert "You as a drawing" in drawing.text


async def test_a_caption_that_begins_with_the_command_asks_for_a_drawing_whatever_follows(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    photo = ann.photo(astronaut, "/avatar\nplease")
    drawing = await api.answer_to(photo, SLOW_S)

    assert "You as a drawing" in drawing.text
