"""Requests to Wikidata: queries for famous people and names, items by id and by article."""

from collections.abc import AsyncIterator

import pytest

from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.wikimedia.items import WikidataPerson
from lookalike.collecting.wikimedia.wikidata import Namesake, Wikidata
from lookalike.core.errors import FailureKind, FetchFailed
from tests.support.wikimedia.collect_runner import QUICK
from tests.support.wikimedia.data import PRESIDENT, Json, WikimediaData, small_data
from tests.support.wikimedia.server import QUERY_TIMEOUT, StandInResponse, WikimediaStandIn


@pytest.fixture
async def server() -> AsyncIterator[WikimediaStandIn]:
    async with WikimediaStandIn(small_data(people=4, photos=2)) as server:
        yield server


@pytest.fixture
async def wikidata(server: WikimediaStandIn) -> AsyncIterator[Wikidata]:
    async with HttpClient("me@example.org", QUICK) as client:
        yield Wikidata(client, server.environment["WDQS_URL"], server.environment["WIKIDATA_API"])


async def test_famous_people_are_found_by_occupation_and_fame(wikidata: Wikidata) -> None:
    assert await wikidata.famous("Q33999", 88, 90, ()) == {"Q1001": 89, "Q1002": 88}
    assert await wikidata.famous("Q33999", 88, None, ()) == {"Q1000": 90, "Q1001": 89, "Q1002": 88}
    assert await wikidata.famous("Q177220", 1, None, ()) == {}


async def test_famous_people_are_found_by_country(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    server.data.items["Q1002"].country = "Q142"

    assert await wikidata.famous("Q33999", 1, None, ("FR", "BE")) == {"Q1002": 88}


async def test_countries_and_offices(wikidata: Wikidata) -> None:
    assert (await wikidata.countries())["Q159"] == "RU"
    assert await wikidata.offices() == [PRESIDENT]


async def test_a_name_or_alias_leads_to_all_who_have_it(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    for id, links in (("Q7", 20), ("Q8", 30), ("Q9", 25)):
        server.data.add('Ann "Q" Lee', links, id=id)
    server.data.items["Q1002"].aliases = ("Starlet",)

    assert await wikidata.by_name(['Ann "Q" Lee', "Star 1 по-русски", "Starlet", "Nobody"]) == {
        'Ann "Q" Lee': [Namesake(id, fame, 'Ann "Q" Lee, a star') for id, fame in (("Q8", 30), ("Q9", 25), ("Q7", 20))],
        "Star 1 по-русски": [Namesake("Q1001", 89, "Star 1, a star")],
        "Starlet": [Namesake("Q1002", 88, "Star 2, a star")],
        "Nobody": [],
    }


async def test_articles_lead_to_people(wikidata: Wikidata) -> None:
    assert await wikidata.by_article(["enwiki:Star 1", "enwiki:No such page"]) == {"enwiki:Star 1": "Q1001"}
    assert await wikidata.by_article(["enwiki:No such page"]) == {"enwiki:No such page": ""}


async def test_a_merged_id_gives_the_other_item(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    server.data.merged["Q5000"] = "Q1000"
    answer = (await wikidata.people(["Q5000", "Q1"]))["Q5000"]

    assert isinstance(answer, WikidataPerson)
    assert answer.celebrity.id == "Q1000"


async def test_an_id_that_the_response_omits_is_omitted(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    server.faults["people"].append(
        StandInResponse.of({"entities": {"Q1000": WikimediaData().add("x", id="Q1000").entity()}})
    )

    assert list(await wikidata.people(["Q1000", "Q1001"])) == ["Q1000"]


@pytest.mark.parametrize("body", [{}, {"entities": []}, {"results": 3}, {"results": {"bindings": {}}}])
async def test_a_malformed_response_is_an_error(wikidata: Wikidata, server: WikimediaStandIn, body: Json) -> None:
    server.faults["people"].append(StandInResponse.of(body))
    server.faults["query"].append(StandInResponse.of(body))

    with pytest.raises(FetchFailed):
        await wikidata.people(["Q1000"])
    with pytest.raises(FetchFailed):
        await wikidata.countries()


async def test_malformed_rows_are_ignored(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    rows = [None, {}, {"p": None}, {"p": {"value": "http://www.wikidata.org/entity/Q1"}, "links": {"value": "many"}}]
    server.faults["query"].extend([StandInResponse.of({"results": {"bindings": rows}})] * 2)

    assert await wikidata.famous("Q33999", 1, None, ()) == {}


async def test_an_answer_that_is_cut_at_its_limit_omits_people(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    server.answer_bytes = 10_000

    assert list(await wikidata.people([f"Q{1000 + n}" for n in range(4)])) == ["Q1000", "Q1001"]


async def test_a_bad_id_spoils_only_itself(wikidata: Wikidata) -> None:
    with pytest.raises(FetchFailed) as failure:
        await wikidata.people(["Q99999999999", "Q1000"])

    assert failure.value.kind is FailureKind.ITEM
    assert await wikidata.people(["Q99999999999"]) == {"Q99999999999": "no such item at Wikidata"}


async def test_a_server_that_knows_no_hints_is_asked_without_them(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    server.has_no_hints = True

    assert await wikidata.famous("Q33999", 90, None, ()) == {"Q1000": 90}
    assert len(server.seen) == 2


async def test_a_query_that_takes_too_long_is_an_error_although_its_status_is_200(
    wikidata: Wikidata, server: WikimediaStandIn
) -> None:
    server.faults["query"].append(QUERY_TIMEOUT)

    with pytest.raises(FetchFailed) as failure:
        await wikidata.famous("Q33999", 1, None, ())
    assert failure.value.kind is FailureKind.TIMED_OUT
