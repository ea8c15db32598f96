"""The card of two users: of neither anything is kept ready for another card."""

import io

import pytest
from PIL import Image

from lookalike.faces.drawing import share_card
from lookalike.faces.drawing.share_card import Card

pytestmark = pytest.mark.fast


def photo(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 600), colour).save(file, "PNG")
    return file.getvalue()


def test_of_two_users_nothing_is_kept_ready() -> None:
    box = (150, 150, 450, 450)
    pair = Card(box, "Ann", "Boris", "", "", 71, "", "@bot", star_box=box, is_pair=True)
    kept, lines = share_card._star_panel.cache_info().currsize, share_card._line.cache_info().misses

    card = Image.open(io.BytesIO(share_card.draw(photo("blue"), pair, photo("green"))))

    left, right = (card.convert("RGB").getpixel((x, 100)) for x in (200, 800))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[2] > 200 > left[1]
    assert right[1] > 100 > right[2]
    assert share_card._star_panel.cache_info().currsize == kept
    assert share_card._line.cache_info().misses - lines <= 3  # two empty lines and the name of the bot


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_face_on_its_side_is_turned_on_either_side(turn: int) -> None:
    """A photo that is red at its upright top: so is the panel."""
    upright = Image.new("RGB", (600, 600), "white")
    upright.paste("red", (0, 0, 600, 300))
    file = io.BytesIO()
    upright.rotate(-turn).save(file, "PNG")
    box = (200, 200, 400, 400)
    pair = Card(box, "", "", "", "", 50, "", "", turn, star_box=box, star_turn=turn, is_pair=True)

    card = Image.open(io.BytesIO(share_card.draw(file.getvalue(), pair, file.getvalue()))).convert("RGB")

    for x in (150, 850):
        top, bottom = (card.getpixel((x, y)) for y in (80, 440))
        assert isinstance(top, tuple)
        assert isinstance(bottom, tuple)
        assert top[1] < 60
        assert bottom[1] > 200
