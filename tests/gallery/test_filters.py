"""Filters: their texts, and whom each leaves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.core.errors import FilterError
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.filters import (
    ANYBODY,
    COUNTRIES,
    GENDERS,
    REGIONS,
    Filter,
    Traits,
    parse_filter,
    region_of,
)

pytestmark = pytest.mark.fast

# Texts.


@pytest.mark.parametrize(
    ("text", "filter", "canonical"),
    [
        ("any", ANYBODY, "any"),
        ("men", Filter(gender="male"), "men"),
        ("women", Filter(gender="female"), "women"),
        ("gender=female", Filter(gender="female"), "women"),
        ("region=asia", Filter(region="asia"), "region=asia"),
        ("any,region=asia", Filter(region="asia"), "region=asia"),
        ("region=asia,men", Filter("male", "asia"), "gender=male,region=asia"),
        ("born=1970-1999", Filter(born=(1970, 1999)), "born=1970-1999"),
        ("born=1970-", Filter(born=(1970, None)), "born=1970-"),
        ("born=-1999", Filter(born=(None, 1999)), "born=-1999"),
        ("born=1970", Filter(born=(1970, 1970)), "born=1970"),
        ("role=religious leader", Filter(role="religious leader"), "role=religious leader"),
        (
            " Role = Singer , GENDER=Female, born=1970-1999,region=Asia",
            Filter("female", "asia", (1970, 1999), "singer"),
            "gender=female,region=asia,born=1970-1999,role=singer",
        ),
    ],
)
def test_a_text_is_read_and_written_in_one_way(text: str, filter: Filter, canonical: str) -> None:
    assert (parse_filter(text), str(filter)) == (filter, canonical)


YEARS = st.none() | st.integers(0, 9999)
BORN = st.tuples(YEARS, YEARS).filter(lambda years: any(year is not None for year in years)).map(
    lambda years: tuple(sorted(years)) if None not in years else years  # type: ignore[type-var]
)  # fmt: skip


@given(
    st.builds(
        Filter,
        gender=st.sampled_from(("", *GENDERS)),
        region=st.sampled_from(("", *REGIONS)),
        born=st.none() | BORN,
        role=st.text(st.characters(categories=["Ll"]), max_size=20).map(str.lower),
    )
)
def test_every_filter_is_read_back_from_its_text(filter: Filter) -> None:
    assert parse_filter(str(filter)) == filter


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is none of any, men, women, gender=, region=, born=, role="),
        ("boys", "'boys' is none of any"),
        ("men,", "'' is none of any"),
        ("age=30", "'age=30' is none of any"),
        ("region", "'region' is none of any"),
        ("region=", "region= has no value"),
        ("region=mars", "region 'mars' is none of africa, east_asia"),
        ("gender=any", "gender 'any' is none of male, female"),
        ("born=-", "born '-' is neither a year nor years"),
        ("born=young", "born 'young' is neither"),
        ("born=1970 1999", "born '1970 1999' is neither"),
        ("born=19700", "born '19700' is neither"),
        ("born=١٩٧٠", "is neither"),
        ("born=2000-1999", "born '2000-1999' ends before it begins"),
        ("men,women", "says twice which gender"),
        ("any,men", "says twice which gender"),
        ("role=actor,role=singer", "says twice which role"),
        ("role=" + "x" * 200, "longer than 200 characters"),
    ],
)
def test_a_wrong_text_is_refused_with_the_part_that_is_wrong(text: str, reason: str) -> None:
    with pytest.raises(FilterError) as error:
        parse_filter(text)

    assert reason in str(error.value)


# Regions.


def test_a_country_lies_in_one_region() -> None:
    codes = [code for region in COUNTRIES.values() for code in region.split()]

    assert len(set(codes)) == len(codes) == 249 - len({"AQ"}) + len({"XK", "CS", "DD", "SU", "YU"})
    assert all(len(code) == 2 and code.isupper() for code in codes)


@pytest.mark.parametrize(
    ("country", "region"),
    [("US", "north_america"), ("mx", "latin_america"), ("JM", "latin_america"), ("RU", "europe"), ("TR", "middle_east"),
     ("EG", "middle_east"), ("NG", "africa"), ("IN", "south_asia"), ("ID", "east_asia"), ("NZ", "oceania"),
     ("AQ", None), ("USA", None), (None, None)],
)  # fmt: skip
def test_the_region_of_a_country(country: str | None, region: str | None) -> None:
    assert region_of(country) == region


# Whom a filter leaves.

PEOPLE: list[dict[str, Any]] = [
    {"gender": "female", "country": "KR", "born": "1990-05-01", "roles": ["Singer", "actor"]},
    {"gender": "male", "country": "IN", "born": "1970", "roles": ["actor"]},
    {"gender": "male", "country": "US", "born": "+1971-01-01T00:00:00Z", "roles": ["actor", "actor"]},
    {"gender": "female", "country": "us", "born": "-0044-03-15"},
    {"gender": "other", "country": "??", "born": "unknown", "roles": []},
    {},
]


@pytest.fixture
def traits() -> Traits:
    traits = Traits()
    for number, person in enumerate(PEOPLE):
        traits.append(Celebrity.model_validate({"id": f"Q{number}", "name": "A", **person}))
    return traits


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("any", [0, 1, 2, 3, 4, 5]),
        ("men", [1, 2]),
        ("women", [0, 3]),
        ("region=asia", [0, 1]),
        ("region=east_asia", [0]),
        ("region=south_asia", [1]),
        ("region=north_america", [2, 3]),
        ("born=1970-1989", [1, 2]),
        ("born=1971-", [0, 2]),
        ("born=-1970", [1, 3]),
        ("born=1990", [0]),
        ("role=actor", [0, 1, 2]),
        ("role=SINGER", [0]),
        ("men,region=asia,born=1970,role=actor", [1]),
    ],
)
def test_a_filter_leaves_those_of_whom_it_is_known(traits: Traits, text: str, rows: list[int]) -> None:
    assert traits.rows(parse_filter(text)).tolist() == rows


@pytest.mark.parametrize("text", ["role=dentist", "women,region=africa", "born=2020-"])
def test_a_filter_that_leaves_nobody_says_so(traits: Traits, text: str) -> None:
    with pytest.raises(FilterError, match="no celebrity of the gallery is left"):
        traits.rows(parse_filter(text))
