"""The stand-in for Telegram is held to what a real python-telegram-bot expects of the Bot API."""

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.support.bot_api.load import Audience, report
from tests.support.bot_api.server import (
    TOKEN,
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
from tests.support.bot_api.text import plain
from tests.support.bot_api.wire import Connection, Reply, Request

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[3]
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="consent:yes")]])


@lru_cache
def picture(width: int = 1600, height: int = 1200, kind: str = "JPEG") -> bytes:
    """A colour gradient, which shrinks the way photos do."""
    gradient = Image.linear_gradient("L").resize((width, height))
    out = io.BytesIO()
    Image.merge("RGB", (gradient, gradient.rotate(180), gradient)).save(out, kind)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _waits_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else reading `retry_after` warns


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as served:
        yield served


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with client(api.url) as made:
        yield made


def client(url: str) -> Bot:
    """A real bot at a stand-in: no certificates to load, no proxy to pass."""
    plain_http = [HTTPXRequest(httpx_kwargs={"verify": False, "trust_env": False}) for _ in range(2)]
    base_url, base_file_url = f"{url}/bot", f"{url}/file/bot"
    return Bot(TOKEN, base_url, base_file_url, request=plain_http[0], get_updates_request=plain_http[1])


def ids(updates: tuple[Update, ...]) -> list[int]:
    return [update.update_id for update in updates]


# Who am I


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


# Updates


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


# What people send


async def test_a_photo_comes_in_telegrams_sizes_and_downloads(api: BotApi, bot: Bot) -> None:
    sent = api.user().photo(picture(), caption="me")
    (update,) = await bot.get_updates()
    assert update.message is not None
    sizes = update.message.photo
    data = await (await bot.get_file(sizes[1])).download_as_bytearray()

    assert [(size.width, size.height) for size in sizes] == [(90, 68), (320, 240), (800, 600), (1280, 960)]
    assert update.message.caption == "me"
    assert (len(data), Image.open(io.BytesIO(data)).size) == (sizes[1].file_size, (320, 240))
    assert api.downloads == [sizes[1].file_id]
    assert update.message.message_id == sent.message_id


async def test_a_small_photo_is_not_enlarged(api: BotApi, bot: Bot) -> None:
    api.user().photo(picture(200, 400, "PNG"))
    (update,) = await bot.get_updates()

    assert update.message is not None
    assert [size.height for size in update.message.photo] == [90, 320, 400]


async def test_a_document_keeps_its_bytes_and_its_name(api: BotApi, bot: Bot) -> None:
    api.user().document(picture(kind="PNG"), "me.png", "image/png")
    (update,) = await bot.get_updates()
    assert update.message is not None
    document = update.message.document
    assert document is not None
    data = await (await bot.get_file(document)).download_as_bytearray()

    assert (document.file_name, document.mime_type, bytes(data)) == ("me.png", "image/png", picture(kind="PNG"))


async def test_an_album_is_several_updates_with_one_group_id(api: BotApi, bot: Bot) -> None:
    sent = api.user().album([picture(), picture(300, 200)], caption="us")
    updates = await bot.get_updates()
    messages = [update.message for update in updates if update.message]

    assert ids(updates) == [item.update_id for item in sent]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["us", None]


async def test_a_command_is_marked_as_one(api: BotApi, bot: Bot) -> None:
    api.user().text("/start from_a_link")
    (update,) = await bot.get_updates()

    assert update.message is not None
    assert list(update.message.parse_entities(["bot_command"]).values()) == ["/start"]


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "location", "contact"])
async def test_other_kinds_of_messages_parse(api: BotApi, bot: Bot, kind: str) -> None:
    getattr(api.user(), kind)()
    (update,) = await bot.get_updates()

    assert update.message is not None
    assert getattr(update.message, kind) is not None


