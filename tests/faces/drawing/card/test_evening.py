"""An even light: photos that are too dim or hazy are stretched a little, skin is left as it is."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lookalike.faces.drawing.card.evening import BLACK, MOST, WHITE, evened

pytestmark = pytest.mark.fast

Pixels = npt.NDArray[np.uint8]


def photo(low: int, high: int, skin: tuple[int, int, int] | None = None) -> Image.Image:
    """All greys from dark to light, from left to right, with a face of one colour in the middle."""
    row = np.linspace(low, high, 400).round().astype(np.uint8)
    pixels = np.repeat(np.repeat(row[None, :, None], 600, axis=0), 3, axis=2)
    if skin:
        pixels[200:400, 100:300] = skin
    return Image.fromarray(pixels)


def range_of(image: Image.Image) -> tuple[int, int]:
    pixels = np.asarray(image)
    return int(pixels.min()), int(pixels.max())


def test_a_photo_from_black_to_white_stays_as_it_is() -> None:
    whole = photo(0, 255)

    assert evened(whole) is whole


@pytest.mark.parametrize("skin", [(60, 40, 32), (120, 84, 66), (224, 180, 160)], ids=["dark", "brown", "light"])
def test_skin_in_a_well_exposed_photo_stays_as_it_is(skin: tuple[int, int, int]) -> None:
    pixels: Pixels = np.asarray(evened(photo(0, 255, skin)))

    assert tuple(pixels[300, 200]) == skin


@pytest.mark.parametrize(("low", "high"), [(5, 150), (60, 200), (100, 238), (90, 170), (40, 120)])
def test_a_dim_or_hazy_photo_is_stretched_but_not_beyond_black_and_white(low: int, high: int) -> None:
    dark, light = range_of(evened(photo(low, high)))

    assert 1 < (light - dark) / (high - low) <= MOST + 0.06
    assert dark >= min(low, BLACK) - 6  # what is beyond the measured ends
    assert light <= max(high, WHITE) + 6


@pytest.mark.parametrize(("low", "high"), [(5, 150), (60, 200), (100, 238)])
def test_what_was_lighter_stays_lighter(low: int, high: int) -> None:
    row = np.asarray(evened(photo(low, high)))[0, :, 0].astype(int)

    assert (np.diff(row) >= 0).all()


@pytest.mark.parametrize("skin", [(70, 48, 40), (200, 160, 140)], ids=["dark", "light"])
def test_a_face_moves_by_no_more_than_a_fifth_of_the_range(skin: tuple[int, int, int]) -> None:
    pixels = np.asarray(evened(photo(30, 190, skin)), dtype=int)

    assert np.abs(pixels[300, 200] - np.array(skin)).max() < 51


def test_an_empty_picture_is_no_photo() -> None:
    for colour in ("black", "grey", "white"):
        plain = Image.new("RGB", (382, 608), colour)
        assert evened(plain) is plain
