"""A stand-in, and a real python-telegram-bot that talks to it."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
)

from tests.bot_api.helpers import client
from tests.support.bot_api.server import (
    BotApi,
)


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else reading `retry_after` warns


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with client(api.url) as made:
        yield made
