"""The HTTP client: User-Agent, concurrency, rate, pauses, retries, and when it gives up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from lookalike.collecting import http_client
from lookalike.collecting.http_client import (
    AT_ONCE,
    FAILURES_IN_A_ROW,
    TRIES,
    TRIES_WHEN_BUSY,
    HttpClient,
    _check_status,
    _retry_after_s,
    in_parallel,
)
from lookalike.core.errors import CollectError, FetchFailed, ServerUnavailable
from tests.support.wikimedia.data import small_data
from tests.support.wikimedia.server import HTML_PAGE, LAG, STACK_TRACE, StandInResponse, WikimediaStandIn, busy

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONTACT = "gallery@example.org"
COUNTRIES = {"query": "SELECT ?country ?code WHERE { ?country wdt:P297 ?code }"}
CUT = StandInResponse(keep=20)


@pytest.fixture
async def server() -> AsyncIterator[WikimediaStandIn]:
    async with WikimediaStandIn(small_data(people=3, photos=10)) as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with quick() as client:
        yield client


class VirtualClock:
    """The client's monotonic clock, in seconds: it moves by sleeping, which takes no time."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def __call__(self) -> float:
        return self._now_s

    async def sleep(self, seconds: float) -> None:
        self._now_s += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    made = VirtualClock()
    monkeypatch.setattr(http_client, "monotonic", made)
    monkeypatch.setattr(http_client, "sleep", made.sleep)
    return made


def quick(per_minute: float = 1e6) -> HttpClient:
    return HttpClient(CONTACT, per_minute, first_pause_s=0.0001)


async def query(client: HttpClient, server: WikimediaStandIn) -> object:
    return await client.json(f"{server.url}/sparql", COUNTRIES, post=True)


def photo(server: WikimediaStandIn, number: int = 0) -> str:
    return f"{server.url}/original/Star_0_{number}.jpg"


async def test_the_user_agent_names_program_contact_and_library(client: HttpClient, server: WikimediaStandIn) -> None:
    await query(client, server)

    assert server.seen[0].agent == f"lookalike-gallery/1.0 ({CONTACT}) httpx/{httpx.__version__}"


async def test_requests_to_the_action_api_name_their_maxlag(client: HttpClient, server: WikimediaStandIn) -> None:
    await client.api(f"{server.url}/wikidata", {"action": "wbgetentities", "ids": "Q1000"})

    assert server.seen[0].params["maxlag"] == "5"
    assert server.seen[0].params["formatversion"] == "2"


async def test_no_more_than_three_requests_are_in_flight(client: HttpClient, server: WikimediaStandIn) -> None:
    await asyncio.gather(*(client.file(photo(server, number), 10_000) for number in range(10)))

    assert server.most_at_once["photo"] == AT_ONCE == 3


async def test_requests_keep_to_their_rate(clock: VirtualClock, server: WikimediaStandIn) -> None:
    async with quick(per_minute=1200) as client:
        await asyncio.gather(*(client.file(photo(server, number), 10_000) for number in range(5)))

    assert clock() == pytest.approx(4 * 0.05)


@pytest.mark.parametrize("response", [busy("900"), busy("900", status=503)], ids=["429", "503"])
async def test_all_requests_pause_as_long_as_a_busy_server_asks(
    clock: VirtualClock, client: HttpClient, server: WikimediaStandIn, response: StandInResponse
) -> None:
    server.faults["photo"].extend([response] * AT_ONCE)
    server.now = clock
    await asyncio.gather(*(client.file(photo(server, number), 10_000) for number in range(8)))

    assert len(server.seen) == 8 + AT_ONCE
    assert all(one.at >= 900 for one in server.seen[AT_ONCE:])


@pytest.mark.parametrize(
    "fault",
    [
        busy(),
        busy(status=503),
        StandInResponse.of(LAG),
        HTML_PAGE,
        STACK_TRACE,
        CUT,
        StandInResponse(b"[]"),
        StandInResponse(b"", 502),
    ],
    ids=["429", "503", "maxlag", "html", "stack trace", "cut off", "a list", "502"],
)
async def test_a_wrong_response_is_retried(
    client: HttpClient, server: WikimediaStandIn, fault: StandInResponse
) -> None:
    server.faults["query"].append(fault)

    assert await query(client, server)
    assert len(server.seen) == 2


async def test_a_lagging_server_gets_the_pause_it_asks_for(
    clock: VirtualClock, client: HttpClient, server: WikimediaStandIn
) -> None:
    server.faults["query"].append(StandInResponse(StandInResponse.of(LAG).body, headers=(("Retry-After", "7"),)))
    await query(client, server)

    assert len(server.seen) == 2
    assert 7 <= clock() < 8


async def test_the_pause_between_retries_doubles(clock: VirtualClock, server: WikimediaStandIn) -> None:
    server.faults["query"].extend([STACK_TRACE] * 3)
    async with HttpClient(CONTACT, 1e6, first_pause_s=5) as client:
        await query(client, server)

    assert clock() == pytest.approx(5 + 10 + 20, abs=0.01)


