"""The share card: a JPEG with both photos, the percentage and the lines of text, in every format."""

import functools
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.drawing.card import draw as drawing
from lookalike.faces.drawing.card import kept_panels, words
from lookalike.faces.drawing.card.card import CardError, CardFormat
from lookalike.faces.drawing.card.design import card_designs
from lookalike.faces.drawing.card.draw import draw
from lookalike.faces.drawing.card.layout import CHAT, LAYOUTS
from tests.faces.drawing.card.plain_photos import (
    BLUE,
    CARD,
    GREEN,
    RED,
    Pixels,
    Rgb,
    assert_colour,
    changed,
    encoded,
    panel,
    photo,
    pixels,
    plain,
    texts_top,
)

pytestmark = pytest.mark.fast

BADGE = (
    slice(CHAT.badge_middle - CHAT.badge // 2, CHAT.badge_middle + CHAT.badge // 2),
    slice((CHAT.size[0] - CHAT.badge) // 2, (CHAT.size[0] + CHAT.badge) // 2),
)
EDGE = 20  # px of a panel that its neighbour may reach into after JPEG, or that a badge covers


@pytest.mark.parametrize(("format", "size"), [("chat", (768, 960)), ("story", (720, 1280)), ("square", (900, 900))])
def test_a_card_is_a_jpeg_in_the_shape_of_its_format(format: str, size: tuple[int, int]) -> None:
    card = replace(CARD, format=CardFormat(format))
    with Image.open(io.BytesIO(draw(photo(GREEN), card, photo(RED)))) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", size)


@pytest.mark.parametrize("format", CardFormat)
def test_both_pictures_are_on_it(format: CardFormat) -> None:
    card = replace(CARD, format=format, star_box=CARD.box)
    drawn = pixels(draw(photo(GREEN), card, photo(RED)))

    assert_colour(panel(drawn, 0, format)[:300], GREEN)
    assert_colour(panel(drawn, 1, format)[:300], RED)


@pytest.mark.parametrize("format", CardFormat)
def test_nothing_of_a_layout_is_outside_the_card_or_on_another_part(format: CardFormat) -> None:
    one = LAYOUTS[format]
    credit_top = one.credit_bottom - one.credit.height
    tops = [
        0, one.badge_middle, texts_top(one), one.texts_bottom, one.question_top, one.address_top,
        one.address_top + 2 * one.address.size, credit_top, one.credit_bottom, one.size[1],
    ]  # fmt: skip

    assert tops == sorted(tops)
    assert one.texts_bottom - one.texts_top >= one.name.height
    assert 2 * one.name.width <= one.size[0]
    assert max(one.question.width, one.address.width + 4 * one.address.size, one.credit.width) <= one.size[0]


@pytest.mark.parametrize("box", [(0, 0, 90, 90), (510, 0, 600, 90), (0, 510, 90, 600), (0, 0, 600, 600)])
def test_a_face_at_the_edge_of_the_photo_fills_its_panel_too(box: tuple[int, int, int, int]) -> None:
    drawn = pixels(draw(photo(GREEN), replace(CARD, box=box), photo(RED)))

    assert_colour(panel(drawn, 0)[:, : -CHAT.badge], GREEN)


def test_a_box_in_a_large_photo_is_in_pixels_of_the_original() -> None:
    image = plain(GREEN, (4000, 3000))
    image.paste(BLUE, (3000, 1000, 3600, 1600))
    drawn = pixels(draw(encoded(image, "JPEG"), replace(CARD, box=(3000, 1000, 3600, 1600)), photo(RED)))

    assert_colour(panel(drawn, 0)[220:330, 130:250], BLUE)


def test_a_box_in_a_photo_on_its_side_is_in_upright_pixels() -> None:
    image = plain(GREEN, (600, 900))
    image.paste(BLUE, (200, 600, 400, 800))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif)
    drawn = pixels(draw(file.getvalue(), replace(CARD, box=(200, 600, 400, 800)), photo(RED)))

    assert_colour(panel(drawn, 0)[220:330, 130:250], BLUE)


def marked(size: tuple[int, int], eyes: tuple[float, float, float, float]) -> bytes:
    """A green photo with blue eyes, a twentieth of the distance between them wide each way."""
    image = plain(GREEN, size)
    reach = round((eyes[2] - eyes[0]) / 20)
    for x, y in (eyes[:2], eyes[2:]):
        image.paste(BLUE, (round(x) - reach, round(y) - reach, round(x) + reach, round(y) + reach))
    return encoded(image)


def eyes_on(area: Pixels) -> tuple[float, float, float]:
    """Where the leftmost and the rightmost blue is in a panel, and how far down; in px of the panel."""
    rows, columns = np.nonzero(np.abs(area - np.array(BLUE)).max(axis=2) < 60)
    return float(columns.min()), float(columns.max()), float(rows.mean())


def around(eyes: tuple[float, ...]) -> tuple[int, int, int, int]:
    """The box of a face with these eyes."""
    apart = eyes[2] - eyes[0]
    left, top = round(eyes[0] - apart / 2), round(eyes[1] - apart / 2)
    return left, top, round(eyes[2] + apart / 2), round(eyes[1] + apart)


@pytest.mark.parametrize("format", CardFormat)
@pytest.mark.parametrize(
    ("user", "star", "size"),
    [
        ((500.0, 400.0, 560.0, 400.0), (450.0, 700.0, 650.0, 700.0), (1200, 1500)),
        ((500.0, 400.0, 560.0, 400.0), (150.0, 220.0, 250.0, 220.0), (400, 500)),  # little room around the star
        ((500.0, 400.0, 560.0, 400.0), (100.0, 180.0, 260.0, 180.0), (360, 400)),  # hardly any
        ((370.0, 280.0, 530.0, 280.0), (450.0, 700.0, 650.0, 700.0), (1200, 1500)),  # little room around the user
    ],
    ids=["room enough", "a close star", "a very close star", "a close user"],
)
def test_user_and_star_are_cut_alike_with_their_eyes_at_one_height(
    format: CardFormat, user: tuple[float, float, float, float], star: tuple[float, float, float, float],
    size: tuple[int, int],
) -> None:  # fmt: skip
    card = replace(CARD, format=format, box=around(user), eyes=user, star_box=around(star), star_eyes=star)
    drawn = pixels(draw(marked((900, 700), user), card, marked(size, star)))

    assert eyes_on(panel(drawn, 0, format)) == pytest.approx(eyes_on(panel(drawn, 1, format)), abs=12)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_stars_photo_that_lies_on_its_side_is_cut_upright(turn: int) -> None:
    upright = plain(GREEN, (800, 800))
    upright.paste(BLUE, (0, 420, 800, 800))  # below the eyes
    eyes = {
        0: (380.0, 400.0, 420.0, 400.0), 90: (400.0, 380.0, 400.0, 420.0),
        180: (420.0, 400.0, 380.0, 400.0), 270: (400.0, 420.0, 400.0, 380.0),
    }[turn]  # fmt: skip
    card = replace(CARD, star_box=(350, 350, 450, 450), star_eyes=eyes)
    drawn = panel(pixels(draw(photo(RED), card, encoded(upright.rotate(-turn)))), 1)

    assert_colour(drawn[:200, EDGE:], GREEN)
    assert_colour(drawn[340:, CHAT.badge :], BLUE)


@pytest.mark.parametrize("format", CardFormat)
@pytest.mark.parametrize("size", [(900, 300), (300, 900), (60, 60)])
def test_the_stars_photo_is_shown_whole_where_it_has_no_box(format: CardFormat, size: tuple[int, int]) -> None:
    image = plain(RED, size)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    badge_top = LAYOUTS[format].badge_middle - LAYOUTS[format].badge // 2
    drawn = panel(pixels(draw(photo(GREEN), replace(CARD, format=format), encoded(image))), 1, format)[:badge_top]
    halves = [np.nonzero(np.abs(drawn - np.array(colour)).max(axis=2) < 60) for colour in (BLUE, RED)]
    (rows, blue), (_, red) = halves

    assert (red.max() - blue.min()) / (rows.max() - rows.min()) == pytest.approx(size[0] / size[1], rel=0.03)
    assert red.max() - red.min() == pytest.approx(blue.max() - blue.min(), abs=4)
    assert rows.max() < badge_top - 4


def test_the_same_card_is_the_same_bytes_again() -> None:
    """Backgrounds, badges and stars are kept between cards: nothing may be drawn onto them."""
    first = draw(photo(GREEN), CARD, photo(RED))
    draw(photo(BLUE), replace(CARD, percent=12, name="Bob"), photo(RED))

    assert draw(photo(GREEN), CARD, photo(RED)) == first


# Percentage.


def test_the_percentage_changes_the_badge_alone() -> None:
    low, high = (pixels(draw(photo(GREEN), replace(CARD, percent=percent), photo(RED))) for percent in (1, 99))
    rows, columns = changed(low, high)

    assert len(rows) > 1000
    assert BADGE[0].start <= rows.min() <= rows.max() < BADGE[0].stop
    assert BADGE[1].start <= columns.min() <= columns.max() < BADGE[1].stop


def test_the_ring_is_filled_as_far_as_the_percentage_says() -> None:
    def filled(percent: int) -> int:
        badge = pixels(draw(photo(GREEN), replace(CARD, percent=percent), photo(RED)))[BADGE]
        return int((np.abs(badge - card_designs().default.accent).max(axis=2) < 60).sum())

    amounts = {percent: filled(percent) for percent in (1, 25, 50, 75, 99)}

    assert amounts[1] < 0.05 * amounts[99]
    for percent in (25, 50, 75):
        assert amounts[percent] / amounts[99] == pytest.approx(percent / 99, abs=0.05)


# Texts.

LONG = "Wolfeschlegelsteinhausenbergerdorff " * 9
CYRILLIC = "Константин Константинович Рокоссовский-Преображенский"
NAMES = {
    "short": "Ada", "long": LONG, "cyrillic": CYRILLIC, "one word": "W" * 500, "joined emoji": "👩‍🚀 Ada 🏳️‍🌈",
    "chinese": "李小龙" * 30, "hebrew": "שלום", "arabic": "محمد", "hindi": "प्रियंका चोपड़ा जोनास", "thai": "สมชาย วงศ์",
    "combining": "Ада\u0301", "reversed": "\u202egnitrever", "zero": "a\x00b", "two lines": "two\nlines",
    "endless": "A" * 2000,
}  # fmt: skip
FIELDS = {"name": 0, "note": 0, "star_name": 1, "star_note": 1, "credit": 2, "question": 2, "address": 2}


CASES = [
    *((CardFormat.CHAT, field, text) for field in ("name", "star_name", "credit") for text in NAMES),
    *((format, field, "long") for format in CardFormat for field in FIELDS),
]


@functools.cache
def without_texts(format: CardFormat) -> Pixels:
    return with_texts(format)


def with_texts(format: CardFormat, **texts: Any) -> Pixels:
    """A card with these texts alone."""
    values: dict[str, Any] = dict.fromkeys(FIELDS, "") | texts
    return pixels(draw(photo(GREEN), replace(CARD, format=format, **values), photo(RED)))


@pytest.mark.parametrize(("format", "field", "text"), CASES)
def test_a_text_stays_below_the_faces_and_in_its_column(raqm: None, format: CardFormat, field: str, text: str) -> None:
    layout, column = LAYOUTS[format], FIELDS[field]
    rows, columns = changed(without_texts(format), with_texts(format, **{field: NAMES[text]}))
    halves = (0, layout.size[0] // 2), (layout.size[0] // 2, layout.size[0]), (0, layout.size[0])
    left, right = halves[column]

    assert len(rows) > 30
    assert texts_top(layout) <= rows.min() <= rows.max() < layout.size[1] - 4
    assert left + 4 <= columns.min() <= columns.max() < right - 4


@pytest.mark.parametrize(
    "name", ["", " ", "\r\n", "\u2028", "\ud800", "\x07", "🙂👍🏽", "Ann \U00013000"],
    ids=["empty", "blank", "line end", "line separator", "half a character", "bell", "emoji", "hieroglyph"],
)  # fmt: skip
def test_a_name_that_cannot_be_drawn_is_replaced(name: str) -> None:
    card = replace(CARD, name_else="You", star_name_else="The second")
    for field, other in (("name", "You"), ("star_name", "The second")):
        given: dict[str, Any] = {field: name}
        wanted: dict[str, Any] = {field: other}
        assert draw(photo(GREEN), replace(card, **given), photo(RED)) == draw(
            photo(GREEN), replace(card, **wanted), photo(RED)
        )


# A star without a photo, and a star who is no celebrity.


@pytest.mark.parametrize("format", CardFormat)
def test_a_tile_with_initials_stands_for_a_photo(format: CardFormat) -> None:
    card = replace(CARD, format=format, is_tile=True)
    with_letters, without = (
        panel(pixels(draw(photo(GREEN), replace(card, star_name=name), b"")), 1, format) for name in ("Ada Bo", "1")
    )
    rows, columns = changed(with_letters, without)

    assert len(rows) > 500
    assert abs((columns.min() + columns.max()) / 2 - LAYOUTS[format].panel[0] / 2) < 12
    assert_colour(with_letters[:10, EDGE:], card_designs().default.tile[0])


def test_of_two_users_nothing_is_kept_ready() -> None:
    pair = replace(CARD, name="Ann", star_name="Boris", star_box=CARD.box, is_pair=True)
    draw(photo(GREEN), replace(pair, name="Cy", star_name="Di"), photo(BLUE))
    kept, texts = list(kept_panels._kept), words.text_mask.cache_info().misses

    drawn = pixels(draw(photo(BLUE), pair, photo(RED)))

    assert_colour(panel(drawn, 0)[:200], BLUE)
    assert_colour(panel(drawn, 1)[:200], RED)
    assert list(kept_panels._kept) == kept
    assert words.text_mask.cache_info().misses == texts


@pytest.mark.parametrize("design", card_designs().by_name)
def test_every_design_has_its_background_around_the_texts(design: str) -> None:
    drawn = pixels(draw(photo(GREEN), replace(CARD, design=design), photo(RED)))

    assert_colour(drawn[-2:, :20], card_designs().by_name[design].background[1])


def test_a_design_that_the_file_no_longer_has_is_the_default() -> None:
    gone = draw(photo(GREEN), replace(CARD, design="gone"), photo(RED))

    assert gone == draw(photo(GREEN), CARD, photo(RED))


def test_grounds_of_one_language_are_kept() -> None:
    draw(photo(GREEN), CARD, photo(RED))
    before = drawing._ground.cache_info().misses
    draw(photo(BLUE), replace(CARD, name="Bo", percent=3), photo(RED))

    assert drawing._ground.cache_info().misses == before


# Pictures that cannot be read.

UNREADABLE = [b"", b"no picture", photo(GREEN)[:300], photo(GREEN, (9, 9))]


@pytest.mark.parametrize("data", UNREADABLE)
def test_a_star_photo_that_cannot_be_read_is_a_card_error(data: bytes) -> None:
    with pytest.raises(CardError):
        draw(photo(GREEN), CARD, data)


@pytest.mark.parametrize("data", UNREADABLE)
def test_a_photo_that_cannot_be_read_is_a_card_error(data: bytes) -> None:
    with pytest.raises(CardError):
        draw(data, CARD, photo(RED))


@pytest.mark.parametrize("colour", [GREEN, BLUE, RED])
def test_a_plain_photo_keeps_its_colour(colour: Rgb) -> None:
    assert_colour(panel(pixels(draw(photo(colour), CARD, photo(RED))), 0)[:300], colour)
