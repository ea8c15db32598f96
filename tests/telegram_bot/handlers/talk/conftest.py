"""The bot of these tests runs in their own process, with made-up faces: it is there at once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("bot")) as running:
        yield running
