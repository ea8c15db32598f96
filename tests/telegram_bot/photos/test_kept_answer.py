"""A photo is answered, and at most once more than once, however Telegram answers late, and through restarts too."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from lookalike.faces.types import Doubt, Reason, Refusal
from lookalike.gallery.matching import Match, match
from lookalike.telegram_bot.delivery import update_queue
from lookalike.telegram_bot.photos.kept_answer import outcome_from_json, outcome_to_json
from tests.support.bot_api.in_process_bot import SOON_S, InProcessBot
from tests.support.bot_api.server import LATE, BotApi, Person, Sent, error

SEND = ("sendMessage", "sendPhoto")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


def bot_in(home: Path, api: BotApi, answer_s: float = SOON_S) -> InProcessBot:
    return InProcessBot(api, home, answer_s=answer_s)


async def consented(api: BotApi, home: Path, astronaut: bytes) -> Person:
    ann = api.user()
    async with InProcessBot(api, home):
        photo = ann.photo(astronaut)
        ann.press(await api.answer_to(photo), "consent:yes")
        await api.wait_for(lambda call: call.reply_to == photo.message_id and "%" in call.text)
    return ann


def copies(api: BotApi, photo: Sent) -> int:
    return sum(call.reply_to == photo.message_id and call.method in SEND for call in api.calls)


async def test_a_telegram_that_always_answers_late_gets_two_copies_and_no_more(
    api: BotApi, tmp_path: Path, astronaut: bytes
) -> None:
    ann = await consented(api, tmp_path, astronaut)
    for method in SEND:
        api.fault(method, LATE)
    async with bot_in(tmp_path, api) as bot:
        photo = ann.photo(astronaut)
        await api.wait_for(lambda call: call.reply_to == photo.message_id)
        await bot.finish()

    assert copies(api, photo) == 2
    assert bot.faces.found == 1


async def test_restarts_make_no_further_copies_and_match_nothing_again(
    api: BotApi, tmp_path: Path, astronaut: bytes
) -> None:
    ann = await consented(api, tmp_path, astronaut)
    for method in SEND:
        api.fault(method, LATE)
    first = bot_in(tmp_path, api, answer_s=60.0)
    await first.__aenter__()
    photo = ann.photo(astronaut)
    await api.wait_for(lambda call: call.reply_to == photo.message_id)
    await first.crash()
    for _ in range(2):
        async with bot_in(tmp_path, api) as bot:
            await bot.finish()
        assert bot.faces.found == 0

    assert copies(api, photo) == 2


async def test_a_stop_meanwhile_makes_no_further_copies_and_matches_nothing_again(
    api: BotApi, tmp_path: Path, astronaut: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await consented(api, tmp_path, astronaut)
    monkeypatch.setattr(update_queue, "DRAIN_S", 0.0)
    for method in SEND:
        api.fault(method, LATE)
    async with bot_in(tmp_path, api, answer_s=60.0):
        photo = ann.photo(astronaut)
        await api.wait_for(lambda call: call.reply_to == photo.message_id)
    async with bot_in(tmp_path, api) as bot:
        await bot.finish()

    assert bot.faces.found == 0
    assert copies(api, photo) == 2


async def test_an_answer_that_could_not_be_sent_is_sent_later_without_matching_again(
    api: BotApi, tmp_path: Path, astronaut: bytes
) -> None:
    ann = await consented(api, tmp_path, astronaut)
    api.fail("sendMessage", *[error(403)] * 2)  # of something in between: the whole update is tried again
    async with bot_in(tmp_path, api, answer_s=60.0) as bot:
        assert "%" in (await api.answer_to(ann.photo(astronaut), 60)).text
        await bot.finish()

    assert bot.faces.found == 1


async def test_the_outcome_is_kept_sealed_and_gone_when_it_is_sent(
    api: BotApi, tmp_path: Path, astronaut: bytes
) -> None:
    ann = await consented(api, tmp_path, astronaut)
    api.fault("sendMessage", error(502))
    async with bot_in(tmp_path, api) as bot:
        photo = ann.photo(astronaut)
        await api.wait_for(lambda call: call.reply_to == photo.message_id and call.status == 502)
        kept = await bot.store.kept_outcome(ann.id, photo.message_id)
        assert kept is not None
        stored = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
        assert bot.gallery.celebrities[0].id.encode() not in stored
        api.clear()
        await bot.finish()
        assert await bot.store.kept_outcome(ann.id, photo.message_id) is None


async def test_an_outcome_is_read_as_it_was_written(api: BotApi, tmp_path: Path, astronaut: bytes) -> None:
    bot = InProcessBot(api, tmp_path)
    found = await match(astronaut, bot.faces.find, bot.gallery)
    assert outcome_from_json(outcome_to_json(found), bot.gallery) == found
    assert isinstance(found, Match)
    doubtful = Match((replace(found.faces[0], doubt=Doubt.DARK),))
    assert outcome_from_json(json.loads(json.dumps(outcome_to_json(doubtful))), bot.gallery) == doubtful
    refusal = Refusal(Reason.NO_FACE)
    assert outcome_from_json(outcome_to_json(refusal), bot.gallery) == refusal
    assert (
        outcome_from_json(
            {"faces": [{"box": [0, 0, 1, 1], "turn": 0, "stars": [["Q0", 0.5, 0.5, 0.9, None]]}]}, bot.gallery
        )
        is None
    )
