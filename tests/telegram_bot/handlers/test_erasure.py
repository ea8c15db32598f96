"""/delete closes what was sent before it and answers what was sent after it; a photo under way recreates nobody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Message

from tests.conftest import SmallIndex
from tests.support.bot_api.conversation import erased, reaches
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person, error


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
async def bot(api: BotApi, tmp_path: Path) -> AsyncIterator[InProcessBot]:
    async with InProcessBot(api, tmp_path) as running:
        yield running


@pytest.fixture
async def bot_with_photos(api: BotApi, tmp_path: Path, small_index: SmallIndex) -> AsyncIterator[InProcessBot]:
    """One whose stars have photos, so that there is a card to draw."""
    async with InProcessBot(api, tmp_path, index=small_index.directory, PHOTOS_DIR=str(small_index.photos)) as running:
        yield running


async def consented(api: BotApi, astronaut: bytes) -> Person:
    ann = api.user()
    photo = ann.photo(astronaut)
    ann.press(await api.answer_to(photo), "consent:yes")
    await api.wait_for(lambda call: call.reply_to == photo.message_id and "%" in call.text)
    return ann


async def test_a_photo_under_way_at_delete_is_not_answered_and_makes_nobody_anew(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = await consented(api, astronaut)
    bot.faces.gate.clear()
    bot.faces.asked.clear()
    under_way = ann.photo(astronaut)
    await bot.faces.asked.wait()
    waiting = ann.photo(astronaut)
    assert "erased" in (await api.answer_to(ann.text("/delete"))).text
    bot.faces.gate.set()
    bob = api.user()  # whose photo goes through the same queue
    await api.answer_to(bob.photo(astronaut))
    hello = api.user()
    await api.answer_to(hello.text("hello"))

    assert await bot.store.get_user(ann.id) is None
    assert not [call for call in api.sent_to(ann) if call.reply_to in (under_way.message_id, waiting.message_id)]
    assert (await bot.store.counts())["answers"] == 0


@pytest.mark.parametrize("compared", [False, True])
async def test_an_answer_whose_picture_is_being_drawn_at_delete_is_not_sent(
    api: BotApi, bot: InProcessBot, astronaut: bytes, compared: bool
) -> None:
    ann = await consented(api, astronaut)
    first = ann.photo(astronaut)
    await api.answer_to(first)
    bot.faces.people = 2  # so that there is something to draw
    bot.faces.drawing_gate.clear()
    under_way = ann.photo(astronaut, reply_to=first if compared else None)
    await bot.faces.drawing_begun.acquire()
    await erased(api, ann)
    bot.faces.drawing_gate.set()
    await bot.finish()

    assert not [call for call in api.sent_to(ann) if call.reply_to == under_way.message_id]


async def test_an_album_whose_card_is_being_drawn_at_delete_is_not_answered(
    api: BotApi, bot_with_photos: InProcessBot, astronaut: bytes
) -> None:
    bot = bot_with_photos
    ann = await consented(api, astronaut)
    await bot.faces.drawing_begun.acquire()  # the card of the first photo
    bot.faces.drawing_gate.clear()
    ann.album([astronaut] * 2)
    await bot.faces.drawing_begun.acquire()
    since = await erased(api, ann)
    bot.faces.drawing_gate.set()
    await bot.finish()

    assert [call for call in api.calls[since:] if "%" in call.text] == []


async def test_cards_for_everybody_that_are_being_drawn_at_delete_are_not_sent(
    api: BotApi, bot_with_photos: InProcessBot, astronaut: bytes
) -> None:
    bot = bot_with_photos
    bot.faces.card = astronaut
    ann = await consented(api, astronaut)
    await bot.faces.drawing_begun.acquire()
    bot.faces.people = 2
    answer = await api.wait_for(lambda call: call.ok and "%" in call.text and call.chat_id == ann.id)
    bot.faces.drawing_gate.clear()
    ann.press(answer, "card:all:any", forge=True)
    await bot.faces.drawing_begun.acquire()
    since = await erased(api, ann)
    bot.faces.drawing_gate.set()
    await bot.finish()

    assert [call.method for call in api.calls[since:] if call.method.startswith("send")] == ["sendMessage"]


async def test_what_is_sent_after_delete_is_answered_as_from_somebody_new(
    api: BotApi, bot: InProcessBot, astronaut: bytes
) -> None:
    ann = await consented(api, astronaut)
    api.fail("getUpdates", error(502))  # so that all three come at once
    ann.photo(astronaut)
    ann.text("/delete")
    after = ann.photo(astronaut)
    card = await api.wait_for(lambda call: call.reply_to == after.message_id)

    assert card.buttons == ["consent:yes", "consent:no"]


async def test_export_is_sent_once_a_minute(api: BotApi, bot: InProcessBot) -> None:
    ann = api.user()
    first = await api.answer_to(ann.text("/export"))
    since = len(api.calls)
    ann.text("/export")
    await api.wait_for(reaches(ann, "again in a minute"), since=since)

    assert first.method == "sendDocument"
    assert [call.method for call in api.sent_to(ann)] == ["sendDocument", "sendMessage"]


async def test_a_card_that_is_being_sent_at_delete_begins_no_dialogue_with_whoever_is_there_again(
    api: BotApi, bot: InProcessBot, astronaut: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, sent, gate = api.user(), asyncio.Event(), asyncio.Event()
    card = await api.answer_to(ann.photo(astronaut))
    ann.press(card, "consent:no")
    await api.wait_for(lambda call: call.ok and call.method == "editMessageText")
    send = bot.services.sender.send

    async def send_and_wait(*arguments: Any) -> Message | None:
        message = await send(*arguments)
        if not sent.is_set():
            sent.set()
            await gate.wait()
        return message

    monkeypatch.setattr(bot.services.sender, "send", send_and_wait)
    ann.press(card, "consent:yes", forge=True)  # too late: a new card is sent
    await sent.wait()
    await erased(api, ann)
    await api.answer_to(ann.text("hello"))
    gate.set()
    await bot.finish()

    assert await bot.store.get_user(ann.id)
    assert await bot.store.get_conversation(ann.id) is None
