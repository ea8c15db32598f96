"""Ratings files: forms that are read, and errors that name line and field."""

import gzip
from pathlib import Path

import pytest

from lookalike.core.errors import RatingsError
from lookalike.taste.ratings import Ratings, check_trainable, ratings_of
from lookalike.taste.ratings_file import read_names, read_ratings

pytestmark = pytest.mark.fast


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def triples(ratings: Ratings) -> list[tuple[str, str, float]]:
    rows = zip(ratings.users, ratings.items, ratings.values, strict=True)
    return [(ratings.user_ids[user], ratings.item_ids[item], float(value)) for user, item, value in rows]


@pytest.mark.parametrize(
    "text",
    [
        "ada,X,9\nbob,Y,4.5\n",
        "user,item,rating\nada,X,9\nbob,Y,4.5\n",
        "ada\tX\t9\nbob\tY\t4.5",
        "\ufeffuser;item;rating;date\r\nada;X;9;today\r\nbob;Y;4.5;now\r\n",
        '"ada","X",9\n\n"bob","Y",4.5\n',
    ],
)
def test_csv_and_tsv_with_or_without_a_header_are_read(tmp_path: Path, text: str) -> None:
    assert triples(read_ratings(written(tmp_path / "ratings", text))) == [("ada", "X", 9.0), ("bob", "Y", 4.5)]


def test_a_gzipped_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ratings.tsv.gz"
    path.write_bytes(gzip.compress(b"ada\tX\t9\n"))

    assert triples(read_ratings(path)) == [("ada", "X", 9.0)]


def test_quotation_marks_of_a_tsv_are_characters_like_others(tmp_path: Path) -> None:
    assert triples(read_ratings(written(tmp_path / "r", 'ada\t"X\t9\n'))) == [("ada", '"X', 9.0)]


def test_of_a_pair_that_comes_twice_the_last_rating_counts(tmp_path: Path) -> None:
    found = triples(read_ratings(written(tmp_path / "r", "ada,X,9\nbob,X,5\nada,X,2\n")))

    assert found == [("ada", "X", 2.0), ("bob", "X", 5.0)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there are no ratings"),
        ("user,item,rating\n", "there are no ratings"),
        ("ada,X,9\nbob,Y\n", "line 2: 2 fields, 3 are needed: user, item, rating"),
        ("ada,X,9\nbob\n", "line 2: 1 field, 3 are needed: user, item, rating"),
        ("ada,X,9\nbob,Y,good\n", "line 2, field 3: 'good' is not a number"),
        ("ada,X,9\nbob,Y,nan\n", "line 2, field 3: 'nan' is not a number"),
        ("ada,X,9\nbob,Y,1e400\n", "line 2, field 3: '1e400' is larger than 1e+09"),
        ("ada,X,9\nbob,Y,1e40\n", "line 2, field 3: '1e40' is larger than 1e+09"),
        ("ada,X,9\n ,Y,4\n", "line 2, field 1: the user is empty"),
        ("ada,X,9\n\nbob,,4\n", "line 3, field 2: the item is empty"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_field(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path / "ratings.csv", text)

    with pytest.raises(RatingsError) as raised:
        read_ratings(path)

    assert str(raised.value) in (f"{path}, {reason}", f"{path}: {reason}")


@pytest.mark.parametrize(
    "data",
    [b"ada,X,9\nb\xff\xfeb,Y,4\n", gzip.compress(b"ada,X,9\n" * 999, mtime=0)[:-20], b"\x1f\x8bno"],
    ids=["no UTF-8", "a cut gzip", "no gzip"],  # every process must name them alike
)
def test_what_is_not_text_is_refused_with_the_file_and_where(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ratings.csv"
    path.write_bytes(data)

    with pytest.raises(RatingsError, match=r"ratings\.csv, (after line \d+|from the start): "):
        read_ratings(path)


def test_progress_adds_up_to_the_lines(tmp_path: Path) -> None:
    seen: list[int] = []
    read_ratings(written(tmp_path / "r", "a,b,1\n" * 250_000), seen.append)

    assert (len(seen), sum(seen)) == (3, 250_000)


def test_names_are_read_and_wrong_lines_named(tmp_path: Path) -> None:
    path = tmp_path / "names"

    assert read_names(written(path, 'id\tname\tgenre\n1\tA, the "first"\tx\n')) == {"1": 'A, the "first"'}
    for text, reason in (("1,A\n2\n", "line 2: 1 field, 2 are"), ("1,A\n2,\n", "line 2, field 2: is empty")):
        with pytest.raises(RatingsError, match=reason):
            read_names(written(path, text))


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([], "there are no ratings"),
        ([("a", "x", 1.0), ("a", "y", 2.0)], "all ratings are by one user"),
        ([("a", "x", 1.0), ("b", "x", 2.0)], "all ratings are of one item"),
        ([("a", "x", 7.0), ("b", "y", 7.0)], "all 2 ratings are 7: they say nothing about what anybody likes"),
    ],
)
def test_ratings_that_say_nothing_are_refused_in_clear_words(
    ratings: list[tuple[str, str, float]], reason: str
) -> None:
    with pytest.raises(RatingsError, match=reason):
        check_trainable(ratings_of(ratings))
