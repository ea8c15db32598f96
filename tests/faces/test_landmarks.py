"""Landmarks and boxes: what cannot be a face is refused, overlapping boxes are one face, pose."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.faces.detection import distinct
from lookalike.faces.finder import plausible, pose, same_eyes
from lookalike.faces.types import Box

# Landmarks that are no face: dlib would embed them without a word.

BOX = (100, 100, 200, 200)
UPRIGHT = [(170.0, 130.0), (155.0, 130.0), (125.0, 130.0), (140.0, 130.0), (147.5, 155.0)]  # eyes 30 px apart


def points(*pairs: tuple[float, float]) -> npt.NDArray[np.float64]:
    return np.array(pairs, dtype=np.float64)


def test_an_upright_face_is_plausible() -> None:
    assert plausible(BOX, points(*UPRIGHT))


@pytest.mark.parametrize("degrees", range(-180, 180, 30))
def test_a_turned_face_is_as_plausible(degrees: int) -> None:
    turn = np.radians(degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    assert plausible(BOX, (points(*UPRIGHT) - 150) @ rotation.T + 150)


@pytest.mark.parametrize(
    "garbage",
    [
        points(*[(150.0, 150.0)] * 5),
        points(*[(0.0, 0.0)] * 5),
        points(*[(2.0**30, 2.0**30)] * 5),
        points(*UPRIGHT) * 2.0**30,
        points(*UPRIGHT[:4], (147.5, 105.0)),
        points(*UPRIGHT[:4], (147.5, 130.0)),
        points(*UPRIGHT[:4], (147.5, 300.0)),
        points(*UPRIGHT[:4], (190.0, 155.0)),
        points(*UPRIGHT[2:4], *UPRIGHT[:2], UPRIGHT[4]),
        (points(*UPRIGHT) - 150) * 3 + 150,
        (points(*UPRIGHT) - 150) / 4 + 150,
    ],
    ids=[
        "all equal", "all zero", "far away and equal", "enormous", "nose above the eyes", "nose between the eyes",
        "nose far below", "nose aside", "eyes changed places", "wider than the box", "a quarter of its size",
    ],
)  # fmt: skip
def test_garbage_landmarks_are_refused(garbage: npt.NDArray[np.float64]) -> None:
    assert not plausible(BOX, garbage)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_landmarks_that_are_no_numbers_are_refused(value: float) -> None:
    for at in range(5):
        broken = points(*UPRIGHT)
        broken[at, 0] = value

        assert not plausible(BOX, broken)


@pytest.mark.parametrize(
    "box", [(150, 150, 150, 150), (200, 100, 100, 200), (100, 100, 100, 200), (0, 0, 0, 0), (0, 0, 10_000, 10_000)]
)
def test_garbage_rectangles_are_refused(box: Box) -> None:
    assert not plausible(box, points(*UPRIGHT))


@given(st.lists(st.integers(-300, 600), min_size=10, max_size=10), st.tuples(*[st.integers(-300, 600)] * 4))
def test_plausible_answers_whatever_it_is_given(numbers: list[int], box: Box) -> None:
    assert plausible(box, np.array(numbers, dtype=np.float64).reshape(5, 2)) in (True, False)


@given(st.lists(st.floats(0, 1), min_size=10, max_size=10))
def test_random_landmarks_pass_only_with_eyes_above_a_nose(numbers: list[float]) -> None:
    """The slow obvious twin: turn the points until the eyes are level, then look."""
    five = np.array(numbers).reshape(5, 2) * 100 + 100
    if plausible(BOX, five):
        right, left = five[0:2].mean(axis=0), five[2:4].mean(axis=0)
        upright = [complex(*(point - left)) / complex(*(right - left)) for point in (left, right, five[4])]

        assert upright[1] == pytest.approx(1)
        assert upright[2].imag >= 0.3 - 1e-9
        assert -0.1 - 1e-9 <= upright[2].real <= 1.1 + 1e-9


# Overlapping boxes.


@pytest.mark.parametrize(
    ("boxes", "kept"),
    [
        ([], []),
        ([(0, 0, 10, 10), (20, 20, 30, 30)], [0, 1]),
        ([(0, 0, 10, 10), (1, 1, 11, 11)], [0]),
        ([(1, 1, 11, 11), (0, 0, 10, 10)], [0]),
        ([(0, 0, 10, 10), (0, 0, 10, 10), (0, 0, 10, 10)], [0]),
        ([(0, 0, 10, 10), (10, 0, 20, 10)], [0, 1]),
        ([(0, 0, 100, 100), (40, 40, 60, 60)], [0, 1]),
    ],
    ids=["none", "apart", "shifted", "first wins", "equal", "side by side", "small in large"],
)
def test_of_overlapping_boxes_the_first_is_kept(boxes: list[Box], kept: list[int]) -> None:
    assert distinct(boxes) == tuple(boxes[at] for at in kept)


# Pose.


def test_a_face_from_the_front_is_not_turned_and_one_with_its_nose_aside_is() -> None:
    front = points((140, 60), (110, 60), (60, 60), (90, 60), (100, 95))
    right, left = (points((140, 60), (110, 60), (60, 60), (90, 60), (nose_x, 95)) for nose_x in (125, 75))

    assert pose(front) == (0, 0)
    assert pose(right)[1] == pose(left)[1] == pytest.approx(0.5)


def test_eyes_are_the_same_where_they_are_nearer_than_they_are_apart() -> None:
    one = points((140, 60), (110, 60), (60, 60), (90, 60), (100, 95))  # 50 px apart

    assert same_eyes(one, one + np.array([30, 39]))
    assert not same_eyes(one, one + np.array([30, 41]))


@pytest.mark.parametrize("degrees", [-40, 15, 30])
def test_a_tilted_face_is_not_turned_for_that(degrees: int) -> None:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    tilt_deg, turned = pose(points((140, 60), (110, 60), (60, 60), (90, 60), (110, 95)) @ turn.T)

    assert tilt_deg == pytest.approx(abs(degrees))
    assert turned == pytest.approx(0.2)
