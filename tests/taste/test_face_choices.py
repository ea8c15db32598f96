"""What is recommended before there are ratings by others."""

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.taste.face_choices import choose_by_faces

pytestmark = pytest.mark.fast

# Stars 0 to 3 have one kind of face, 4 to 7 another; of each kind the first ones are in more Wikipedias.
FACES = np.array([[1, 0, 0]] * 4 + [[0, 1, 0]] * 4, np.float32) + 0.01 * np.eye(8, 3, dtype=np.float32)
FAME = np.array([90, 60, 40, 10, 80, 50, 30, 5], np.float32)
UNKNOWN = np.full(8, np.nan, np.float32)


def chosen(ratings: dict[int, float], fame: npt.NDArray[np.float32] = FAME, **options: object) -> list[int]:
    return [one.row for one in choose_by_faces(FACES, fame, ratings, **options)]  # type: ignore[arg-type]


def test_faces_like_those_that_are_liked_come_first_the_famous_ones_before() -> None:
    assert chosen({0: 9.0})[:2] == [1, 2]
    assert chosen({4: 9.0})[0] == 5
    assert set(chosen({4: 9.0}, UNKNOWN)[:3]) == {5, 6, 7}


def test_who_is_disliked_speaks_against_faces_like_theirs() -> None:
    assert set(chosen({0: 1.0}, UNKNOWN)[:4]) == {4, 5, 6, 7}


def test_neither_rated_nor_left_out_stars_are_chosen_and_no_more_than_there_are() -> None:
    assert sorted(chosen({0: 9.0, 5: 2.0}, left_out={1, 7})) == [2, 3, 4, 6]
    assert len(chosen({0: 9.0}, count=3)) == 3
    assert chosen(dict.fromkeys(range(8), 9.0)) == []


def test_without_ratings_it_is_fame() -> None:
    assert chosen({}) == [0, 4, 1, 5, 2, 6, 3, 7]


def test_the_reasons_are_liked_stars_with_a_face_like_it() -> None:
    found = choose_by_faces(FACES, UNKNOWN, {0: 9.0, 1: 8.0, 3: 1.0, 4: 7.0})

    because = {one.row: one.because for one in found}
    assert set(because[2]) == {0, 1}
    assert because[5] == (4,)


def test_one_star_alone_and_stars_with_one_face_are_answered() -> None:
    assert choose_by_faces(FACES[:1], FAME[:1], {0: 5.0}) == []
    same = np.ones((3, 4), np.float32)
    assert [one.row for one in choose_by_faces(same, FAME[:3], {0: 9.0})] == [1, 2]
