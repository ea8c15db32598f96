"""The celebrities of an index, parsed when asked for: the same as a list of them."""

import re

import pytest
from pydantic import ValidationError

from lookalike.gallery import celebrities as module
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import Celebrities, celebrity_tag
from lookalike.gallery.filters import Filter

pytestmark = pytest.mark.fast

ADA = Celebrity(id="Q1", name={"en": "Ada", "ru": "Ада"}, description={"en": "one\u2028two\x85three"})
BOB = Celebrity(id="Q2", name={"en": "Bob"}, photos=(CelebrityPhoto(file="1.jpg"), CelebrityPhoto(file="2.jpg")))
CLEO = Celebrity(id="Q3", name={"en": "Cleo"}, roles=("actor",))
ALL = [ADA, BOB, CLEO]


@pytest.fixture
def celebrities() -> Celebrities:
    return Celebrities.of(ALL)


def test_they_are_those_of_the_lines_in_order(celebrities: Celebrities) -> None:
    assert list(celebrities) == ALL
    assert [celebrities[row] for row in range(3)] == ALL
    assert (len(celebrities), celebrities.index(BOB), CLEO in celebrities) == (3, 1, True)


def test_a_slice_is_a_part_of_them(celebrities: Celebrities) -> None:
    assert list(celebrities[::2]) == [ADA, CLEO]


@pytest.mark.parametrize("row", [-1, 3])
def test_a_row_that_is_not_there_is_an_error(celebrities: Celebrities, row: int) -> None:
    with pytest.raises(IndexError):
        celebrities[row]


def test_they_are_found_by_id(celebrities: Celebrities) -> None:
    assert celebrities.by_id({"Q3", "Q1", "Q9"}) == {"Q1": ADA, "Q3": CLEO}


@pytest.mark.parametrize("id", ["Q1", "Angelina_Jolie", "x" * 24])
def test_a_short_plain_id_is_its_own_tag(id: str) -> None:
    assert celebrity_tag(id) == id


@pytest.mark.parametrize("id", ["x" * 25, "Анджелина Джоли", "O'Neil", "a:b", "q\n"])
def test_the_tag_of_any_other_id_is_plain_and_finds_it(id: str) -> None:
    celebrities = Celebrities.of([ADA, BOB.model_copy(update={"id": id})])

    assert re.fullmatch("h[0-9a-f]{16}", celebrity_tag(id))
    assert [celebrities.row_of_tag(celebrity_tag(one)) for one in ("Q1", id, "Q9")] == [0, 1, None]
    assert celebrities.by_tag(celebrity_tag(id)) == celebrities[1]


def test_photos_are_counted(celebrities: Celebrities) -> None:
    assert celebrities.photo_counts.tolist() == [0, 2, 0]


def test_photo_files_are_known_by_name(celebrities: Celebrities) -> None:
    assert [celebrities.has_photo(file) for file in ("1.jpg", "2.jpg", "3.jpg", "", "\ud800")] == [True] * 2 + [
        False
    ] * 3


def test_a_photo_whose_name_has_the_hash_of_others_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "hash", len, raising=False)
    celebrities = Celebrities.of(ALL)

    assert [celebrities.has_photo(file) for file in ("1.jpg", "2.jpg", "3.jpg", "4.jpg")] == [True] * 2 + [False] * 2


def test_filters_ask_their_traits(celebrities: Celebrities) -> None:
    assert celebrities.traits.rows(Filter(role="actor")).tolist() == [2]


def test_a_wrong_line_is_an_error_at_once() -> None:
    with pytest.raises(ValidationError):
        Celebrities(ADA.model_dump_json().encode() + b"\n{}\n")
