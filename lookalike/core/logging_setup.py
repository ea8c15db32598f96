"""Log lines: text or JSON, and never the token, whatever some library puts into a message or a traceback.

People appear as a keyed hash (`Storage.alias`), so that the lines about one person can be put together by whoever holds
the key, and by nobody else.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, TextIO

TOKEN = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)  # also as a URL quotes it
CHATTY = (
    "httpx",
    "httpcore",
    "telegram",
    "uvicorn",
    "pymongo",
    "asyncio",
    "nmslib",
)  # they log addresses with the token in them

_about: ContextVar[dict[str, str | int]] = ContextVar("_about", default={})  # noqa: B039 - it is never changed in place


@contextmanager
def about(**what: str | int | None) -> Iterator[None]:
    """Every log line inside says what it is about, such as `update=17, person="3f2a…"` (an alias, never an id)."""
    token = _about.set(_about.get() | {name: value for name, value in what.items() if value is not None})
    try:
        yield
    finally:
        _about.reset(token)


class _Redacted(logging.Formatter):
    """Formats a record, then blots out whatever looks like a bot's token."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        line = TOKEN.sub("[token]", self._inner.format(record))
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


class _Text(logging.Formatter):
    """A line to read, with what it is about behind the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in _about.get().items())


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_about.get(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """A handler that says of a record it cannot write only where it came from."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name logging calls
        """Without this, logging would print the message and its arguments past every filter."""
        with contextlib.suppress(Exception):
            self.stream.write(f"a log line of {record.name}, {record.filename}:{record.lineno}, cannot be written\n")


def set_up_logging(format: Literal["text", "json"], level: str, secrets: tuple[str, ...] = ()) -> None:
    """Send all log lines to standard error; `secrets` (token, database address) never appear in them."""
    inner = _Json() if format == "json" else _Text("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Redacted(inner, secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # its errors quote whole answers, with names and words