async def test_a_busy_server_gets_more_retries_than_a_failing_one(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].extend([StandInResponse.of(LAG)] * (TRIES_WHEN_BUSY - 1))
    assert await query(client, server)

    server.faults["query"].extend([STACK_TRACE] * TRIES)
    with pytest.raises(FetchFailed, match="status 500"):
        await query(client, server)
    assert len(server.seen) == TRIES_WHEN_BUSY + TRIES


async def test_a_truncated_photo_is_downloaded_again(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["photo"].append(StandInResponse(keep=300))
    data = await client.file(photo(server), 10_000)

    assert data == server.data.uploads["File:Star 0 0.jpg"].original
    assert len(server.seen) == 2


@pytest.mark.parametrize("path", ["original/Nobody.jpg", "thumb/333px-Star_0_0.jpg"], ids=["gone", "odd width"])
async def test_a_final_failure_is_not_retried(client: HttpClient, server: WikimediaStandIn, path: str) -> None:
    with pytest.raises(FetchFailed) as failure:
        await client.file(f"{server.url}/{path}", 10_000)

    assert failure.value.is_final
    assert len(server.seen) == 1


async def test_a_redirect_is_followed(client: HttpClient, server: WikimediaStandIn) -> None:
    data = await client.file(f"{server.url}/Special:FilePath/Star_0_0.jpg", 10_000)

    assert data == server.data.uploads["File:Star 0 0.jpg"].original


async def test_a_file_that_is_too_large_is_not_read_to_its_end(client: HttpClient, server: WikimediaStandIn) -> None:
    with pytest.raises(FetchFailed, match="larger than") as failure:
        await client.file(photo(server), 100)

    assert failure.value.is_final


@pytest.mark.parametrize("url", ["ftp://example.org/x", "http://", "x", "http://\u2603..example/"])
async def test_a_malformed_url_is_an_error(client: HttpClient, url: str) -> None:
    with pytest.raises(FetchFailed):
        await client.file(url, 100)


async def test_a_closed_port_is_an_error_after_retries(client: HttpClient, server: WikimediaStandIn) -> None:
    await server.__aexit__()

    with pytest.raises(FetchFailed, match="not reached"):
        await client.file(photo(server), 100)


async def test_an_error_of_the_api_is_not_retried(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].append(StandInResponse.of({"error": {"code": "badvalue"}}))

    with pytest.raises(FetchFailed, match="badvalue"):
        await query(client, server)
    assert len(server.seen) == 1


async def test_a_server_that_only_fails_is_given_up(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].extend([STACK_TRACE] * TRIES * FAILURES_IN_A_ROW)
    for _ in range(FAILURES_IN_A_ROW - 1):
        with pytest.raises(FetchFailed):
            await query(client, server)

    with pytest.raises(ServerUnavailable, match="10 times in a row: status 500"):
        await query(client, server)
    seen = len(server.seen)
    with pytest.raises(ServerUnavailable, match="is unavailable"):
        await query(client, server)
    assert len(server.seen) == seen


async def test_one_good_response_resets_the_count_of_failures(client: HttpClient, server: WikimediaStandIn) -> None:
    for _ in range(2):
        server.faults["query"].extend([STACK_TRACE] * TRIES * (FAILURES_IN_A_ROW - 1))
        for _ in range(FAILURES_IN_A_ROW - 1):
            with pytest.raises(FetchFailed):
                await query(client, server)
        await query(client, server)


async def test_a_ban_for_a_day_is_given_up_at_once(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].append(busy("86400"))

    with pytest.raises(ServerUnavailable, match="pause of 86400 s"):
        await query(client, server)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("7", 7), ("soon", 0), ("-3", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_retry_after_is_in_seconds_or_0(text: str, seconds: float) -> None:
    assert _retry_after_s(httpx.Response(429, headers={"retry-after": text}), NOW) == seconds


def test_retry_after_can_be_a_date() -> None:
    date = format_datetime(NOW + timedelta(seconds=100), usegmt=True)

    assert _retry_after_s(httpx.Response(429, headers={"retry-after": date}), NOW) == 100


@pytest.mark.parametrize(("status", "is_final"), [(400, True), (403, True), (408, False), (500, False), (504, False)])
def test_a_status_decides_whether_a_retry_is_of_use(status: int, is_final: bool) -> None:
    with pytest.raises(FetchFailed) as failure:
        _check_status(httpx.Response(status), b"")

    assert (failure.value.is_final, failure.value.retry_after_s) == (is_final, None)


async def test_the_first_error_in_parallel_work_is_raised_and_cancels_the_rest() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        if number == 5:
            raise CollectError("five")
        done.append(number)

    with pytest.raises(CollectError, match="five"):
        await in_parallel(range(100), work)
    assert len(done) < 10
