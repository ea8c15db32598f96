"""Rate-limited HTTP client with retries: few requests at a time, at a steady pace, with the pauses servers ask for.

Every wrong response is one error, FetchFailed. After FAILURES_IN_A_ROW of them a server is not asked any more:
ServerUnavailable.
"""

from __future__ import annotations

import asyncio
import json
from asyncio import sleep
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, TypeVar

import httpx

from lookalike.core.errors import FetchFailed, ServerUnavailable

AT_ONCE = 3  # requests at a time, and
PER_MINUTE = 200.0  # of a client that names its contact (mediawiki.org/wiki/Wikimedia_APIs/Rate_limits, 2026)
DEADLINE_S = 60.0  # for one request: the query timeout of Wikidata's query service
CONNECT_S = 15.0
TRIES, TRIES_WHEN_BUSY = 4, 12  # of one request; the second while the server says that it is busy
FIRST_PAUSE_S, MAX_PAUSE_S = (
    5.0,
    60.0,
)  # between tries, doubled each time; 5: mediawiki.org/wiki/Manual:Maxlag_parameter
MAX_RETRY_AFTER_S = 900.0  # WDQS bans clients for a day if they ignore Retry-After
FAILURES_IN_A_ROW = 10  # then a server is unavailable
MAX_JSON_BYTES = 100_000_000  # about ten times MediaWiki's own limit ($wgAPIMaxResultSize)
MAX_REDIRECTS = 5
BUSY_STATUSES = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
MAX_LAG_S = "5"  # the action API refuses while its replicas lag more; the manual's value for background clients
BUSY_CODES = frozenset({"maxlag", "ratelimited"})  # of the action API, with status 200
NO_SUCH_WIDTH = b"thumbnail steps"  # "Use thumbnail steps listed on …", with status 429: a retry is no use

Params = dict[str, str]
T = TypeVar("T")


class HttpClient:
    """Requests of one run, to any number of servers. Use it as a context manager, in one event loop.

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
        self._turns = asyncio.Lock()
        self._next_at = 0.0  # monotonic() before which no request begins
        self._failures: Counter[str] = Counter()  # host -> failed requests in a row
        self.requests, self.received_bytes = 0, 0

    async def __aenter__(self) -> HttpClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def json(self, url: str, params: Params, *, post: bool = False) -> dict[str, Any]:
        """The JSON object of a response; FetchFailed if there is none, ServerUnavailable if the server is given up."""
        request = ("POST", url, None, params) if post else ("GET", url, params, None)
        try:
            return await self._request(request, MAX_JSON_BYTES, _json_object)
        except FetchFailed as failure:
            if failure.is_final:
                self._count_failure(url, failure)
            raise

    async def api(self, url: str, params: Params) -> dict[str, Any]:
        """`json` of MediaWiki's action API, as its etiquette asks (mediawiki.org/wiki/API:Etiquette)."""
        return await self.json(url, params | {"format": "json", "formatversion": "2", "maxlag": MAX_LAG_S})

    async def file(self, url: str, at_most: int) -> bytes:
        """A file of at most so many bytes; FetchFailed if there is none, ServerUnavailable if it is given up."""
        return await self._request(("GET", url, None, None), at_most, lambda _, body: body)

    async def _request(
        self,
        request: tuple[str, str, Params | None, Params | None],
        at_most: int,
        read: Callable[[httpx.Response, bytes], T],
    ) -> T:
        """Send a request until its response can be read, or a retry is no use."""
        url, tries, pause_s = request[1], 0, self._first_pause_s
        if self._failures[_host(url)] >= FAILURES_IN_A_ROW:
            raise ServerUnavailable(f"{_host(url)} is unavailable")
        while True:
            try:
                answer = read(*await self._send(request, at_most))
            except FetchFailed as failure:
                if failure.is_final:
                    raise
                tries += 1
                if tries >= (TRIES if failure.retry_after_s is None else TRIES_WHEN_BUSY):
                    self._count_failure(url, failure)
                    raise
                await self._pause(url, failure.retry_after_s, pause_s)
                pause_s = min(MAX_PAUSE_S, pause_s * 2)
            else:
                self._failures[_host(url)] = 0
                return answer

    async def _pause(self, url: str, asked_s: float | None, pause_s: float) -> None:
        """Wait before the next try; if the server is busy, all requests wait as long as it asks."""
        if asked_s is None:
            return await sleep(pause_s)
        if asked_s > MAX_RETRY_AFTER_S:
            raise ServerUnavailable(f"{_host(url)} asks for a pause of {asked_s:.0f} s")
        self._next_at = max(self._next_at, monotonic() + max(asked_s, pause_s))
        return None

    def _count_failure(self, url: str, failure: FetchFailed) -> None:
        self._failures[_host(url)] += 1
        if self._failures[_host(url)] >= FAILURES_IN_A_ROW:
            raise ServerUnavailable(
                f"{_host(url)} gave no usable response {FAILURES_IN_A_ROW} times in a row: {failure}"
            ) from failure

    async def _send(
        self, request: tuple[str, str, Params | None, Params | None], at_most: int
    ) -> tuple[httpx.Response, bytes]:
        """One request, when it is its turn; the response with its whole body."""
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
                raise _transport_error(error) from error
        _check_status(response, body)
        return response, body

    async def _turn(self) -> None:
        """Wait until the next request may begin."""
        async with self._turns:
            while (wait_s := self._next_at - monotonic()) > 0:  # noqa: ASYNC110 - a pause may be set meanwhile
                await sleep(wait_s)
            self._next_at = monotonic() + self._every_s

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


def _transport_error(error: Exception) -> FetchFailed:
    """A request without a response, with one reason for each kind of error."""
    match error:
        case TimeoutError() | httpx.TimeoutException():
            return FetchFailed("took too long")
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.DecodingError():
            return FetchFailed("connection broken")
        case httpx.TooManyRedirects():
            return FetchFailed("redirected in circles", is_final=True)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            return FetchFailed("not a web address", is_final=True)
        case _:
            return FetchFailed("not reached")


def _check_status(response: httpx.Response, body: bytes) -> None:
    """FetchFailed for every status but 200."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status in BUSY_STATUSES and NO_SUCH_WIDTH not in body:
        raise FetchFailed(f"status {status}", retry_after_s=_retry_after_s(response, datetime.now(UTC)))
    is_passing = status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT
    raise FetchFailed(f"status {status}", is_final=not is_passing)


def _retry_after_s(response: httpx.Response, now: datetime) -> float:
    """The Retry-After of a response in seconds, given as a number or a date (RFC 9110, 10.2.3); 0 if there is none."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())


def _json_object(response: httpx.Response, body: bytes) -> dict[str, Any]:
    """The object of a body; FetchFailed for a truncated body, a page of HTML, and an error of the action API."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchFailed("not JSON") from None
    if not isinstance(answer, dict):
        raise FetchFailed("not a JSON object")
    if "error" in answer:
        code = str(answer["error"].get("code") if isinstance(answer["error"], dict) else answer["error"])
        if code in BUSY_CODES:
            raise FetchFailed(code, retry_after_s=_retry_after_s(response, datetime.now(UTC)))
        raise FetchFailed(f"error {code}", is_final=not code.startswith("internal_api_error"))
    return answer


async def in_parallel(items: Iterable[T], do: Callable[[T], Awaitable[None]], at_once: int = AT_ONCE) -> None:
    """Call `do` with each item, `at_once` at a time; the first error cancels the others and is raised."""
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
