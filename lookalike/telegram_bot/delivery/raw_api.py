"""Raw getUpdates and size-limited downloads.

python-telegram-bot loses a whole batch over one update that it cannot parse, and reads files of any size. Here updates
come as they are, every kind of wrong answer is one kind of error, and a file is cut off at MAX_BYTES.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import aiohttp

from lookalike.core.errors import DownloadFailed, PollFailed
from lookalike.faces.types import MAX_BYTES
from lookalike.telegram_bot.delivery.http_session import open_session

POLL_S = 20  # Telegram holds the request that long when there is nothing
ANSWER_S = 5.0  # more than that, and an answer that is due will not come: the connection is dead
SHORT_ANSWER_S = 10.0  # for a request that Telegram does not hold
DOWNLOAD_S = 30.0
CONNECTIONS = 64  # kept at most; downloads under way are limited by the photo queue


class RawApi:
    """Raw requests to a Bot API server, over kept connections."""

    def __init__(self, api_url: str, token: str, allowed_updates: list[str], poll_s: int | None = None) -> None:
        self._poll_s = POLL_S if poll_s is None else poll_s
        self._allowed_updates = json.dumps(allowed_updates)
        self._methods = f"{api_url}/bot{token}"
        self._files = f"{api_url}/file/bot{token}"
        self._session = open_session(CONNECTIONS)

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def get_updates(self, offset: int | None, *, hold: bool = True) -> list[Any]:
        """The next updates, as they come; a request with the offset behind them confirms them.

        With `hold`, Telegram may wait `poll_s` for the first one. PollFailed for whatever goes wrong.
        """
        held_s = self._poll_s if hold else 0
        fields = {"timeout": str(held_s), "limit": "100", "allowed_updates": self._allowed_updates}
        if offset:
            fields["offset"] = str(offset)
        try:
            async with (
                asyncio.timeout(held_s + (ANSWER_S if hold else SHORT_ANSWER_S)),
                self._session.post(f"{self._methods}/getUpdates", data=fields, allow_redirects=False) as response,
            ):
                answer = json.loads(await response.read())
        except TimeoutError:
            raise PollFailed("no answer", is_silence=True) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise PollFailed(type(error).__name__) from None  # its text may hold the token
        if not isinstance(answer, dict) or not isinstance(answer.get("result"), list):
            pause = answer.get("parameters") if isinstance(answer, dict) else None
            asked = pause.get("retry_after") if isinstance(pause, dict) else None
            retry_after = asked if isinstance(asked, int) and asked > 0 else None
            raise PollFailed(f"status {response.status}", retry_after_s=retry_after)
        result: list[Any] = answer["result"]
        return result

    async def download(self, file_path: str) -> bytes | None:
        """A file by the path (or link) that getFile gave; None if larger than MAX_BYTES; DownloadFailed if it fails."""
        url = file_path if file_path.startswith(("http://", "https://")) else f"{self._files}/{file_path}"
        data = bytearray()
        try:
            async with asyncio.timeout(DOWNLOAD_S), self._session.get(url, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise DownloadFailed(f"status {response.status}", is_gone=response.status == HTTPStatus.NOT_FOUND)
                async for piece in response.content.iter_any():
                    data += piece
                    if len(data) > MAX_BYTES:
                        return None
        except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
            raise DownloadFailed(type(error).__name__) from None
        return bytes(data)
