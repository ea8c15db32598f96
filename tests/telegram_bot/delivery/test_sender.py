"""Replies as they arrive in a chat, and what becomes of a message whose fate is unknown."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.ext import ExtBot

from lookalike.telegram_bot.delivery import http_request
from lookalike.telegram_bot.delivery.copies import MAX_COPIES, Copies
from lookalike.telegram_bot.delivery.http_request import BotRequest
from lookalike.telegram_bot.delivery.liveness import Liveness
from lookalike.telegram_bot.delivery.sender import Sender
from lookalike.telegram_bot.replies.reply import Link, Reply
from tests.support.bot_api.server import TOKEN, BotApi, Fault, accepted, cut, html, raw, stall
from tests.support.mongo_server import free_port

REPLY = Reply("87% Ann\n📷 Jo, CC0", links=(Link(11, 2, "https://c/photo"), Link(15, 3, "https://c/licence")))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def telegram_bot(api: BotApi) -> AsyncIterator[ExtBot[None]]:
    requests = [BotRequest() for _ in range(2)]
    urls = f"{api.url}/bot", f"{api.url}/file/bot"
    async with ExtBot(TOKEN, *urls, request=requests[0], get_updates_request=requests[1]) as bot:
        yield bot


@pytest.mark.parametrize("with_picture", [True, False])
async def test_author_and_licence_are_links(
    api: BotApi, telegram_bot: ExtBot[None], astronaut: bytes, with_picture: bool
) -> None:
    ann = api.user()
    await Sender(telegram_bot, Liveness()).send(ann.id, REPLY, None, astronaut if with_picture else None)

    (call,) = api.sent_to(ann)
    entities = call.params["caption_entities" if with_picture else "entities"]
    units = call.text.encode("utf-16-le")
    words = [units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le") for one in entities]
    assert [(one["type"], one["url"]) for one in entities] == [
        ("text_link", "https://c/photo"),
        ("text_link", "https://c/licence"),
    ]
    assert words == ["Jo", "CC0"]


# A message of the bot that shows something else


async def shown(api: BotApi, bot: ExtBot[None], before: bytes | None, after: bytes | None) -> tuple[bool, list[str]]:
    """Send a message, edit it, and edit it again to the same: whether that could be done, and the methods called."""
    ann, sender = api.user(), Sender(bot, Liveness())
    sent = await sender.send(ann.id, Reply("first"), None, before)
    assert sent is not None
    edited = [await sender.edit_card(sent, Reply("second", preview_url="https://c"), after) for _ in range(2)]
    return all(edited), [call.method for call in api.calls if call.method.startswith("edit")]


async def test_words_become_other_words_or_a_picture_and_a_picture_another_one(
    api: BotApi, telegram_bot: ExtBot[None], astronaut: bytes
) -> None:
    words, media = "editMessageText", "editMessageMedia"
    for before, after, method in ((None, None, words), (None, astronaut, media), (astronaut, astronaut, media)):
        could, methods = await shown(api, telegram_bot, before, after)
        assert could
        assert set(methods[-2:]) == {method}


async def test_a_picture_cannot_become_words_nor_a_message_that_is_gone_anything(
    api: BotApi, telegram_bot: ExtBot[None], astronaut: bytes
) -> None:
    ann, sender = api.user(), Sender(telegram_bot, Liveness())
    picture, gone = await sender.send(ann.id, REPLY, None, astronaut), await sender.send(ann.id, REPLY)
    assert picture is not None
    assert gone is not None
    ann.delete({"message_id": gone.message_id})

    assert [await sender.edit_card(one, Reply("second")) for one in (picture, gone)] == [None, None]


# What is known of a request that failed


async def test_a_timeout_after_the_request_was_written_is_told_from_a_request_that_was_not_sent(
    api: BotApi, telegram_bot: ExtBot[None]
) -> None:
    ann = api.user()
    api.fail("sendMessage", stall(3600))
    with pytest.raises(TimedOut):
        await telegram_bot.send_message(ann.id, "hello", read_timeout=0.05)
    requests, nobody = [BotRequest() for _ in range(2)], f"http://127.0.0.1:{free_port()}"
    async with requests[0], requests[1]:
        unreachable = ExtBot(TOKEN, f"{nobody}/bot", request=requests[0], get_updates_request=requests[1])
        with pytest.raises(NetworkError) as failed:
            await unreachable.send_message(ann.id, "hello")

    assert not isinstance(failed.value, TimedOut)
    assert TOKEN not in str(failed.value)


async def test_waiting_too_long_for_a_connection_is_not_sent(
    api: BotApi, telegram_bot: ExtBot[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot of this test has one connection, and somebody else's message is on it."""
    monkeypatch.setattr(http_request, "CONNECT_S", 0.05)
    ann = api.user()
    api.fail("sendMessage", stall(3600))
    first = asyncio.create_task(telegram_bot.send_message(ann.id, "first"))
    await api.wait_for(lambda call: call.method == "sendMessage")
    with pytest.raises(NetworkError) as failed:
        await telegram_bot.send_message(ann.id, "second")
    first.cancel()

    assert not isinstance(failed.value, TimedOut)


