"""Requests of python-telegram-bot: what is known of a failed one, and answers that newer servers may have extended.

Three outcomes matter for a message: it was surely not sent (NetworkError and its like), it may have been sent
(TimedOut: the request was written, no answer came), or it was accepted. python-telegram-bot calls every timeout
TimedOut, and fails after an accepted message whose description it cannot read.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
from telegram import Message
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from lookalike.telegram_bot.delivery.update_kinds import FILE, Shape, keep

log = logging.getLogger(__name__)

SENT: Shape = {"message_id": None, "date": None, "chat": {"id": None, "type": None}, "photo": FILE}
UNREADABLE = {"message_id": 0, "date": 0, "chat": {"id": 0, "type": "private"}}  # a message of which nothing is known


class BotRequest(HTTPXRequest):
    """The HTTP client under python-telegram-bot; TimedOut means that the request was written."""

    async def do_request(self, url: str, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        """Make a request; NetworkError if it surely did not reach Telegram.

        Of a sent message only what is needed comes back, in a form that can be read.
        """
        try:
            code, payload = await super().do_request(url, *arguments, **named)
        except TimedOut as error:
            if isinstance(error.__cause__, httpx.ReadTimeout):
                raise
            raise NetworkError(f"not sent: {type(error.__cause__).__name__}") from error
        method = url.rpartition("/")[2]
        is_message = method.startswith(("send", "edit")) and method != "sendChatAction"
        return code, readable_answer(payload) if is_message and code == httpx.codes.OK else payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON object of an answer; TelegramError for anything else, and for success without a result."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if not isinstance(answer, dict) or ("result" not in answer and "description" not in answer):
            raise TelegramError("Invalid server response")
        return answer


def readable_answer(payload: bytes) -> bytes:
    """The answer to an accepted message, with a message that python-telegram-bot can read.

    A newer server may describe it otherwise. What is no such answer (a proxy's page) stays as it is.
    """
    try:
        answer = json.loads(payload)
    except ValueError:
        return payload
    if not isinstance(answer, dict) or answer.get("ok") is not True or "result" not in answer:
        return payload
    return json.dumps({"ok": True, "result": readable_message(answer["result"])}).encode()


def readable_message(result: object) -> dict[str, Any]:
    """What is needed of an accepted message."""
    try:
        short: dict[str, Any] = keep(result, SENT)
        Message.de_json(short, None)
    except Exception:
        log.warning("Telegram accepted a message and described it in a form that cannot be read; it counts as sent")
        return UNREADABLE
    return short
