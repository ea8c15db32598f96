"""Buttons, and what Telegram tells about a chat, in the real process."""

import re

import pytest

from tests.support.bot_api.conversation import answer, consented
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_chosen_language_stays(api: BotApi, ann: Person) -> None:
    card = await answer(api, ann.text("/language"))
    ann.press(card, "language:ru")
    await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == ann.id)

    assert (await answer(api, ann.text("/start"))).text.startswith("Привет, Ann!")


async def test_more_lookalikes_come_at_a_button(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)
    button = next(data for data in reply.buttons if data.startswith("more:"))
    ann.press(reply, button)

    more = await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "2. " in call.text)
    assert len(re.findall(r"^\d\. .+ – \d{1,2}%$", more.text, re.MULTILINE)) == 5


async def test_more_of_somebody_elses_photo_is_not_shown(
    api: BotApi, ann: Person, bot: RunningBot, astronaut: bytes
) -> None:
    reply = await consented(api, ann, astronaut)
    button = next(data for data in reply.buttons if data.startswith("more:"))
    bob = api.user(first_name="Bob")
    hello = await answer(api, bob.text("hello"))
    bob.press(hello, button, forge=True)

    told = await api.wait_for(lambda call: call.ok and call.chat_id == bob.id and call.at > hello.at)
    assert "nothing more to show" in told.text


async def test_who_blocks_the_bot_stops_nobody_else(
    api: BotApi, ann: Person, bot: RunningBot, astronaut: bytes
) -> None:
    gone = api.user(first_name="Dee")
    await answer(api, gone.text("hello"))
    gone.block()
    gone.photo(astronaut)

    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")
