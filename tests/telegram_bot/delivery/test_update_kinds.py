"""The table of update kinds: what is kept of an update is enough to answer it, and nothing more."""

import json
from typing import Any

import pytest
from telegram import Update

from lookalike.telegram_bot.delivery.update_kinds import KINDS, PHOTOS, WORDS
from lookalike.telegram_bot.delivery.update_kinds import Update as RawUpdate
from lookalike.telegram_bot.photos.message_photo import photo_in

SECRETS = ("Doe", "ann_doe", "telephone", "+100", "Berlin")


def message(**content: Any) -> dict[str, Any]:
    """A message update with more in it than anybody needs."""
    user = {"id": 7, "is_bot": False, "first_name": "Ann", "last_name": "Doe", "username": "ann_doe"}
    chat = {"id": 7, "type": "private", "first_name": "Ann", "last_name": "Doe", "username": "ann_doe"}
    place = {"message_id": 3, "date": 1_700_000_000, "chat": chat, "from": user | {"language_code": "en"}}
    return {"update_id": 5, "message": place | content}


PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 320, "height": 320, "file_size": 9}]


@pytest.mark.parametrize(
    "content",
    [
        {"text": "hello", "entities": [{"type": "bold", "offset": 0, "length": 5}]},
        {"photo": PHOTO, "caption": "me", "media_group_id": "12"},
        {"document": PHOTO[0] | {"mime_type": "image/png", "file_name": "me.png", "thumbnail": PHOTO[0]}},
        {"contact": {"phone_number": "+10005550100", "first_name": "Bo"}},
        {"location": {"latitude": 52.5, "longitude": 13.4}, "venue_note": "Berlin"},
        {"text": "/help@bot", "reply_to_message": message(text="Berlin")["message"]},
    ],
)
def test_what_is_kept_is_read_as_the_whole_would_be_and_tells_nothing_more(content: dict[str, Any]) -> None:
    whole = message(**content)
    short = KINDS.shorten(whole)
    assert short is not None
    kept, full = Update.de_json(short, None).message, Update.de_json(whole, None).message
    assert kept is not None
    assert full is not None

    assert (kept.text, kept.caption, kept.media_group_id) == (full.text, full.caption, full.media_group_id)
    assert photo_in(kept) == photo_in(full)
    assert (kept.chat.id, kept.chat.type, kept.message_id) == (full.chat.id, full.chat.type, full.message_id)
    assert kept.from_user is not None
    assert (kept.from_user.id, kept.from_user.first_name, kept.from_user.language_code) == (7, "Ann", "en")
    assert bool(kept.reply_to_message) == bool(full.reply_to_message)
    assert not [word for word in SECRETS if word in json.dumps(short)]


def test_a_press_keeps_whose_photo_the_card_was_for() -> None:
    card = message(text="Before I look", reply_to_message=message(photo=PHOTO)["message"])["message"]
    press = {"id": "1", "chat_instance": "2", "data": "consent:yes", "from": card["from"], "message": card}
    short = KINDS.shorten({"update_id": 5, "callback_query": press})
    assert short is not None
    query = Update.de_json(short, None).callback_query

    assert query is not None
    assert query.data == "consent:yes"
    assert query.message is not None
    asked = query.message.reply_to_message  # type: ignore[attr-defined]  # an accessible one
    assert asked.from_user.id == 7
    assert photo_in(asked) is not None


@pytest.mark.parametrize(
    "update",
    [
        message(pinned_message=message(text="x")["message"]),
        message(new_chat_members=[{"id": 9, "is_bot": False, "first_name": "Cy"}]),
        message(group_chat_created=True),
    ],
)
def test_what_telegram_itself_writes_is_not_kept(update: dict[str, Any]) -> None:
    assert KINDS.shorten(update) is None


@pytest.mark.parametrize(
    ("content", "is_kept"),
    [
        ({"text": "How much is it?"}, False), ({"photo": PHOTO}, False), ({"photo": PHOTO, "caption": "@bot"}, True),
        ({"text": "write to me@example.com"}, False), ({"text": "/lookalike"}, True), ({"text": "(@bot)"}, True),
    ],
)  # fmt: skip
def test_of_a_business_account_only_what_may_name_the_bot_is_kept(content: dict[str, Any], is_kept: bool) -> None:
    update = {"update_id": 5, "business_message": message(**content)["message"] | {"business_connection_id": "b"}}

    assert (KINDS.shorten(update) is not None) is is_kept


