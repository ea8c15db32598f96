"""Manners over HTTP: who we say we are, how many requests at a time, what a server's wish for a pause is worth."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from lookalike.collecting.http_client import (
    AT_ONCE,
    FAILURES_IN_A_ROW,
    PATIENCE_S,
    TRIES,
    TRIES_WHEN_BUSY,
    HttpClient,
    _check_status,
    _retry_after_s,
    in_parallel,
)
from lookalike.core.errors import CollectError, FetchFailed, ServerUnavailable
from tests.support.wikimedia import HTML_PAGE, LAG, STACK_TRACE, Answer, Wikimedia, busy
from tests.support.wikiworld import small_world

CONTACT = "gallery@example.org"
COUNTRIES = {"query": "SELECT ?country ?code WHERE { ?country wdt:P297 ?code }"}
CUT = Answer(keep=20)


@pytest.fixture
async def server() -> AsyncIterator[Wikimedia]:
    async with Wikimedia(small_world(people=3, photos=10)) as server:
        yield server


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpClient]:
    async with quick() as fetcher:
        yield fetcher


def quick(per_minute: float = 1e6) -> HttpClient:
    return HttpClient(CONTACT, per_minute, first_pause_s=0.0001)


async def query(fetcher: HttpClient, server: Wikimedia) -> object:
    return await fetcher.json(f"{server.url}/sparql", COUNTRIES, post=True)


def photo(server: Wikimedia, number: int = 0) -> str:
    return f"{server.url}/original/Star_0_{number}.jpg"


async def test_the_user_agent_names_program_contact_and_library(fetcher: HttpClient, server: Wikimedia) -> None:
    await query(fetcher, server)

    assert server.seen[0].agent == f"lookalike-gallery/1.0 ({CONTACT}) httpx/{httpx.__version__}"


async def test_the_action_api_is_told_how_much_lag_we_bear(fetcher: HttpClient, server: Wikimedia) -> None:
    await fetcher.api(f"{server.url}/wikidata", {"action": "wbgetentities", "ids": "Q1000"})

    assert server.seen[0].params["maxlag"] == "5"
    assert server.seen[0].params["formatversion"] == "2"


async def test_no_more_than_three_requests_are_in_flight(fetcher: HttpClient, server: Wikimedia) -> None:
    await asyncio.gather(*(fetcher.file(photo(server, number), 10_000) for number in range(10)))

    assert server.most_at_once["photo"] == AT_ONCE == 3


async def test_requests_keep_their_pace(server: Wikimedia) -> None:
    async with quick(per_minute=1200) as fetcher:
        await asyncio.gather(*(fetcher.file(photo(server, number), 10_000) for number in range(5)))

    assert server.seen[-1].at - server.seen[0].at > 0.19  # four pauses of 50 ms


@pytest.mark.parametrize("wish", [busy("1"), busy("1", status=503)], ids=["429", "503"])
async def test_a_wish_for_a_pause_is_granted_by_all_requests(
    fetcher: HttpClient, server: Wikimedia, wish: Answer
) -> None:
    server.faults["photo"].append(wish)
    await asyncio.gather(*(fetcher.file(photo(server, number), 10_000) for number in range(8)))

    assert len(server.seen) == 9
    assert min(one.at for one in server.seen[AT_ONCE:]) - server.seen[0].at >= 1


@pytest.mark.parametrize(
    "fault",
    [busy(), busy(status=503), Answer.of(LAG), HTML_PAGE, STACK_TRACE, CUT, Answer(b"[]"), Answer(b"", 502)],
    ids=["429", "503", "maxlag", "html", "stack trace", "cut off", "a list", "502"],
)
async def test_a_wrong_answer_costs_one_more_try(fetcher: HttpClient, server: Wikimedia, fault: Answer) -> None:
    server.faults["query"].append(fault)

    assert await query(fetcher, server)
    assert len(server.seen) == 2


async def test_a_lagging_server_is_given_the_pause_it_asks_for(fetcher: HttpClient, server: Wikimedia) -> None:
    server.faults["query"].append(Answer(Answer.of(LAG).body, headers=(("Retry-After", "1"),)))
    await query(fetcher, server)

    assert server.seen[1].at - server.seen[0].at >= 1


async def test_a_busy_server_gets_more_tries_than_a_broken_one(fetcher: HttpClient, server: Wikimedia) -> None:
    server.faults["query"].extend([Answer.of(LAG)] * (TRIES_WHEN_BUSY - 1))
    assert await query(fetcher, server)

    server.faults["query"].extend([STACK_TRACE] * TRIES)
    with pytest.raises(FetchFailed, match="status 500"):
        await query(fetcher, server)
    assert len(server.seen) == TRIES_WHEN_BUSY + TRIES


async def test_a_photo_that_is_cut_off_is_fetched_again(fetcher: HttpClient, server: Wikimedia) -> None:
    server.faults["photo"].append(Answer(keep=300))
    data = await fetcher.file(photo(server), 10_000)

    assert data == server.world.uploads["File:Star 0 0.jpg"].original
    assert len(server.seen) == 2


@pytest.mark.parametrize("path", ["original/Nobody.jpg", "thumb/333px-Star_0_0.jpg"], ids=["gone", "odd width"])
async def test_what_no_pause_will_change_is_asked_once(fetcher: HttpClient, server: Wikimedia, path: str) -> None:
    with pytest.raises(FetchFailed) as failure:
        await fetcher.file(f"{server.url}/{path}", 10_000)

    assert failure.value.is_final
    assert len(server.seen) == 1


async def test_a_redirect_is_followed(fetcher: HttpClient, server: Wikimedia) -> None:
    data = await fetcher.file(f"{server.url}/Special:FilePath/Star_0_0.jpg", 10_000)

    assert data == server.world.uploads["File:Star 0 0.jpg"].original


async def test_a_file_that_is_too_large_is_not_read_to_its_end(fetcher: HttpClient, server: Wikimedia) -> None:
    with pytest.raises(FetchFailed, match="larger than") as failure:
        await fetcher.file(photo(server), 100)

    assert failure.value.is_final


@pytest.mark.parametrize("url", ["ftp://example.org/x", "http://", "x", "http://\u2603..example/"])
async def test_what_is_no_address_is_no_crash(fetcher: HttpClient, url: str) -> None:
    with pytest.raises(FetchFailed):
        await fetcher.file(url, 100)


async def test_a_port_nobody_listens_on_is_tried_again_and_then_given_up(
    fetcher: HttpClient, server: Wikimedia
) -> None:
    await server.__aexit__()

    with pytest.raises(FetchFailed, match="not reached"):
        await fetcher.file(photo(server), 100)


async def test_an_error_of_the_api_is_not_asked_for_again(fetcher: HttpClient, server: Wikimedia) -> None:
    server.faults["query"].append(Answer.of({"error": {"code": "badvalue"}}))

    with pytest.raises(FetchFailed, match="badvalue"):
        await query(fetcher, server)
    assert len(server.seen) == 1


async def test_a_server_that_only_fails_ends_the_run(fetcher: HttpClient, server: Wikimedia) -> None:
    server.faults["query"].extend([STACK_TRACE] * TRIES * FAILURES_IN_A_ROW)
    for _ in range(FAILURES_IN_A_ROW - 1):
        with pytest.raises(FetchFailed):
            await query(fetcher, server)

    with pytest.raises(ServerUnavailable, match="10 times in a row: status 500"):
        await query(fetcher, server)
    seen = len(server.seen)
    with pytest.raises(ServerUnavailable, match="is away"):
        await query(fetcher, server)
    assert len(server.seen) == seen


async def test_one_good_answer_forgives_the_bad_ones(fetcher: HttpClient, server: Wikimedia) -> None:
    for _ in range(2):
        server.faults["query"].extend([STACK_TRACE] * TRIES * (FAILURES_IN_A_ROW - 1))
        for _ in range(FAILURES_IN_A_ROW - 1):
            with pytest.raises(FetchFailed):
                await query(fetcher, server)
        await query(fetcher, server)


async def test_a_ban_for_a_day_ends_the_run_at_once(fetcher: HttpClient, server: Wikimedia) -> None:
    server.faults["query"].append(busy("86400"))

    with pytest.raises(ServerUnavailable, match="pause of 86400 s"):
        await query(fetcher, server)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("7", 7), ("soon", 0), ("-3", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)]
)
def test_retry_after_is_seconds_or_nothing(text: str, seconds: float) -> None:
    assert _retry_after_s(httpx.Response(429, headers={"retry-after": text})) == seconds


def test_retry_after_can_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    assert 90 < _retry_after_s(httpx.Response(429, headers={"retry-after": date})) <= 100 < PATIENCE_S


@pytest.mark.parametrize(("status", "is_final"), [(400, True), (403, True), (408, False), (500, False), (504, False)])
def test_a_status_says_whether_asking_again_is_of_use(status: int, is_final: bool) -> None:
    with pytest.raises(FetchFailed) as failure:
        _check_status(httpx.Response(status), b"")

    assert (failure.value.is_final, failure.value.retry_after_s) == (is_final, None)


async def test_the_first_error_in_parallel_work_is_raised_and_ends_the_rest() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        if number == 5:
            raise CollectError("five")
        done.append(number)

    with pytest.raises(CollectError, match="five"):
        await in_parallel(range(100), work)
    assert len(done) < 10
