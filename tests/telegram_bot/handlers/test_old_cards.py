"""Consent is what somebody has just agreed to: old cards record nothing, and quick taps are one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lookalike.store.held_photos import PAGE_PHOTOS
from lookalike.store.models import HeldPhoto
from tests.support.bot_api.calls import Call
from tests.support.bot_api.conversation import reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person

BUTTONS = ["consent:yes", "consent:no"]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
async def bot(api: BotApi, tmp_path: Path) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path) as running:
        yield running


async def has_consented(bot: InProcessBot, person: Person) -> bool:
    user = await bot.store.get_user(person.id)
    return user is not None and user.consent_version is not None


async def press_for_a_card(api: BotApi, person: Person, card: Call) -> Call:
    """Press yes on a card; the card that comes of it."""
    since = len(api.calls)
    person.press(card, "consent:yes", forge=True)
    return await api.wait_for(
        lambda call: call.ok and call.chat_id == person.id and call.buttons == BUTTONS, since=since
    )


async def test_a_press_after_delete_brings_the_card_anew_and_records_nothing(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    old = await api.answer_to(ann.photo(astronaut))
    await api.answer_to(ann.text("/delete"))
    fresh = await press_for_a_card(api, ann, old)

    assert not await has_consented(bot, ann)
    since = len(api.calls)
    ann.press(fresh, "consent:yes")
    await api.wait_for(reaches(ann, "Now send me a photo"), since=since)
    assert await has_consented(bot, ann)
    assert "%" in (await api.answer_to(ann.photo(astronaut))).text


async def test_yes_under_the_last_of_very_many_photos_is_a_consent(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    await api.answer_to(ann.photo(astronaut))
    for number in range(PAGE_PHOTOS):
        await bot.store.hold_photo(HeldPhoto(ann.id, ann.id, 10_000 + number, "file", 0))
    last = await api.answer_to(ann.photo(astronaut))
    ann.press(last, "consent:yes")
    await api.wait_for(lambda call: call.ok and call.reply_to == last.reply_to and "%" in call.text)

    assert await has_consented(bot, ann)


async def test_a_press_after_no_on_another_card_brings_the_card_anew(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    first, second = [await api.answer_to(ann.photo(astronaut)) for _ in range(2)]
    ann.press(second, "consent:no")
    await api.wait_for(reaches(ann, "I did not look"))

    await press_for_a_card(api, ann, first)
    assert not await has_consented(bot, ann)
    assert bot.faces.found == 0


async def test_an_old_card_does_not_speak_for_a_new_photo(api: BotApi, bot: InProcessBot, astronaut: bytes) -> None:
    ann = api.user()
    old = await api.answer_to(ann.photo(astronaut))
    await api.answer_to(ann.text("/delete"))
    photo = ann.photo(astronaut)
    new = await api.answer_to(photo)
    await press_for_a_card(api, ann, old)
    assert not await has_consented(bot, ann)

    ann.press(new, "consent:yes")
    await api.wait_for(lambda call: call.reply_to == photo.message_id and "%" in call.text)


async def test_three_fast_taps_on_yes_are_one(api: BotApi, bot: InProcessBot, astronaut: bytes) -> None:
    ann = api.user()
    photo = ann.photo(astronaut)
    card = await api.answer_to(photo)
    for _ in range(3):
        ann.press(card, "consent:yes", forge=True)
    await api.wait_for(lambda call: call.reply_to == photo.message_id and "%" in call.text)
    await api.answer_to(ann.photo(astronaut))  # behind the taps

    words = [call.text for call in api.sent_to(ann)]
    assert sum("%" in text for text in words) == 2
    assert not [text for text in words if "agreed before" in text]
    assert len([call for call in api.calls if call.method == "editMessageText"]) == 1
    assert api.unanswered_presses == []


async def test_a_card_that_was_answered_on_another_one_says_so(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = api.user()
    first, second = [await api.answer_to(ann.photo(astronaut)) for _ in range(2)]
    ann.press(first, "consent:yes")
    await api.wait_for(reaches(ann, "%"))
    ann.press(second, "consent:yes")

    await api.wait_for(reaches(ann, "You agreed before"))
