"""The part of a costly photo that is kept: it holds what every format shows, and the face is found in it again."""

import math

import pytest

from lookalike.faces.drawing.card.around import MOST_PX, around
from lookalike.faces.drawing.card.card import CardFormat
from lookalike.faces.drawing.card.layout import LAYOUTS
from lookalike.faces.drawing.card.levelling import level_part
from lookalike.faces.drawing.portrait import portrait

pytestmark = pytest.mark.fast

SIZE = (4000, 3000)
EYES = (1900.0, 1400.0, 2100.0, 1410.0)
BOX = (1750, 1250, 2250, 1750)


def test_it_has_all_that_a_card_of_any_format_shows() -> None:
    left, top, right, bottom = around(BOX, EYES, SIZE).part
    for layout in LAYOUTS.values():
        cut = portrait(BOX, EYES, layout.frame)
        assert left <= cut.left
        assert top <= cut.top
        assert cut.left + cut.width <= right
        assert cut.top + cut.height <= bottom


@pytest.mark.parametrize("format", CardFormat)
@pytest.mark.parametrize("degrees", [-70, -44, -20, 3, 20, 25, 44, 110])
def test_a_tilted_face_is_turned_in_it_as_in_the_whole_photo_with_px_enough(degrees: int, format: CardFormat) -> None:
    across, down = 90 * math.cos(math.radians(degrees)), 90 * math.sin(math.radians(degrees))
    eyes, box, size = (900 - across, 900 - down, 900 + across, 900 + down), (660, 660, 1140, 1140), (1800, 1800)
    kept, layout = around(box, eyes, size), LAYOUTS[format]
    of_whole, of_kept = portrait(box, eyes, layout.frame), portrait(kept.box(box), kept.eyes(eyes), layout.frame)
    whole = level_part(of_whole, size, of_whole.zoom(size))
    part = level_part(of_kept, kept.size, of_kept.zoom(kept.size))
    left, top, right, bottom = part.part

    assert part.angle == pytest.approx(whole.angle)
    assert part.zoom == whole.zoom == 1
    assert min(right - left, bottom - top) >= layout.panel[0]


def test_the_face_is_where_it_was() -> None:
    kept = around(BOX, EYES, SIZE)
    scale = kept.size[0] / (kept.part[2] - kept.part[0])
    box, eyes = kept.box(BOX), kept.eyes(EYES)

    assert eyes is not None
    assert max(kept.size) <= MOST_PX
    assert box[0] / scale + kept.part[0] == pytest.approx(BOX[0], abs=2)
    assert eyes[1] / scale + kept.part[1] == pytest.approx(EYES[1], abs=0.1)
    assert eyes[2] - eyes[0] == pytest.approx(200 * scale)
    assert kept.eyes(None) is None


@pytest.mark.parametrize("corner", [(0, 0), (3960, 0), (0, 2960), (3960, 2960), (-500, -500), (9000, 9000)])
def test_it_is_a_part_of_the_photo_wherever_the_face_is(corner: tuple[int, int]) -> None:
    x, y = corner
    left, top, right, bottom = around((x, y, x + 40, y + 40), None, SIZE).part

    assert 0 <= left < right <= SIZE[0]
    assert 0 <= top < bottom <= SIZE[1]
