"""Parsing of Wikidata's items (ranks, unknown values, fallbacks) and the requests for them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lookalike.collecting.http_client import HttpClient
from lookalike.collecting.wikidata import OCCUPATIONS, Wikidata, WikidataPerson, bands, occupation_ids, parse_person
from lookalike.core.errors import FetchFailed
from tests.support.wikimedia.data import PRESIDENT, Json, WikidataItem, WikimediaData, small_data, statement
from tests.support.wikimedia.server import StandInResponse, WikimediaStandIn


@pytest.fixture
async def server() -> AsyncIterator[WikimediaStandIn]:
    async with WikimediaStandIn(small_data(people=4, photos=2)) as server:
        yield server


@pytest.fixture
async def wikidata(server: WikimediaStandIn) -> AsyncIterator[Wikidata]:
    async with HttpClient("me@example.org", 1e6, first_pause_s=0.0001) as client:
        yield Wikidata(client, server.environment["WDQS_URL"], server.environment["WIKIDATA_API"])


def entity(**claims: Any) -> Json:
    return WikidataItem("Q42", {"en": "Ann Lee", "ru": "Энн Ли"}, images=["Ann.jpg"], claims=claims).entity()


def found(item: Json) -> WikidataPerson:
    answer = parse_person(item)
    assert isinstance(answer, WikidataPerson), answer
    return answer


# Items.


def test_an_item_becomes_a_line_of_the_catalogue() -> None:
    answer = found(entity())

    assert answer.celebrity.model_dump(exclude_defaults=True) == {
        "id": "Q42",
        "name": {"en": "Ann Lee", "ru": "Энн Ли"},
        "description": {"en": "Ann Lee, a star"},
        "url": {"en": "https://en.wikipedia.org/wiki/Ann_Lee"},
        "roles": ("actor",),
        "gender": "female",
        "born": "1952-03-11",
        "fame": 50,  # not counted: Commons, Wikiquote
    }
    assert (answer.images, answer.category, answer.is_politician) == (("Ann.jpg",), None, False)
    assert (answer.citizenships, answer.offices) == (("Q30",), ())


def test_preferred_values_come_first_and_deprecated_or_unknown_ones_never() -> None:
    images = [
        statement("old.jpg", "deprecated"),
        statement("second.jpg"),
        statement(None, kind="somevalue"),
        statement(None, kind="novalue"),
        statement("first.jpg", "preferred"),
        statement("second.jpg"),
    ]

    assert found(entity(P18=images)).images == ("first.jpg", "second.jpg")


@pytest.mark.parametrize("claim", [None, "x", {}, [None], ["x"], [{}], [{"mainsnak": []}], [statement({})]])
def test_malformed_claims_are_ignored(claim: Any) -> None:
    answer = found(entity(P18=claim, P373=claim, P21=claim, P27=claim, P569=claim, P106=claim, P39=claim))

    assert (answer.images, answer.category, answer.celebrity.gender) == ((), None, None)


@pytest.mark.parametrize("claims", [[], None])
def test_an_item_without_claims_is_not_a_person(claims: Any) -> None:
    assert parse_person(entity() | {"claims": claims}) == "not a person"


@pytest.mark.parametrize(
    ("time", "precision", "born"),
    [
        ("+1952-03-11T00:00:00Z", 11, "1952-03-11"),
        ("+1952-03-00T00:00:00Z", 10, "1952-03"),
        ("+1952-00-00T00:00:00Z", 9, "1952"),
        ("+1950-00-00T00:00:00Z", 8, None),
        ("-0044-03-15T00:00:00Z", 11, None),
    ],
)
def test_a_birthday_is_as_precise_as_it_is_known(time: str, precision: int, born: str | None) -> None:
    assert found(entity(P569=[statement({"time": time, "precision": precision})])).celebrity.born == born


@pytest.mark.parametrize(
    ("id", "gender"), [("Q6581097", "male"), ("Q2449503", "male"), ("Q1052281", "female"), ("Q48270", None)]
)
def test_gender(id: str, gender: str | None) -> None:
    assert found(entity(P21=[statement({"id": id})])).celebrity.gender == gender


@pytest.mark.parametrize(("job", "is_politician"), [("Q82955", True), ("Q116", True), ("Q36180", False)])
def test_politicians_are_recognised_by_their_occupation(job: str, is_politician: bool) -> None:
    assert found(entity(P106=[statement({"id": "Q33999"}), statement({"id": job})])).is_politician is is_politician


def test_offices_are_those_that_are_not_deprecated() -> None:
    assert found(entity(P39=[statement({"id": PRESIDENT}), statement({"id": "Q7"}, "deprecated")])).offices == (
        PRESIDENT,
    )


def test_a_name_of_all_languages_is_the_english_one() -> None:
    labels = {
        "en": {"language": "mul", "value": "Ann Lee", "for-language": "en"},
        "ru": {"language": "mul", "value": "Ann Lee", "for-language": "ru"},
    }

    assert found(entity() | {"labels": labels}).celebrity.name == {"en": "Ann Lee"}


@pytest.mark.parametrize("labels", [{}, [], {"en": {"language": "en", "value": "Q42"}}], ids=["none", "php", "id"])
def test_a_person_without_a_name_cannot_be_used(labels: Any) -> None:
    assert parse_person(entity() | {"labels": labels}) == "no name in English or Russian"


def test_half_a_surrogate_pair_in_a_name_does_not_crash() -> None:
    labels = {"en": {"language": "en", "value": "Ann \ud83d"}}

    assert parse_person(entity() | {"labels": labels}) == "cannot be written into a catalogue"


@pytest.mark.parametrize("item", [{"id": "Q42", "missing": ""}, {"id": "Q42", "missing": True}, {}])
def test_a_deleted_item_is_named(item: Json) -> None:
    assert parse_person(item) == "deleted from Wikidata"


def test_a_horse_is_not_a_person() -> None:
    assert parse_person(entity(P31=[statement({"id": "Q726"})])) == "not a person"


@pytest.mark.parametrize(
    ("sitelinks", "url"),
    [
        ({"enwiki": {"title": "Ann Lee (actress)?"}}, "https://en.wikipedia.org/wiki/Ann_Lee_(actress)%3F"),
        ({"ruwiki": {"title": "Ли"}}, "https://ru.wikipedia.org/wiki/%D0%9B%D0%B8"),
        ({"dewiki": {"title": "Ann"}}, "https://www.wikidata.org/wiki/Q42"),
        ([], "https://www.wikidata.org/wiki/Q42"),
    ],
)
def test_the_link_leads_to_an_article_in_our_languages(sitelinks: Any, url: str) -> None:
    assert found(entity() | {"sitelinks": sitelinks}).celebrity.url_in("en") == url


# Requests.


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


async def test_a_name_means_the_most_famous_person_of_that_name(wikidata: Wikidata, server: WikimediaStandIn) -> None:
    for id, links in (("Q7", 20), ("Q8", 30), ("Q9", 25)):
        server.data.add('Ann "Q" Lee', links, id=id)

    assert await wikidata.by_name(['Ann "Q" Lee', "Star 1 по-русски", "Nobody"]) == {
        'Ann "Q" Lee': "Q8",
        "Star 1 по-русски": "Q1001",
        "Nobody": "",
    }


async def test_articles_lead_to_people(wikidata: Wikidata) -> None:
    assert await wikidata.by_article(["enwiki:Star 1", "enwiki:No such page"]) == {
        "enwiki:Star 1": "Q1001",
        "enwiki:No such page": "",
    }


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
    server.faults["query"].append(StandInResponse.of({"results": {"bindings": rows}}))

    assert await wikidata.famous("Q33999", 1, None, ()) == {}


# Bands and occupations.


def test_bands_leave_no_gap_from_the_top_to_the_bottom() -> None:
    found = list(bands(10))

    assert found[0][1] is None
    assert found[-1][0] == 10
    assert all(high == above for (_, high), (above, _) in zip(found[1:], found, strict=False))
    assert list(bands(500)) == [(500, None)]


def test_occupations_are_words_or_ids() -> None:
    assert occupation_ids(["comedian", "Q123", "Q245068"]) == ["Q245068", "Q123"]
    assert "Q33999" in occupation_ids(OCCUPATIONS)
    with pytest.raises(KeyError, match="astrologer"):
        occupation_ids(["astrologer"])