async def test_an_edited_message_keeps_its_number(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    said = ann.text("helo")
    ann.edit("hello")
    _, update = await bot.get_updates()

    assert update.edited_message is not None
    assert (update.edited_message.message_id, update.edited_message.text) == (said.message_id, "hello")


async def test_people_can_share_a_group_and_a_channel_speaks_for_itself(api: BotApi, bot: Bot) -> None:
    ann = api.user(chat_type="group", title="Us")
    bo = api.user(first_name="Bo", chat=ann.chat)
    ann.text("one")
    bo.text("two", reply_to=ann.last)
    api.user(chat_type="channel", title="News").text("three")
    one, two, three = await bot.get_updates()

    assert one.effective_chat == two.effective_chat
    assert one.effective_user != two.effective_user
    assert two.message is not None
    assert two.message.reply_to_message == one.message
    assert three.channel_post is not None
    assert three.effective_user is None


async def test_a_group_that_became_a_supergroup_tells_its_new_id(api: BotApi, bot: Bot) -> None:
    ann = api.user(chat_type="group")
    old_id = ann.id
    new_id = ann.migrate()

    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(old_id, "hello")
    assert caught.value.new_chat_id == new_id == (await bot.send_message(new_id, "hello")).chat_id


# What the bot sends


async def test_an_uploaded_photo_has_a_file_id_that_can_be_sent_again(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    asked = ann.photo(picture())
    sent = await bot.send_photo(
        ann.id, picture(900, 600), caption="<b>Ann</b> &amp; 87%", parse_mode="HTML", filename="card.jpg",
        reply_parameters=ReplyParameters(asked.message_id), reply_markup=KEYBOARD,
    )  # fmt: skip
    again = await bot.send_photo(ann.id, sent.photo[-1].file_id)
    first, second = api.sent_to(ann)

    assert (sent.photo[-1].width, again.photo) == (900, sent.photo)
    assert (sent.caption, sent.caption_entities[0].type) == ("Ann & 87%", "bold")
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == asked.message_id
    assert sent.reply_markup == KEYBOARD
    assert first.files == {"photo": picture(900, 600)}
    assert first.uploads["photo"].name == "card.jpg"
    assert (first.reply_to, first.text, first.buttons) == (asked.message_id, "Ann & 87%", ["consent:yes"])
    assert second.params["photo"] == sent.photo[-1].file_id


async def test_what_the_bot_uploaded_downloads_again(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    sent = await bot.send_document(ann.id, b"one\r\n--two\r\n\r\nthree", filename="mine.json")

    assert sent.document is not None
    assert await (await bot.get_file(sent.document)).download_as_bytearray() == b"one\r\n--two\r\n\r\nthree"


async def test_an_album_of_the_bot_is_a_message_each(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    sent = await bot.send_media_group(ann.id, [InputMediaPhoto(picture(), caption="1"), InputMediaPhoto(picture())])

    assert len({message.media_group_id for message in sent}) == 1
    assert len(api.sent_to(ann)[0].messages) == 2
    assert sorted(api.sent_to(ann)[0].files.values()) == [picture(), picture()]


async def test_numbers_in_a_text_stay_text(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    await bot.send_message(ann.id, "123", link_preview_options=LinkPreviewOptions(url="https://example.org"))

    assert api.calls[-1].params["text"] == "123"
    assert api.calls[-1].params["chat_id"] == ann.id
    assert api.calls[-1].params["link_preview_options"] == {"url": "https://example.org"}


async def test_messages_can_be_edited_and_deleted(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    sent = await bot.send_message(ann.id, "wait", reply_markup=KEYBOARD)
    edited = await sent.edit_text("done")
    card = await bot.send_photo(ann.id, picture(), caption="1")
    await card.edit_caption("2")
    await card.edit_reply_markup(KEYBOARD)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup, edited.message_id) == ("done", None, sent.message_id)
    with pytest.raises(BadRequest, match="not modified"):
        await edited.edit_text("done")
    with pytest.raises(BadRequest, match="no text in the message"):
        await card.edit_text("2")

    assert await sent.delete()
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await sent.edit_text("again")


async def test_a_pressed_button_comes_back_with_its_message(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    await bot.send_message(ann.id, "May I?", reply_markup=KEYBOARD)
    pressed = ann.press(api.sent_to(ann)[-1], "consent:yes")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert api.unanswered_presses == [pressed.query_id]
    await update.callback_query.answer("Thanks")

    assert update.callback_query.data == "consent:yes"
    assert update.callback_query.message is not None
    assert update.callback_query.message.message_id == api.sent_to(ann)[-1].message["message_id"]
    assert api.unanswered_presses == []
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query("1")


async def test_a_button_that_is_not_there_cannot_be_pressed(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    sent = await bot.send_message(ann.id, "May I?", reply_markup=KEYBOARD)

    with pytest.raises(AssertionError, match="no button 'more'"):
        ann.press(sent.message_id, "more")
    assert ann.press(sent.message_id, "more", forge=True).query_id


async def test_somebody_who_blocked_the_bot_gets_nothing_more(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    ann.block()
    (update,) = await bot.get_updates()
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(ann.id, "hello")
    ann.unblock()

    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert (await bot.send_message(ann.id, "hello")).text == "hello"
    assert len(api.sent_to(ann)) == 1


async def test_what_the_bot_says_about_itself_is_kept(api: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "Begin")], language_code="en")
    await bot.set_my_description("Finds your star")
    await bot.set_my_short_description("Stars")

    assert [command.command for command in await bot.get_my_commands(language_code="en")] == ["start"]
    assert await bot.get_my_commands() == ()
    assert (await bot.get_my_description()).description == "Finds your star"
    assert (await bot.get_my_short_description()).short_description == "Stars"
    assert await bot.send_chat_action(api.user().id, "upload_photo")


def send(**changed: Any) -> Callable[[Bot, int], Any]:
    def attempt(bot: Bot, chat: int) -> Any:
        arguments: dict[str, Any] = {"chat_id": chat, "text": "hello"} | changed
        return bot.send_message(**arguments)

    return attempt


def button(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data)]])


@pytest.mark.parametrize(
    ("attempt", "complaint"),
    [
        (send(text=" "), "message text is empty"),
        (send(text="x" * 4097), "message is too long"),
        (send(text="😀" * 2049), "message is too long"),
        (send(text="1 < 2", parse_mode="HTML"), "can't parse entities"),
        (send(text="<b>bold", parse_mode="HTML"), "can't find end tag"),
        (send(chat_id=5), "chat not found"),
        (send(reply_markup=button("x" * 65)), "BUTTON_DATA_INVALID"),
        (send(reply_parameters=ReplyParameters(99_999)), "message to be replied not found"),
        (lambda bot, chat: bot.send_photo(chat, picture(), caption="x" * 1025), "caption is too long"),
        (lambda bot, chat: bot.send_photo(chat, b"no picture"), "IMAGE_PROCESS_FAILED"),
        (lambda bot, chat: bot.send_photo(chat, picture(2100, 100)), "PHOTO_INVALID_DIMENSIONS"),
        (lambda bot, chat: bot.send_photo(chat, "AgAC"), "wrong file identifier"),
        (lambda bot, chat: bot.get_file("AgAC"), "wrong file_id"),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_refused(
    api: BotApi, bot: Bot, attempt: Callable[[Bot, int], Any], complaint: str
) -> None:
    ann = api.user()

    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await attempt(bot, ann.id)
    assert api.sent_to(ann) == []


async def test_a_reply_to_nothing_is_sent_when_that_is_allowed(api: BotApi, bot: Bot) -> None:
    sent = await bot.send_message(
        api.user().id, "hello", reply_parameters=ReplyParameters(99_999, allow_sending_without_reply=True)
    )

    assert sent.reply_to_message is None


async def test_the_longest_text_caption_and_button_pass(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    sent = await bot.send_message(ann.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML", reply_markup=button("x" * 64))
    await bot.send_photo(ann.id, picture(), caption="😀" * 512)

    assert sent.text == "x" * 4096


async def test_a_file_over_20_mb_has_no_link_and_a_size_may_be_a_lie(api: BotApi, bot: Bot) -> None:
    ann = api.user()
    ann.document(b"x", size_bytes=20_000_001)
    ann.document(b"x" * 1000, size_bytes=10)
    large, lying = (update.message.document for update in await bot.get_updates() if update.message)
    assert large is not None
    assert lying is not None

    with pytest.raises(BadRequest, match=r"(?i)file is too big"):
        await bot.get_file(large)
    assert len(await (await bot.get_file(lying)).download_as_bytearray()) == 1000 != lying.file_size


async def test_an_expired_link_is_replaced_by_a_new_one(api: BotApi, bot: Bot) -> None:
    sent = api.user().document(b"mine")
    file_id = sent.message["document"]["file_id"]
    old = await bot.get_file(file_id)
    api.state.expire_links()

    with pytest.raises(InvalidToken):
        await old.download_as_bytearray()
    assert await (await bot.get_file(file_id)).download_as_bytearray() == b"mine"


# Limits


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


# Faults


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


# What was recorded


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


# The load


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
        sys.executable, "-m", "tests.support.bot_api.server", *options, cwd=ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        url = (await process.stdout.readline()).decode().strip()
        async with client(url) as bot:
            answering = asyncio.create_task(answer_photos(bot))
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
