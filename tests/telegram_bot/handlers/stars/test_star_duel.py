"""A duel with a star."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from lookalike.faces.types import Reason, Refusal
from tests.conftest import SmallIndex
from tests.support.bot_api.conversation import SLOW_S, answer, consented, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import QuickBot

pytestmark = pytest.mark.asyncio(loop_scope="module")

DUEL = re.compile(r"(\d{1,2})% Angelina Jolie\n.+\nYou look more like Angelina Jolie than \1% of people do\.")


async def test_the_button_asks_for_a_photo_and_that_photo_is_compared_with_the_star(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    page = await answer(api, ann.text("Angelina Jolie"))
    ann.press(page, "duel:Angelina_Jolie")
    await api.wait_for(reaches(ann, "How alike are you and Angelina Jolie?"))

    duel = await answer(api, ann.photo(astronaut))
    assert DUEL.match(duel.text)
    assert duel.buttons[0] == "star:Angelina_Jolie"
    assert "star_Angelina_Jolie" in duel.buttons[1]
    assert not DUEL.match((await answer(api, ann.photo(astronaut))).text)


async def test_a_deep_link_opens_the_duel_for_a_stranger_too(api: BotApi, bot: InProcessBot, astronaut: bytes) -> None:
    eve = api.user(first_name="Eve")

    assert "How alike are you and Angelina Jolie?" in (await answer(api, eve.text("/start star_Angelina_Jolie"))).text
    assert DUEL.match((await consented(api, eve, astronaut)).text)


@pytest.mark.parametrize("caption", ["Do I look like Angelina Jolie?", "анджелина джоли", "me vs Angelina Joli"])
async def test_a_caption_that_names_a_star_asks_for_the_duel(
    api: BotApi, ann: Person, astronaut: bytes, caption: str
) -> None:
    await consented(api, ann, astronaut)

    assert DUEL.match((await answer(api, ann.photo(astronaut, caption))).text)


@pytest.mark.parametrize("caption", ["who am I?", "my sister at the beach"])
async def test_any_other_caption_is_the_plain_question(
    api: BotApi, ann: Person, astronaut: bytes, caption: str
) -> None:
    await consented(api, ann, astronaut)

    assert "than" in (await answer(api, ann.photo(astronaut, caption))).text
    assert not DUEL.match((await answer(api, ann.photo(astronaut, caption))).text)


async def test_pressed_under_an_answer_the_duel_is_about_the_photo_that_was_answered(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    sent = ann.photo(astronaut)
    reply = await answer(api, sent)
    before = len(api.calls)
    ann.press(reply, "duel:Angelina_Jolie", forge=True)

    duel = await api.wait_for(reaches(ann, "% Angelina Jolie"), SLOW_S, since=before)
    assert duel.reply_to == sent.message_id


async def test_a_photo_without_a_face_says_so(api: BotApi, ann: Person, bot: InProcessBot, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    bot.faces.refusal = Refusal(Reason.NO_FACE)

    assert "no face" in (await answer(api, ann.photo(astronaut, "Angelina Jolie"))).text
    bot.faces.refusal = None


async def test_with_a_photo_of_the_star_page_and_duel_show_it(
    tmp_path: Path, small_index: SmallIndex, shared_faces: Path
) -> None:
    index, photos = small_index.directory, small_index.photos
    name = next(photos.iterdir()).name
    probe = next((shared_faces / "probes").glob(f"{name}_*.jpg")).read_bytes()
    async with BotApi() as api, QuickBot(api, tmp_path, index, photos):
        emma = api.user(first_name="Emma")
        page = await answer(api, emma.text(name.replace("_", " ")))
        await consented(api, emma, probe)
        duel = await answer(api, emma.photo(probe, name.replace("_", " ")))
        card = Image.open(io.BytesIO(duel.files["photo"]))

    assert (page.method, duel.method) == ("sendPhoto", "sendPhoto")
    assert Image.open(io.BytesIO(page.files["photo"])).format == "JPEG"
    assert (card.format, card.size) == ("JPEG", (768, 960))
    assert duel.text.startswith("99% ")
