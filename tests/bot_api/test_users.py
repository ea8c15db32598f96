"""What people send arrives as Telegram sends it."""

import io

import pytest
from PIL import Image
from telegram import (
    Bot,
)
from telegram.error import (
    ChatMigrated,
)

from tests.bot_api.helpers import ids, picture
from tests.support.bot_api.server import (
    BotApi,
)

pytestmark = pytest.mark.fast


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
