"""A challenge through a killed process, and with somebody who has blocked the bot; faces are made up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bot_api.conversation import answers_with_percentage, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, normal, stall


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


async def challenged(api: BotApi, astronaut: bytes) -> tuple[Person, Person]:
    """Ann, and Bob who has opened her link; both have consented."""
    people = ann, bob = api.user(), api.user(first_name="Bob")
    for person in people:
        photo = person.photo(astronaut)
        person.press(await api.answer_to(photo), "consent:yes")
        answer = await api.wait_for(answers_with_percentage(photo))
        if person is ann:
            ann.press(answer, "duel:challenge:yes")
            made = await api.wait_for(reaches(ann, "?start=duel_"))
    await api.answer_to(bob.text(f"/start {made.text.partition('?start=')[2].split()[0]}"))
    return ann, bob


def cards(api: BotApi, person: Person) -> int:
    return sum("You two" in call.text for call in api.sent_to(person))


async def test_a_bot_killed_between_the_two_cards_sends_the_missing_one_alone(
    tmp_path: Path, api: BotApi, astronaut: bytes
) -> None:
    bot = await InProcessBot(api, tmp_path).__aenter__()
    ann, bob = await challenged(api, astronaut)
    api.fail("sendMessage", normal, stall(3600))
    bob.photo(astronaut)
    await api.wait_for(lambda call: call.chat_id == ann.id and "You two" in call.params.get("text", ""))
    await bot.crash()
    async with InProcessBot(api, tmp_path):
        await api.wait_for(reaches(ann, "You two"))

    assert (cards(api, ann), cards(api, bob)) == (1, 1)


async def test_a_challenger_who_blocked_the_bot_costs_the_friend_nothing(
    tmp_path: Path, api: BotApi, astronaut: bytes
) -> None:
    async with InProcessBot(api, tmp_path) as bot:
        ann, bob = await challenged(api, astronaut)
        ann.block()
        sent = bob.photo(astronaut)
        await api.wait_for(lambda call: call.ok and call.reply_to == sent.message_id and "You two" in call.text)
        await api.answer_to(bob.text("hello"))
        friend, challenger = await bot.store.get_user(bob.id), await bot.store.get_user(ann.id)

        assert friend
        assert challenger
        assert (friend.blocked, challenger.blocked) == (False, True)
        assert cards(api, ann) == 0
