"""A face turns into the star's at a button, in the real process with photos of stars."""

import io
import itertools
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from lookalike.gallery.filters import ERAS, REGIONS, Filter
from lookalike.gallery.matching import SHOWN
from lookalike.telegram_bot.callback_data import MorphAt, StripAt
from lookalike.workers.file_shapes import is_jpeg, is_mp4
from tests.conftest import SmallIndex
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S, consented, downloads
from tests.support.bot_api.server import BotApi, Person, error
from tests.support.running_bot import QuickBot

MORPH, STRIP = "card:morph:0:any", "card:strip:0:any"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    api: BotApi, small_index: SmallIndex, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[QuickBot]:
    async with QuickBot(api, tmp_path_factory.mktemp("bot"), small_index.directory, small_index.photos) as running:
        yield running


def test_every_filter_fits_into_the_buttons() -> None:
    for region, born in itertools.product(REGIONS, ERAS):
        where = str(Filter(gender="female", region=region, born=born))
        assert MorphAt(SHOWN - 1, where).pack()
        assert StripAt(SHOWN - 1, where).pack()


async def pressed(api: BotApi, person: Person, card: Call, data: str, method: str) -> Call:
    """What comes of a press, by its method."""
    since = len(api.calls)
    person.press(card, data)
    return await api.wait_for(
        lambda call: call.ok and call.method == method and call.chat_id == person.id, SLOW_S, since=since
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_under_an_answer_the_face_turns_into_the_star_and_then_into_five_pictures(
    api: BotApi, bot: QuickBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    video = await pressed(api, ann, card, MORPH, "sendAnimation")
    strip = await pressed(api, ann, video, STRIP, "sendPhoto")

    assert is_mp4(next(iter(video.files.values())))
    assert is_jpeg(next(iter(strip.files.values())))
    assert video.reply_to == card.reply_to == strip.reply_to
    assert "You turning into" in video.text
    assert "%" in video.text
    assert "an update failed" not in bot.log


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photo_that_was_deleted_is_asked_for_again(
    api: BotApi, bot: QuickBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    ann.delete(card.message["reply_to_message"]["message_id"])
    told = await pressed(api, ann, card, MORPH, "sendMessage")

    assert "no longer see that photo" in told.text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photo_that_telegram_no_longer_has_is_asked_for_again(
    api: BotApi, bot: QuickBot, ann: Person, astronaut: bytes
) -> None:
    card = await consented(api, ann, astronaut)
    api.fail("getFile", error(400, "Bad Request: wrong file_id or the file is temporarily unavailable"))
    told = await pressed(api, ann, card, MORPH, "sendMessage")

    assert "no longer see that photo" in told.text


@pytest.mark.asyncio(loop_scope="module")
async def test_of_an_album_it_is_said_that_one_photo_alone_was_looked_at(
    api: BotApi, bot: QuickBot, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    sent = {one.message_id for one in ann.album([astronaut, astronaut])}
    card = await api.wait_for(lambda call: call.ok and call.reply_to in sent and "%" in call.text, SLOW_S)

    for button, method in ((MORPH, "sendAnimation"), ("card:story:0:any", "sendPhoto")):
        assert "Seen in this one photo of the album." in (await pressed(api, ann, card, button, method)).text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photo_that_is_costly_to_decode_is_downloaded_once_for_it(
    api: BotApi, bot: QuickBot, ann: Person, astronaut: bytes
) -> None:
    wall = Image.new("RGB", (2000, 1500), "teal")
    with Image.open(io.BytesIO(astronaut)) as image:
        wall.paste(image, (700, 500))
    wall.save(large := io.BytesIO(), "JPEG")
    await consented(api, ann, astronaut)
    card = await api.answer_to(ann.document(large.getvalue()), SLOW_S)
    before = len(downloads(api, ann))
    video = await pressed(api, ann, card, MORPH, "sendAnimation")

    assert is_mp4(next(iter(video.files.values())))
    assert len(downloads(api, ann)) == before + 1
