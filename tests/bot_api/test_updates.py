"""The token, parameters, and the queue of updates: polling and webhook."""

import asyncio
import json

import httpx
import pytest
from telegram import (
    Bot,
)
from telegram.error import (
    Conflict,
)

from tests.bot_api.helpers import client, ids
from tests.support.bot_api.server import (
    TOKEN,
    BotApi,
)
from tests.support.bot_api.wire import Connection, Reply, Request

pytestmark = pytest.mark.fast


async def test_get_me_tells_the_bot_its_name(bot: Bot) -> None:
    assert (await bot.get_me()).username == "stand_in_bot"


async def test_a_wrong_token_is_unauthorized(api: BotApi) -> None:
    async with httpx.AsyncClient(trust_env=False) as web:
        asked = await web.get(f"{api.url}/bot1000001:wrong/getMe")
        fetched = await web.get(f"{api.url}/file/bot1000001:wrong/photos/file_1.jpg")

    assert asked.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert (asked.status_code, fetched.status_code) == (401, 401)


@pytest.mark.parametrize("path", ["", f"bot{TOKEN}", f"bot{TOKEN}/sendPigeon", f"file/bot{TOKEN}/photos/file_1.jpg"])
async def test_what_is_not_there_is_not_found(api: BotApi, path: str) -> None:
    async with httpx.AsyncClient(trust_env=False) as web:
        answer = await web.post(f"{api.url}/{path}")

    assert (answer.status_code, answer.json()["error_code"]) == (404, 404)


async def test_parameters_may_come_as_json_query_or_form(api: BotApi) -> None:
    ann = api.user()
    url = f"{api.url}/bot{TOKEN}/sendMessage"
    async with httpx.AsyncClient(trust_env=False) as web:
        await web.post(url, json={"chat_id": ann.id, "text": "1"})
        await web.get(url, params={"chat_id": ann.id, "text": "2"})
        await web.post(url, data={"chat_id": str(ann.id), "text": "3"})

    assert [call.text for call in api.sent_to(ann)] == ["1", "2", "3"]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api: BotApi, bot: Bot) -> None:
    first, second = (api.user().text(text).update_id for text in "ab")

    assert ids(await bot.get_updates()) == [first, second]
    assert ids(await bot.get_updates(offset=first)) == [first, second]
    assert api.confirmed == []
    assert ids(await bot.get_updates(offset=second)) == [second]
    assert api.confirmed == [first]
    assert ids(await bot.get_updates(offset=second + 1)) == []
    assert api.confirmed == [first, second]


async def test_a_batch_holds_no_more_than_its_limit(api: BotApi, bot: Bot) -> None:
    sent = [api.user().text("hi").update_id for _ in range(5)]

    assert ids(await bot.get_updates(limit=2)) == sent[:2]


async def test_a_negative_offset_counts_from_the_end_and_forgets_what_is_before(api: BotApi, bot: Bot) -> None:
    sent = [api.user().text("hi").update_id for _ in range(3)]

    assert ids(await bot.get_updates(offset=-1)) == sent[2:]
    assert api.confirmed == sent[:2]


async def test_a_long_poll_ends_when_something_happens(api: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await api.wait_for(lambda call: call.method == "getUpdates")
    sent = api.user().text("hello")

    assert ids(await poll) == [sent.update_id]


async def test_a_second_poll_ends_the_first_with_a_conflict(api: BotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=50))
    await api.wait_for(lambda call: call.method == "getUpdates")
    async with client(api.url) as other:
        second = asyncio.create_task(other.get_updates(timeout=50))

        with pytest.raises(Conflict):
            await first
        api.user().text("hello")
        assert len(await second) == 1


async def test_kinds_nobody_asked_for_are_not_delivered(api: BotApi, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    ann = api.user()
    said = ann.text("hello")
    ann.edit("hullo")

    assert ids(await bot.get_updates()) == [said.update_id]


async def test_updates_can_be_repeated_and_their_ids_can_fall(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    first = ann.text("before").update_id
    await bot.get_updates(offset=first + 1)
    api.redeliver(first, first)
    assert ids(await bot.get_updates()) == [first, first]
    await bot.get_updates(offset=first + 1)
    api.updates.next_id = 7
    ann.text("after a week")

    assert ids(await bot.get_updates(offset=first + 1)) == [7]


async def test_an_update_no_bot_can_parse_is_delivered_as_it_is(api: BotApi) -> None:
    api.push({"message": ["poison"]})
    async with httpx.AsyncClient(trust_env=False) as web:
        answer = await web.post(f"{api.url}/bot{TOKEN}/getUpdates")

    assert answer.json()["result"][0]["message"] == ["poison"]


async def test_a_webhook_gets_each_update_until_it_takes_it(api: BotApi, bot: Bot) -> None:
    got: list[Request] = []

    def take_the_second_time(request: Request, connection: Connection) -> None:
        got.append(request)
        connection.send(Reply(b"", 500 if len(got) == 1 else 200))
        if len(got) == 2:
            taken.set()

    taken = asyncio.Event()
    open_connections: set[Connection] = set()
    listener = await asyncio.get_running_loop().create_server(
        lambda: Connection(take_the_second_time, open_connections), "127.0.0.1"
    )
    api.updates.webhook_front = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    sent = api.user().text("hello")
    await bot.set_webhook("https://bot.example.org/hook", secret_token="s3cret")  # noqa: S106 - a made-up one
    await asyncio.wait_for(taken.wait(), 10)
    with pytest.raises(Conflict):
        await bot.get_updates()
    listener.close()

    assert [json.loads(request.body)["update_id"] for request in got] == [sent.update_id] * 2
    assert {request.path for request in got} == {"/hook"}
    assert (await bot.get_webhook_info()).url == "https://bot.example.org/hook"
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
