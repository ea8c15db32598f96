"""Which function answers what: handlers are defined by decorator, and found in an explicit list of modules.

    @command("stats", admin=True)
    async def stats(context: Context) -> Reply: ...

    @callback(Language)
    async def choose_language(press: Press, chosen: Language) -> None: ...

    @on_message("picture")
    async def picture(context: Context) -> None: ...

    @on_photo(Duel)
    async def duel(talk: Conversation, photo: Photo, asked: Duel) -> None: ...

    @on_update("my_chat_member")
    async def blocked(update: Update, services: Services) -> None: ...

A decorator only wraps its function in a frozen value; nothing is kept anywhere until `Registry.of(module, ...)`
collects them, so importing a handler module has no effect. A reply that a handler returns is sent to the chat.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from telegram import Update

from lookalike.telegram_bot import callback_data
from lookalike.telegram_bot.callback import Callback
from lookalike.telegram_bot.context import Context, Conversation, Press, Services
from lookalike.telegram_bot.photos.message_photo import Photo
from lookalike.telegram_bot.replies.reply import Reply

Answer = Awaitable[Reply | None]


@dataclass(frozen=True)
class CommandHandler:
    """Answers `/name`.

    `admin`: only those of ADMIN_IDS in a private chat; for everybody else there is no such command. `private`: in a
    group it says where to ask instead. `keeps_user`: whether asking makes an unknown person known.
    """

    name: str
    answer: Callable[[Context], Answer]
    admin: bool = False
    private: bool = False
    keeps_user: bool = True


@dataclass(frozen=True)
class CallbackHandler:
    """Answers a press on a button whose data is of this shape; `toasts`: also with a line above the chat, itself."""

    shape: type[Callback]
    answer: Callable[[Press, Any], Answer]
    toasts: bool = False


@dataclass(frozen=True)
class MessageHandler:
    """Answers messages with this content: `picture`, `document`, `quoted_picture`, `text`, or '' for any other."""

    content: str
    answer: Callable[[Context], Answer]


@dataclass(frozen=True)
class PhotoHandler:
    """Answers a photo of which this was asked; None: who does it look like."""

    shape: type[Callback] | None
    answer: Callable[[Conversation, Photo, Any], Awaitable[None]]


@dataclass(frozen=True)
class UpdateHandler:
    """Handles updates of a kind that is no message and no press."""

    kind: str
    handle: Callable[[Update, Services], Awaitable[None]]


Handler = CommandHandler | CallbackHandler | MessageHandler | PhotoHandler | UpdateHandler


def command(
    name: str, *, admin: bool = False, private: bool = False, keeps_user: bool = True
) -> Callable[[Callable[[Context], Answer]], CommandHandler]:
    """Make a function the answer to `/name`; its menu line is the text `command-<name>` of each language."""
    return lambda answer: CommandHandler(name, answer, admin, private, keeps_user)


def callback(
    shape: type[Callback], *, toasts: bool = False
) -> Callable[[Callable[[Press, Any], Answer]], CallbackHandler]:
    """Make a function the answer to presses whose data is of this shape; with `toasts` it calls `answer_press`."""
    return lambda answer: CallbackHandler(shape, answer, toasts)


def on_message(content: str = "") -> Callable[[Callable[[Context], Answer]], MessageHandler]:
    """Make a function the answer to messages with this content."""
    return lambda answer: MessageHandler(content, answer)


def on_photo(
    shape: type[Callback] | None = None,
) -> Callable[[Callable[[Conversation, Photo, Any], Awaitable[None]]], PhotoHandler]:
    """Make a function the answer to photos whose purpose is of this shape, once their sender has consented."""
    return lambda answer: PhotoHandler(shape, answer)


def on_update(kind: str) -> Callable[[Callable[[Update, Services], Awaitable[None]]], UpdateHandler]:
    """Make a function the handler of a kind of update."""
    return lambda handle: UpdateHandler(kind, handle)


class Registry:
    """All handlers of a bot; two for the same thing are an error."""

    def __init__(self, handlers: Iterable[Handler]) -> None:
        self.commands: dict[str, CommandHandler] = {}
        self.messages: dict[str, MessageHandler] = {}
        self.updates: dict[str, UpdateHandler] = {}
        self._callbacks: dict[type[Callback], CallbackHandler] = {}
        self._photos: dict[type[Callback] | None, PhotoHandler] = {}
        for one in handlers:
            match one:
                case CommandHandler():
                    _put(self.commands, one.name, one)
                case MessageHandler():
                    _put(self.messages, one.content, one)
                case UpdateHandler():
                    _put(self.updates, one.kind, one)
                case CallbackHandler():
                    _put(self._callbacks, one.shape, one)
                case PhotoHandler():
                    _put(self._photos, one.shape, one)

    @classmethod
    def of(cls, *modules: ModuleType) -> Registry:
        """The handlers that these modules define, in their order."""
        return cls(one for module in modules for one in vars(module).values() if isinstance(one, Handler))

    @property
    def menu(self) -> list[str]:
        """The commands that everybody may see, in the menu's order."""
        return [name for name, one in self.commands.items() if not one.admin]

    def callback_for(self, data: str) -> tuple[CallbackHandler, Callback] | None:
        """The handler of callback data with what it says; None for what is unknown or too old."""
        unpacked = callback_data.unpack(data, tuple(self._callbacks))
        return (self._callbacks[type(unpacked)], unpacked) if unpacked else None

    def photo_handler_for(self, purpose: str) -> tuple[PhotoHandler, Callback | None]:
        """The handler of a photo's purpose with what it says; of one that is unknown or too old, the plain one."""
        asked = callback_data.unpack(purpose, tuple(shape for shape in self._photos if shape))
        return self._photos[type(asked) if asked else None], asked


def _put(table: dict[Any, Any], key: object, handler: Handler) -> None:
    if key in table:
        raise ValueError(f"two handlers for {key}")
    table[key] = handler
