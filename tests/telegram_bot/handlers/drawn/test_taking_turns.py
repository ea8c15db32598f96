"""Somebody who asks for one drawing after the other keeps nobody waiting; faces are made up."""

import asyncio
from pathlib import Path

from tests.support.bot_api.conversation import SLOW_S, answers_with_percentage, consented, downloads
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi

PRESSES = 100


async def test_a_hundred_presses_hold_two_places_at_most_and_a_photo_of_somebody_else_goes_first(
    tmp_path: Path, astronaut: bytes
) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path) as bot:
        ann, bob = (api.user(first_name=name) for name in ("Ann", "Bob"))
        card, _ = await consented(api, ann, astronaut), await consented(api, bob, astronaut)
        bot.faces.gate.clear()
        bot.faces.asked.clear()
        since = len(api.calls)
        for _ in range(PRESSES):
            ann.press(card, "card:avatar:comic:new")
        await asyncio.wait_for(bot.faces.asked.wait(), SLOW_S)
        photo = bob.photo(astronaut)
        await api.wait_for(lambda call: call in downloads(api, bob), SLOW_S, since=since)
        in_work = [call for call in downloads(api, ann) if call in api.calls[since:]]
        assert 1 <= len(in_work) <= 2

        bot.faces.gate.set()
        await api.wait_for(answers_with_percentage(photo), SLOW_S, since=since)
