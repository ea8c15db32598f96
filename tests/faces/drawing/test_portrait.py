"""Where photos are cut: faces at one size, eyes at one height, within the photo."""

import pytest

from lookalike.faces.drawing.portrait import EYES_SHARE, EYES_TOP, MAX_ZOOM, Cut, portrait

LARGE = (4000, 3000)


def eyes_in(square: Cut, part: tuple[float, float, float, float], eyes: tuple[float, ...]) -> tuple[float, ...]:
    """Where the middle of the eyes is in a part, and how far they are apart, in shares of its side."""
    left, top, right, _ = part
    side = right - left
    x, y = (eyes[0] + eyes[2]) / 2, (eyes[1] + eyes[3]) / 2
    return (x - left) / side, (y - top) / side, (eyes[2] - eyes[0]) / side


@pytest.mark.parametrize("apart", [20, 100, 300])
@pytest.mark.parametrize("box_share", [0.33, 0.36, 0.4])
def test_all_faces_from_the_front_are_cut_alike_whatever_their_boxes(apart: int, box_share: float) -> None:
    eyes = (2000.0, 1500.0, 2000.0 + apart, 1500.0)
    side = round(apart / box_share)
    square = portrait((1900, 1400, 1900 + side, 1400 + side), eyes)

    assert square.turn == 0
    assert square.zoom(LARGE) == 1
    assert eyes_in(square, square.part(LARGE, 1), eyes) == pytest.approx((0.5, EYES_TOP, EYES_SHARE), rel=0.05)


def test_a_face_that_is_turned_away_is_no_larger_than_others() -> None:
    """Its eyes are near each other; its box is as large as anybody's."""
    square = portrait((2000, 1000, 2300, 1300), (2100.0, 1100.0, 2130.0, 1100.0))

    assert square.width > 400


def test_without_eyes_the_box_is_cut_with_room_around_it() -> None:
    square = portrait((100, 100, 300, 300), None)

    assert square.left < 100 < 300 < square.left + square.width
    assert square.top < 100 < 300 < square.top + square.width


@pytest.mark.parametrize(
    ("eyes", "turn"),
    [((90, 100, 110, 100), 0), ((100, 90, 100, 110), 90), ((110, 100, 90, 100), 180), ((100, 110, 100, 90), 270),
     ((90, 96, 110, 104), 0)],
)  # fmt: skip
def test_a_photo_that_lies_on_its_side_is_turned(eyes: tuple[float, float, float, float], turn: int) -> None:
    square = portrait((80, 80, 120, 120), eyes)

    assert square.turn == turn
    middle = square.left + square.width / 2, square.top + square.width / 2
    below = 0.5 - EYES_TOP  # the middle is below the eyes of the upright face
    shifts = {0: (0, 1), 90: (-1, 0), 180: (0, -1), 270: (1, 0)}[turn]
    if eyes[1] != 96:
        assert middle == pytest.approx(tuple(100 + way * below * square.width for way in shifts))


def test_with_little_room_a_smaller_part_keeps_the_eyes_in_their_place() -> None:
    eyes = (160.0, 180.0, 240.0, 180.0)  # 381 px are wanted of 400, more of them above the eyes than there are
    square = portrait((100, 100, 300, 300), eyes)
    size = (400, 380)
    zoom = square.zoom(size)
    part = square.part(size, zoom)

    assert 1 < zoom < MAX_ZOOM or zoom == 1
    assert eyes_in(square, part, eyes)[:2] == pytest.approx((0.5, EYES_TOP), abs=0.01)
    assert min(part) >= 0
    assert part[2] <= size[0]
    assert part[3] <= size[1]


@pytest.mark.parametrize("corner", [(0, 0), (380, 0), (0, 280), (380, 280), (-50, -50), (390, 290)])
def test_a_face_at_the_edge_is_cut_within_the_photo(corner: tuple[int, int]) -> None:
    x, y = corner
    square = portrait((x, y, x + 60, y + 60), (x + 15.0, y + 20.0, x + 40.0, y + 20.0))
    size = (400, 300)
    left, top, right, bottom = square.part(size, square.zoom(size))

    assert 1 <= square.zoom(size) <= MAX_ZOOM
    assert 0 <= left < right <= 400
    assert 0 <= top < bottom <= 300
    assert right - left == pytest.approx(bottom - top)


@pytest.mark.parametrize("eyes", [(5.0, 5.0, 5.0, 5.0), (-1e9, 0.0, 1e9, 0.0)])
def test_eyes_that_cannot_be_still_give_a_part(eyes: tuple[float, float, float, float]) -> None:
    square = portrait((0, 0, 0, 0), eyes)
    left, top, right, bottom = square.part((50, 40), square.zoom((50, 40)))

    assert 0 <= left < right <= 50
    assert 0 <= top < bottom <= 40
