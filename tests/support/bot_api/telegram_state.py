"""Telegram behind the Bot API: chats, messages and files, and what each method does to them. No network, no waiting.

`TelegramState.run(call)` does it and puts the outcome on the call, or raises `RefusedError` with Telegram's words.
"""

import io
import itertools
import re
import time
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests.support.bot_api.calls import Call, Json, Limits, RefusedError
from tests.support.bot_api.files import StoredFile, fitting_sizes, photo_sizes
from tests.support.bot_api.methods.elsewhere import Elsewhere
from tests.support.bot_api.methods.inline_mode import check_answer
from tests.support.bot_api.methods.profile import Profile
from tests.support.bot_api.text import ParseError, plain, utf16_len
from tests.support.bot_api.wire import Upload

CHAT_ID_EMPTY = "Bad Request: chat_id is empty"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)
MAX_TEXT, MAX_CAPTION, MAX_CALLBACK_BYTES, MAX_ANSWER = 4096, 1024, 64, 200
MAX_DOWNLOAD_BYTES, MAX_PHOTO_BYTES = 20_000_000, 10_000_000
MESSAGES_KEPT, FILES_KEPT = 20_000, 80_000  # older ones are forgotten when not everything is to be remembered

# Checked for the chat, answered True, remembered as calls only.
ACKNOWLEDGED = frozenset(
    (
        "close", "leaveChat", "logOut", "sendChatAction", "setChatMenuButton",
        "setMessageReaction", "setMyDefaultAdministratorRights",
    )
)  # fmt: skip


