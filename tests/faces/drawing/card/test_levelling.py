"""Faces on a card with their eyes level, as far as the photo has room for it."""

import math

import pytest
from PIL import Image, ImageDraw

from lookalike.faces.drawing.card.levelling import LEAST_TILT, level_panel, level_part
from lookalike.faces.drawing.portrait import portrait
from lookalike.faces.types import Eyes
from tests.faces.drawing.card.plain_photos import BLUE, GREEN, plain

PANEL = (300, 400)
APART = 60.0
Place = tuple[float, float]


def tilted(degrees: float, middle: Place = (600.0, 600.0), scale: float = 1.0) -> Eyes:
    """Eyes around a point, clockwise off level."""
    x = math.cos(math.radians(degrees)) * APART / 2 * scale
    y = math.sin(math.radians(degrees)) * APART / 2 * scale
    return middle[0] - x, middle[1] - y, middle[0] + x, middle[1] + y


def cut_to_panel(eyes: Eyes, size: tuple[int, int]) -> tuple[Image.Image, float]:
    """A panel of a green photo with blue eyes, and the angle by which it was turned."""
    image = plain(GREEN, size)
    apart = math.dist(eyes[:2], eyes[2:])
    for x, y in (eyes[:2], eyes[2:]):
        reach = apart / 8
        ImageDraw.Draw(image).ellipse((x - reach, y - reach, x + reach, y + reach), fill=BLUE)
    middle = (eyes[0] + eyes[2]) / 2, (eyes[1] + eyes[3]) / 2
    box = tuple(round(at + way * apart) for way in (-1, 1) for at in middle)
    cut = portrait((box[0], box[1], box[2], box[3]), eyes)
    level = level_part(cut, size, cut.zoom(size))
    return level_panel(image, 1.0, level, cut.eyes, PANEL), level.angle


def eyes_of(panel: Image.Image) -> tuple[Place, Place]:
    """The middles of the left and of the right eye."""
    blue = panel.getchannel("B").point([255 * (value > 130) for value in range(256)])
    halves = blue.crop((0, 0, PANEL[0] // 2, PANEL[1])), blue.crop((PANEL[0] // 2, 0, *PANEL))
    (a, b, c, d), (e, f, g, h) = (half.getbbox() or (0, 0, 0, 0) for half in halves)
    return ((a + c) / 2, (b + d) / 2), ((e + g) / 2 + PANEL[0] // 2, (f + h) / 2)


@pytest.mark.parametrize("scale", [1.0, 4.0], ids=["a small face", "a large one"])
@pytest.mark.parametrize("degrees", [-40.0, -8.0, 5.0, 30.0])
def test_the_eyes_of_a_tilted_face_are_level(degrees: float, scale: float) -> None:
    level, wanted = (
        cut_to_panel(tilted(angle, (1500.0, 1500.0), scale), (3000, 3000)) for angle in (degrees, 0.0)
    )  # fmt: skip

    assert level[1] == pytest.approx(degrees)
    for found, right in zip(eyes_of(level[0]), eyes_of(wanted[0]), strict=True):
        assert found == pytest.approx(right, abs=3)


def test_without_room_to_turn_a_face_is_turned_as_far_as_it_goes_and_nothing_is_beyond_the_photo() -> None:
    eyes = tilted(20.0, (150.0, 150.0))
    panel, angle = cut_to_panel(eyes, (300, 300))

    assert 0 < angle < 20.0
    assert min(panel.getchannel("G").tobytes()) >= BLUE[1]  # black is what lies beyond


def test_a_tilt_that_is_not_seen_costs_nothing() -> None:
    assert cut_to_panel(tilted(LEAST_TILT - 0.1), (1200, 1200))[1] == 0


def test_a_face_at_the_very_edge_stays_as_it_is() -> None:
    assert cut_to_panel(tilted(30.0, (40.0, 45.0)), (120, 120))[1] == 0
