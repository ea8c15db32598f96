"""Photos that were sent as files: whoever looks at one is told so, from the message on; faces are made up."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from lookalike.store.models import HeldPhoto
from lookalike.telegram_bot.handlers.album_flow import by_album
from lookalike.telegram_bot.photos.message_photo import Photo
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, Sent

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("bot")) as running:
        running.faces.people = 2
        yield running


@pytest.fixture
def ann(api: BotApi, bot: InProcessBot) -> Person:
    bot.faces.of_files.clear()
    return api.user(first_name="Ann")


async def agreed(api: BotApi, person: Person, sent: Sent) -> Call:
    """The answer to a first photo, for which the consent of its sender was asked."""
    person.press(await api.answer_to(sent), "consent:yes")
    return await api.wait_for(lambda call: call.ok and call.chat_id == person.id and "%" in call.text)


async def test_a_file_is_known_as_one_after_it_has_waited_for_consent(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    await agreed(api, ann, ann.document(astronaut))

    assert bot.faces.of_files == ["find", "number"]


async def test_a_sticker_is_a_file(api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes) -> None:
    await agreed(api, ann, ann.sticker(astronaut))

    assert bot.faces.of_files == ["find", "number"]


async def test_neither_a_photo_nor_the_frame_of_a_video_is_a_file(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    await agreed(api, ann, ann.photo(astronaut))
    await api.answer_to(ann.video(astronaut))

    assert bot.faces.of_files == []


@pytest.mark.parametrize(
    ("button", "asked"),
    [
        ("more.2:1:any", ["find", "number"]), ("card:story:0:any", ["find", "draw"]), ("card:all:any", ["find"]),
        ("card:morph:0:any", ["find"]), ("card:avatar:ink:new", ["find"]), ("compare:faces:0:1", ["find", "draw_pair"]),
    ],
)  # fmt: skip
async def test_at_a_button_a_file_is_a_file_again(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes, button: str, asked: list[str]
) -> None:
    card = await agreed(api, ann, ann.document(astronaut))
    await bot.finish()
    bot.faces.of_files.clear()
    bot.faces.asked.clear()
    ann.press(card, button, forge=True)
    await asyncio.wait_for(bot.faces.asked.wait(), SLOW_S)
    await bot.finish()

    assert bot.faces.of_files == asked


async def test_both_photos_that_are_compared_count_by_themselves_and_their_card_as_of_files(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    await agreed(api, ann, ann.photo(astronaut))
    await api.answer_to(ann.text("/compare"))
    await api.answer_to(ann.document(astronaut))
    await api.answer_to(ann.photo(astronaut))

    assert bot.faces.of_files == ["find", "draw_pair"]


@pytest.mark.fast
async def test_of_held_photos_it_is_known_which_are_files_and_those_of_before_are_none() -> None:
    held = [HeldPhoto(1, 1, 1, "a", 0, is_file=True), HeldPhoto(1, 1, 2, "b", 0)]

    assert by_album(held) == [[Photo(1, 1, "a", 0, is_file=True)], [Photo(1, 2, "b", 0)]]
