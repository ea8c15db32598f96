"""What the tests of this folder share: a bot with made-up faces, and somebody who has consented."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.bot_api.conversation import consented
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inside(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path_factory.mktemp("elsewhere")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def eve(api: BotApi, inside: InProcessBot, astronaut: bytes) -> Person:
    """Somebody who has consented in the bot's own chat."""
    person = api.user(first_name="Eve")
    await consented(api, person, astronaut)
    return person
