"""The HTTP client: User-Agent, retries, pauses, and when it gives a server up."""

import asyncio

import httpx
import pytest

from lookalike.collecting.fetching.http_client import (
    FAILURES_IN_A_ROW,
    REFUSALS_IN_A_ROW,
    HttpClient,
    in_parallel,
)
from lookalike.collecting.fetching.pace import Pace
from lookalike.core.errors import CollectError, FailureKind, FetchFailed, ServerBlocked, ServerUnavailable
from tests.collecting.fetching.conftest import photo, query, quick
from tests.support.wikimedia.collect_runner import CONTACT, VirtualClock
from tests.support.wikimedia.server import (
    BLOCK,
    HTML_PAGE,
    LAG,
    NO_SUCH_STEP,
    QUERY_TIMEOUT,
    ROBOT_POLICY,
    STACK_TRACE,
    StandInResponse,
    WikimediaStandIn,
    busy,
)

CREDENTIAL = "x.y"
CUT = StandInResponse(keep=20)


async def test_the_user_agent_names_program_contact_and_library(client: HttpClient, server: WikimediaStandIn) -> None:
    await query(client, server)

    assert server.seen[0].agent == f"lookalike-gallery/1.0 ({CONTACT}) httpx/{httpx.__version__}"


async def test_reads_of_wikidata_do_not_wait_for_its_query_service(
    client: HttpClient, server: WikimediaStandIn
) -> None:
    answer = await client.api(f"{server.url}/wikidata", {"action": "wbgetentities", "ids": "Q1000"})

    assert "Q1000" in answer["entities"]
    assert "maxlag" not in server.seen[0].params
    assert server.seen[0].params["formatversion"] == "2"


async def test_requests_to_commons_name_their_maxlag(client: HttpClient, server: WikimediaStandIn) -> None:
    await client.api(f"{server.url}/commons", {"list": "search", "srsearch": "x"}, waits_for_lag=True)

    assert server.seen[0].params["maxlag"] == "5"


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


async def test_a_lagging_server_gets_the_pause_it_asks_for(clock: VirtualClock, server: WikimediaStandIn) -> None:
    server.faults["query"].append(StandInResponse(StandInResponse.of(LAG).body, headers=(("Retry-After", "7"),)))
    async with quick(clock) as client:
        await query(client, server)

    assert len(server.seen) == 2
    assert 7 <= clock.now() < 8


async def test_the_pause_between_retries_doubles(clock: VirtualClock, server: WikimediaStandIn) -> None:
    server.faults["query"].extend([STACK_TRACE] * 3)
    async with quick(clock, Pace(per_minute=1e6)) as client:
        await query(client, server)

    assert clock.now() == pytest.approx(5 + 10 + 20, abs=0.01)


@pytest.mark.parametrize(("response", "minutes"), [(StandInResponse.of(LAG), 15), (busy(), 15), (busy(status=503), 2)])
async def test_a_busy_server_is_waited_for_by_time_and_then_given_up(
    clock: VirtualClock, server: WikimediaStandIn, response: StandInResponse, minutes: int
) -> None:
    server.always["query"] = response
    async with quick(clock, Pace(per_minute=1e6)) as client:
        with pytest.raises(ServerUnavailable, match="is busy for"):
            await query(client, server)
        asked = len(server.seen)
        with pytest.raises(ServerUnavailable):
            await query(client, server)

    assert minutes * 60 - 65 <= clock.now() <= minutes * 60
    assert len(server.seen) == asked < 20


async def test_a_server_that_is_busy_with_one_file_alone_is_not_given_up(
    clock: VirtualClock, server: WikimediaStandIn
) -> None:
    server.busy_path = "/original/Star_0_0.jpg"
    async with quick(clock, Pace(per_minute=1e6)) as client:
        failing = asyncio.create_task(client.file(photo(server, 0), 10_000))
        while not failing.done():
            await client.file(photo(server, 1), 10_000)

    assert isinstance(failing.exception(), FetchFailed)


async def test_a_query_that_takes_too_long_is_not_repeated(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].append(QUERY_TIMEOUT)
    with pytest.raises(FetchFailed) as failure:
        await query(client, server)

    assert failure.value.kind is FailureKind.TIMED_OUT
    assert len(server.seen) == 1


async def test_a_server_that_cannot_be_reached_is_given_up_within_a_minute(
    clock: VirtualClock, server: WikimediaStandIn
) -> None:
    await server.__aexit__()
    async with quick(clock, Pace(per_minute=1e6)) as client:
        with pytest.raises(ServerUnavailable, match="cannot be reached"):
            await query(client, server)

    assert clock.now() < 60


@pytest.mark.parametrize("kind", ["query", "photo"])
async def test_a_block_stops_all_requests_and_repeats_the_words_of_the_server(
    client: HttpClient, server: WikimediaStandIn, kind: str
) -> None:
    server.always[kind] = BLOCK
    with pytest.raises(ServerBlocked) as blocked:
        await (query(client, server) if kind == "query" else client.file(photo(server), 10_000))
    for _ in range(3):
        with pytest.raises(ServerBlocked):
            await client.file(photo(server), 10_000)
        with pytest.raises(ServerBlocked):
            await query(client, server)

    assert ROBOT_POLICY.decode() in str(blocked.value)
    assert "--contact" in str(blocked.value)
    assert len(server.seen) == 1


