"""Raw getUpdates and size-limited downloads over httpx.

python-telegram-bot loses a whole batch over one update that it cannot parse, and reads files of any size. Here updates
come as they are, every kind of wrong answer is one kind of error, and a file is cut off at MAX_BYTES.
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


class RawApi:
    """Raw requests to a Bot API server, over kept connections."""

    def __init__(self, api_url: str, token: str, allowed_updates: list[str]) -> None:
        self._allowed_updates = json.dumps(allowed_updates)
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
        fields = {"timeout": str(held_s), "limit": "100", "allowed_updates": self._allowed_updates}
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