@pytest.mark.parametrize(
    "description", [b'{"message_id": 7, "date": {"new": 1}}', b'{"chat": 5}', b"true", b"[1]", b'{"message_id":[]}']
)
async def test_an_accepted_message_described_in_an_unknown_form_counts_as_sent(
    api: BotApi, telegram_bot: ExtBot[None], description: bytes
) -> None:
    ann = api.user()
    api.fail("sendMessage", accepted(raw(b'{"ok": true, "result": %b}' % description)))

    assert await Sender(telegram_bot, Liveness()).send(ann.id, Reply("hello"))
    assert len(api.sent_to(ann)) == 1


@pytest.mark.parametrize("description", [b'{"number": 5}', b"true", b"[1]"])
async def test_an_accepted_copy_described_in_an_unknown_form_counts_as_sent(
    api: BotApi, telegram_bot: ExtBot[None], description: bytes
) -> None:
    ann = api.user()
    message = ann.text("to be copied")
    api.fail("copyMessage", accepted(raw(b'{"ok": true, "result": %b}' % description)))
    await Sender(telegram_bot, Liveness()).copy(ann.id, ann.id, message.message_id)

    assert len(api.sent_to(ann)) == 1


@pytest.mark.parametrize("page", [html(200), raw(b"{}"), raw(b"[]"), raw(b'{"ok":true}'), raw(b"null")])
async def test_an_answer_that_is_not_telegrams_is_an_error(
    api: BotApi, telegram_bot: ExtBot[None], page: Fault
) -> None:
    api.fail("sendMessage", page)

    with pytest.raises(TelegramError):
        await Sender(telegram_bot, Liveness()).send(api.user().id, Reply("hello"))


# A message whose fate is unknown


async def test_a_message_whose_connection_is_cut_is_repeated_once_and_then_counts_as_sent(
    api: BotApi, telegram_bot: ExtBot[None]
) -> None:
    ann, liveness = api.user(), Liveness()
    api.fail("sendMessage", *[accepted(cut)] * 3)
    sending = asyncio.create_task(Sender(telegram_bot, liveness, pause_after_cut_s=0.0).send(ann.id, Reply("hello")))
    while not sending.done():
        liveness.answered()
        await asyncio.sleep(0)

    assert await sending is None
    assert len(api.sent_to(ann)) == 2


async def test_a_message_that_reaches_nobody_is_not_counted(api: BotApi, telegram_bot: ExtBot[None]) -> None:
    copies = Noted()
    async with BotRequest() as request, BotRequest() as polling:
        unreachable = ExtBot(TOKEN, f"http://127.0.0.1:{free_port()}/bot", request=request, get_updates_request=polling)
        with pytest.raises(NetworkError):
            await Sender(unreachable, Liveness()).send(1, Reply("hello"), copies=copies)

    assert copies.numbers == []


class LateBot:
    """Accepts every message; `outcomes` says how sending ends, one after the other, then well."""

    def __init__(self, *outcomes: TelegramError) -> None:
        self._outcomes = list(outcomes)
        self.copies = 0

    async def send_message(self, *_: Any, **__: Any) -> str:
        self.copies += 1
        if self._outcomes:
            raise self._outcomes.pop(0)
        return "sent"


class Noted(Copies):
    """Remembers every number of copies, as the store would."""

    def __init__(self, number: int = 0, most: int = MAX_COPIES) -> None:
        super().__init__(number, most)
        self.numbers: list[int] = []

    async def change(self, by: int) -> None:
        await super().change(by)
        self.numbers.append(self.number)


class Answering(Liveness):
    """A Telegram that answers something as soon as somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0

    async def next_answer(self) -> None:
        self.waits += 1


def sender(bot: LateBot, liveness: Liveness | None = None) -> Sender:
    return Sender(cast(ExtBot[None], bot), liveness or Answering())


async def test_a_message_without_an_answer_is_repeated_once_and_then_counts_as_sent() -> None:
    bot, noted = LateBot(*[TimedOut()] * 9), Noted()

    assert await sender(bot).send(1, Reply("hello"), copies=noted) is None
    assert bot.copies == 2
    assert noted.numbers == [1, 2]  # the second before it is written: a crash meanwhile must not allow a third


async def test_the_repetition_waits_until_telegram_answers_something() -> None:
    bot, liveness = LateBot(TimedOut()), Liveness()
    sending = asyncio.create_task(sender(bot, liveness).send(1, Reply("hello")))
    for _ in range(20):
        await asyncio.sleep(0)
    assert bot.copies == 1

    liveness.answered()
    await sending
    assert bot.copies == 2


@pytest.mark.parametrize(("known", "most", "sent"), [(0, 2, 2), (0, 1, 1), (1, 2, 1), (2, 2, 0)])
async def test_what_an_earlier_process_may_have_sent_counts(known: int, most: int, sent: int) -> None:
    bot = LateBot(*[TimedOut()] * 9)

    await sender(bot).send(1, Reply("hello"), copies=Noted(known, most))
    assert bot.copies == sent


async def test_a_repetition_that_was_surely_not_sent_does_not_count() -> None:
    bot, noted = LateBot(TimedOut(), NetworkError("refused")), Noted()

    with pytest.raises(NetworkError):
        await sender(bot).send(1, Reply("hello"), copies=noted)
    assert noted.number == 1
    assert await sender(bot).send(1, Reply("hello"), copies=noted)
