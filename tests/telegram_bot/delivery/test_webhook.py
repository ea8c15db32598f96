"""Updates that Telegram posts: secret first, journal before the answer; the app over a real HTTP client."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_asyncio

from lookalike.core.errors import StoreError
from lookalike.core.http.server import Server
from lookalike.telegram_bot.delivery.liveness import Liveness
from lookalike.telegram_bot.delivery.update_kinds import KINDS
from lookalike.telegram_bot.delivery.webhook import HEADER, MAX_BODY_BYTES, build_webhook_app
from tests.support.bot_api.server import BotApi, Call, raw, too_many
from tests.support.running_bot import ROOT, RunningBot

SECRET = "not-a-secret_1"  # noqa: S105 - made up
STARTER = ROOT / "assets" / "starter"
UPDATE = {"update_id": 7, "message": {"text": "hello"}}


class Taken:
    """Remembers what was taken; `full` makes it fail as a full disk does."""

    def __init__(self) -> None:
        self.updates: list[Any] = []
        self.full = False

    async def take(self, updates: list[Any]) -> None:
        if self.full:
            raise StoreError("database or disk is full")
        self.updates += updates


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest_asyncio.fixture
async def client(taken: Taken) -> AsyncIterator[httpx.AsyncClient]:
    server = Server("webhook")
    await server.start(build_webhook_app("/hook", SECRET, taken.take), "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=server.url, headers={HEADER: SECRET}) as made:
        yield made
    await server.close()


async def test_an_update_with_the_secret_is_taken(client: httpx.AsyncClient, taken: Taken) -> None:
    assert (await client.post("/hook", json=UPDATE)).status_code == 200
    assert taken.updates == [UPDATE]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", "ключ"])
async def test_without_the_secret_nothing_is_taken(client: httpx.AsyncClient, taken: Taken, secret: str) -> None:
    answer = await client.post("/hook", json=UPDATE, headers={HEADER.encode(): secret.encode()})

    assert answer.status_code == 403
    assert taken.updates == []


async def test_no_header_is_no_secret(client: httpx.AsyncClient, taken: Taken) -> None:
    del client.headers[HEADER]

    assert (await client.post("/hook", json=UPDATE)).status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_json_is_refused(client: httpx.AsyncClient, taken: Taken, body: bytes) -> None:
    assert (await client.post("/hook", content=body)).status_code == 400
    assert taken.updates == []


async def test_a_body_that_is_larger_than_any_update_is_refused(client: httpx.AsyncClient, taken: Taken) -> None:
    assert (await client.post("/hook", content=b" " * (MAX_BODY_BYTES + 1))).status_code == 413


async def test_what_cannot_be_journaled_is_not_acknowledged(client: httpx.AsyncClient, taken: Taken) -> None:
    taken.full = True
    assert (await client.post("/hook", json=UPDATE)).status_code == 503
    taken.full = False
    assert (await client.post("/hook", json=UPDATE)).status_code == 200


@pytest.mark.parametrize(("verb", "path", "status"), [("GET", "/hook", 405), ("POST", "/", 404), ("POST", "/x", 404)])
async def test_nothing_else_is_there(client: httpx.AsyncClient, verb: str, path: str, status: int) -> None:
    assert (await client.request(verb, path)).status_code == status


# The whole bot behind a webhook


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Behind:
    """A stand-in that posts to a bot's webhook, and the bot."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.api = BotApi(webhook_front=f"http://127.0.0.1:{self.port}")
        self._home = home

    def bot(self, **settings: str) -> RunningBot:
        return RunningBot(
            self.api, self._home, STARTER, self._home, TELEGRAM_WEBHOOK_URL="https://bot.example.org/tg/hook",
            TELEGRAM_WEBHOOK_LISTEN=f"127.0.0.1:{self.port}", **settings,
        )  # fmt: skip


def knows_the_webhook(call: Call) -> bool:
    return call.method == "setWebhook" and call.ok


