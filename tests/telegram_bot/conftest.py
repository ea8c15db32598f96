"""What the tests of the bot share: a stand-in for Telegram with a real bot, one for each test file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.bot_api.conversation import STARTER
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningBot]:
    """A bot with the starter gallery, which has no photos."""
    home = tmp_path_factory.mktemp("bot")
    async with RunningBot(api, home, STARTER, home / "no-photos") as running:
        yield running


@pytest.fixture
def ann(api: BotApi, bot: RunningBot) -> Person:
    return api.user(first_name="Ann")
