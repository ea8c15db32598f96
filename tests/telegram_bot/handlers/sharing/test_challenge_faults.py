"""A challenge through a killed process, and with somebody who has blocked the bot; faces are made up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.bot_api.conversation import answers_with_percentage, erased, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, error, normal, stall


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


async def dueled(api: BotApi, astronaut: bytes) -> tuple[Person, Person, list[int]]:
    """Ann and Bob, and the numbers of the messages with the card in their chats."""
    people = ann, bob = await challenged(api, astronaut)
    bob.photo(astronaut)
    sent = [await api.wait_for(reaches(person, "You two")) for person in people]
    return ann, bob, [call.message["message_id"] for call in sent]


async def test_erasing_oneself_deletes_the_card_in_the_friends_chat_too(
    tmp_path: Path, api: BotApi, astronaut: bytes
) -> None:
    async with InProcessBot(api, tmp_path) as bot:
        ann, bob, (anns, bobs) = await dueled(api, astronaut)
        assert "erased" in (await api.answer_to(ann.text("/delete"))).text
        kept = await bot.store.links_of(bob.id, "duel")

    assert (ann.id, anns) not in api.state.messages
    assert (bob.id, bobs) not in api.state.messages
    assert kept == []


@pytest.mark.parametrize("erases", ["friend", "challenger"])
async def test_a_card_that_is_being_drawn_when_one_of_them_is_erased_reaches_nobody(
    tmp_path: Path, api: BotApi, astronaut: bytes, erases: str
) -> None:
    async with InProcessBot(api, tmp_path) as bot:
        ann, bob = await challenged(api, astronaut)
        bot.faces.drawing_begun = asyncio.Semaphore(0)
        bot.faces.drawing_gate.clear()
        bob.photo(astronaut)
        await bot.faces.drawing_begun.acquire()
        await erased(api, bob if erases == "friend" else ann)
        bot.faces.drawing_gate.set()
        await bot.finish()

    assert (cards(api, ann), cards(api, bob)) == (0, 0)
    assert any("over" in call.text for call in api.sent_to(bob)) == (erases == "challenger")


async def test_a_friend_whose_card_cannot_be_deleted_is_asked_kindly_to_do_it(
    tmp_path: Path, api: BotApi, astronaut: bytes
) -> None:
    async with InProcessBot(api, tmp_path):
        ann, bob, (anns, bobs) = await dueled(api, astronaut)
        api.fail("deleteMessage", *[error(400, "Bad Request: message can't be deleted")] * 2)
        ann.text("/delete")
        asked = await api.wait_for(reaches(bob, "please do that yourself"))
        await api.wait_for(reaches(ann, "erased"))

    assert asked.reply_to == bobs
    assert (ann.id, anns) in api.state.messages


async def test_a_card_that_stays_with_a_friend_who_blocked_the_bot_is_not_called_deleted(
    tmp_path: Path, api: BotApi, astronaut: bytes
) -> None:
    async with InProcessBot(api, tmp_path):
        ann, bob, _ = await dueled(api, astronaut)
        card = next(call for call in api.sent_to(ann) if "You two" in call.text)
        api.fail("deleteMessage", *[error(403, "Forbidden: bot was blocked by the user")] * 2)
        bob.block()
        ann.press(card, next(one for one in card.buttons if one.startswith("duel:")))
        said = await api.wait_for(reaches(ann, "Taken back"))

    assert "deleted" not in said.text


async def test_erasing_does_not_wait_for_a_telegram_that_deletes_nothing(
    tmp_path: Path, api: BotApi, astronaut: bytes
) -> None:
    async with InProcessBot(api, tmp_path) as bot:
        ann, _, _ = await dueled(api, astronaut)
        api.fail("deleteMessage", 409)
        ann.text("/delete")
        await api.wait_for(reaches(ann, "erased"))

        assert await bot.store.get_user(ann.id) is None


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
