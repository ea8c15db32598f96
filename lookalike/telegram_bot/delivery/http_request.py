"""Requests of python-telegram-bot: what is known of a failed one, and answers that newer servers may have extended.

Three outcomes matter for a message: it was surely not sent (NetworkError and its like), it may have been sent
(TimedOut: no answer came over an open connection; ConnectionCut: the connection ended first), or it was accepted.
python-telegram-bot's own client calls every timeout TimedOut, and it fails after an accepted message whose description
it cannot read.
"""

from __future__ import annotations

import io
import json
import logging
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram import Message, MessageId
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from lookalike.telegram_bot.delivery.http_session import CONNECT_S, open_session
from lookalike.telegram_bot.delivery.update_kinds import FILE, Shape, keep

log = logging.getLogger(__name__)

HEADERS = {"User-Agent": BaseRequest.USER_AGENT}

SENT: Shape = {"message_id": None, "date": None, "chat": {"id": None, "type": None}, "photo": FILE}
Described = Message | MessageId
WRONG_SHAPE = (TypeError, ValueError, KeyError, AttributeError)  # how python-telegram-bot fails over an answer
UNREADABLE = {"message_id": 0, "date": 0, "chat": {"id": 0, "type": "private"}}  # a message of which nothing is known


class ConnectionCut(TimedOut):
    """The connection ended after the request was begun and before its answer was whole."""


class BotRequest(BaseRequest):
    """The HTTP client under python-telegram-bot."""

    def __init__(self, connections: int = 1, read_timeout_s: float = 10.0) -> None:
        self._connections, self._read_timeout_s = connections, read_timeout_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a part of the answer is waited for."""
        return self._read_timeout_s

    async def initialize(self) -> None:
        """Open the session; a second call does nothing."""
        self._session = self._session or open_session(self._connections)

    async def shutdown(self) -> None:
        """Close the session; a second call does nothing."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, read_timeout: Any = None,
        write_timeout: Any = None, connect_timeout: Any = None, pool_timeout: Any = None,
    ) -> tuple[int, bytes]:  # fmt: skip
        """Make a request: status and body; NetworkError if it surely did not reach Telegram, TimedOut if it may have.

        Of a sent message only what is needed comes back, in a form that can be read. Of the timeouts only the one of
        reading can be given; it covers writing as well.
        """
        if self._session is None:
            raise RuntimeError("initialize() has not been called")
        read_s = read_timeout if isinstance(read_timeout, (int, float)) else self._read_timeout_s
        timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_S, sock_read=read_s)
        called = url.rpartition("/")[2]
        is_message = called.startswith(("send", "edit", "copy")) and called != "sendChatAction"
        try:
            async with self._session.request(
                method, url, data=_body(request_data), timeout=timeout, allow_redirects=False, headers=HEADERS
            ) as response:
                code, payload = response.status, await response.read()
        except aiohttp.SocketTimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:  # its text may hold the token
            if is_message and not isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)):
                raise ConnectionCut(type(error).__name__) from error
            raise NetworkError(f"not sent: {type(error).__name__}") from error
        if not is_message or code != HTTPStatus.OK:
            return code, payload
        kind = MessageId if called == "copyMessage" else Message
        return code, readable_answer(payload, kind, is_album=called == "sendMediaGroup")

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON object of an answer; TelegramError for anything else, and for success without a result."""
        answer = BaseRequest.parse_json_payload(payload)
        if not isinstance(answer, dict) or ("result" not in answer and "description" not in answer):
            raise TelegramError("Invalid server response")
        return answer


def _body(data: RequestData | None) -> dict[str, str] | aiohttp.FormData | None:
    """Form fields, as multipart only where there are files."""
    if data is None or not data.contains_files:
        return data.json_parameters if data else None
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in data.multipart_data.items():
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mime_type)
    return form


def readable_answer(payload: bytes, kind: type[Described], *, is_album: bool) -> bytes:
    """The answer to an accepted message, with a message that python-telegram-bot can read; of an album a list of them.

    A newer server may describe it otherwise. What is no such answer (a proxy's page) stays as it is.
    """
    try:
        answer = json.loads(payload)
    except ValueError:
        return payload
    if not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
        return payload
    result = answer["result"]
    if is_album:
        messages = result if isinstance(result, list) else [result]
        return json.dumps({"ok": True, "result": [readable_message(one, kind) for one in messages]}).encode()
    return json.dumps({"ok": True, "result": readable_message(result, kind)}).encode()


def readable_message(result: object, kind: type[Described]) -> dict[str, Any]:
    """What is needed of an accepted message, as its description or that of a copy: its number alone."""
    try:
        short: dict[str, Any] = keep(result, SENT)
        kind.de_json(short, None)
    except Exception:
        log.warning("Telegram accepted a message and described it in a form that cannot be read; it counts as sent")
        return UNREADABLE
    return short
