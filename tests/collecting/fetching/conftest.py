"""What the tests of the HTTP side share: a stand-in with 3 people and 10 photos each, and clients without pauses."""

from collections.abc import AsyncIterator

import pytest

from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.fetching.pace import Pace
from tests.support.wikimedia.collect_runner import CONTACT, QUICK, VirtualClock
from tests.support.wikimedia.data import small_data
from tests.support.wikimedia.server import WikimediaStandIn

SPARQL_JSON = "application/sparql-results+json"
COUNTRIES = {"query": "PREFIX wdt: <x> SELECT ?country ?code WHERE { ?country wdt:P297 ?code }"}


@pytest.fixture
async def server() -> AsyncIterator[WikimediaStandIn]:
    async with WikimediaStandIn(small_data(people=3, photos=10)) as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with quick() as client:
        yield client


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


def quick(clock: VirtualClock | None = None, pace: Pace = QUICK, token: str = "") -> HttpClient:
    return HttpClient(CONTACT, pace, clock=clock, token=token)


async def query(client: HttpClient, server: WikimediaStandIn) -> object:
    return await client.query(f"{server.url}/sparql", COUNTRIES, accept=SPARQL_JSON)


def photo(server: WikimediaStandIn, number: int = 0) -> str:
    return f"{server.url}/original/Star_0_{number}.jpg"
