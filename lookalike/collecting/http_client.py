"""HTTP as a good guest: few requests at a time, at a steady pace, and tried again when the server has had its pause.

Every wrong answer is one kind of error, FetchFailed. A server that gives nothing else again and again is not asked any
more: ServerUnavailable.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from lookalike.core.errors import FetchFailed, ServerUnavailable

AT_ONCE = 3  # requests at a time, and
PER_MINUTE = 200.0  # of a client that names its contact (mediawiki.org/wiki/Wikimedia_APIs/Rate_limits, 2026)
DEADLINE_S = 60.0  # for one request; Wikidata's query service works no longer on one
CONNECT_S = 15.0
TRIES, TRIES_WHEN_BUSY = 4, 12  # of one request; the second while the server says that it is only busy
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 60.0  # doubled each time; 5: mediawiki.org/wiki/Manual:Maxlag_parameter
PATIENCE_S = 900.0  # the longest pause a server can ask for; the query service bans for a day who does not pause
FAILURES_IN_A_ROW = 10  # then a server is away
MAX_JSON_BYTES = 100_000_000  # MediaWiki's own limit for an answer is about a tenth of it ($wgAPIMaxResultSize)
MAX_REDIRECTS = 5
BUSY = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
MAX_LAG_S = "5"  # the action API refuses while its copies lag more; the manual's value for clients nobody waits for
BUSY_CODES = frozenset({"maxlag", "ratelimited"})  # of the action API, in an answer with status 200
NO_SUCH_WIDTH = b"thumbnail steps"  # "Use thumbnail steps listed on …", with status 429, which no pause will change

Params = dict[str, str]
T = TypeVar("T")


class HttpClient:
    """Requests of one run, to any number of servers; use it as a context manager, in one event loop.

    `contact`: a mail address or a link, for the User-Agent (foundation.wikimedia.org/wiki/Policy:User-Agent_policy).
    """

    def __init__(self, contact: str, per_minute: float = PER_MINUTE, first_pause_s: float = FIRST_PAUSE_S) -> None:
        self._every_s, self._first_pause_s = 60.0 / per_minute, first_pause_s
        self._client = httpx.AsyncClient(
            headers={
                "user-agent": f"lookalike-gallery/1.0 ({contact}) httpx/{httpx.__version__}",
                "accept-encoding": "gzip",
            },
            timeout=httpx.Timeout(DEADLINE_S, connect=CONNECT_S),
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
        )
        self._in_flight = asyncio.Semaphore(AT_ONCE)
        self._gate = asyncio.Lock()
        self._next_at = 0.0  # time.monotonic() before which no request begins
        self._failures: Counter[str] = Counter()  # host -> requests in a row that came to nothing
        self.requests, self.received_bytes = 0, 0

    async def __aenter__(self) -> HttpClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def json(self, url: str, params: Params, *, post: bool = False) -> dict[str, Any]:
        """The JSON object that an API answers; FetchFailed if there is none, ServerUnavailable if none can be had."""
        request = ("POST", url, None, params) if post else ("GET", url, params, None)
        try:
            return await self._insist(request, MAX_JSON_BYTES, _json_object)
        except FetchFailed as failure:
            if failure.is_final:
                self._count_failure(url, failure)
            raise

    async def api(self, url: str, params: Params) -> dict[str, Any]:
        """`json` of MediaWiki's action API, as its etiquette asks (mediawiki.org/wiki/API:Etiquette)."""
        return await self.json(url, params | {"format": "json", "formatversion": "2", "maxlag": MAX_LAG_S})

    async def file(self, url: str, at_most: int) -> bytes:
        """A file of so many bytes at most; FetchFailed if it cannot be had, ServerUnavailable if nothing can."""
        return await self._insist(("GET", url, None, None), at_most, lambda _, body: body)

    async def _insist(
        self,
        request: tuple[str, str, Params | None, Params | None],
        at_most: int,
        read: Callable[[httpx.Response, bytes], T],
    ) -> T:
        """Ask until there is an answer that can be read, or asking again is no use."""
        url, tries, pause_s = request[1], 0, self._first_pause_s
        if self._failures[_host(url)] >= FAILURES_IN_A_ROW:
            raise ServerUnavailable(f"{_host(url)} is away")
        while True:
            try:
                answer = read(*await self._ask(request, at_most))
            except FetchFailed as failure:
                if failure.is_final:
                    raise
                tries += 1
                if tries >= (TRIES if failure.retry_after_s is None else TRIES_WHEN_BUSY):
                    self._count_failure(url, failure)
                    raise
                await self._pause(url, failure.retry_after_s, pause_s)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
            else:
                self._failures[_host(url)] = 0
                return answer

    async def _pause(self, url: str, asked_s: float | None, pause_s: float) -> None:
        """Wait before the next try; where the server is busy, all requests wait, and as long as it asks."""
        if asked_s is None:
            return await asyncio.sleep(pause_s)
        if asked_s > PATIENCE_S:
            raise ServerUnavailable(f"{_host(url)} asks for a pause of {asked_s:.0f} s")
        self._next_at = max(self._next_at, time.monotonic() + max(asked_s, pause_s))
        return None

    def _count_failure(self, url: str, failure: FetchFailed) -> None:
        self._failures[_host(url)] += 1
        if self._failures[_host(url)] >= FAILURES_IN_A_ROW:
            raise ServerUnavailable(
                f"{_host(url)} gave no usable answer {FAILURES_IN_A_ROW} times in a row: {failure}"
            ) from failure

    async def _ask(
        self, request: tuple[str, str, Params | None, Params | None], at_most: int
    ) -> tuple[httpx.Response, bytes]:
        """One request, when it is its turn; the whole body of a good answer."""
        method, url, params, form = request
        async with self._in_flight:
            await self._turn()
            self.requests += 1
            try:
                async with (
                    asyncio.timeout(DEADLINE_S),
                    self._client.stream(method, url, params=params, data=form) as response,
                ):
                    body = await self._read(response, at_most)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, UnicodeError) as error:
                raise _broken(error) from error
        _check_status(response, body)
        return response, body

    async def _turn(self) -> None:
        """Wait until the next request may begin."""
        async with self._gate:
            while (wait_s := self._next_at - time.monotonic()) > 0:  # noqa: ASYNC110 - a pause may come while it waits
                await asyncio.sleep(wait_s)
            self._next_at = time.monotonic() + self._every_s

    async def _read(self, response: httpx.Response, at_most: int) -> bytes:
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > at_most:
                raise FetchFailed(f"larger than {at_most / 1e6:.0f} MB", is_final=True)
        self.received_bytes += len(body)
        return bytes(body)


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0]


