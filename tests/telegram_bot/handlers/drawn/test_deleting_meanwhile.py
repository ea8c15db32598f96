"""What is made of a photo at a button is not sent to whoever sends /delete while it is made; faces are made up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bot_api.conversation import consented, erased
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
async def bot(api: BotApi, tmp_path: Path) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path) as running:
        yield running


@pytest.mark.parametrize(
    "button", ["more.2:1:any", "card:story:0:any", "card:morph:0:any", "card:strip:0:any", "card:avatar:ink:new"]
)
async def test_nothing_comes_of_a_press_after_delete(
    api: BotApi, bot: InProcessBot, astronaut: bytes, button: str
) -> None:
    ann = api.user()
    card = await consented(api, ann, astronaut)
    bot.faces.gate.clear()
    bot.faces.asked.clear()
    ann.press(card, button, forge=True)
    await bot.faces.asked.wait()
    since = await erased(api, ann)
    bot.faces.gate.set()
    await bot.finish()

    shown = [call for call in api.calls[since:] if call.chat_id == ann.id and call.method.startswith(("send", "edit"))]
    assert [call.text for call in shown if "erased" not in call.text] == []
    assert await bot.store.get_user(ann.id) is None