@pytest.mark.parametrize(("new", "is_kept"), [("kicked", True), ("member", False)])
def test_of_memberships_only_a_block_is_kept(new: str, is_kept: bool) -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    change = message()["message"] | {
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": new, "until_date": 0},
    }

    assert (KINDS.shorten({"update_id": 5, "my_chat_member": change}) is not None) is is_kept


@pytest.mark.parametrize(
    ("content", "lane"),
    [({"photo": PHOTO}, PHOTOS), ({"document": PHOTO[0]}, PHOTOS), ({"text": "/delete"}, WORDS), ({"dice": {}}, WORDS)],
)
def test_photos_have_a_lane_of_their_own(content: dict[str, Any], lane: str) -> None:
    update = message(**content)
    kind = KINDS.kind_of(update)

    assert kind is not None
    assert kind.lane(update) == lane


def test_photos_of_an_album_do_not_wait_for_each_other_and_are_answered_together() -> None:
    (kind,) = (one for one in KINDS if one.name == "message")
    album = [message(photo=PHOTO, media_group_id="12") | {"update_id": number} for number in (5, 6)]

    assert len({kind.lane(one) for one in album}) == 2
    assert len({kind.together(one) for one in album}) == 1
    assert kind.together(message(photo=PHOTO)) == ""


@pytest.mark.parametrize(("data", "lane"), [("consent:yes", PHOTOS), ("language:en", WORDS), (None, WORDS), (7, WORDS)])
def test_consent_stays_in_order_with_the_photos_that_wait_for_it(data: object, lane: str) -> None:
    update: RawUpdate = {"update_id": 5, "callback_query": {"data": data, "from": {"id": 7}}}
    kind = KINDS.kind_of(update)

    assert kind is not None
    assert kind.lane(update) == lane
    assert KINDS.sender_of(update) == 7


@pytest.mark.parametrize(
    ("text", "closes"),
    [("/delete", True), ("/Delete@bot now", True), ("delete", False), ("/deleted", False), (7, False)],
)
def test_only_delete_closes_what_was_sent_before_it(text: object, closes: bool) -> None:
    kind = KINDS.kind_of(message(text=text))

    assert kind is not None
    assert kind.closes_earlier(message(text=text)) is closes


def test_what_cannot_be_read_is_kept_whole_and_an_unknown_kind_not_at_all() -> None:
    odd = message(photo="garbage")

    assert KINDS.shorten(odd) == odd
    assert KINDS.shorten({"update_id": 5, "poll": {}}) is None


@pytest.mark.parametrize(
    ("old", "new", "is_kept"), [("left", "member", True), ("kicked", "member", True), ("member", "left", False)]
)
def test_of_memberships_in_groups_only_an_addition_is_kept(old: str, new: str, is_kept: bool) -> None:
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    change = message()["message"] | {
        "chat": {"id": -5, "type": "group", "title": "Friends"},
        "old_chat_member": {"user": bot, "status": old, "until_date": 0},
        "new_chat_member": {"user": bot, "status": new},
    }

    assert (KINDS.shorten({"update_id": 5, "my_chat_member": change}) is not None) is is_kept


# Telegram is not asked for these, each for its reason.
LEFT_ALONE = {
    "edited_message": "its photo was answered when it came",
    "edited_business_message": "the same",
    "business_connection": "asked for when it matters",
    "deleted_business_messages": "nothing of the messages is kept",
    "channel_post": "a channel has no person who could consent",
    "edited_channel_post": "the same",
    "message_reaction": "a reaction asks for nothing",
    "message_reaction_count": "the same",
    "poll": "the bot makes no polls",
    "poll_answer": "the same",
    "shipping_query": "the bot sells nothing",
    "pre_checkout_query": "the same",
    "purchased_paid_media": "the same",
    "chat_member": "who comes and goes in a group is none of its business",
    "chat_join_request": "the same",
    "chat_boost": "boosts change nothing for it",
    "removed_chat_boost": "the same",
    "managed_bot": "it manages no bots",
}


def test_every_kind_of_update_is_asked_for_or_left_alone_on_purpose() -> None:
    asked = {kind.name for kind in KINDS}

    assert asked | LEFT_ALONE.keys() == set(Update.ALL_TYPES)
    assert not asked & LEFT_ALONE.keys()
