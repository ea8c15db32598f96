"""Drawings take long, and keep no photo waiting, however many people ask for one; faces are made up."""

import asyncio
from pathlib import Path

from lookalike.telegram_bot.app import PHOTOS_PER_WORKER
from lookalike.telegram_bot.photos.album_gathering import MOST_PHOTOS
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


async def test_with_two_drawings_in_work_further_photos_of_the_same_person_wait_for_one_of_them(
    tmp_path: Path, astronaut: bytes
) -> None:
    async with BotApi() as api, InProcessBot(api, tmp_path) as bot:
        ann, bob = api.user(first_name="Ann"), api.user(first_name="Bob")
        card = await consented(api, ann, astronaut)
        await consented(api, bob, astronaut)
        bot.faces.drawing_gate.clear()
        since = len(api.calls)
        ann.press(card, "card:avatar:comic:new")
        ann.text("/avatar", reply_to=card.message["reply_to_message"])
        async with asyncio.timeout(SLOW_S):
            for _ in range(2):  # each of them has had a turn as a photo, too
                await bot.faces.drawing_begun.acquire()

        album = ann.album([astronaut] * MOST_PHOTOS)
        await until(lambda: bot.services.photo_queue.waiting > 0)
        await api.wait_for(answers_with_percentage(bob.photo(astronaut)), SLOW_S, since=since)
        bot.faces.drawing_gate.set()
        ids = {one.message_id for one in album}
        await api.wait_for(lambda call: call.ok and call.reply_to in ids and "%" in call.text, SLOW_S, since=since)
