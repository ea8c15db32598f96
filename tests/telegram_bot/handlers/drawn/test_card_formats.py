"""The card of an answer as a story or a square, at a button."""

import io
import itertools
from pathlib import Path

import pytest
from PIL import Image

from lookalike.gallery.filters import ERAS, REGIONS, Filter
from lookalike.gallery.matching import SHOWN
from lookalike.telegram_bot.callback_data import CardAs
from tests.support.bot_api.conversation import consented
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person
from tests.telegram_bot.handlers.drawn.test_morph import pressed


def test_every_filter_fits_into_the_buttons() -> None:
    for region, born in itertools.product(REGIONS, ERAS):
        assert CardAs("square", SHOWN - 1, str(Filter(gender="female", region=region, born=born))).pack()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("format", "size"), [("story", (720, 1280)), ("square", (900, 900))])
async def test_a_star_without_a_photo_is_on_a_card_as_a_tile(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes, format: str, size: tuple[int, int]
) -> None:
    answer = await consented(api, ann, astronaut)
    card = await pressed(api, ann, answer, f"card:{format}:0:any", "sendPhoto")

    with Image.open(io.BytesIO(next(iter(card.files.values())))) as image:
        assert (image.format, image.size) == ("JPEG", size)
    assert card.reply_to == answer.reply_to
    assert answer.text.split("%")[0].split()[-1] in card.text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photo_that_was_deleted_is_asked_for_again(
    api: BotApi, bot: InProcessBot, ann: Person, astronaut: bytes
) -> None:
    answer = await consented(api, ann, astronaut)
    ann.delete(answer.message["reply_to_message"]["message_id"])
    told = await pressed(api, ann, answer, "card:story:0:any", "sendMessage")

    assert "no longer see that photo" in told.text


async def test_a_card_that_cannot_be_drawn_is_said_and_counted(tmp_path: Path, astronaut: bytes) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path) as bot:  # whose made-up faces are never drawn
        ann = api.user()
        answer = await consented(api, ann, astronaut)
        told = await pressed(api, ann, answer, "card:story:0:any", "sendMessage")

        assert "something went wrong" in told.text
        assert bot.services.metrics.registry.get_sample_value("lookalike_answers_total", {"outcome": "no_card"}) == 1
