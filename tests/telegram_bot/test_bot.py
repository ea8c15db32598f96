"""The bot as people meet it: the real process, real photos, a stand-in for Telegram on loopback."""

import asyncio
import io
import json
import re
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection

from lookalike.programs.serve import UNHEALTHY_AFTER_S, Health
from lookalike.telegram_bot.delivery.update_queue import UpdateQueue
from tests.conftest import SmallIndex
from tests.support.bot_api.server import TOKEN, BotApi, Call, Person, Sent, error
from tests.support.running_bot import ROOT, RunningBot
from tests.support.stores import StoreDir

STARTER = ROOT / "assets" / "starter"
SLOW_S = 60.0  # a bound that only a broken bot meets: the first answer waits for the models to load

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(api: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningBot]:
    """A bot with the starter gallery, which has no photos."""
    home = tmp_path_factory.mktemp("bot")
    async with RunningBot(api, home, STARTER, home / "no-photos") as running:
        yield running


@pytest.fixture
def ann(api: BotApi, bot: RunningBot) -> Person:
    return api.user(first_name="Ann")


def downloads(api: BotApi, person: Person) -> list[Call]:
    """The files of this person that the bot asked for."""
    own = set()
    for (chat_id, _), message in api.state.messages.items():
        if chat_id == person.id:
            files = [*message.get("photo", []), message.get("document", {})]
            own |= {file.get("file_id") for file in files}
    return [call for call in api.calls if call.method == "getFile" and call.params.get("file_id") in own]


def answers_with_percentage(photo: Sent) -> Callable[[Call], bool]:
    return lambda call: call.ok and "%" in call.text and call.reply_to == photo.message_id


async def answer(api: BotApi, sent: Sent) -> Call:
    return await api.answer_to(sent, SLOW_S)


async def consented(api: BotApi, person: Person, photo: bytes) -> Call:
    """The answer to the first photo of somebody who agrees."""
    sent = person.photo(photo)
    card = await answer(api, sent)
    before = len(api.calls)
    person.press(card, "consent:yes")
    return await api.wait_for(
        lambda call: call.ok and call.method in ("sendMessage", "sendPhoto") and call.reply_to == sent.message_id
        and call.chat_id == person.id, SLOW_S, since=before,
    )  # fmt: skip


# Words


@pytest.mark.parametrize(("language", "greeting"), [("en", "Hi Ann!"), ("ru", "Привет, Ann!"), ("de", "Hi Ann!")])
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


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "location", "contact"])
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


async def test_a_chosen_language_stays(api: BotApi, ann: Person) -> None:
    card = await answer(api, ann.text("/language"))
    ann.press(card, "language:ru")
    await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == ann.id)

    assert (await answer(api, ann.text("/start"))).text.startswith("Привет, Ann!")


async def test_the_command_menu_is_set_in_both_languages(api: BotApi, bot: RunningBot) -> None:
    await api.wait_for(
        lambda call: call.ok and call.method == "setMyCommands" and call.params.get("language_code") == "ru"
    )
    menus = {
        call.params.get("language_code"): call.params["commands"]
        for call in api.calls
        if call.method == "setMyCommands"
    }

    assert [one["command"] for one in menus[None]] == ["start", "help", "privacy", "export", "delete", "language"]
    assert [one["command"] for one in menus["ru"]] == [one["command"] for one in menus[None]]
    assert all(re.search("[а-я]", one["description"]) for one in menus["ru"])


# Consent


async def test_nothing_is_fetched_before_consent(api: BotApi, ann: Person, astronaut: bytes) -> None:
    card = await answer(api, ann.photo(astronaut))

    assert card.buttons == ["consent:yes", "consent:no"]
    assert "thrown away" in card.text
    assert downloads(api, ann) == []


async def test_after_yes_the_same_photo_is_answered(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)

    assert re.search(r"\b\d{1,2}% \w", reply.text)
    assert len(downloads(api, ann)) == 1
    assert api.unanswered_presses == []


async def test_the_next_photo_is_answered_without_asking(api: BotApi, ann: Person, astronaut: bytes) -> None:
    first = await consented(api, ann, astronaut)

    assert (await answer(api, ann.photo(astronaut))).text == first.text


