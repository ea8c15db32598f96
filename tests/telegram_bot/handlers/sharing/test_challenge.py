"""Two friends and one card, in the real process: a link, a photo, both get it, either takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import SLOW_S, answer, consented
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot
from tests.telegram_bot.handlers.test_photo_flow import picture

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def link_of(api: BotApi, person: Person, photo: bytes) -> tuple[Call, str]:
    """The message with the link of a challenge, and what the link sends to the bot."""
    reply = await consented(api, person, photo)
    person.press(reply, "duel:challenge:yes")
    made = await api.wait_for(lambda call: call.ok and call.chat_id == person.id and "?start=duel_" in call.text)
    return made, f"/start {made.text.partition('?start=')[2].split()[0]}"


def result_for(person: Person) -> Callable[[Call], bool]:
    """Whether a call sends the card of a duel to that person."""
    return lambda call: call.ok and call.chat_id == person.id and "You two" in call.text


def deletes(person: Person, card: Call) -> Callable[[Call], bool]:
    """Whether a call deletes a card from that person's chat."""
    wanted = {"chat_id": person.id, "message_id": card.message["message_id"]}
    return lambda call: call.ok and call.method == "deleteMessage" and call.params == wanted


async def duel(api: BotApi, ann: Person, photo: bytes, bob: Person, other: bytes) -> tuple[Call, Call]:
    """The cards that both get."""
    _, start = await link_of(api, ann, photo)
    question = await answer(api, bob.text(start))
    assert "Ann asks how alike you two are" in question.text
    sent = bob.photo(other)
    card = await answer(api, sent)
    bob.press(card, "consent:yes")
    bobs = await api.wait_for(result_for(bob), SLOW_S)
    return await api.wait_for(result_for(ann), SLOW_S), bobs


async def test_both_get_the_same_card_and_either_deletes_it_in_both_chats(
    api: BotApi, ann: Person, astronaut: bytes, shared_faces: Path
) -> None:
    bob = api.user(first_name="Bob")
    face = next((shared_faces / "probes").glob("*.jpg")).read_bytes()
    anns, bobs = await duel(api, ann, astronaut, bob, face)

    assert anns.text == bobs.text
    assert "You two, Ann and Bob: " in bobs.text
    assert "photo" in bobs.files
    assert anns.params["photo"] == bobs.message["photo"][-1]["file_id"]
    (data,) = anns.buttons
    ann.press(anns, data)
    await api.wait_for(deletes(ann, anns))
    await api.wait_for(deletes(bob, bobs))


async def test_a_challenge_that_was_taken_back_or_erased_is_over(api: BotApi, ann: Person, astronaut: bytes) -> None:
    made, start = await link_of(api, ann, astronaut)
    bob = api.user(first_name="Bob")
    assert "own challenge" in (await answer(api, ann.text(start))).text
    ann.press(made, made.buttons[-1])
    await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "Taken back" in call.text)
    assert "challenge is over" in (await answer(api, bob.text(start))).text

    carl = api.user(first_name="Carl")
    _, start = await link_of(api, carl, astronaut)
    await answer(api, carl.text("/delete"))
    assert "challenge is over" in (await answer(api, bob.text(start))).text


async def test_who_says_no_is_not_compared(api: BotApi, ann: Person, astronaut: bytes) -> None:
    _, start = await link_of(api, ann, astronaut)
    bob = api.user(first_name="Bob")
    question = await answer(api, bob.text(start))
    bob.press(question, question.buttons[0])
    await api.wait_for(lambda call: call.ok and call.chat_id == bob.id and "no comparing" in call.text)

    assert "You two" not in (await consented(api, bob, astronaut)).text


async def test_a_photo_without_a_face_asks_for_another_one(
    api: BotApi, bot: RunningBot, ann: Person, astronaut: bytes, shared_faces: Path
) -> None:
    bob = api.user(first_name="Bob")
    await consented(api, bob, astronaut)
    _, start = await link_of(api, ann, astronaut)
    await answer(api, bob.text(start))

    assert "Send me another one" in (await answer(api, bob.photo(picture((400, 300))))).text
    assert "You two" in (await answer(api, bob.photo(astronaut))).text
