"""HTTP requests of one run: paced by one budget, repeated where a retry may help, until a server is given up.

Every wrong response is one error, FetchFailed. A server that refuses us, that cannot be reached, that stays busy or
only fails is not asked any more: ServerUnavailable, for this request and for all later ones.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import httpx

from lookalike.collecting.fetching.pace import Clock, Pace, RequestBudget
from lookalike.collecting.fetching.responses import check_status, json_object, photo_bytes, transport_error
from lookalike.core.errors import FailureKind, FetchFailed, ServerBlocked, ServerUnavailable

DEADLINE_S = 65.0  # for one request: the query service ends its queries after 60 s
CONNECT_S = 10.0
TRIES, TRIES_OF_A_LINK = 4, 2  # of one request, for a server of Wikimedia, and for one of a maintainer's list of links
MAX_RETRY_AFTER_S = 900.0  # the query service bans clients for a day if they ignore Retry-After
FAILURES_IN_A_ROW = 10  # requests that fail in a row, each after its tries: then a server is unavailable
REFUSALS_IN_A_ROW = 5  # statuses such as 400: then a server has blocked us
MAX_JSON_BYTES = 100_000_000  # about ten times MediaWiki's own limit ($wgAPIMaxResultSize)
MAX_REDIRECTS = 5
MAX_LAG_S = "5"  # the manual's value for background clients
WHAT_TO_DO = (
    "nothing is lost: wait some hours, see that --contact reaches you and that no other program uses this address,"
    " then run the same command; https://w.wiki/4wJS has the rules"
)
AT_ONCE = 3  # tasks that wait for their turn

Params = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True)
class _Request:
    url: str
    is_api: bool
    params: Params | None = None
    form: Params | None = None
    accept: str = "*/*"
    at_most: int = MAX_JSON_BYTES
    is_link: bool = False  # of a maintainer's list: not blocked by one 403
    has_token: bool = False

    @property
    def server(self) -> str:
        """What is given up as a whole: an API, or a host of files."""
        address = self.url.split("//", 1)[-1]
        return address if self.is_api else address.split("/", 1)[0]


class HttpClient:
    """Requests of one run, to any number of servers. Use it as a context manager, in one event loop.

    `contact`: a mail address or a link, for the User-Agent (foundation.wikimedia.org/wiki/Policy:User-Agent_policy).
    `tries`: of one request; `token`: OAuth, for the action API and Wikimedia's media alone: the query service may be
    somebody else's, and so are the hosts of links. `on_pause` is told why and how
    long, in s, requests pause.
    """

    def __init__(
        self,
        contact: str,
        pace: Pace | None = None,
        *,
        token: str = "",
        clock: Clock | None = None,
        tries: int = TRIES,
        on_pause: Callable[[str, float], None] = lambda _reason, _seconds: None,
    ) -> None:
        self._pace, self._clock, self._token, self._on_pause = pace or Pace(), clock or Clock(), token, on_pause
        self._tries = tries
        self._budget = RequestBudget(self._pace, self._clock)
        self._client = httpx.AsyncClient(
            headers={
                "user-agent": f"lookalike-gallery/1.0 ({contact}) httpx/{httpx.__version__}",
                "accept-encoding": "gzip",
            },
            timeout=httpx.Timeout(DEADLINE_S, connect=CONNECT_S),
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
        )
        self._failures: Counter[str] = Counter()  # server -> failed requests in a row
        self._refusals: Counter[str] = Counter()  # server -> refused requests in a row
        self._answered_at: dict[str, float] = {}  # server -> when it gave its last good answer
        self._given_up: dict[str, ServerUnavailable] = {}  # server -> why; "": all of Wikimedia's
        self.requests, self.received_bytes = 0, 0

    async def __aenter__(self) -> HttpClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def query(self, url: str, params: Params, *, accept: str) -> dict[str, Any]:
        """The JSON object that answers a POST; FetchFailed if there is none, ServerUnavailable if it is given up."""
        return await self._request(_Request(url, is_api=True, form=params, accept=accept), json_object)

    async def api(self, url: str, params: Params, *, waits_for_lag: bool = False) -> dict[str, Any]:
        """The JSON object of MediaWiki's action API; errors as of `query`.

        `waits_for_lag`: ask to be refused while the replicas lag (mediawiki.org/wiki/API:Etiquette). Not for reads of
        Wikidata, where the lag of the query service counts, which may last for days.
        """
        lag = {"maxlag": MAX_LAG_S} if waits_for_lag else {}
        whole = params | lag | {"format": "json", "formatversion": "2"}
        return await self._request(_Request(url, is_api=True, params=whole, has_token=True), json_object)

    async def file(self, url: str, at_most: int, *, is_link: bool = False) -> bytes:
        """A photo of at most so many bytes; FetchFailed if there is none, ServerUnavailable if it is given up."""
        is_wikimedias = not is_link and (urlsplit(url).hostname or "").endswith(".wikimedia.org")
        request = _Request(
            url, is_api=False, accept="image/*,*/*;q=0.5", at_most=at_most, is_link=is_link, has_token=is_wikimedias
        )
        return await self._request(request, photo_bytes)

    async def _request(self, request: _Request, read: Callable[[httpx.Response, bytes], T]) -> T:
        """Send a request until its response can be read, or a retry is no use."""
        server, tries, pause_s, began = request.server, 0, self._pace.first_pause_s, self._clock.now()
        while True:
            self._raise_if_given_up(request)
            try:
                answer = read(*await self._send(request))
            except FetchFailed as failure:
                tries += 1
                await self._pause_or_raise(request, failure, tries, pause_s, began)
                pause_s = min(self._pace.max_pause_s, pause_s * 2)
            else:
                self._failures[server] = self._refusals[server] = 0
                self._answered_at[server] = self._clock.now()
                return answer

    async def _pause_or_raise(
        self, request: _Request, failure: FetchFailed, tries: int, pause_s: float, began: float
    ) -> None:
        """Wait before the next try, if there is one; else raise `failure`, or ServerUnavailable."""
        most = min(self._tries, TRIES_OF_A_LINK) if request.is_link or self._failures[request.server] else self._tries
        match failure.kind:
            case FailureKind.GONE | FailureKind.ITEM:
                raise failure
            case FailureKind.REFUSED:
                self._count_refusal(request, failure)
            case FailureKind.BUSY:
                return self._wait_for(request, failure, tries, max(failure.retry_after_s, pause_s), began)
            case FailureKind.UNREACHED if tries >= most:
                self._give_up(request.server, ServerUnavailable(f"{request.server} cannot be reached"))
            case FailureKind.WRONG:
                self._count_failure(request.server, failure)
            case FailureKind.TIMED_OUT if request.is_api:  # a narrower query may do, the same again will not
                self._count_failure(request.server, failure)
            case _ if tries >= most:
                self._count_failure(request.server, failure)
        self._on_pause(f"{request.server}: {failure}", pause_s)
        return await self._clock.sleep(pause_s)

    def _wait_for(self, request: _Request, failure: FetchFailed, tries: int, pause_s: float, began: float) -> None:
        """Let all requests pause as a busy server asks; FetchFailed if it is busy with this request alone."""
        server, now = request.server, self._clock.now()
        if failure.retry_after_s > MAX_RETRY_AFTER_S:
            words = f"{server} asks for a pause of {failure.retry_after_s:.0f} s ({failure})"
            self._give_up(server, ServerUnavailable(words))
        if tries >= TRIES and self._answered_at.get(server, -1.0) > began:
            self._count_failure(server, failure)
        names_none = failure.status == httpx.codes.SERVICE_UNAVAILABLE and not failure.retry_after_s
        patience_s = self._pace.patience_unsaid_s if names_none else self._pace.patience_s
        if now + pause_s - began > patience_s:
            self._give_up(server, ServerUnavailable(f"{server} is busy for {(now - began) / 60:.0f} min: {failure}"))
        self._on_pause(f"{server}: {failure}", pause_s)
        self._budget.pause(pause_s)

    def _count_refusal(self, request: _Request, failure: FetchFailed) -> NoReturn:
        """A 403 is a block, and so is a run of other refusals; never a fact about what was asked for."""
        self._refusals[request.server] += 1
        is_forbidden = failure.status == httpx.codes.FORBIDDEN and not request.is_link
        if is_forbidden or self._refusals[request.server] >= REFUSALS_IN_A_ROW:
            blocked = ServerBlocked(f"{request.server} refuses us, {failure}; {WHAT_TO_DO}")
            self._give_up(request.server if request.is_link else "", blocked)
        raise failure

    def _count_failure(self, server: str, failure: FetchFailed) -> NoReturn:
        self._failures[server] += 1
        if self._failures[server] >= FAILURES_IN_A_ROW:
            words = f"{server} gave no usable response {FAILURES_IN_A_ROW} times in a row: {failure}"
            self._give_up(server, ServerUnavailable(words))
        raise failure

    def _give_up(self, server: str, why: ServerUnavailable) -> NoReturn:
        """Ask a server no more; '': none of Wikimedia's."""
        raise self._given_up.setdefault(server, why)

    def _raise_if_given_up(self, request: _Request) -> None:
        if why := self._given_up.get(request.server) or (None if request.is_link else self._given_up.get("")):
            raise why

    async def _send(self, request: _Request) -> tuple[httpx.Response, bytes]:
        """One request, when it is its turn; the response with its whole body."""
        async with self._budget.api() if request.is_api else self._budget.media():
            self._raise_if_given_up(request)  # while this one waited for its turn
            self.requests += 1
            try:
                async with (
                    asyncio.timeout(DEADLINE_S),
                    self._client.stream(
                        "POST" if request.form else "GET",
                        request.url,
                        params=request.params,
                        data=request.form,
                        headers=self._headers(request),
                    ) as response,
                ):
                    body = await self._read(response, request.at_most)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, UnicodeError) as error:
                raise transport_error(error) from error
            if not request.is_api:
                self._budget.received(len(body))
        check_status(response, body)
        return response, body

    def _headers(self, request: _Request) -> dict[str, str]:
        """What this request says besides."""
        token = {"authorization": f"Bearer {self._token}"} if self._token and request.has_token else {}
        return {"accept": request.accept, **token}

    async def _read(self, response: httpx.Response, at_most: int) -> bytes:
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > at_most:
                raise FetchFailed(f"larger than {at_most / 1e6:.0f} MB", FailureKind.GONE)
        self.received_bytes += len(body)
        return bytes(body)


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
