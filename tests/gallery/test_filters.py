"""Filters: their texts, whom each leaves, and the nearest of those by a graph as well."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.core.errors import FilterError
from lookalike.gallery import filtered_index
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.filtered_index import FilteredIndex
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
from lookalike.gallery.vector_index import ExactIndex, Floats, HnswIndex, HnswParameters, Ids, Index, recall

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


def test_only_filters_that_leave_enough_people_are_offered_each_differing_in_one_field(traits: Traits) -> None:
    choices = traits.choices(parse_filter("women"), 1)

    assert [str(one) for one in choices.genders] == ["men", "women"]
    assert choices.regions
    for one in (*choices.regions, *choices.eras):
        assert one.gender == "female"
        assert len(traits.rows(one)) >= 1
    assert traits.choices(ANYBODY, 3).genders == ()


def test_filters_are_offered_by_who_is_shown_now(traits: Traits) -> None:
    assert [str(one) for one in traits.choices(ANYBODY, 2).genders] == ["men", "women"]
    traits.hidden_rows = frozenset({0})

    assert [str(one) for one in traits.choices(ANYBODY, 2).genders] == ["men"]


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


# The nearest of those whom a filter leaves.

SIZE, DIMENSION = 3000, 16
CHANCE = np.random.default_rng(5)
VECTORS: Floats = CHANCE.normal(0, 1, (SIZE, DIMENSION)).astype(np.float32)
QUERIES: Floats = CHANCE.normal(0, 1, (40, DIMENSION)).astype(np.float32)
SOME: Ids = np.flatnonzero(CHANCE.random(SIZE) < 0.4)
FAR_HALF: Ids = np.flatnonzero(VECTORS[:, 0] > 0)  # none of them is near a query with a very negative first number
FAR_QUERIES = QUERIES - np.float32(8) * np.eye(1, DIMENSION, dtype=np.float32)


def nearest_of(rows: Ids, queries: Floats, k: int) -> tuple[Ids, Floats]:
    """By a plain loop, in double precision."""
    distances = np.linalg.norm(VECTORS[rows].astype(np.float64) - queries[:, None].astype(np.float64), axis=2)
    order = np.argsort(distances, axis=1)[:, :k]
    return rows[order], np.take_along_axis(distances, order, axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def graph() -> HnswIndex:
    return HnswIndex.build(VECTORS, HnswParameters())


@pytest.fixture(params=["copied", "over-fetched from a graph", "over-fetched from exact search"])
def whole(request: pytest.FixtureRequest, graph: HnswIndex, monkeypatch: pytest.MonkeyPatch) -> Index:
    """The index that is filtered; in which way is decided by how many rows there are."""
    monkeypatch.setattr(filtered_index, "COPIED_BELOW", SIZE if request.param == "copied" else 0)
    return graph if request.param == "over-fetched from a graph" else ExactIndex(VECTORS)


@pytest.mark.parametrize("k", [1, 10, 100])
def test_the_nearest_of_some_rows_are_those_of_a_plain_loop(whole: Index, k: int) -> None:
    ids, distances = FilteredIndex(whole, VECTORS, SOME).nearest(QUERIES, k)
    expected, true = nearest_of(SOME, QUERIES, k)

    assert recall(distances, true) >= 0.999
    assert np.isin(ids, SOME).all()
    assert np.mean(ids == expected) > 0.99


def test_rows_that_are_all_far_away_are_found(whole: Index) -> None:
    ids, distances = FilteredIndex(whole, VECTORS, FAR_HALF).nearest(FAR_QUERIES, 50)
    expected, true = nearest_of(FAR_HALF, FAR_QUERIES, 50)

    np.testing.assert_array_equal(ids, expected)
    np.testing.assert_allclose(distances, true, rtol=1e-5)


def test_where_fewer_are_left_than_are_wanted_all_are_returned(whole: Index) -> None:
    rows = np.array([7, 8, 2999])
    ids, distances = FilteredIndex(whole, VECTORS, rows).nearest(QUERIES, 10)

    assert np.sort(ids, axis=1).tolist() == [[7, 8, 2999]] * len(QUERIES)
    assert (np.diff(distances, axis=1) >= 0).all()


def test_one_row_is_all_that_is_found(whole: Index) -> None:
    ids, _ = FilteredIndex(whole, VECTORS, np.array([2])).nearest(QUERIES[:1], 10)

    assert ids.tolist() == [[2]]


def test_a_graph_that_finds_nobody_of_the_rows_is_no_matter(graph: HnswIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """nmslib may return fewer than it is asked for: ids of -1."""
    monkeypatch.setattr(filtered_index, "COPIED_BELOW", 0)
    nobody = np.full((1, 9), -1, np.int64), np.full((1, 9), np.inf, np.float32)
    monkeypatch.setattr(graph, "nearest", lambda *_: nobody)
    ids, _ = FilteredIndex(graph, VECTORS, SOME).nearest(QUERIES[:1], 5)

    assert ids.tolist() == nearest_of(SOME, QUERIES[:1], 5)[0].tolist()


@pytest.mark.parametrize("broken", [np.full(DIMENSION, np.nan), np.zeros(DIMENSION - 1)])
def test_a_query_of_another_length_or_with_nan_is_refused(whole: Index, broken: Floats) -> None:
    with pytest.raises(ValueError, match="quer"):
        FilteredIndex(whole, VECTORS, SOME).nearest(broken, 3)
