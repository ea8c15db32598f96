"""Who is banned gets one line and nothing more; their data stay theirs."""

import logging

import pytest

from tests.support.bot_api.conversation import answer, consented, downloads
from tests.support.bot_api.in_process_bot import InProcessBot
from tests.support.bot_api.server import BotApi, Person


async def test_a_banned_user_gets_one_line_and_no_photo_of_theirs_is_fetched(
    api: BotApi, bot: InProcessBot, boss: Person, astronaut: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ann, bob = api.user(first_name="Ann"), api.user(first_name="Bob")
    card = await consented(api, ann, astronaut)
    before = len(downloads(api, ann))
    with caplog.at_level(logging.INFO):
        assert f"{ann.id} is banned" in (await answer(api, boss.text(f"/ban {ann.id}"))).text
    assert "operator: /ban" in caplog.text
    assert str(ann.id) not in caplog.text

    told = await answer(api, ann.photo(astronaut))
    sent = len(api.sent_to(ann))
    ann.text("/help")
    ann.photo(astronaut)
    ann.press(card, card.buttons[0])
    await answer(api, bob.text("hello"))
    await bot.finish()  # what Ann sent was taken before what Bob did

    assert "do not answer you any more" in told.text
    assert len(api.sent_to(ann)) == sent
    assert len(downloads(api, ann)) == before
    assert api.unanswered_presses == []


async def test_a_ban_holds_after_a_restart_and_after_delete_and_can_be_lifted(
    api: BotApi, bot: InProcessBot, boss: Person
) -> None:
    ann = api.user(first_name="Ann")
    await answer(api, ann.text("hello"))
    await answer(api, boss.text(f"/ban {ann.id}"))
    assert '"name": "Ann"' in next(iter((await answer(api, ann.text("/export"))).files.values())).decode()
    assert "list of those I do not answer" in (await answer(api, ann.text("/delete"))).text

    assert await bot.store.bans() == {ann.id: False}
    assert await bot.store.get_user(ann.id) is None
    assert "answered again" in (await answer(api, boss.text(f"/unban {ann.id}"))).text
    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")


async def test_a_forwarded_message_says_whom_to_ban(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    ann = api.user(first_name="Ann")
    origin = {"type": "user", "date": 1, "sender_user": ann.user}
    forwarded = boss.send(text="hello", forward_origin=origin, forward_date=1)
    await answer(api, forwarded)

    assert f"{ann.id} is banned" in (await answer(api, boss.text("/ban", reply_to=forwarded))).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("/ban", "needs a Telegram id"),
        ("/ban Ann", "needs a Telegram id"),
        ("/ban -5", "needs a Telegram id"),
        ("/ban 4242", "one of those who run me"),
        ("/unban 77", "77 was not banned"),
    ],
)
async def test_what_cannot_be_done_is_said(api: BotApi, bot: InProcessBot, boss: Person, words: str, said: str) -> None:
    assert said in (await answer(api, boss.text(words))).text


@pytest.mark.parametrize("command", ["/ban 77", "/unban 77", "/broadcast hi", "/reload", "/stats"])
async def test_nobody_else_can_use_the_commands_of_who_runs_the_bot(
    api: BotApi, bot: InProcessBot, boss: Person, command: str
) -> None:
    group = api.user(boss.user["id"], chat_type="group")
    told = await answer(api, api.user().text(command))
    name, _, words = command.partition(" ")
    in_group = await answer(api, group.text(f"{name}@stand_in_bot {words}".strip()))

    assert "do not know that command" in told.text
    assert "do not know that command" in in_group.text
    assert await bot.store.bans() == {}


async def test_reload_says_what_came_of_it(api: BotApi, bot: InProcessBot, boss: Person) -> None:
    assert "The index on disk is in use" in (await answer(api, boss.text("/reload"))).text

    bot.refusal = "manifest.json is damaged"
    assert "the previous one stays in use: manifest.json is damaged" in (await answer(api, boss.text("/reload"))).text