async def test_after_no_the_photo_is_forgotten_and_the_next_one_asks_again(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    card = await answer(api, ann.photo(astronaut))
    ann.press(card, "consent:no")
    await api.wait_for(lambda call: call.method == "editMessageText" and call.ok and call.chat_id == ann.id)

    assert (await answer(api, ann.photo(astronaut))).buttons == ["consent:yes", "consent:no"]
    assert downloads(api, ann) == []


async def test_courtesies_that_fail_cost_nobody_an_answer(api: BotApi, ann: Person, astronaut: bytes) -> None:
    api.fail("answerCallbackQuery", error(404))
    api.fail("editMessageText", error(404))

    assert "%" in (await consented(api, ann, astronaut)).text


async def test_consent_pressed_twice_answers_once(api: BotApi, ann: Person, astronaut: bytes) -> None:
    sent = ann.photo(astronaut)
    card = await answer(api, sent)
    ann.press(card, "consent:yes")
    ann.press(card, "consent:yes", forge=True)
    await answer(api, ann.text("/help"))
    await answer(api, ann.photo(astronaut))

    assert len([call for call in api.sent_to(ann) if "%" in call.text and call.reply_to == sent.message_id]) == 1


async def test_an_album_is_asked_about_also_after_a_card_that_was_ignored(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await answer(api, ann.photo(astronaut))
    album = ann.album([astronaut, astronaut])

    assert (await answer(api, album[0])).buttons == ["consent:yes", "consent:no"]


async def test_no_after_yes_withdraws_consent(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)
    ann.press(reply, "consent:no", forge=True)
    told = await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "no more photos" in call.text)

    assert told.ok
    assert (await answer(api, ann.photo(astronaut))).buttons == ["consent:yes", "consent:no"]


# Photos


async def test_without_a_photo_of_the_star_a_large_preview_of_the_encyclopedia_is_above(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    reply = await consented(api, ann, astronaut)
    preview = reply.params["link_preview_options"]

    assert reply.method == "sendMessage"
    assert preview["url"].startswith("https://en.wikipedia.org/wiki/")
    assert preview["prefer_large_media"] is preview["show_above_text"] is True


async def test_more_lookalikes_come_at_a_button(api: BotApi, ann: Person, astronaut: bytes) -> None:
    reply = await consented(api, ann, astronaut)
    button = next(data for data in reply.buttons if data.startswith("more:"))
    ann.press(reply, button)

    more = await api.wait_for(lambda call: call.ok and call.chat_id == ann.id and "2. " in call.text)
    assert len(re.findall(r"^\d\. .+ – \d{1,2}%$", more.text, re.MULTILINE)) == 5


async def test_more_of_somebody_elses_photo_is_not_shown(
    api: BotApi, ann: Person, bot: RunningBot, astronaut: bytes
) -> None:
    reply = await consented(api, ann, astronaut)
    button = next(data for data in reply.buttons if data.startswith("more:"))
    bob = api.user(first_name="Bob")
    hello = await answer(api, bob.text("hello"))
    bob.press(hello, button, forge=True)

    told = await api.wait_for(lambda call: call.ok and call.chat_id == bob.id and call.at > hello.at)
    assert "nothing more to show" in told.text


async def test_every_picture_of_an_album_is_answered_and_consent_asked_once(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    photos = ann.album([astronaut, astronaut, astronaut])
    card = await answer(api, photos[0])
    await answer(api, ann.text("/help"))
    ann.press(card, "consent:yes")
    for photo in photos:
        await api.wait_for(answers_with_percentage(photo), SLOW_S)

    assert len([call for call in api.sent_to(ann) if "consent:yes" in call.buttons]) == 1


async def test_a_picture_sent_as_a_file_is_answered(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    png = io.BytesIO()
    Image.open(io.BytesIO(astronaut)).save(png, "PNG")

    assert "%" in (await answer(api, ann.document(png.getvalue(), "me.png", "image/png"))).text


async def test_everybody_in_a_group_photo_is_answered(api: BotApi, ann: Person, shared_faces: Path) -> None:
    reply = await consented(api, ann, (shared_faces / "groups" / "2008_001322.jpg").read_bytes())

    assert "from left to right" in reply.text
    assert len(re.findall(r"^• .+ – \d{1,2}%$", reply.text, re.MULTILINE)) == 2


def picture(size: tuple[int, int], format: str = "JPEG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "teal").save(data, format)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "mime", "words"),
    [
        (picture((400, 300)), "image/jpeg", "no face"),
        (picture((3000, 2)), "image/jpeg", "too small"),
        (picture((7000, 7000), "PNG"), "image/png", "too large"),
        (picture((400, 300))[:300], "image/jpeg", "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "not a picture"),
        (b"", "image/png", "damaged"),
    ],
)
async def test_a_picture_without_an_answer_gets_its_reason(
    api: BotApi, ann: Person, astronaut: bytes, data: bytes, mime: str, words: str
) -> None:
    await consented(api, ann, astronaut)

    assert words in (await answer(api, ann.document(data, "x", mime))).text


async def test_a_file_over_twenty_megabytes_is_refused_unseen(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    before = len(downloads(api, ann))

    assert "too large" in (await answer(api, ann.document(astronaut, size_bytes=20_000_001))).text
    assert len(downloads(api, ann)) == before


async def test_the_same_photo_again_is_answered_the_same_without_fetching_it(
    api: BotApi, ann: Person, astronaut: bytes
) -> None:
    await consented(api, ann, astronaut)
    sent = ann.photo(astronaut)
    first = await answer(api, sent)
    fetched = [call for call in api.calls if call.method == "getFile"]

    again = ann.send(photo=sent.message["photo"])

    assert (await answer(api, again)).text == first.text
    assert [call for call in api.calls if call.method == "getFile"] == fetched


async def test_the_smallest_size_that_is_enough_is_fetched(api: BotApi, ann: Person, astronaut: bytes) -> None:
    large = io.BytesIO()
    Image.open(io.BytesIO(astronaut)).resize((1280, 1280)).save(large, "JPEG")
    sent = ann.photo(large.getvalue())
    card = await answer(api, sent)
    ann.press(card, "consent:yes")
    await api.wait_for(lambda call: call.ok and call.reply_to == sent.message_id and "%" in call.text, SLOW_S)

    sizes = {size["file_id"]: size["width"] for size in sent.message["photo"]}
    assert [sizes[call.params["file_id"]] for call in downloads(api, ann)] == [800]


async def test_an_expired_link_is_asked_for_again(api: BotApi, ann: Person, astronaut: bytes) -> None:
    await consented(api, ann, astronaut)
    api.fail("file", error(404))

    assert "%" in (await answer(api, ann.photo(astronaut))).text


# Their data


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


async def test_no_photo_and_no_name_is_readable_in_the_data_directory(
    api: BotApi, bot: RunningBot, astronaut: bytes
) -> None:
    person = api.user(first_name="Zebulonissima")
    await consented(api, person, astronaut)

    stored = b"".join(file.read_bytes() for file in bot.data.rglob("*") if file.is_file())
    assert stored
    assert astronaut[100:164] not in stored
    assert b"Zebulonissima" not in stored
    assert str(person.id).encode() not in stored


async def test_the_log_holds_no_token_name_or_caption(api: BotApi, bot: RunningBot, astronaut: bytes) -> None:
    person = api.user(first_name="Quidditchia")
    await consented(api, person, astronaut)
    await answer(api, person.photo(astronaut, "what a caption"))
    api.fail("sendMessage", error(400, "Bad Request: something"))
    person.text("hello")
    await api.wait_for(lambda call: call.ok and call.chat_id == person.id and "Hello" in call.text, SLOW_S)

    assert "failed, try 1" in bot.log
    for secret in (TOKEN, TOKEN.split(":")[1], "Quidditchia", "what a caption", str(person.id)):
        assert secret not in bot.log


# Other places


async def test_in_a_group_only_who_speaks_to_the_bot_is_answered(
    api: BotApi, bot: RunningBot, astronaut: bytes
) -> None:
    group = api.user(first_name="Cy", chat_type="supergroup")
    group.photo(astronaut)
    group.text("hello everybody")

    card = await answer(api, group.photo(astronaut, "@stand_in_bot who am I?"))

    assert card.buttons == ["consent:yes", "consent:no"]
    assert len(api.sent_to(group)) == 1


async def test_in_a_group_only_the_sender_of_the_photo_may_consent(
    api: BotApi, bot: RunningBot, astronaut: bytes
) -> None:
    owner = api.user(first_name="Eve", chat_type="supergroup")
    other = api.user(first_name="Flo", chat=owner.chat)
    sent = owner.photo(astronaut, "@stand_in_bot")
    card = await answer(api, sent)
    other.press(card, "consent:yes")
    owner.press(card, "consent:yes")
    await api.wait_for(answers_with_percentage(sent), SLOW_S)

    assert (await answer(api, other.photo(astronaut, "@stand_in_bot"))).buttons == ["consent:yes", "consent:no"]


async def test_in_a_group_nobodys_data_are_shown(api: BotApi, bot: RunningBot) -> None:
    group = api.user(first_name="Gus", chat_type="supergroup")

    told = await answer(api, group.text("/export@stand_in_bot"))
    assert (told.method, told.files) == ("sendMessage", {})


async def test_what_telegram_itself_writes_into_a_chat_is_not_answered(api: BotApi, ann: Person) -> None:
    hello = await answer(api, ann.text("hello"))
    ann.send(pinned_message=hello.message)
    await answer(api, ann.text("/help"))

    assert len(api.sent_to(ann)) == 2


async def test_a_misshapen_update_stops_nothing(api: BotApi, ann: Person) -> None:
    api.push({"message": "garbage"})
    api.push({"message": {"message_id": 1, "from": {"id": ann.id}, "photo": "garbage"}})

    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")


async def test_who_blocks_the_bot_stops_nobody_else(
    api: BotApi, ann: Person, bot: RunningBot, astronaut: bytes
) -> None:
    gone = api.user(first_name="Dee")
    await answer(api, gone.text("hello"))
    gone.block()
    gone.photo(astronaut)

    assert (await answer(api, ann.text("hello"))).text.startswith("Hello Ann!")


# The process


async def test_the_share_card_shows_both_and_credits_the_photo(
    tmp_path: Path, small_index: SmallIndex, shared_faces: Path
) -> None:
    index, photos = small_index.directory, small_index.photos
    probe = next((shared_faces / "probes").glob(f"{next(photos.iterdir()).name}_*.jpg"))
    async with BotApi() as api, RunningBot(api, tmp_path, index, photos):
        emma = api.user(first_name="Эмма", language_code="ru")
        await consented(api, emma, probe.read_bytes())
        sent = emma.photo(probe.read_bytes())
        reply = await answer(api, sent)
        again = await answer(api, emma.send(photo=sent.message["photo"]))
        card = Image.open(io.BytesIO(reply.files["photo"]))

        assert reply.method == "sendPhoto"
        assert (card.format, card.size) == ("JPEG", (1000, 640))
        assert again.params["photo"] == reply.message["photo"][-1]["file_id"]
        assert re.match(r"\d{1,2}% \w", reply.text)
        assert next(photos.iterdir()).name.replace("_", " ") in reply.text


async def test_a_photo_in_flight_at_kill_9_is_answered_after_the_restart(tmp_path: Path, astronaut: bytes) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as bot:
        ann = api.user()
        await consented(api, ann, astronaut)
        fetched = len(api.calls)
        sent = ann.photo(astronaut)
        await api.wait_for("getFile", SLOW_S, since=fetched)
        await bot.end(signal.SIGKILL)
        await bot.start()

        assert "%" in (await answer(api, sent)).text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_signal_ends_the_bot_in_order(tmp_path: Path, number: signal.Signals) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as bot:
        await answer(api, api.user().text("hello"))

        assert await bot.end(number) == 0
        assert "Traceback" not in bot.log


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("INDEX_DIR", "/nowhere", "no index in /nowhere"),
        ("WORKERS", "many", "WORKERS"),
        ("TELEGRAM_TOKEN", "1000001:AAwrongwrongwrongwrongwrongwrongwro", "TELEGRAM_TOKEN"),
    ],
)
async def test_a_missing_or_wrong_setting_is_named_in_one_message(
    tmp_path: Path, setting: str, value: str, words: str
) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path, **{setting: value}) as bot:
        assert await bot.wait() == 2
        assert words in bot.log
        assert "Traceback" not in bot.log


async def test_the_page_says_when_the_bot_no_longer_hears_telegram(store_dir: StoreDir) -> None:
    async def unused(_: object) -> None:
        raise AssertionError("nothing is fetched or handled here")

    storage = await store_dir.open()
    health = Health()
    assert health()

    health.updates = UpdateQueue(storage, unused, unused, unused)  # type: ignore[arg-type]
    assert health()
    health.updates.last_heard -= UNHEALTHY_AFTER_S + 1
    assert not health()
    await storage.close()


async def test_a_second_bot_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path) as first:
        await answer(api, api.user().text("hello"))
        async with RunningBot(api, tmp_path, STARTER, tmp_path) as second:
            assert await second.wait() == 2
        assert "Traceback" not in first.log


async def test_a_new_index_is_taken_on_sighup_and_a_bad_one_refused(tmp_path: Path, astronaut: bytes) -> None:
    index = tmp_path / "index"
    index.symlink_to(STARTER)
    async with BotApi() as api, RunningBot(api, tmp_path, index, tmp_path) as bot:
        ann = api.user()
        await consented(api, ann, astronaut)
        index.unlink()
        assert bot._process is not None
        bot._process.send_signal(signal.SIGHUP)

        assert "%" in (await answer(api, ann.photo(astronaut))).text
        assert "the previous one stays in use" in bot.log


async def arrived(answers: AsyncCollection[dict[str, object]], person: int) -> list[dict[str, object]]:
    """The answers of a person, as soon as the user log has them; the server tells nobody when."""
    async with asyncio.timeout(SLOW_S):
        while True:
            if kept := await answers.find({"person": person}).to_list():
                return kept
            await asyncio.sleep(0.05)


async def test_what_people_do_arrives_in_mongodb(tmp_path: Path, mongo_uri: str, astronaut: bytes) -> None:
    async with BotApi() as api, RunningBot(api, tmp_path, STARTER, tmp_path, MONGODB_URI=mongo_uri) as bot:
        ann = api.user()
        await consented(api, ann, astronaut)
        client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(mongo_uri)
        answers = client.get_default_database()["answers"]
        kept = await arrived(answers, ann.id)
        await client.close()

        assert kept[0]["outcome"] == "match"
        assert await bot.end() == 0
