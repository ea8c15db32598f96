"""Drawings take long, and keep no photo waiting, however many people ask for one; faces are made up."""

import asyncio
from pathlib import Path

from lookalike.telegram_bot.app import PHOTOS_PER_WORKER
from tests.support.bot_api.conversation import SLOW_S, answers_with_percentage, consented, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi
from tests.support.pools import until


async def test_while_as_many_people_wait_for_drawings_as_photos_are_let_in_a_photo_is_answered(
    tmp_path: Path, astronaut: bytes
) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path) as bot:
        people = [api.user(first_name="Ann") for _ in range(bot.faces.size * PHOTOS_PER_WORKER)]
        bob = api.user(first_name="Bob")
        cards = [await consented(api, one, astronaut) for one in people]
        await consented(api, bob, astronaut)
        bot.faces.drawing_gate.clear()
        since = len(api.calls)
        for one, card in zip(people, cards, strict=True):
            one.press(card, "card:avatar:comic:new")
        async with asyncio.timeout(SLOW_S):
            for _ in range(bot.faces.size):
                await bot.faces.drawing_begun.acquire()
        await until(lambda: bot.services.picture_queue.waiting == len(people) - bot.faces.size)

        photo = bob.photo(astronaut)
        await api.wait_for(answers_with_percentage(photo), SLOW_S, since=since)
        assert not any(reaches(one, "I cannot draw that photo")(call) for one in people for call in api.calls)
        bot.faces.drawing_gate.set()
        for one in people:
            await api.wait_for(reaches(one, "I cannot draw that photo"), SLOW_S, since=since)
