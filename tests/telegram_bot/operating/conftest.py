"""A bot in the test's process, and those who run it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

BOSS = 4242


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest_asyncio.fixture
async def bot(api: BotApi, tmp_path: Path) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path, ADMIN_IDS=str(BOSS)) as running:
        yield running


@pytest.fixture
def boss(api: BotApi) -> Person:
    return api.user(BOSS, first_name="Boss")
