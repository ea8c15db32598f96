"""Raw requests to Telegram: every wrong answer is one kind of error, and no file is larger than it may be."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

from lookalike.core.errors import DownloadFailed, PollFailed
from lookalike.faces.types import MAX_BYTES
from lookalike.telegram_bot.delivery import raw_api as raw_api_module
from lookalike.telegram_bot.delivery.raw_api import RawApi
from tests.support.bot_api.server import TOKEN, BotApi, Fault, cut, cut_after, error, html, raw, slow, stall, too_many


@pytest_asyncio.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest_asyncio.fixture
async def transport(api: BotApi) -> AsyncIterator[RawApi]:
    made = RawApi(api.url, TOKEN, ["message"])
    yield made
    await made.close()


async def test_updates_come_as_they_are(api: BotApi, transport: RawApi) -> None:
    first = api.user().text("hello")

    (update,) = await transport.get_updates(None)
    assert (update["update_id"], update["message"]["text"]) == (first.update_id, "hello")


async def test_an_offset_confirms(api: BotApi, transport: RawApi) -> None:
    first, second = (api.user().text(text) for text in "ab")

    (update,) = await transport.get_updates(first.update_id + 1)
    assert update["update_id"] == second.update_id
    assert api.confirmed == [first.update_id]


async def test_a_poll_that_is_not_held_comes_back_at_once(api: BotApi, transport: RawApi) -> None:
    assert await transport.get_updates(None, hold=False) == []
    assert api.calls[-1].params["timeout"] == 0


@pytest.mark.parametrize(
    ("fault", "timeout_s", "is_silence"), [(stall(3600), 0.1, True), (error(502), 60.0, False)], ids=["stall", "502"]
)
async def test_silence_is_told_from_a_refusal(
    api: BotApi, transport: RawApi, monkeypatch: pytest.MonkeyPatch, fault: Fault, timeout_s: float, is_silence: bool
) -> None:
    monkeypatch.setattr(raw_api_module, "SHORT_ANSWER_S", timeout_s)
    api.fail("getUpdates", fault)

    with pytest.raises(PollFailed) as failed:
        await transport.get_updates(None, hold=False)
    assert failed.value.is_silence is is_silence


@pytest.mark.parametrize("asked", [0, -5, True, "soon", None])
async def test_a_429_with_an_odd_pause_names_none(api: BotApi, transport: RawApi, asked: object) -> None:
    api.fail("getUpdates", raw(json.dumps({"ok": False, "parameters": {"retry_after": asked}}).encode(), 429))

    with pytest.raises(PollFailed) as failed:
        await transport.get_updates(None)
    assert failed.value.retry_after_s in (None, 1)


@pytest.mark.parametrize(
    "fault",
    [
        error(401), error(403), error(404), error(409), error(500), html(200), html(502), cut, cut_after(20),
        raw(b"{}"), raw(b"[]"), raw(b""), raw(b'{"ok":true}'), raw(b'{"ok":true,"result":7}'), raw(b"[]", 500),
    ],
)  # fmt: skip
async def test_whatever_goes_wrong_is_one_kind_of_error(api: BotApi, transport: RawApi, fault: Fault) -> None:
    api.user().text("hello")  # so that the poll has something to be cut off from
    api.fail("getUpdates", fault)

    with pytest.raises(PollFailed) as failed:
        await transport.get_updates(None)
    assert TOKEN not in str(failed.value)


async def test_a_429_says_how_long_to_wait(api: BotApi, transport: RawApi) -> None:
    api.fail("getUpdates", too_many(7))

    with pytest.raises(PollFailed) as failed:
        await transport.get_updates(None)
    assert failed.value.retry_after_s == 7


async def file_path(api: BotApi, data: bytes) -> str:
    """The address of a file that somebody sent, as python-telegram-bot learns it."""
    request = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
    urls = f"{api.url}/bot", f"{api.url}/file/bot"
    async with Bot(TOKEN, *urls, request=request[0], get_updates_request=request[1]) as bot:
        file = await bot.get_file(api.user().document(data).message["document"]["file_id"])
    assert file.file_path is not None
    return file.file_path


async def test_a_file_comes_whole(api: BotApi, transport: RawApi) -> None:
    data = bytes(range(256)) * 1000

    assert await transport.download(await file_path(api, data)) == data


async def test_a_file_over_the_limit_is_cut_off(
    api: BotApi, transport: RawApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_api_module, "MAX_BYTES", 1000)

    assert await transport.download(await file_path(api, bytes(1000))) == bytes(1000)
    assert await transport.download(await file_path(api, bytes(1001))) is None
    assert MAX_BYTES == 20_000_000


@pytest.mark.parametrize("fault", [error(404), error(500), cut, cut_after(200)])
async def test_a_file_that_does_not_come_is_an_error(api: BotApi, transport: RawApi, fault: Fault) -> None:
    path = await file_path(api, bytes(5000))
    api.fail("file", fault, fault)  # a download that is cut before its first byte is repeated once

    with pytest.raises(DownloadFailed) as failed:
        await transport.download(path)
    assert TOKEN not in str(failed.value)


async def test_a_file_that_trickles_is_given_up(
    api: BotApi, transport: RawApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_api_module, "DOWNLOAD_S", 0.3)
    path = await file_path(api, bytes(100_000))
    api.fail("file", slow(1000))

    with pytest.raises(DownloadFailed):
        await transport.download(path)
