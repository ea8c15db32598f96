"""The two things that python-telegram-bot does too trustingly: fetching updates and downloading files.

Updates are fetched raw, so that one that cannot be parsed does not hold up the other 99 of its batch, and every kind of
wrong answer is one kind of error. Files are read in pieces, so that a size field that lies costs at most MAX_BYTES.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from lookalike.core.errors import DownloadFailed, PollFailed
from lookalike.faces.types import MAX_BYTES

POLL_S = 20  # Telegram holds the request that long when there is nothing
ANSWER_S = 5.0  # more than that, and an answer that is due will not come: the connection is dead
SHORT_ANSWER_S = 10.0  # for a request that Telegram does not hold
DOWNLOAD_S = 30.0
UPDATES = ["message", "callback_query", "my_chat_member"]

Update = dict[str, Any]


class RawApi:
    """Raw requests to a Bot API server, over kept connections."""

    def __init__(self, api_url: str, token: str) -> None:
        self._methods = f"{api_url}/bot{token}"
        self._files = f"{api_url}/file/bot{token}"
        self._client = httpx.AsyncClient(timeout=10.0)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get_updates(self, offset: int | None, *, hold: bool = True) -> list[Any]:
        """The next updates, as they come; a request with the offset behind them confirms them.

        With `hold`, Telegram may wait POLL_S for the first one. PollFailed for whatever goes wrong.
        """
        held_s = POLL_S if hold else 0
        fields = {"timeout": str(held_s), "limit": "100", "allowed_updates": json.dumps(UPDATES)}
        if offset:
            fields["offset"] = str(offset)
        try:
            async with asyncio.timeout(held_s + (ANSWER_S if hold else SHORT_ANSWER_S)):
                response = await self._client.post(f"{self._methods}/getUpdates", data=fields, timeout=None)
            answer = response.json()
        except TimeoutError:
            raise PollFailed("no answer", is_silence=True) from None
        except (httpx.HTTPError, ValueError) as error:
            raise PollFailed(type(error).__name__) from None  # its text may hold the token
        if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
            pause = answer.get("parameters") if isinstance(answer, dict) else None
            asked = pause.get("retry_after") if isinstance(pause, dict) else None
            retry_after = asked if isinstance(asked, int) and asked > 0 else None
            raise PollFailed(f"status {response.status_code}", retry_after_s=retry_after)
        result: list[Any] = answer["result"]
        return result

    async def download(self, file_path: str) -> bytes | None:
        """A file by the path (or link) that getFile gave; None if larger than MAX_BYTES; DownloadFailed if it fails."""
        url = file_path if file_path.startswith(("http://", "https://")) else f"{self._files}/{file_path}"
        data = bytearray()
        try:
            async with asyncio.timeout(DOWNLOAD_S), self._client.stream("GET", url) as response:
                if response.status_code != httpx.codes.OK:
                    raise DownloadFailed(
                        f"status {response.status_code}", is_gone=response.status_code == httpx.codes.NOT_FOUND
                    )
                async for piece in response.aiter_bytes():
                    data += piece
                    if len(data) > MAX_BYTES:
                        return None
        except (httpx.HTTPError, TimeoutError) as error:
            raise DownloadFailed(type(error).__name__) from None
        return bytes(data)
