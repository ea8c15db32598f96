"""What the tests of the bot share: a stand-in for Telegram with a real bot, one for each test file.

Both keep Telegram's limits of messages a second, QUICKER times faster.
"""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.bot_api.conversation import STARTER
from tests.support.bot_api.server import BotApi, Person
from tests.support.quick_bot import QUICKER
from tests.support.running_bot import QuickBot, RunningBot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(enforce_limits=True, clock=lambda: QUICKER * time.monotonic()) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningBot]:
    """A bot with the starter gallery, which has no photos."""
    home = tmp_path_factory.mktemp("bot")
    async with QuickBot(api, home, STARTER, home / "no-photos") as running:
        yield running


@pytest.fixture
def ann(api: BotApi, bot: RunningBot) -> Person:
    return api.user(first_name="Ann")
