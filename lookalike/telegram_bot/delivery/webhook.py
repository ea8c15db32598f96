"""The webhook: Telegram posts each update, and gets 200 only when it is in the journal.

Every post must carry the secret that was given to setWebhook (core.telegram.org/bots/api#setwebhook). Telegram repeats
what is not answered with 2xx, so a journal that cannot write says 503, and nothing is lost.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lookalike.core.errors import StoreError

log = logging.getLogger(__name__)

HEADER = "x-telegram-bot-api-secret-token"
MAX_BODY_BYTES = 1_000_000  # an update with the longest text and all photo sizes is under 100 kB

Take = Callable[[list[Any]], Awaitable[None]]


def build_webhook_app(path: str, secret: str, take: Take) -> Starlette:
    """POST `path`: one update as JSON, handed to `take`, which returns when it is journaled."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, secret.encode()):  # in constant time: `==` would reveal how much is right
            return Response(status_code=403)
        try:
            update = json.loads(await _body(request))
        except _TooLargeError:
            return Response(status_code=413)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        try:
            await take([update])
        except (StoreError, OSError) as error:
            log.error("an update could not be journaled, Telegram will send it again: %s", error)
            return Response(status_code=503)
        return Response(status_code=200)

    return Starlette(routes=[Route(path, receive, methods=["POST"])])


class _TooLargeError(Exception):
    """More than any update."""


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            raise _TooLargeError
    return bytes(body)
