"""What is recorded of a call, and a load in numbers."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from telegram import (
    Bot,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
)

from tests.bot_api.helpers import KEYBOARD, client, picture
from tests.support.bot_api.load import Audience, report
from tests.support.bot_api.server import (
    BotApi,
)
from tests.support.bot_api.text import plain

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[2]


async def test_wait_for_gives_the_first_call_past_or_future_that_matches(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    waiting = asyncio.create_task(api.wait_for(lambda call: call.ok and call.text == "2"))
    await bot.send_message(ann.id, "1")
    await bot.send_message(ann.id, "2")

    assert (await waiting).params["text"] == "2"
    assert (await api.wait_for("sendMessage")).params["text"] == "1"
    assert (await api.wait_for("sendMessage", since=len(api.calls) - 1)).params["text"] == "2"


async def test_wait_for_tells_what_was_recorded_when_nothing_matches(api: BotApi, bot: Bot) -> None:
    await bot.send_message(api.user().id, "something else")

    with pytest.raises(AssertionError, match="something else"):
        await api.wait_for("sendPhoto", timeout=0)


async def test_answer_to_finds_the_reply_among_other_messages(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    first, second = ann.album([picture(), picture()])
    await bot.send_message(ann.id, "for the second", reply_parameters=ReplyParameters(second.message_id))
    await bot.send_message(ann.id, "for the first", reply_parameters=ReplyParameters(first.message_id))

    assert (await api.answer_to(first)).text == "for the first"
    assert (await api.answer_to(second)).text == "for the second"


async def test_nothing_is_kept_when_nothing_is_to_be_remembered() -> None:
    heard = []
    async with BotApi(remember=False) as api, client(api.url) as bot:
        api.listeners.append(lambda call: heard.append(call.method))
        sent = await bot.send_photo(api.user().id, picture())
        with pytest.raises(BadRequest):
            await bot.get_file(sent.photo[-1])

        assert api.calls == []
        assert heard[-2:] == ["sendPhoto", "getFile"]


@pytest.mark.parametrize(
    ("text", "seen", "entities"),
    [
        ("a &lt;b&gt; &amp; &#33;", "a <b> & !", []),
        ('<a href="https://example.org/?a=1&amp;b=2">A</a>', "A", [("text_link", 0, 1)]),
        ("😀<b>x<i>y</i></b>", "😀xy", [("bold", 2, 2), ("italic", 3, 1)]),
        ("/help <code>c</code>", "/help c", [("bot_command", 0, 5), ("code", 6, 1)]),
    ],
)
def test_html_becomes_text_and_entities(text: str, seen: str, entities: list[tuple[str, int, int]]) -> None:
    shown, found = plain(text, "HTML")

    assert (shown, [(entity["type"], entity["offset"], entity["length"]) for entity in found]) == (seen, entities)


async def test_a_load_counts_answers_words_losses_and_repetitions(api: BotApi, bot: Bot) -> None:
    audience = Audience(api, users=4)
    for _ in range(4):
        audience.send(picture())
    answered, repeated, refused, _lost = (shot.sent for shot in audience.shots)
    await bot.send_photo(answered.chat_id, picture(), reply_parameters=ReplyParameters(answered.message_id))
    for text in ("one moment", "87%", "87%"):
        await bot.send_message(repeated.chat_id, text, reply_parameters=ReplyParameters(repeated.message_id))
    await bot.send_message(refused.chat_id, "I see no face")
    with pytest.raises(BadRequest):
        await bot.send_message(refused.chat_id, "")
    numbers = report(audience, started=0.0, cpu_s=0.003)

    assert (numbers["photos_sent"], numbers["answered"], numbers["lost"], numbers["repeated"]) == (4, 3, 1, 1)
    assert numbers["answered_in_words_only"] == 1
    assert numbers["failed"] == {"sendMessage 400": 1}
    assert numbers["stand_in_cpu_ms_per_answer"] == 1.0


async def test_as_its_own_process_it_plays_a_load_at_a_bot_and_prints_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(picture())
    options = ["--photos", str(tmp_path), "--rate", "50", "--seconds", "0.2", "--users", "3"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.bot_api", *options, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with client(url) as bot:
            answering = asyncio.create_task(answer_photos(bot))
            assert await process.stdout.readline() == b"started\n"
            numbers = json.loads(await process.stdout.readline())
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()

    assert process.returncode == 0
    assert (numbers["photos_sent"], numbers["answered"], numbers["lost"], numbers["repeated"]) == (10, 10, 0, 0)
    assert numbers["failed_requests"] == 0


async def answer_photos(bot: Bot) -> None:
    """The smallest bot there is to play a load at: consent first, then a card for every photo."""
    asked: dict[int, int] = {}
    offset = 0
    while True:
        for update in await bot.get_updates(offset=offset, timeout=10):
            offset = update.update_id + 1
            chat = update.effective_chat
            assert chat is not None
            if update.callback_query is not None:
                await update.callback_query.answer()
                await answer(bot, chat.id, asked[chat.id])
            elif update.message is not None and chat.id not in asked:
                asked[chat.id] = update.message.message_id
                await bot.send_message(chat.id, "May I?", reply_markup=KEYBOARD)
            elif update.message is not None:
                await answer(bot, chat.id, update.message.message_id)


async def answer(bot: Bot, chat: int, photo: int) -> None:
    await bot.send_photo(chat, picture(900, 600), caption="87%", reply_parameters=ReplyParameters(photo))
