"""What a bot asks of Telegram: one call and how it ended, Telegram's "no", and the flood limits."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.bot_api.wire import Upload

Json = dict[str, Any]

SENDS = frozenset(
    {"sendMessage", "sendPhoto", "sendMediaGroup", "sendDocument", "sendAnimation", "sendSticker", "copyMessage"}
)


class RefusedError(Exception):
    """The Bot API says no."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        """Hold what goes into the reply."""
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


@dataclass(eq=False, slots=True)
class Call:
    """One request the bot made, and how it ended."""

    method: str  # as Telegram spells it; "file" for a download
    params: Json
    uploads: dict[str, Upload]  # by part name: with name, mime, data
    at: float  # time.monotonic() when the request had arrived
    status: int = 0  # HTTP status of the reply; 0 while there is none, or if the connection was cut
    result: Any = None  # what the method gave, also if a fault hid that from the bot

    @property
    def files(self) -> dict[str, bytes]:
        """The bytes of the uploads, by part name."""
        return {name: upload.data for name, upload in self.uploads.items()}

    @property
    def ok(self) -> bool:
        """The call took effect."""
        return self.result is not None

    @property
    def chat_id(self) -> int | None:
        """The chat it went to."""
        return self.params.get("chat_id")

    @property
    def messages(self) -> list[Json]:
        """The messages it sent or edited."""
        found = self.result if isinstance(self.result, list) else [self.result]
        return [item for item in found if isinstance(item, dict) and "message_id" in item]

    @property
    def message(self) -> Json:
        """The message it sent or edited; the first one of an album."""
        if not self.messages:
            raise AssertionError(f"no message came of {self}")
        return self.messages[0]

    @property
    def text(self) -> str:
        """The words a reader sees, of the text or the caption."""
        return "\n".join(item.get("text") or item.get("caption") or "" for item in self.messages)

    @property
    def buttons(self) -> list[str]:
        """The callback_data (or the link) of each inline button, row by row."""
        return [data for item in self.messages for data in buttons(item)]

    @property
    def reply_to(self) -> int | None:
        """The message it replies to."""
        found: int | None = (self.params.get("reply_parameters") or {}).get("message_id")
        return found

    def __str__(self) -> str:
        """One short line for failure messages."""
        params = ", ".join(f"{name}={value!r:.80}" for name, value in self.params.items())
        files = "".join(f" +{name}({len(data)} B)" for name, data in self.files.items())
        return f"{self.method}({params}){files} -> {self.status or 'no reply'}"


def buttons(message: Json) -> list[str]:
    """The callback_data (or the link, or what is typed to the bot) of each inline button of a message."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    kinds = ("callback_data", "url", "switch_inline_query")
    return [next((button[kind] for kind in kinds if kind in button), "") for row in rows for button in row]


class Limits:
    """Telegram's flood limits: 30 a second in all, 1 a second to a chat (bursts of 3 pass), 20 a minute to a group."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Start with nothing sent, on this clock."""
        self._clock = clock
        self._all: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._credit: dict[int, tuple[float, float]] = {}  # chat -> messages it may still get, when that was counted

    def spend(self, chat_id: int, messages: int = 1) -> None:
        """Count these messages, or refuse them with 429."""
        now = self._clock()
        group = self._groups.setdefault(chat_id, deque()) if chat_id < 0 else None
        credit, counted = self._credit.get(chat_id, (3.0, now))
        credit = min(3.0, credit + now - counted)
        wait = max(
            _wait(self._all, now, 1.0, 30, messages),
            _wait(group, now, 60.0, 20, messages) if group is not None else 0.0,
            min(messages, 3) - credit if credit < min(messages, 3) else 0.0,
        )
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self._credit[chat_id] = (credit - messages, now)
        self._all.extend([now] * messages)
        if group is not None:
            group.extend([now] * messages)


def _wait(sent: deque[float], now: float, window_s: float, most: int, more: int) -> float:
    while sent and sent[0] <= now - window_s:
        sent.popleft()
    over = len(sent) + more - most
    return sent[min(over, len(sent)) - 1] + window_s - now if over > 0 and sent else 0.0
