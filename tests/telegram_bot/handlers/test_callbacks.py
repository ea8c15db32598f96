"""Buttons, and what Telegram tells about a chat, in the real process."""

import pytest

from lookalike.core.language.languages import languages
from lookalike.core.language.texts import all_texts
from tests.support.bot_api.conversation import answer
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_chosen_language_stays(api: BotApi, ann: Person) -> None:
    card = await answer(api, ann.text("/language"))
    ann.press(card, "language:ru")
    await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == ann.id)

    assert (await answer(api, ann.text("/start"))).text.startswith("Привет, Ann!")


async def test_every_language_is_offered_by_its_own_name(api: BotApi, ann: Person) -> None:
    card = await answer(api, ann.text("/language"))
    rows = card.params["reply_markup"]["inline_keyboard"]

    offered = {button["callback_data"]: button["text"] for row in rows[:-1] for button in row}
    assert offered == {f"language:{code}": name for code, name in languages().items()}
    assert {len(row) for row in rows} <= {1, 2, 3}
    assert [button["callback_data"] for button in rows[-1]] == ["language:auto"]


@pytest.mark.parametrize("language", languages())
async def test_each_language_says_that_it_was_chosen(api: BotApi, bot: RunningBot, language: str) -> None:
    person = api.user(language_code=f"{language}-XX")
    card = await answer(api, person.text("/language"))
    person.press(card, f"language:{language}")
    edited = await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == person.id)

    assert (card.text, edited.text) == tuple(all_texts()[language](id) for id in ("language", "language-chosen"))


async def test_who_blocks_the_bot_stops_nobody_else(
    api: BotApi, ann: Person, bot: RunningBot, astronaut: bytes
) -> None:
    gone = api.user(first_name="Dee")
    await answer(api, gone.text("hello"))
    gone.block()
    gone.photo(astronaut)

    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")