def _broken(error: Exception) -> FetchFailed:
    """A request that no status came back for, in words that are the same for all of a kind."""
    match error:
        case TimeoutError() | httpx.TimeoutException():
            return FetchFailed("took too long")
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.DecodingError():
            return FetchFailed("broken off")
        case httpx.TooManyRedirects():
            return FetchFailed("redirected in circles", is_final=True)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            return FetchFailed("no web address", is_final=True)
        case _:
            return FetchFailed("not reached")


def _check_status(response: httpx.Response, body: bytes) -> None:
    """FetchFailed for every status but 200."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status in BUSY and NO_SUCH_WIDTH not in body:
        raise FetchFailed(f"status {status}", retry_after_s=_retry_after_s(response))
    passing = status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT
    raise FetchFailed(f"status {status}", is_final=not passing)


def _retry_after_s(response: httpx.Response) -> float:
    """Seconds a server asks us to wait, as a number or as a date (RFC 9110, 10.2.3); 0 if it does not."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())


def _json_object(response: httpx.Response, body: bytes) -> dict[str, Any]:
    """The object in a body; a body that is cut off, a page of HTML, and an error of the action API are FetchFailed."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("not JSON") from None
    if not isinstance(answer, dict):
        raise FetchFailed("not a JSON object")
    if "error" in answer:
        code = str(answer["error"].get("code") if isinstance(answer["error"], dict) else answer["error"])
        if code in BUSY_CODES:
            raise FetchFailed(code, retry_after_s=_retry_after_s(response))
        raise FetchFailed(f"error {code}", is_final=not code.startswith("internal_api_error"))
    return answer


async def in_parallel(items: Iterable[T], do: Callable[[T], Awaitable[None]], at_once: int = AT_ONCE) -> None:
    """Call `do` with each item, so many at a time; the first error ends all of it and is raised."""
    left = iter(items)

    async def walk() -> None:
        for item in left:
            await do(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(walk())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
