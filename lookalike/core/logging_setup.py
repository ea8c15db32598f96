"""Logging: lines of text or of JSON, with the token and other secrets removed from messages and tracebacks.

Users appear as a keyed hash (`Store.alias`), so that only who holds the key can put the lines about one user together.
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

from lookalike.core.terminal import printable

TOKEN = re.compile(r"\d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)  # also percent-encoded, as in a URL
# They log URLs with the token in them, or a line a request.
NOISY_LOGGERS = ("httpx", "httpcore", "aiohttp", "telegram", "uvicorn", "pymongo", "asyncio", "nmslib")

_fields: ContextVar[dict[str, str | int]] = ContextVar("_fields", default={})  # noqa: B039 - it is never changed in place


@contextmanager
def log_context(**fields: str | int | None) -> Iterator[None]:
    """Add fields to every log line of the block, such as `update=17, person="3f2a…"` (an alias, never an id)."""
    token = _fields.set(_fields.get() | {name: value for name, value in fields.items() if value is not None})
    try:
        yield
    finally:
        _fields.reset(token)


class _RedactingFormatter(logging.Formatter):
    """Formats a record, then replaces whatever looks like a bot token, and the given secrets."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        line = TOKEN.sub("[token]", self._inner.format(record))
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


class _TextFormatter(logging.Formatter):
    """Lines of text without control characters, the context's fields behind the message."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(printable, super().format(record).split("\n")))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        return super().formatMessage(record) + "".join(f" {name}={value}" for name, value in _fields.get().items())


class _JsonFormatter(logging.Formatter):
    """One JSON object a line, the context's fields among its own."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields.get(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Names only the place of a record that cannot be formatted or written."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name logging calls
        """Logging's own would print the message and its arguments without redaction."""
        with contextlib.suppress(Exception):
            self.stream.write(f"a log line of {record.name}, {record.filename}:{record.lineno}, cannot be written\n")


def set_up_logging(format: Literal["text", "json"], level: str, secrets: tuple[str, ...] = ()) -> None:
    """Send all log lines to standard error, without `secrets` (webhook secret, database URI) in them."""
    text = _TextFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    handler = _Handler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(_JsonFormatter() if format == "json" else text, secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # its errors quote whole answers, with names and texts
