"""The kinds of update that the bot handles, one row each; polling, journal, lanes and dispatch follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from telegram import Update as TelegramUpdate
from telegram.constants import ChatType
from telegram.ext import filters

from lookalike.telegram_bot.phrases import is_no, is_yes

Update = dict[str, Any]  # as Telegram sends it
# Which fields of a JSON object are kept; None: the whole value.
Shape = dict[str, "Shape | None"]

_USER: Shape = dict.fromkeys(("id", "is_bot", "first_name", "language_code"))
_CHAT: Shape = dict.fromkeys(("id", "type"))
FILE: Shape = dict.fromkeys(("file_id", "file_unique_id", "file_size", "width", "height", "mime_type", "file_name"))
_FORWARD: Shape = {"type": None, "date": None, "sender_user": _USER}  # by whom a forwarded message was, if that is said
ORIGIN: Shape = {"message_id": None, "date": None, "chat": _CHAT, "from": _USER}
_MEDIA: Shape = FILE | {"thumbnail": FILE} | dict.fromkeys(("is_animated", "is_video", "type", "duration", "length"))
PICTURE: Shape = {
    "photo": FILE, "document": FILE, "sticker": _MEDIA, "animation": _MEDIA, "video": _MEDIA | {"cover": FILE},
    "video_note": _MEDIA,
}  # fmt: skip
MESSAGE: Shape = ORIGIN | PICTURE | {
    "text": None, "caption": None, "media_group_id": None,
    "reply_to_message": ORIGIN | PICTURE | {"media_group_id": None, "forward_origin": _FORWARD},
}  # fmt: skip
PRESSED: Shape = MESSAGE | {"reply_markup": None}  # the buttons, as some of them change in their place
MENTION = re.compile(r"(?<!\w)@\w")
MAX_UPDATE_ID = 2**63 - 1  # what SQLite can hold; Telegram's have nine or ten digits
INLINE = "inline"
INLINE_S = 10.0  # later nobody waits for what was typed: more of it, or something else, has been typed since
GUEST_S = 30.0  # later Telegram may no longer take the answer, "query is too old"; how long it does is not documented
WORDS, PHOTOS = "words", "photos"  # lanes: a command does not wait for the photos sent before it


@dataclass(frozen=True)
class UpdateKind:
    """One kind of update.

    `name` is Telegram's, `kept` what the journal keeps of it, `lane` names the lane of the sender in which it is
    handled in order, `is_wanted` whether anybody expects an answer. One that is not `durable` is never journaled and
    tried once. One older than `expires_s` seconds when its turn comes is dropped. An update that `closes_earlier`
    (/delete) is finished before the sender's later updates, of any lane, begin. `together` names what arrives in
    several updates and is answered as one; '' for an update that stands alone.
    """

    name: str
    kept: Shape
    lane: Callable[[Update], str] = lambda update: WORDS
    is_wanted: Callable[[Update], bool] = lambda update: True
    durable: bool = True
    expires_s: float | None = None
    closes_earlier: Callable[[Update], bool] = lambda update: False
    together: Callable[[Update], str] = lambda update: ""


class UpdateKinds:
    """The table, and what follows from it."""

    def __init__(self, kinds: Iterable[UpdateKind]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __iter__(self) -> Iterator[UpdateKind]:
        return iter(self._kinds.values())

    @property
    def allowed_updates(self) -> list[str]:
        """The names that Telegram is asked for."""
        return list(self._kinds)

    def kind_of(self, update: Update) -> UpdateKind | None:
        """The row of an update; None if it is of no kind in the table."""
        return next((kind for kind in self if isinstance(update.get(kind.name), dict)), None)

    def sender_of(self, update: Update) -> int | None:
        """Telegram id of the user who caused an update; None if none did."""
        kind = self.kind_of(update)
        sender = update[kind.name].get("from") if kind else None
        return int(sender["id"]) if isinstance(sender, dict) and isinstance(sender.get("id"), int) else None

    def shorten(self, update: Update) -> Update | None:
        """What of an update is kept until it is answered; None if nobody expects an answer.

        One that python-telegram-bot cannot read is kept whole: its handler fails three times, and it is put aside.
        """
        kind = self.kind_of(update)
        if kind is None:
            return None
        try:
            return keep(update, {"update_id": None, kind.name: kind.kept}) if kind.is_wanted(update) else None
        except Exception:
            return update


def keep(value: Any, shape: Shape | None) -> Any:
    """The fields of a JSON value that `shape` names, in lists too."""
    if shape is None:
        return value
    if isinstance(value, list):
        return [keep(one, shape) for one in value]
    return {name: keep(value[name], inner) for name, inner in shape.items() if name in value}


def is_update(value: Any) -> bool:
    """Whether this is a dictionary with a number that the journal can hold."""
    number = value.get("update_id") if isinstance(value, dict) else None
    return isinstance(number, int) and 0 <= number <= MAX_UPDATE_ID


def command_in(text: str | None) -> str | None:
    """The command that a text begins with, in lower case without slash and bot name."""
    if not text or not text.startswith("/"):
        return None
    return text.split(maxsplit=1)[0][1:].split("@")[0].lower()


def _message_lane(update: Update) -> str:
    """Photos of an album have a lane each: the handler of one waits for the others.

    A typed yes or no may be the consent that photos wait for.
    """
    text = update["message"].get("text")
    if isinstance(text, str) and (is_yes(text) or is_no(text)):
        return PHOTOS
    if PICTURE.keys().isdisjoint(update["message"]):
        return WORDS
    return f"{_album(update)}/{update['update_id']}" if _album(update) else PHOTOS


def _album(update: Update) -> str:
    """What the photos of one album share; '' for a message that is in none."""
    message = update["message"]
    group = message.get("media_group_id")
    return f"album/{message['chat']['id']}/{group}" if group else ""


def _press_lane(update: Update) -> str:
    """The consent that photos wait for must stay in order with them; other presses that look at a photo do as well."""
    verb = str(update["callback_query"].get("data") or "").partition(":")[0].partition(".")[0]
    return PHOTOS if verb in ("consent", "more", "where", "card") else WORDS


def _is_delete(update: Update) -> bool:
    text = update["message"].get("text")
    return isinstance(text, str) and command_in(text) == "delete"


def _is_no_service_message(update: Update) -> bool:
    """Whether a person wrote it; "pinned a message" and the like come from Telegram itself."""
    message = update["message"]
    if isinstance(message.get("photo"), list) or isinstance(message.get("text"), str):  # which needs no parsing
        return True
    return not filters.StatusUpdate.ALL.check_update(TelegramUpdate.de_json(update, None))


def _is_block(update: Update) -> bool:
    """Whether a user blocked the bot; being removed from a group is another thing."""
    change = TelegramUpdate.de_json(update, None).my_chat_member
    return change is not None and change.chat.type == ChatType.PRIVATE and change.new_chat_member.status == "kicked"


def _is_welcome(update: Update) -> bool:
    """Whether the bot was added to a group, and may write there."""
    change = TelegramUpdate.de_json(update, None).my_chat_member
    if change is None or change.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
        return False
    old, new = change.old_chat_member, change.new_chat_member
    return old.status in ("left", "kicked") and new.status in ("member", "administrator", "restricted")


def _may_name_bot(update: Update) -> bool:
    """Whether a message of a business account's chat may be for the bot: it names somebody, or is a command.

    What is not is none of its business, an e-mail address neither.
    """
    message = update["business_message"]
    words = str(message.get("text") or message.get("caption") or "")
    return MENTION.search(words) is not None or words.startswith("/")


# What is not here is not asked for. An edited message (also of a business account) is left alone on purpose: its photo
# was answered when it came, a new caption would bring that photo a second answer, far below it in the chat. What a
# business_connection says is asked for when it matters (getBusinessConnection); of messages that
# deleted_business_messages tells of nothing is kept.
KINDS = UpdateKinds(
    (
        UpdateKind(
            "message",
            MESSAGE,
            lane=_message_lane,
            is_wanted=_is_no_service_message,
            closes_earlier=_is_delete,
            together=_album,
        ),
        UpdateKind(
            "callback_query",
            {"id": None, "chat_instance": None, "data": None, "from": _USER, "message": PRESSED},
            lane=_press_lane,
        ),
        UpdateKind(
            "business_message",
            MESSAGE | {"business_connection_id": None, "sender_business_bot": _USER},
            lane=lambda update: PHOTOS,
            is_wanted=_may_name_bot,
        ),
        UpdateKind(
            "guest_message",
            MESSAGE | {"guest_query_id": None},
            lane=lambda update: PHOTOS,
            durable=False,
            expires_s=GUEST_S,
        ),
        UpdateKind(
            "inline_query",
            dict.fromkeys(("id", "query", "offset", "chat_type")) | {"from": _USER},
            lane=lambda update: INLINE,
            durable=False,
            expires_s=INLINE_S,
        ),
        UpdateKind(
            "chosen_inline_result",
            {"result_id": None, "query": None, "from": _USER},
            lane=lambda update: INLINE,
            durable=False,
            expires_s=INLINE_S,
        ),
        UpdateKind(
            "my_chat_member",
            {"chat": _CHAT, "from": _USER, "date": None, "old_chat_member": None, "new_chat_member": None},
            is_wanted=lambda update: _is_block(update) or _is_welcome(update),
        ),
    )
)
