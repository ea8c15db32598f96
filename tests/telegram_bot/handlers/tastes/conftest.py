"""The bot of these tests runs in their own process, with made-up faces; a press can be waited for."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio

from tests.support.bot_api.calls import Call
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

Press = Callable[[Person, Call, str], Awaitable[tuple[str, Call]]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("bot")) as running:
        yield running


@pytest.fixture
def press(api: BotApi) -> Press:
    """Press a button; what is said above the chat, and the call that changes the message, or sends another."""

    async def pressed(person: Person, message: Call, data: str) -> tuple[str, Call]:
        since = len(api.calls)
        query = person.press(message, data, forge=True).query_id
        changed = await api.wait_for(
            lambda call: call.ok and call.chat_id == person.id and call.method.startswith(("edit", "send")), since=since
        )
        told = await api.wait_for(
            lambda call: call.method == "answerCallbackQuery" and call.params["callback_query_id"] == query, since=since
        )
        return told.params.get("text", ""), changed

    return pressed
