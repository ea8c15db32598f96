"""Log lines as libraries write them when something fails, with a token and a database address in them.

    python -m faults.log_forging text|json SEED COUNT

They go to standard error, through logging_setup.py; before each one stands a line `#kind`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import sys
import urllib.parse
from collections.abc import Callable
from typing import Literal, cast

import httpx

from lookalike.core.logging_setup import set_up_logging
from tests.support.bot_api.server import TOKEN

PASSWORD = "correct-horse-battery"  # noqa: S105 - made up
URI = f"mongodb://lookalike:{PASSWORD}@db.example.org:27017/lookalike"
URL = f"https://api.telegram.org/bot{TOKEN}/getUpdates"

Forge = Callable[[logging.Logger], None]


def _raised(error: BaseException) -> BaseException:
    """The same, with a traceback."""
    try:
        raise error
    except BaseException as caught:
        return caught


def _chain(log: logging.Logger) -> None:
    try:
        try:
            raise httpx.ConnectError(f"all attempts to {URL} failed", request=httpx.Request("POST", URL))
        except httpx.HTTPError as inner:
            raise RuntimeError(f"the poll of {TOKEN} failed") from inner
    except RuntimeError:
        log.exception("it failed")


def _noted(log: logging.Logger) -> None:
    error = ValueError("wrong answer")
    error.add_note(f"while asking {URL}")
    log.error("it failed", exc_info=_raised(error))


def _never_awaited(log: logging.Logger) -> None:
    """A task that failed and was never awaited."""
    loop = asyncio.new_event_loop()
    loop.call_exception_handler({"message": f"Task exception was never retrieved ({URL})", "exception": OSError(URL)})
    loop.close()


KINDS: dict[str, Forge] = {
    "url": lambda log: log.error("HTTP Request: POST %s 502", URL),
    "httpx url": lambda log: log.error("request to %s failed", httpx.URL(URL)),
    "quoted url": lambda log: log.error("redirected to %s", urllib.parse.quote(URL, safe="")),
    "bytes": lambda log: log.error("sent %r", f"POST {URL}".encode()),
    "message": lambda log: log.error(f"Bot[token={TOKEN}] is not initialised"),
    "dictionary": lambda log: log.error("%(token)s is refused", {"token": TOKEN}),
    "json": lambda log: log.error("answer: %s", json.dumps({"url": URL, "ok": False})),
    "headers": lambda log: log.error("%s", httpx.Headers({"x-path": f"/bot{TOKEN}/x"})),
    "traceback": lambda log: log.error("failed", exc_info=_raised(KeyError(TOKEN))),
    "chain": _chain,
    "note": _noted,
    "group": lambda log: log.error("failed", exc_info=_raised(ExceptionGroup(URL, [OSError(TOKEN), ValueError(URI)]))),
    "stack": lambda log: log.error("at %s", TOKEN, stack_info=True),
    "several lines": lambda log: log.error("first\n%s\nlast", URL),
    "database": lambda log: log.error("cannot reach %s", URI),
    "database in a traceback": lambda log: log.error("failed", exc_info=_raised(ConnectionError(URI))),
    "logger's name": lambda _log: logging.getLogger(f"client.{TOKEN}").error("failed"),
    "task": _never_awaited,
    "line that cannot be formatted": lambda log: log.error("%d updates from %s", URL),
}


def main(format: str, seed: str, count: int) -> None:
    """Write `count` of them, of all kinds, in random order."""
    set_up_logging(cast(Literal["text", "json"], format), "DEBUG", (TOKEN, URI))
    chance = random.Random(seed)
    kinds = list(KINDS) * (count // len(KINDS) + 1)
    chance.shuffle(kinds)
    for kind in kinds[:count]:
        os.write(2, f"#{kind}\n".encode())
        log = logging.getLogger(
            chance.choice(("bot", "httpx", "httpcore.connection", "telegram.ext", "pymongo", "x.y"))
        )
        KINDS[kind](log)
        sys.stderr.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
