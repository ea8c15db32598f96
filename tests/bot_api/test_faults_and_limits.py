"""Flood limits, and calls that go wrong as told."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.bot_api.helpers import client
from tests.support.bot_api.server import (
    BotApi,
    accepted,
    cut,
    cut_after,
    html,
    normal,
    raw,
    slow,
    stall,
    too_many,
)

pytestmark = pytest.mark.fast


async def test_flood_limits_answer_429_with_the_seconds_to_wait() -> None:
    now = [1000.0]
    async with BotApi(enforce_limits=True, clock=lambda: now[0]) as api, client(api.url) as bot:
        ann = api.user()
        for _ in range(3):
            await bot.send_message(ann.id, "burst")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(ann.id, "one too many")
        assert caught.value.retry_after == timedelta(seconds=1)
        now[0] += 1
        await bot.send_message(ann.id, "later")

        assert len(api.sent_to(ann)) == 4


async def test_thirty_messages_a_second_and_no_more_leave_the_bot() -> None:
    now = [1000.0]
    async with BotApi(enforce_limits=True, clock=lambda: now[0]) as api, client(api.url) as bot:
        for _ in range(30):
            await bot.send_message(api.user().id, "hello")
        late = api.user()
        with pytest.raises(RetryAfter):
            await bot.send_message(late.id, "hello")
        now[0] += 1

        assert await bot.send_message(late.id, "hello")


async def test_a_group_takes_twenty_messages_a_minute() -> None:
    now = [1000.0]
    async with BotApi(enforce_limits=True, clock=lambda: now[0]) as api, client(api.url) as bot:
        group = api.user(chat_type="group")
        for _ in range(20):
            await bot.send_message(group.id, "hello")
            now[0] += 1
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "hello")

        assert caught.value.retry_after == timedelta(seconds=40)


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (502, NetworkError), (401, InvalidToken), (403, Forbidden), (409, Conflict), (too_many(3), RetryAfter),
        (too_many(), NetworkError), (html(), TelegramError), (raw(b"{}"), KeyError), (cut, NetworkError),
        (cut_after(20), NetworkError),
    ],
)  # fmt: skip
async def test_a_queued_fault_meets_one_call(api: BotApi, bot: Bot, fault: Any, raised: type[Exception]) -> None:
    ann = api.user()
    api.fail("sendMessage", fault)

    with pytest.raises(raised):
        await bot.send_message(ann.id, "first")
    assert (await bot.send_message(ann.id, "second")).text == "second"


async def test_a_queue_of_faults_is_met_in_order(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    api.fail("sendMessage", normal, too_many(7), 500)

    assert await bot.send_message(ann.id, "1")
    with pytest.raises(RetryAfter):
        await bot.send_message(ann.id, "2")
    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "3")
    assert [call.status for call in api.calls if call.method == "sendMessage"] == [200, 429, 500]
    assert [call.text for call in api.sent_to(ann)] == ["1"]


async def test_a_standing_fault_lasts_until_it_is_cleared(api: BotApi, bot: Bot) -> None:
    api.fault("*", 500)
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.get_me()
    api.clear()

    assert await bot.get_me()


async def test_a_fault_of_get_updates_ends_the_poll_under_way(api: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await api.wait_for(lambda call: call.method == "getUpdates")
    api.fault("getUpdates", 502)

    assert await poll == ()
    with pytest.raises(NetworkError):
        await bot.get_updates(timeout=50)


async def test_a_stalled_call_has_no_effect_once_the_client_gave_up(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    api.fail("sendMessage", stall(3600))
    sending = asyncio.create_task(bot.send_message(ann.id, "hello"))
    await api.wait_for(lambda call: call.method == "sendMessage")
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await bot.get_me()

    assert api.sent_to(ann) == []


async def test_a_call_can_take_effect_although_the_client_never_hears_of_it(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    api.fail("sendMessage", accepted(cut), accepted(stall(3600)))
    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "hello")
    with pytest.raises(TimedOut):
        await bot.send_message(ann.id, "again", read_timeout=0.05)
    await api.wait_for(lambda call: call.ok and call.text == "again")

    assert [call.text for call in api.sent_to(ann)] == ["hello", "again"]


async def test_a_download_can_break_off_fail_and_trickle(api: BotApi, bot: Bot) -> None:
    sent = api.user().document(b"x" * 5000)
    file = await bot.get_file(sent.message["document"]["file_id"])
    api.fail("file", cut_after(1000), 404, slow(1_000_000))

    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    with pytest.raises(InvalidToken):
        await file.download_as_bytearray()
    assert len(await file.download_as_bytearray()) == 5000
