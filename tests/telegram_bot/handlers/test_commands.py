"""Commands and words, in the real process."""

import json
import re

import pytest

from lookalike.core.language.languages import languages
from tests.support.bot_api.conversation import answer, consented, downloads
from tests.support.bot_api.server import BotApi, Person
from tests.support.running_bot import RunningBot

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(("language", "greeting"), [("en", "Hi Ann!"), ("ru", "Привет, Ann!"), ("zh-hans", "Hi Ann!")])
async def test_start_greets_by_name_in_the_language_of_telegram(
    api: BotApi, bot: RunningBot, language: str, greeting: str
) -> None:
    person = api.user(first_name="Ann", language_code=language)

    assert (await answer(api, person.text("/start"))).text.startswith(greeting)


@pytest.mark.parametrize("words", ["hello", "Hi", "HELLO!", "привет", "ПРИВЕТ", "hi there"])
async def test_a_greeting_is_greeted_back_by_name(api: BotApi, ann: Person, words: str) -> None:
    assert (await answer(api, ann.text(words))).text.startswith("Hello Ann!")


async def test_a_name_with_markup_in_it_is_shown_as_it_is(api: BotApi, bot: RunningBot) -> None:
    person = api.user(first_name="<b>*_O'Neil_*</b> & {$x}")

    assert "<b>*_O'Neil_*</b> & {$x}" in (await answer(api, person.text("/start"))).text


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/help", "percentage"),
        ("/HELP", "percentage"),
        ("/help@stand_in_bot", "percentage"),
        ("/privacy", "never written anywhere"),
        ("/start deep-link", "Hi Ann!"),
        ("/language", "Which language"),
        ("/nonsense", "do not know that command"),
        ("what?", "Send me a photo"),
    ],
)
async def test_words_get_the_answer_that_belongs_to_them(api: BotApi, ann: Person, command: str, words: str) -> None:
    assert words in (await answer(api, ann.text(command))).text


@pytest.mark.parametrize("kind", ["voice", "video", "location", "contact"])
async def test_anything_else_gets_a_line_that_says_what_to_do(api: BotApi, ann: Person, kind: str) -> None:
    assert "Send me a photo" in (await answer(api, getattr(ann, kind)())).text


async def test_a_file_that_is_no_picture_is_told_so_and_not_fetched(api: BotApi, ann: Person) -> None:
    sent = ann.document(b"%PDF-1.7", "paper.pdf", "application/pdf")

    assert "only look at pictures" in (await answer(api, sent)).text
    assert downloads(api, ann) == []


async def test_an_edited_message_is_not_answered_again(api: BotApi, ann: Person) -> None:
    await answer(api, ann.text("hello"))
    ann.edit("hello again")

    await answer(api, ann.text("/help"))

    assert len(api.sent_to(ann)) == 2


async def test_the_command_menu_is_set_in_every_language(api: BotApi, bot: RunningBot) -> None:
    last = [code for code in languages() if code != "en"][-1]
    await api.wait_for(
        lambda call: call.ok and call.method == "setMyCommands" and call.params.get("language_code") == last
    )
    menus = {
        call.params.get("language_code"): call.params["commands"]
        for call in api.calls
        if call.method == "setMyCommands"
    }

    assert {"start", "help", "mine", "top"} <= {one["command"] for one in menus[None]}
    assert set(menus) == {None, *languages()} - {"en"}
    assert all([one["command"] for one in menu] == [one["command"] for one in menus[None]] for menu in menus.values())
    assert all(re.search("[а-я]", one["description"]) for one in menus["ru"])


async def test_export_sends_all_that_is_kept_and_no_picture(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)

    call = await answer(api, ann.text("/export"))
    kept = json.loads(next(iter(call.files.values())))
    assert "Ann" in json.dumps(kept)
    assert "similarity" in json.dumps(kept)
    assert len(json.dumps(kept)) < 5000


async def test_delete_erases_the_consent_too(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)

    assert "erased" in (await answer(api, ann.text("/delete"))).text
    assert "Nothing about you" in (await answer(api, ann.text("/delete"))).text
    assert (await answer(api, ann.photo(astronaut))).buttons == ["consent:yes", "consent:no"]


async def test_what_telegram_itself_writes_into_a_chat_is_not_answered(api: BotApi, ann: Person) -> None:
    hello = await answer(api, ann.text("hello"))
    ann.send(pinned_message=hello.message)
    await answer(api, ann.text("/help"))

    assert len(api.sent_to(ann)) == 2


async def test_a_misshapen_update_stops_nothing(api: BotApi, ann: Person) -> None:
    api.push({"message": "garbage"})
    api.push({"message": {"message_id": 1, "from": {"id": ann.id}, "photo": "garbage"}})

    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")