async def test_a_bot_with_a_webhook_never_polls_and_answers(tmp_path: Path, astronaut: bytes) -> None:
    behind = Behind(tmp_path)
    async with behind.api as api, behind.bot():
        known = await api.wait_for(knows_the_webhook, 60)
        ann = api.user(first_name="Ann")
        card = await api.answer_to(ann.photo(astronaut), 60)
        ann.press(card, "consent:yes")
        await api.wait_for(lambda call: "%" in call.text, 60)

    assert len(known.params["secret_token"]) >= 32  # a new random one, since none is set
    assert known.params["allowed_updates"] == KINDS.allowed_updates
    assert not [call for call in api.calls if call.method in ("getUpdates", "deleteWebhook")]


async def test_updates_that_came_by_webhook_survive_kill_9(tmp_path: Path) -> None:
    behind = Behind(tmp_path)
    async with behind.api as api:
        api.fault("sendMessage", 502)  # so that it is still unanswered when the process dies
        async with behind.bot(TELEGRAM_WEBHOOK_SECRET=SECRET) as bot:
            await api.wait_for(knows_the_webhook, 60)
            hello = api.user(first_name="Ann").text("hello")
            await api.wait_for("sendMessage", 60)
            assert api.confirmed == [hello.update_id]
            await bot.end(signal.SIGKILL)
        api.clear()
        async with behind.bot(TELEGRAM_WEBHOOK_SECRET=SECRET):
            assert (await api.answer_to(hello, 60)).text.startswith("Hello Ann!")


async def test_a_webhook_that_telegram_forgot_is_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lookalike.telegram_bot import app as bot_module

    monkeypatch.setattr(bot_module, "WEBHOOK_CHECK_S", 0.01)
    async with BotApi(webhook_front="http://127.0.0.1:9") as api:
        bot = bot_module.make_bot(api.url, api.token)
        await bot.initialize()

        keeping = asyncio.create_task(bot_module.keep_webhook(bot, Liveness(), "https://bot.example.org/hook", SECRET))
        await api.wait_for(knows_the_webhook)
        api.fail("getWebhookInfo", raw(b'{"ok": true, "result": {"url": 1, "pending_update_count": {}}}'))
        since = len(api.calls)
        api.updates.webhook = {}
        again = await api.wait_for(knows_the_webhook, since=since)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await bot.shutdown()

    assert again.params["secret_token"] == SECRET


@pytest.mark.parametrize("method", ["setWebhook", "getWebhookInfo"])
async def test_a_flood_wait_while_the_webhook_is_set_is_kept_and_is_a_sign_of_telegram_till_then(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    from lookalike.telegram_bot import app as bot_module

    monkeypatch.setattr(bot_module, "WEBHOOK_CHECK_S", 0.01)
    liveness, slept, is_asleep = Liveness(), list[float](), asyncio.Event()
    never = asyncio.get_running_loop().create_future()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if seconds > bot_module.WEBHOOK_CHECK_S:
            is_asleep.set()
            await never

    async with BotApi(webhook_front="http://127.0.0.1:9") as api:
        bot = bot_module.make_bot(api.url, api.token)
        await bot.initialize()
        api.fail(method, too_many(3600))
        monkeypatch.setattr(bot_module, "asyncio", SimpleNamespace(sleep=sleep))
        keeping = asyncio.create_task(bot_module.keep_webhook(bot, liveness, "https://bot.example.org/hook", SECRET))
        await asyncio.wait_for(is_asleep.wait(), 60)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await bot.shutdown()

    assert slept == [3600.0]
    assert [call.status for call in api.calls if call.method == method] == [429]
    assert liveness.silence_s == 0.0
    assert 3000 < liveness.last_sign - time.monotonic() <= 3600


async def test_a_log_of_the_webhook_holds_no_secret(tmp_path: Path) -> None:
    behind = Behind(tmp_path)
    async with behind.api as api, behind.bot(TELEGRAM_WEBHOOK_SECRET=SECRET, LOG_LEVEL="DEBUG") as bot:
        await api.wait_for(knows_the_webhook, 60)
        await api.answer_to(api.user().text(json.dumps("hello")), 60)

    assert SECRET not in bot.log
