"""An album takes its sender's turns, for its card as well."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lookalike.telegram_bot.photos.photo_queue import PHOTOS_OF_A_USER
from tests.conftest import SmallIndex
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
async def bot(api: BotApi, tmp_path: Path, small_index: SmallIndex) -> AsyncIterator[InProcessBot]:
    """One whose stars have photos, so that there is a card to draw."""
    async with InProcessBot(api, tmp_path, index=small_index.directory, PHOTOS_DIR=str(small_index.photos)) as running:
        yield running


async def test_an_albums_card_is_drawn_within_a_turn_of_its_sender(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann, queue = api.user(), bot.services.photo_queue
    photo = ann.photo(astronaut)
    ann.press(await api.answer_to(photo), "consent:yes")
    await bot.faces.drawing_begun.acquire()
    await api.wait_for(lambda call: call.reply_to == photo.message_id and "%" in call.text)

    async def take_a_turn() -> None:
        async with queue.turn(ann.id, is_file=False):
            pass

    bot.faces.drawing_gate.clear()
    album = ann.album([astronaut] * 2)
    await bot.faces.drawing_begun.acquire()
    async with contextlib.AsyncExitStack() as others:
        for _ in range(PHOTOS_OF_A_USER - 1):
            await others.enter_async_context(queue.turn(ann.id, is_file=False))
        one_more = asyncio.create_task(take_a_turn())
        await asyncio.sleep(0)
        waiting = queue.waiting
        bot.faces.drawing_gate.set()
        await asyncio.wait_for(one_more, 60)
    await api.wait_for(lambda call: call.reply_to == album[0].message_id and "%" in call.text)
    assert waiting == 1
