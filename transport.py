"""The two things that python-telegram-bot does too trustingly: fetching updates and downloading files.

Updates are fetched raw, so that one that cannot be parsed does not hold up the other 99 of its batch, and every kind of
wrong answer is one kind of error. Files are read in pieces, so that a size field that lies costs at most MAX_BYTES.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from errors import DownloadFailed, PollFailed
from findings import MAX_BYTES

POLL_S = 25  # Telegram holds the request that long when there is nothing
DOWNLOAD_S = 30.0
UPDATES = ["message", "callback_query", "my_chat_member"]

Update = dict[str, Any]


class Transport:
    """Raw requests to a Bot API server, over kept connections."""

    def __init__(self, api_url: str, token: str) -> None:
        self._methods = f"{api_url}/bot{token}"
        self._files = f"{api_url}/file/bot{token}"
        self._client = httpx.AsyncClient(timeout=httpx.Timeout(10.0, read=POLL_S + 10.0))

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get_updates(self, offset: int | None) -> list[Update]:
        """The next updates; a request with the offset behind them confirms them. PollFailed for whatever goes wrong."""
        fields = {"timeout": str(POLL_S), "limit": "100", "allowed_updates": json.dumps(UPDATES)}
        if offset:
            fields["offset"] = str(offset)
        try:
            async with asyncio.timeout(POLL_S + 15.0):  # httpx's own limit is for each piece of an answer
                response = await self._client.post(f"{self._methods}/getUpdates", data=fields)
            answer = response.json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise PollFailed(type(error).__name__) from None  # its text may hold the token
        if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
            pause = answer.get("parameters") if isinstance(answer, dict) else None
            asked = pause.get("retry_after") if isinstance(pause, dict) else None
            retry_after = asked if isinstance(asked, int) else None
            raise PollFailed(f"status {response.status_code}", retry_after_s=retry_after)
        return [one for one in answer["result"] if isinstance(one, dict) and isinstance(one.get("update_id"), int)]

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
