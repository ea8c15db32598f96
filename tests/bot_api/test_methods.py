"""What a bot sends, edits and is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
)

from tests.bot_api.helpers import KEYBOARD, picture
from tests.support.bot_api.server import (
    BotApi,
)

pytestmark = pytest.mark.fast


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
