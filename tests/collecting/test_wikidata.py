"""What Wikidata says, in all the ways it says it: ranks, unknown values, fallbacks, people who are none."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lookalike.collecting.http_client import HttpClient
from lookalike.collecting.wikidata import OCCUPATIONS, Found, Wikidata, bands, found_in, kinds_of
from lookalike.core.errors import FetchFailed
from tests.support.wikimedia import Answer, Wikimedia
from tests.support.wikiworld import PRESIDENT, Human, Json, World, small_world, statement


@pytest.fixture
async def server() -> AsyncIterator[Wikimedia]:
    async with Wikimedia(small_world(people=4, photos=2)) as server:
        yield server


@pytest.fixture
async def wikidata(server: Wikimedia) -> AsyncIterator[Wikidata]:
    async with HttpClient("me@example.org", 1e6, first_pause_s=0.0001) as fetcher:
        yield Wikidata(fetcher, server.environment["WDQS_URL"], server.environment["WIKIDATA_API"])


def entity(**claims: Any) -> Json:
    return Human("Q42", {"en": "Ann Lee", "ru": "Энн Ли"}, images=["Ann.jpg"], claims=claims).entity()


def found(item: Json) -> Found:
    answer = found_in(item)
    assert isinstance(answer, Found), answer
    return answer


# Items.


def test_an_item_becomes_a_line_of_the_catalogue() -> None:
    answer = found(entity())

    assert answer.celebrity.model_dump(exclude_defaults=True) == {
        "id": "Q42",
        "name": {"en": "Ann Lee", "ru": "Энн Ли"},
        "description": {"en": "Ann Lee, a star"},
        "url": "https://en.wikipedia.org/wiki/Ann_Lee",
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
def test_claims_of_any_shape_are_no_crash(claim: Any) -> None:
    answer = found(entity(P18=claim, P373=claim, P21=claim, P27=claim, P569=claim, P106=claim, P39=claim))

    assert (answer.images, answer.category, answer.celebrity.gender) == ((), None, None)


@pytest.mark.parametrize("claims", [[], None])
def test_an_item_without_claims_is_no_person(claims: Any) -> None:
    assert found_in(entity() | {"claims": claims}) == "not a person"


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
def test_politicians_are_told_by_their_occupation(job: str, is_politician: bool) -> None:
    assert found(entity(P106=[statement({"id": "Q33999"}), statement({"id": job})])).is_politician is is_politician


def test_offices_are_told() -> None:
    assert found(entity(P39=[statement({"id": PRESIDENT}), statement({"id": "Q7"}, "deprecated")])).offices == (
        PRESIDENT,
    )


def test_a_name_without_a_language_serves_as_the_english_one() -> None:
    labels = {
        "en": {"language": "mul", "value": "Ann Lee", "for-language": "en"},
        "ru": {"language": "mul", "value": "Ann Lee", "for-language": "ru"},
    }

    assert found(entity() | {"labels": labels}).celebrity.name == {"en": "Ann Lee"}


@pytest.mark.parametrize("labels", [{}, [], {"en": {"language": "en", "value": "Q42"}}], ids=["none", "php", "id"])
def test_somebody_without_a_name_cannot_be_shown(labels: Any) -> None:
    assert found_in(entity() | {"labels": labels}) == "no name in English or Russian"


def test_half_a_character_in_a_name_is_no_crash() -> None:
    labels = {"en": {"language": "en", "value": "Ann \ud83d"}}

    assert found_in(entity() | {"labels": labels}) == "cannot be written into a catalogue"


@pytest.mark.parametrize("item", [{"id": "Q42", "missing": ""}, {"id": "Q42", "missing": True}, {}])
def test_an_item_that_is_gone(item: Json) -> None:
    assert found_in(item) == "deleted from Wikidata"


def test_a_horse_is_no_person() -> None:
    assert found_in(entity(P31=[statement({"id": "Q726"})])) == "not a person"


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
    assert found(entity() | {"sitelinks": sitelinks}).celebrity.url == url


# Questions.


async def test_famous_people_are_found_by_occupation_and_fame(wikidata: Wikidata) -> None:
    assert await wikidata.famous("Q33999", 88, 90, ()) == {"Q1001": 89, "Q1002": 88}
    assert await wikidata.famous("Q33999", 88, None, ()) == {"Q1000": 90, "Q1001": 89, "Q1002": 88}
    assert await wikidata.famous("Q177220", 1, None, ()) == {}


async def test_famous_people_are_found_by_country(wikidata: Wikidata, server: Wikimedia) -> None:
    server.world.humans["Q1002"].country = "Q142"

    assert await wikidata.famous("Q33999", 1, None, ("FR", "BE")) == {"Q1002": 88}


async def test_countries_and_offices(wikidata: Wikidata) -> None:
    assert (await wikidata.countries())["Q159"] == "RU"
    assert await wikidata.offices() == [PRESIDENT]


async def test_a_name_means_the_best_known_of_its_bearers(wikidata: Wikidata, server: Wikimedia) -> None:
    for id, links in (("Q7", 20), ("Q8", 30), ("Q9", 25)):
        server.world.add('Ann "Q" Lee', links, id=id)

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


async def test_an_id_that_was_joined_to_another_gives_the_other(wikidata: Wikidata, server: Wikimedia) -> None:
    server.world.joined["Q5000"] = "Q1000"
    answer = (await wikidata.who(["Q5000", "Q1"]))["Q5000"]

    assert isinstance(answer, Found)
    assert answer.celebrity.id == "Q1000"


async def test_whoever_the_answer_leaves_out_is_left_out(wikidata: Wikidata, server: Wikimedia) -> None:
    server.faults["people"].append(Answer.of({"entities": {"Q1000": World().add("x", id="Q1000").entity()}}))

    assert list(await wikidata.who(["Q1000", "Q1001"])) == ["Q1000"]


@pytest.mark.parametrize("body", [{}, {"entities": []}, {"results": 3}, {"results": {"bindings": {}}}])
async def test_an_answer_of_another_shape_is_no_answer(wikidata: Wikidata, server: Wikimedia, body: Json) -> None:
    server.faults["people"].append(Answer.of(body))
    server.faults["query"].append(Answer.of(body))

    with pytest.raises(FetchFailed):
        await wikidata.who(["Q1000"])
    with pytest.raises(FetchFailed):
        await wikidata.countries()


async def test_rows_of_any_shape_are_no_crash(wikidata: Wikidata, server: Wikimedia) -> None:
    rows = [None, {}, {"p": None}, {"p": {"value": "http://www.wikidata.org/entity/Q1"}, "links": {"value": "many"}}]
    server.faults["query"].append(Answer.of({"results": {"bindings": rows}}))

    assert await wikidata.famous("Q33999", 1, None, ()) == {}


# What is asked for.


def test_bands_leave_no_gap_from_the_top_to_the_bottom() -> None:
    found = list(bands(10))

    assert found[0][1] is None
    assert found[-1][0] == 10
    assert all(high == above for (_, high), (above, _) in zip(found[1:], found, strict=False))
    assert list(bands(500)) == [(500, None)]


def test_occupations_are_words_or_ids() -> None:
    assert kinds_of(["comedian", "Q123", "Q245068"]) == ["Q245068", "Q123"]
    assert "Q33999" in kinds_of(OCCUPATIONS)
    with pytest.raises(KeyError, match="astrologer"):
        kinds_of(["astrologer"])