class TelegramState:
    """Everything Telegram knows."""

    def __init__(self, token: str, limits: Limits | None, remember: bool) -> None:
        """Start empty, with one bot."""
        self.limits = limits
        self.remember = remember
        self.bot: Json = {
            "id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Stand-in", "username": "stand_in_bot",
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True,
        }  # fmt: skip
        self.author: Json = {key: self.bot[key] for key in ("id", "is_bot", "first_name", "username")}
        self.chats: dict[int, Json] = {}
        self.refusing: dict[int, RefusedError] = {}  # chats that take no message: blocked, kicked, migrated
        self.messages: dict[tuple[int, int], Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.links: dict[str, StoredFile] = {}  # download path -> file
        self.profile = Profile(self.bot["id"], self.bot["first_name"])
        self.elsewhere = Elsewhere()
        self.queries: dict[str, bool] = {}  # callback query -> answered
        self._numbers = itertools.count(1)
        self._message_ids = itertools.count(1)
        self._methods: dict[str, tuple[str, Callable[[Call], Any]]] = {}
        table: dict[str, Callable[[Call], Any]] = {
            "getMe": lambda call: self.bot, "sendMessage": self._send_message, "sendPhoto": self._send_photo,
            "sendDocument": self._send_document, "sendAnimation": self._send_animation,
            "sendSticker": self._send_sticker,
            "sendMediaGroup": self._send_media_group,
            "editMessageText": self._edit_text, "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media, "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete_message, "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
            "copyMessage": self._copy_message,
            "answerInlineQuery": lambda call: check_answer(call.params, self.queries, self.files),
        }  # fmt: skip
        table |= self.profile.methods() | self.elsewhere.methods() | dict.fromkeys(ACKNOWLEDGED, self._acknowledge)
        self._methods = {name.lower(): (name, method) for name, method in table.items()}

    def run(self, call: Call) -> None:
        """Do what the method does; the outcome is `call.result`."""
        name, method = self._methods.get(call.method.lower(), ("", None))
        if method is None:
            raise RefusedError(404, "Not Found: method not found")
        call.method = name
        call.result = method(call)

    def message(self, chat: Json, author: Json | None, **content: Any) -> Json:
        """Put a new message into a chat."""
        message: Json = {"message_id": next(self._message_ids)}
        if author is not None:
            message["from"] = author
        message |= {"chat": chat, "date": int(time.time())} | content
        self.messages[chat["id"], message["message_id"]] = message
        if not self.remember and len(self.messages) > MESSAGES_KEPT:
            del self.messages[next(iter(self.messages))]
        return message

    def quoted(self, chat_id: int, message_id: int) -> Json | None:
        """A message as it appears inside a reply to it."""
        found = self.messages.get((chat_id, message_id))
        return {key: value for key, value in found.items() if key != "reply_to_message"} if found else None

    def store(self, data: bytes | Callable[[], bytes] | None, path: str, size_bytes: int) -> StoredFile:
        """Keep a file under a new file_id; `path` has a `{}` for the number in its link."""
        file = StoredFile(f"AgACAgIAAxkBAAI{next(self._numbers):08d}", data, size_bytes, path)
        self.files[file.file_id] = file
        if not self.remember and len(self.files) > FILES_KEPT:
            del self.files[next(iter(self.files))]
        return file

    def photo(self, sizes: list[tuple[int, int, StoredFile]]) -> Json:
        """`{"photo": [...]}` as a message shows it, smallest first."""
        content: Json = {"photo": [file.shown | {"width": width, "height": height} for width, height, file in sizes]}
        for _, _, file in sizes:
            file.content = content
        return content

    def document(self, data: bytes | None, name: str, mime: str, size_bytes: int) -> Json:
        """`{"document": {...}}` as a message shows it."""
        file = self.store(data, f"documents/file_{{}}.{name.rpartition('.')[2]}", size_bytes)
        file.content = {"document": file.shown | {"file_name": name, "mime_type": mime}}
        return file.content

    def expire_links(self) -> None:
        """All download links end, as they do after an hour; getFile gives new ones."""
        self.links.clear()

    def _chat(self, call: Call, messages: int = 0) -> Json:
        chat = self.chats.get(call.params.get("chat_id", 0))
        if chat is None:
            raise RefusedError(400, "Bad Request: chat not found" if call.params.get("chat_id") else CHAT_ID_EMPTY)
        if chat["id"] in self.refusing:
            raise self.refusing[chat["id"]]
        if messages and self.limits is not None:
            self.limits.spend(chat["id"], messages)
        return chat

    def _acknowledge(self, call: Call) -> bool:
        if "chat_id" in call.params:
            self._chat(call)
        return True

    def _send_message(self, call: Call) -> Json:
        content = _words(call.params, "text", MAX_TEXT)
        if not content:
            raise RefusedError(400, "Bad Request: message text is empty")
        if preview := call.params.get("link_preview_options"):
            content["link_preview_options"] = preview
        return self._send(call, content)

    def _send_photo(self, call: Call) -> Json:
        content = self._photo(call, call.params.get("photo", "attach://photo"))
        return self._send(call, content | _words(call.params, "caption", MAX_CAPTION) | _flags(call.params))

    def _send_document(self, call: Call) -> Json:
        content = self._document(call, call.params.get("document", "attach://document"))
        return self._send(call, content | _words(call.params, "caption", MAX_CAPTION))

    def _send_animation(self, call: Call) -> Json:
        """A silent MP4: an Animation, and a Document too (core.telegram.org/bots/api#message)."""
        content = self._document(call, call.params.get("animation", "attach://animation"))
        video = content["document"] | {"width": 480, "height": 480, "duration": 3}
        return self._send(call, content | {"animation": video} | _words(call.params, "caption", MAX_CAPTION))

    def _send_sticker(self, call: Call) -> Json:
        file = self._document(call, call.params.get("sticker", "attach://sticker"))["document"]
        shape = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._send(call, {"sticker": file | shape})

    def _send_media_group(self, call: Call) -> list[Json]:
        media = call.params.get("media") or []
        if not 2 <= len(media) <= 10:
            raise RefusedError(400, "Bad Request: an album has 2 to 10 items")
        items = [self._media(call, item) for item in media]
        chat = self._chat(call, len(items))
        album = {"media_group_id": str(next(self._numbers))} | self._reply(call, chat)
        return [self.message(chat, self.author, **item, **album) for item in items]

    def _media(self, call: Call, item: Json) -> Json:
        make = {"photo": self._photo, "document": self._document}.get(item.get("type", ""))
        if make is None:
            raise RefusedError(400, f"Bad Request: type {item.get('type')!r} is not played here")
        return make(call, item.get("media", "")) | _words(item, "caption", MAX_CAPTION) | _flags(item)

    def _send(self, call: Call, content: Json) -> Json:
        content |= _markup(call.params) | self.elsewhere.sent_on_behalf(call)
        chat = self._chat(call, messages=1)
        return self.message(chat, self.author, **content, **self._reply(call, chat))

    def _copy_message(self, call: Call) -> Json:
        source = self.messages.get((call.params.get("from_chat_id", 0), call.params.get("message_id", 0)))
        if source is None:
            raise RefusedError(400, "Bad Request: message to copy not found")
        own = ("message_id", "from", "chat", "date", "reply_to_message", "edit_date", "reply_markup", "media_group_id")
        sent = self._send(call, {key: value for key, value in source.items() if key not in own})
        return {"message_id": sent["message_id"]}

    def _reply(self, call: Call, chat: Json) -> Json:
        if call.reply_to is None:
            return {}
        target = self.quoted(chat["id"], call.reply_to)
        if target is not None:
            return {"reply_to_message": target}
        if call.params["reply_parameters"].get("allow_sending_without_reply"):
            return {}
        raise RefusedError(400, "Bad Request: message to be replied not found")

    def _photo(self, call: Call, source: str) -> Json:
        found = self._file(call, source, "photo")
        if not isinstance(found, Upload):
            return found
        data = found.data
        if len(data) > MAX_PHOTO_BYTES:
            raise RefusedError(413, "Request Entity Too Large")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
        except OSError:
            raise RefusedError(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise RefusedError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
        sizes = []
        for index, (w_px, h_px) in enumerate(fitting_sizes(width, height)):
            kept = (lambda index=index: photo_sizes(data)[index][2]) if self.remember else None
            size_bytes = max(1, len(data) * w_px * h_px // (width * height))
            sizes.append((w_px, h_px, self.store(kept, "photos/file_{}.jpg", size_bytes)))
        return self.photo(sizes)

    def _document(self, call: Call, source: str) -> Json:
        found = self._file(call, source, "document")
        if not isinstance(found, Upload):
            return found
        return self.document(found.data if self.remember else None, found.name, found.mime, len(found.data))

    def _file(self, call: Call, source: str, kind: str) -> Upload | Json:
        """What a `photo` or `document` parameter means: an upload, or the content of a file sent before."""
        if source.startswith("attach://"):
            if source[9:] not in call.uploads:
                raise RefusedError(400, f"Bad Request: there is no {kind} in the request")
            return call.uploads[source[9:]]
        if source.startswith(("http://", "https://")):
            raise RefusedError(400, "Bad Request: failed to get HTTP URL content")
        if source not in self.files:
            raise RefusedError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        if kind not in self.files[source].content:
            raise RefusedError(400, f"Bad Request: can't use this file as {kind.title()}")
        return self.files[source].content

    def _get_file(self, call: Call) -> Json:
        file = self.files.get(call.params.get("file_id", ""))
        if file is None or file.data is None:
            raise RefusedError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if file.size_bytes > MAX_DOWNLOAD_BYTES:
            raise RefusedError(400, "Bad Request: file is too big")
        if file.path not in self.links:
            file.path = re.sub(r"\{\}|(?<=_)\d+", str(next(self._numbers)), file.path)
            self.links[file.path] = file
        return file.shown | {"file_path": file.path}

    def _message(self, call: Call, doing: str) -> Json:
        if "inline_message_id" in call.params:
            raise RefusedError(400, "Bad Request: MESSAGE_ID_INVALID")
        found = self.messages.get((self._chat(call)["id"], call.params.get("message_id", 0)))
        if found is None:
            raise RefusedError(400, f"Bad Request: message to {doing} not found")
        return found

    def _edit(self, call: Call, part: str, *dropped: str, content: Json) -> Json:
        message = self._message(call, "edit")
        if message.get("from") != self.author:
            raise RefusedError(400, "Bad Request: message can't be edited")
        if part == "text" and "text" not in message:
            raise RefusedError(400, "Bad Request: there is no text in the message to edit")
        if part == "caption" and "text" in message:
            raise RefusedError(400, "Bad Request: there is no caption in the message to edit")
        edited = {key: value for key, value in message.items() if key not in (*dropped, "reply_markup")}
        edited |= content | _markup(call.params)
        if edited == message:
            raise RefusedError(400, f"Bad Request: {NOT_MODIFIED}")
        edited["edit_date"] = int(time.time())
        self.messages[edited["chat"]["id"], edited["message_id"]] = edited
        return edited

    def _edit_text(self, call: Call) -> Json:
        content = _words(call.params, "text", MAX_TEXT)
        if not content:
            raise RefusedError(400, "Bad Request: message text is empty")
        return self._edit(call, "text", "text", "entities", content=content)

    def _edit_caption(self, call: Call) -> Json:
        content = _words(call.params, "caption", MAX_CAPTION)
        return self._edit(call, "caption", "caption", "caption_entities", content=content)

    def _edit_media(self, call: Call) -> Json:
        content = self._media(call, call.params.get("media") or {})
        return self._edit(
            call, "media", "text", "entities", "caption", "caption_entities", "photo", "document", content=content
        )

    def _edit_markup(self, call: Call) -> Json:
        return self._edit(call, "reply_markup", content={})

    def _delete_message(self, call: Call) -> bool:
        message = self._message(call, "delete")
        del self.messages[message["chat"]["id"], message["message_id"]]
        return True

    def _answer_callback_query(self, call: Call) -> bool:
        query = call.params.get("callback_query_id", "")
        if query not in self.queries:
            raise RefusedError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if utf16_len(call.params.get("text", "")) > MAX_ANSWER:
            raise RefusedError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.queries[query] = True
        return True


def _words(params: Json, name: str, longest: int) -> Json:
    """The text or caption as a message shows it, with entities; nothing if there is none."""
    try:
        text, entities = plain(str(params.get(name, "")), params.get("parse_mode"))
    except ParseError as why:
        raise RefusedError(400, f"Bad Request: can't parse entities: {why}") from why
    if utf16_len(text) > longest:
        raise RefusedError(400, f"Bad Request: message {'is' if name == 'text' else 'caption is'} too long")
    if not text:
        return {}
    entities = params.get("entities" if name == "text" else "caption_entities") or entities
    return {name: text} | ({"entities" if name == "text" else "caption_entities": entities} if entities else {})


def _flags(params: Json) -> Json:
    names = {"show_caption_above_media": "show_caption_above_media", "has_spoiler": "has_media_spoiler"}
    return {shown: True for name, shown in names.items() if params.get(name)}


def _markup(params: Json) -> Json:
    """The inline keyboard; other keyboards are not part of a message."""
    rows = (params.get("reply_markup") or {}).get("inline_keyboard") or []
    for button in (button for row in rows for button in row):
        if not button.get("text"):
            raise RefusedError(400, "Bad Request: can't parse inline keyboard button: text buttons are unallowed")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_CALLBACK_BYTES:
            raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
            raise RefusedError(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid")
        if len(button) < 2:
            raise RefusedError(400, "Bad Request: can't parse inline keyboard button: text buttons are unallowed")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}