@pytest.mark.parametrize("response", [NO_SUCH_STEP, StandInResponse(b"Bad request", 400, "text/plain")])
async def test_a_run_of_refusals_is_a_block(
    client: HttpClient, server: WikimediaStandIn, response: StandInResponse
) -> None:
    server.always["photo"] = response
    for _ in range(REFUSALS_IN_A_ROW - 1):
        with pytest.raises(FetchFailed) as failure:
            await client.file(photo(server), 10_000)
        assert failure.value.kind is FailureKind.REFUSED
    with pytest.raises(ServerBlocked, match=r"status 4\d\d: \w+"):
        await client.file(photo(server), 10_000)

    assert len(server.seen) == REFUSALS_IN_A_ROW


async def test_one_forbidden_link_of_a_list_is_no_block(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["photo"].append(BLOCK)
    with pytest.raises(FetchFailed) as failure:
        await client.file(photo(server), 10_000, is_link=True)

    assert failure.value.kind is FailureKind.REFUSED
    assert await client.file(photo(server), 10_000, is_link=True)


async def test_the_token_goes_to_the_action_api_and_to_no_server_that_may_be_somebody_elses(
    server: WikimediaStandIn,
) -> None:
    async with quick(token=CREDENTIAL) as client:
        await client.api(f"{server.url}/wikidata", {"action": "wbgetentities", "ids": "Q1000"})
        await query(client, server)
        await client.file(photo(server), 10_000, is_link=True)
        await client.file(photo(server), 10_000)

    sent = [(one.kind, one.headers.get("authorization")) for one in server.seen]
    assert sent == [("people", f"Bearer {CREDENTIAL}"), ("query", None), ("photo", None), ("photo", None)]


async def test_a_page_in_the_place_of_a_photo_is_asked_for_again(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["photo"].append(HTML_PAGE)

    assert await client.file(photo(server), 10_000) == server.data.uploads["File:Star 0 0.jpg"].original
    assert len(server.seen) == 2


async def test_a_truncated_photo_is_downloaded_again(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["photo"].append(StandInResponse(keep=300))
    data = await client.file(photo(server), 10_000)

    assert data == server.data.uploads["File:Star 0 0.jpg"].original
    assert len(server.seen) == 2


async def test_a_missing_file_is_not_asked_for_again(client: HttpClient, server: WikimediaStandIn) -> None:
    with pytest.raises(FetchFailed) as failure:
        await client.file(f"{server.url}/original/Nobody.jpg", 10_000)

    assert failure.value.kind is FailureKind.GONE
    assert len(server.seen) == 1


async def test_a_redirect_is_followed(client: HttpClient, server: WikimediaStandIn) -> None:
    data = await client.file(f"{server.url}/Special:FilePath/Star_0_0.jpg", 10_000)

    assert data == server.data.uploads["File:Star 0 0.jpg"].original


async def test_a_file_that_is_too_large_is_not_read_to_its_end(client: HttpClient, server: WikimediaStandIn) -> None:
    with pytest.raises(FetchFailed, match="larger than") as failure:
        await client.file(photo(server), 100)

    assert failure.value.kind is FailureKind.GONE


@pytest.mark.parametrize("url", ["ftp://example.org/x", "http://", "x", "http://\u2603..example/"])
async def test_a_malformed_url_is_an_error(client: HttpClient, url: str) -> None:
    with pytest.raises(FetchFailed):
        await client.file(url, 100)


async def test_an_error_of_the_api_is_not_retried(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].append(StandInResponse.of({"error": {"code": "badvalue"}}))

    with pytest.raises(FetchFailed, match="badvalue"):
        await query(client, server)
    assert len(server.seen) == 1


async def test_a_server_that_only_fails_is_given_up_within_minutes(
    clock: VirtualClock, server: WikimediaStandIn
) -> None:
    server.always["query"] = STACK_TRACE
    async with quick(clock, Pace(per_minute=1e6)) as client:
        for _ in range(FAILURES_IN_A_ROW - 1):
            with pytest.raises(FetchFailed):
                await query(client, server)
        with pytest.raises(ServerUnavailable, match="10 times in a row: status 500"):
            await query(client, server)
        seen = len(server.seen)
        with pytest.raises(ServerUnavailable, match="10 times in a row"):
            await query(client, server)

    assert len(server.seen) == seen
    assert clock.now() < 120


async def test_one_good_response_resets_the_count_of_failures(client: HttpClient, server: WikimediaStandIn) -> None:
    for _ in range(2):
        server.always["query"] = STACK_TRACE
        for _ in range(FAILURES_IN_A_ROW - 1):
            with pytest.raises(FetchFailed):
                await query(client, server)
        del server.always["query"]
        await query(client, server)


async def test_a_ban_for_a_day_is_given_up_at_once(client: HttpClient, server: WikimediaStandIn) -> None:
    server.faults["query"].append(busy("86400"))

    with pytest.raises(ServerUnavailable, match="pause of 86400 s"):
        await query(client, server)
    assert len(server.seen) == 1


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
