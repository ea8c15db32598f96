"""Buttons, and what Telegram tells about a chat, in the real process."""

import pytest

from tests.support.bot_api.conversation import answer
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_chosen_language_stays(api: BotApi, ann: Person) -> None:
    card = await answer(api, ann.text("/language"))
    ann.press(card, "language:ru")
    await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == ann.id)

    assert (await answer(api, ann.text("/start"))).text.startswith("Привет, Ann!")


async def test_who_blocks_the_bot_stops_nobody_else(
    api: BotApi, ann: Person, bot: RunningBot, astronaut: bytes
) -> None:
    gone = api.user(first_name="Dee")
    await answer(api, gone.text("hello"))
    gone.block()
    gone.photo(astronaut)

    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")
