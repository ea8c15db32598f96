"""The consent card, in the real process."""

import re

import pytest

from tests.support.bot_api.conversation import answer, consented, downloads
from tests.support.bot_api.server import BotApi, Person, error

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_nothing_is_fetched_before_consent(api: BotApi, ann: Person, astronaut: bytes) -> None:
    card = await answer(api, ann.photo(astronaut))

    assert card.buttons == ["consent:yes", "consent:no"]
    assert "thrown away" in card.text
    assert downloads(api, ann) == []


async def test_after_yes_the_same_photo_is_answered(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)

    assert re.search(r"\b\d{1,2}% \w", reply.text)
    assert len(downloads(api, ann)) == 1
    assert api.unanswered_presses == []


async def test_the_next_photo_is_answered_without_asking(api: BotApi, ann: Person, astronaut: bytes) -> None:
    first = await consented(api, ann, astronaut)

    again = await answer(api, ann.photo(astronaut))
    assert again.text.splitlines()[0] == first.text.splitlines()[0]


async def test_after_no_the_photo_is_forgotten_and_the_next_one_asks_again(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    card = await answer(api, ann.photo(astronaut))
    ann.press(card, "consent:no")
    await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == ann.id)

    assert (await answer(api, ann.photo(astronaut))).buttons == ["consent:yes", "consent:no"]
    assert downloads(api, ann) == []


async def test_courtesies_that_fail_cost_nobody_an_answer(api: BotApi, ann: Person, astronaut: bytes) -> None:
    api.fail("answerCallbackQuery", error(404))
    api.fail("editMessageText", error(404))

    assert "%" in (await consented(api, ann, astronaut)).text


async def test_consent_pressed_twice_answers_once(api: BotApi, ann: Person, astronaut: bytes) -> None:
    sent = ann.photo(astronaut)
    card = await answer(api, sent)
    ann.press(card, "consent:yes")
    ann.press(card, "consent:yes", forge=True)
    await answer(api, ann.text("/help"))
    await answer(api, ann.photo(astronaut))

    assert len([call for call in api.sent_to(ann) if "%" in call.text and call.reply_to == sent.message_id]) == 1


async def test_an_album_is_asked_about_also_after_a_card_that_was_ignored(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await answer(api, ann.photo(astronaut))
    album = ann.album([astronaut, astronaut])

    assert (await answer(api, album[0])).buttons == ["consent:yes", "consent:no"]


async def test_no_after_yes_withdraws_consent(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)
    ann.press(reply, "consent:no", forge=True)
    told = await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "no more photos" in call.text)

    assert told.ok
    assert (await answer(api, ann.photo(astronaut))).buttons == ["consent:yes", "consent:no"]
