"""Wikidata's items: ranks, unknown values, fallbacks, and what decides whether a person is admitted."""

from typing import Any

import pytest

from lookalike.collecting.wikimedia.items import WikidataPerson, parse_person
from lookalike.core.language.languages import languages
from tests.support.wikimedia.data import PRESIDENT, Json, WikidataItem, statement


def entity(**claims: Any) -> Json:
    return WikidataItem("Q42", {"en": "Ann Lee", "ru": "Энн Ли"}, images=["Ann.jpg"], claims=claims).entity()


def found(item: Json) -> WikidataPerson:
    answer = parse_person(item)
    assert isinstance(answer, WikidataPerson), answer
    return answer


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
    assert (answer.images, answer.categories, answer.wikidata_id) == (("Ann.jpg",), (), "Q42")
    assert (answer.citizenships, answer.offices, answer.died) == (("Q30",), (), None)
    assert (answer.is_politician, answer.is_criminal) == (False, False)


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

    assert (answer.images, answer.categories, answer.celebrity.gender) == ((), (), None)


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


@pytest.mark.parametrize(
    ("jobs", "is_politician"),
    [
        (("Q82955",), True), (("Q116",), True), (("Q33999",), False), (("Q36180", "Q82955"), True),
        (("Q82955", "Q33999"), True), (("Q33999", "Q82955"), False), (("Q1", "Q33999", "Q82955"), False),
    ],
)  # fmt: skip
def test_a_politician_is_one_whom_nothing_else_made_famous_first(jobs: tuple[str, ...], is_politician: bool) -> None:
    assert found(entity(P106=[statement({"id": job}) for job in jobs])).is_politician is is_politician


@pytest.mark.parametrize(
    ("claims", "is_criminal"),
    [
        ({"P106": [statement({"id": "Q33999"}), statement({"id": "Q2159907"})]}, True),
        ({"P1399": [statement({"id": "Q132821"})]}, True),
        ({"P1399": [statement({"id": "Q132821"}, "deprecated")]}, False),
        ({}, False),
    ],
)
def test_a_criminal_is_one_by_occupation_or_by_conviction(claims: Json, is_criminal: bool) -> None:
    assert found(entity(**claims)).is_criminal is is_criminal


def test_a_death_is_as_precise_as_it_is_known() -> None:
    assert found(entity(P570=[statement({"time": "+1949-00-00T00:00:00Z", "precision": 9})])).died == "1949"


@pytest.mark.parametrize(
    ("stated", "page", "categories"),
    [
        ("Ann Lee", "Category:Ann Lee", ("Ann Lee",)),
        (None, "Category:Ann Lee", ("Ann Lee",)),
        ("Ann", "Category:Ann Lee", ("Ann", "Ann Lee")),
        ("Ann", "Ann Lee", ("Ann",)),
        (None, None, ()),
    ],
)
def test_the_category_is_the_stated_one_and_that_of_the_page_at_commons(
    stated: str | None, page: str | None, categories: tuple[str, ...]
) -> None:
    claims = {"P373": [statement(stated)]} if stated else {}
    item = entity(**claims) | {"sitelinks": {"commonswiki": {"title": page}} if page else {}}

    assert found(item).categories == categories


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


def test_names_descriptions_and_links_are_those_of_every_language_and_none_is_the_english_one_again() -> None:
    words = {language: {"language": language, "value": f"Ann ({language})"} for language in (*languages(), "sv")}
    same = {"language": "id", "value": "Ann (en)"}
    links = {f"{language}wiki": {"title": "Ann Lee"} for language in (*languages(), "sv")}
    celebrity = found(entity() | {"labels": words | {"id": same}, "descriptions": words, "sitelinks": links}).celebrity

    assert celebrity.name == {language: f"Ann ({language})" for language in languages() if language != "id"}
    assert celebrity.name_in("id") == "Ann (en)"
    assert celebrity.description.keys() == celebrity.url.keys() == languages().keys()
    assert celebrity.url_in("ru") == "https://ru.wikipedia.org/wiki/Ann_Lee"
    assert next(iter(celebrity.name)) == "en"


@pytest.mark.parametrize("labels", [{}, [], {"en": {"language": "en", "value": "Q42"}}], ids=["none", "php", "id"])
def test_a_person_without_a_name_cannot_be_used(labels: Any) -> None:
    assert parse_person(entity() | {"labels": labels}) == "no name"


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
        ({"svwiki": {"title": "Ann"}}, "https://www.wikidata.org/wiki/Q42"),
        ([], "https://www.wikidata.org/wiki/Q42"),
    ],
)
def test_the_link_leads_to_an_article_in_our_languages(sitelinks: Any, url: str) -> None:
    assert found(entity() | {"sitelinks": sitelinks}).celebrity.url_in("en") == url
