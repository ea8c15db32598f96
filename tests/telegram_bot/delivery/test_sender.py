"""Replies as they arrive in a chat."""

from collections.abc import AsyncIterator

import pytest
from telegram.ext import ExtBot

from lookalike.telegram_bot.delivery.sender import Sender
from lookalike.telegram_bot.replies import Link, Reply
from tests.support.bot_api.server import TOKEN, BotApi

REPLY = Reply("87% Ann\n📷 Jo, CC0", links=(Link(11, 2, "https://c/photo"), Link(15, 3, "https://c/licence")))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
async def sender(api: BotApi) -> AsyncIterator[Sender]:
    async with ExtBot(TOKEN, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as bot:
        yield Sender(bot)


@pytest.mark.parametrize("with_picture", [True, False])
async def test_author_and_licence_are_links(api: BotApi, sender: Sender, astronaut: bytes, with_picture: bool) -> None:
    picture = astronaut if with_picture else None
    sent = await sender.send(api.user().text("hello").message["chat"]["id"], REPLY, None, picture)

    entities = sent.caption_entities if with_picture else sent.entities
    text = sent.parse_caption_entities() if with_picture else sent.parse_entities()
    assert [(one.type, one.url) for one in entities] == [
        ("text_link", "https://c/photo"),
        ("text_link", "https://c/licence"),
    ]
    assert list(text.values()) == ["Jo", "CC0"]
