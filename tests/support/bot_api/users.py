"""People: what they do becomes the updates a bot gets."""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.bot_api.calls import Call, Json, RefusedError, buttons
from tests.support.bot_api.files import photo_sizes
from tests.support.bot_api.telegram_state import TelegramState
from tests.support.bot_api.text import commands

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody did: the update it became, and the message it is about."""

    update_id: int
    message: Json
    at: float  # time.monotonic() when the update was there to be fetched
    query_id: str = ""  # of a pressed button

    @property
    def message_id(self) -> int:
        """The message it is about."""
        number: int = self.message["message_id"]
        return number

    @property
    def chat_id(self) -> int:
        """The chat it happened in."""
        number: int = self.message["chat"]["id"]
        return number


class Person:
    """Somebody in a chat: a private one with the bot, a group, a supergroup or a channel."""

    def __init__(self, state: TelegramState, push: Callable[[Json], int], user: Json, chat: Json) -> None:
        """Join the chat; `push` makes an update of a dict."""
        self._state = state
        self._push = push
        self.user = user
        self.chat = chat
        self.last: Sent | None = None
        state.chats[chat["id"]] = chat

    @property
    def id(self) -> int:
        """The id of the chat: what the bot's `chat_id` is."""
        number: int = self.chat["id"]
        return number

    def send(self, *, reply_to: Any = None, **content: Any) -> Sent:
        """Send a message with any content the Bot API knows, such as `send(dice={"emoji": "🎲", "value": 3})`."""
        if reply_to is not None:
            content["reply_to_message"] = self._state.quoted(self.id, _message_id(reply_to))
        in_channel = self.chat["type"] == "channel"
        if in_channel:
            content["sender_chat"] = self.chat
        message = self._state.message(self.chat, None if in_channel else self.user, **content)
        self.last = self._update("channel_post" if in_channel else "message", message)
        return self.last

    def text(self, text: str, *, reply_to: Any = None) -> Sent:
        """Write something; commands are marked as commands."""
        entities = commands(text)
        return self.send(reply_to=reply_to, text=text, **({"entities": entities} if entities else {}))

    def photo(self, data: bytes, caption: str | None = None, *, reply_to: Any = None, album: str | None = None) -> Sent:
        """Send a picture as a photo: Telegram makes its sizes of it."""
        content = self._picture(data) | _caption(caption)
        return self.send(reply_to=reply_to, **content, **({"media_group_id": album} if album else {}))

    def album(self, photos: Sequence[bytes], caption: str | None = None) -> list[Sent]:
        """Send several photos at once: an update each, one media_group_id, the caption on the first."""
        group = str(13_000_000_000 + next(_numbers))
        return [self.photo(data, caption if not index else None, album=group) for index, data in enumerate(photos)]

    def document(
        self, data: bytes, name: str = "photo.jpg", mime: str = "image/jpeg",
        caption: str | None = None, *, size_bytes: int | None = None,
    ) -> Sent:  # fmt: skip
        """Send a file as it is; `size_bytes` lets Telegram declare a wrong size."""
        declared = len(data) if size_bytes is None else size_bytes
        return self.send(**self._state.document(data, name, mime, declared), **_caption(caption))

    def sticker(self, webp: bytes = b"RIFF....WEBP", thumbnail: bytes | None = None, *, moves: bool = False) -> Sent:
        """Send a sticker; one that moves is a video (WEBM) with a thumbnail."""
        file = self._file(webp, "stickers/file_{}.webp")
        shape = {"width": 512, "height": 512, "is_animated": False, "is_video": moves, "type": "regular", "emoji": "👍"}
        return self.send(sticker=file | shape | self._thumbnail(thumbnail))

    def animation(self, thumbnail: bytes | None = None) -> Sent:
        """Send a GIF, of which Telegram makes an MP4 without sound; it is a document as well."""
        name = {"file_name": "me.gif.mp4", "mime_type": "video/mp4"}
        file = self._file(b"....ftypisom", "animations/file_{}.mp4") | name | self._thumbnail(thumbnail)
        return self.send(animation=file | {"width": 320, "height": 320, "duration": 2}, document=file)

    def video_note(self, thumbnail: bytes | None = None) -> Sent:
        """Send a round video message."""
        file = self._file(b"....ftypisom", "video_notes/file_{}.mp4")
        return self.send(video_note=file | {"length": 384, "duration": 3} | self._thumbnail(thumbnail))

    def voice(self) -> Sent:
        """Send a voice message."""
        return self.send(voice=self._file(b"OggS", "voice/file_{}.oga") | {"duration": 2, "mime_type": "audio/ogg"})

    def video(self, thumbnail: bytes | None = None) -> Sent:
        """Send a video."""
        file = self._file(b"....ftypisom", "videos/file_{}.mp4") | self._thumbnail(thumbnail)
        return self.send(video=file | {"width": 640, "height": 480, "duration": 3, "mime_type": "video/mp4"})

    def location(self) -> Sent:
        """Send a place."""
        return self.send(location={"latitude": 52.52, "longitude": 13.405})

    def contact(self) -> Sent:
        """Send somebody's telephone number."""
        return self.send(contact={"phone_number": "+10005550100", "first_name": "Bo"})

    def edit(self, text: str, message: Any = None) -> Sent:
        """Edit one's last message (or `message`): its text, or its caption."""
        number = _message_id(message if message is not None else self.last)
        edited = dict(self._state.messages[self.id, number], edit_date=int(time.time()))
        edited["text" if "text" in edited else "caption"] = text
        self._state.messages[self.id, number] = edited
        return self._update("edited_channel_post" if self.chat["type"] == "channel" else "edited_message", edited)

    def press(self, message: Any, data: str, *, forge: bool = False) -> Sent:
        """Press the button with this callback_data under a bot's message; `forge` presses one that is not there."""
        found = self._state.messages[self.id, _message_id(message)]
        if not forge and data not in buttons(found):
            raise AssertionError(f"no button {data!r}: there are {buttons(found)} under {found}")
        query = str(4_000_000_000 + next(_numbers))
        self._state.queries[query] = False
        body = {"id": query, "from": self.user, "message": found, "chat_instance": str(-self.id), "data": data}
        return Sent(self._push({"callback_query": body}), found, time.monotonic(), query)

    def elsewhere(self, kind: str, photo: bytes | None = None, *, reply_to: Any = None, **content: Any) -> Sent:
        """Write in a chat that is not the bot's own: `kind` is business_message or guest_message."""
        content |= self._picture(photo) if photo else {}
        if reply_to is not None:
            content["reply_to_message"] = self._state.quoted(self.id, _message_id(reply_to))
        if kind == "guest_message":
            content["guest_query_id"] = f"guest{next(_numbers)}"
            self._state.elsewhere.guest_queries[content["guest_query_id"]] = None
        return self._update(kind, self._state.message(self.chat, self.user, **content))

    def ask_inline(self, query: str) -> Sent:
        """Type `@bot query` into some chat; the answer is the call of answerInlineQuery with this `query_id`."""
        number = str(5_000_000_000 + next(_numbers))
        self._state.queries[number] = False
        body = {"id": number, "from": self.user, "query": query, "offset": "", "chat_type": "private"}
        return Sent(self._push({"inline_query": body}), {"message_id": 0, "chat": self.chat}, time.monotonic(), number)

    def delete(self, message: Any) -> None:
        """Delete a message; a bot is not told, and messages that reply to it show no quotation any more."""
        number = _message_id(message)
        del self._state.messages[self.id, number]
        for other in self._state.messages.values():
            quoted = other.get("reply_to_message")
            if quoted and (other["chat"]["id"], quoted["message_id"]) == (self.id, number):
                del other["reply_to_message"]

    def block(self) -> Sent:
        """Block the bot, or throw it out of the group: sends get 403."""
        private = self.chat["type"] == "private"
        why = "bot was blocked by the user" if private else f"bot was kicked from the {self.chat['type']} chat"
        self._state.refusing[self.id] = RefusedError(403, f"Forbidden: {why}")
        return self._membership("member", "kicked")

    def unblock(self) -> Sent:
        """Let the bot in again."""
        self._state.refusing.pop(self.id, None)
        return self._membership("kicked", "member")

    def migrate(self) -> int:
        """The group becomes a supergroup with a new id, which is returned; sends to the old one get 400 with it."""
        new_id = self.id - 1_000_000_000_000
        self.send(migrate_to_chat_id=new_id)
        self._state.refusing[self.id] = RefusedError(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new_id
        )
        self.chat = self.chat | {"id": new_id, "type": "supergroup"}
        self._state.chats[new_id] = self.chat
        return new_id

    def _membership(self, old: str, new: str) -> Sent:
        states: list[Json] = [{"user": self._state.author, "status": state} for state in (old, new)]
        for state in states:
            if state["status"] == "kicked":
                state["until_date"] = 0
        change = {
            "chat": self.chat, "from": self.user, "date": int(time.time()),
            "old_chat_member": states[0], "new_chat_member": states[1],
        }  # fmt: skip
        number = self._push({"my_chat_member": change})
        return Sent(number, {"message_id": 0, "chat": self.chat}, time.monotonic())

    def _thumbnail(self, data: bytes | None) -> Json:
        """A JPEG of at most 320 px, if there is one (core.telegram.org/bots/api#video)."""
        if data is None:
            return {}
        width, height, jpeg = [one for one in photo_sizes(data) if max(one[:2]) <= 320][-1]
        return {"thumbnail": self._file(jpeg, "thumbnails/file_{}.jpg") | {"width": width, "height": height}}

    def _picture(self, data: bytes) -> Json:
        return self._state.photo([
            (width, height, self._state.store(jpeg, "photos/file_{}.jpg", len(jpeg)))
            for width, height, jpeg in photo_sizes(data)
        ])  # fmt: skip

    def _file(self, data: bytes, path: str) -> Json:
        return self._state.store(data, path, len(data)).shown

    def _update(self, kind: str, message: Json) -> Sent:
        return Sent(self._push({kind: message}), message, time.monotonic())


def _caption(caption: str | None) -> Json:
    if caption is None:
        return {}
    entities = commands(caption)
    return {"caption": caption} | ({"caption_entities": entities} if entities else {})


def _message_id(message: Any) -> int:
    """The id of a message given as a Call, a Sent, a message dict or the id itself."""
    if isinstance(message, Call | Sent):
        message = message.message
    number: int = message["message_id"] if isinstance(message, dict) else message
    return number
