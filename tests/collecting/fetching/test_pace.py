"""How many requests a minute and at a time, how many bytes a second, and which pauses."""

import asyncio

import pytest

from lookalike.collecting.fetching.http_client import (
    HttpClient,
)
from lookalike.collecting.fetching.pace import MEDIA_AT_ONCE, Pace
from tests.collecting.fetching.conftest import photo, query, quick
from tests.support.wikimedia.collect_runner import VirtualClock
from tests.support.wikimedia.server import (
    StandInResponse,
    WikimediaStandIn,
    busy,
)


async def test_photos_come_two_at_a_time(client: HttpClient, server: WikimediaStandIn) -> None:
    await asyncio.gather(*(client.file(photo(server, number), 10_000) for number in range(10)))

    assert server.most_at_once["photo"] == MEDIA_AT_ONCE == 2


async def test_an_api_is_asked_one_request_at_a_time(client: HttpClient, server: WikimediaStandIn) -> None:
    await asyncio.gather(*(query(client, server) for _ in range(6)))

    assert server.most_at_once["query"] == 1


async def test_requests_to_all_servers_keep_to_one_rate(clock: VirtualClock, server: WikimediaStandIn) -> None:
    async with quick(clock, Pace(per_minute=1200)) as client:
        await asyncio.gather(
            *(client.file(photo(server, number), 10_000) for number in range(3)),
            *(query(client, server) for _ in range(3)),
        )

    assert clock.now() == pytest.approx(5 * 0.05)


async def test_a_slow_answer_of_an_api_is_followed_by_a_pause(clock: VirtualClock, server: WikimediaStandIn) -> None:
    async def takes_long(_seconds: float) -> None:
        await clock.sleep(1.1)

    server.wait = takes_long
    server.now = clock.now
    async with quick(clock, Pace(per_minute=1e6)) as client:
        await query(client, server)
        await query(client, server)

    assert server.seen[1].at - server.seen[0].at == pytest.approx(1.1 + 5, abs=0.01)


async def test_media_keep_to_25_megabits_a_second(clock: VirtualClock, server: WikimediaStandIn) -> None:
    server.data.uploads["File:Star 0 0.jpg"].original = bytes(16_000_000)
    async with quick(clock) as client:
        for _ in range(5):
            await client.file(photo(server), 20_000_000)

    assert clock.now() == pytest.approx(20, abs=0.1)  # two at once, then two after 10 s, then one


@pytest.mark.parametrize("response", [busy("900"), busy("900", status=503)], ids=["429", "503"])
async def test_all_requests_pause_as_long_as_a_busy_server_asks(
    clock: VirtualClock, server: WikimediaStandIn, response: StandInResponse
) -> None:
    server.faults["photo"].extend([response] * MEDIA_AT_ONCE)
    server.now = clock.now
    server.hold()
    two_pauses_s = 2000  # the second answer may be read when the first pause is over
    async with quick(clock, Pace(per_minute=1e6, patience_s=two_pauses_s)) as client:
        asked = asyncio.gather(*(client.file(photo(server, number), 10_000) for number in range(8)))
        await server.until("photo", MEDIA_AT_ONCE)  # else the second may be told to wait before it is sent
        server.release()
        await asked

    assert len(server.seen) == 8 + MEDIA_AT_ONCE
    assert all(one.at >= 900 for one in server.seen[MEDIA_AT_ONCE:])


async def test_a_token_raises_the_rate(server: WikimediaStandIn) -> None:
    assert (Pace.of(None, has_token=False).per_minute, Pace.of(None, has_token=False).api_at_once) == (200, 1)
    assert (Pace.of(None, has_token=True).per_minute, Pace.of(None, has_token=True).api_at_once) == (2000, 3)
    assert Pace.of(30, has_token=True).per_minute == 30
