"""The share card: a JPEG with both photos, the percentage and the lines of text, whatever the names are."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lookalike.faces.drawing import share_card
from lookalike.faces.drawing.lettering import INTER, font_of
from lookalike.faces.drawing.share_card import CORNER_PX, LEFT, PANEL_PX, RIGHT, SIZE, TOP_PX, Card, CardError

pytestmark = pytest.mark.fast

Pixels = npt.NDArray[np.int16]

GREEN, BLUE, RED = (30, 160, 60), (40, 60, 200), (200, 40, 40)
LEFT_PX, RIGHT_PX = LEFT[0], RIGHT[0]
BADGE = (slice(TOP_PX, TOP_PX + PANEL_PX), slice(SIZE[0] // 2 - 90, SIZE[0] // 2 + 90))
TEXT_TOP_PX = TOP_PX + PANEL_PX + 1
JPEG_NOISE = 12  # how far a plain colour may be from itself after JPEG


def photo(colour: tuple[int, int, int], size: tuple[int, int] = (600, 600), format: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, format)
    return file.getvalue()


@pytest.fixture
def star(tmp_path: Path) -> Path:
    path = tmp_path / "star.png"
    path.write_bytes(photo(RED))
    return path


@pytest.fixture
def card(star: Path) -> Card:
    return Card((150, 150, 450, 450), "Ada", "Angelina Jolie", "actress", str(star), 87, "Photo: CC BY", "@bot")


def draw(photo: bytes, card: Card) -> bytes:
    """The card with the star's photo as it is on the disk now."""
    return share_card.draw(photo, card, Path(card.star_photo).read_bytes())


def pixels(data: bytes) -> Pixels:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def part(drawn: Pixels, left_px: int, inset_px: int = 100) -> Pixels:
    """The middle of a panel, away from the badge."""
    top, left = TOP_PX + inset_px, left_px + inset_px
    side = PANEL_PX - 2 * inset_px
    return drawn[top : top + side, left : left + side]


def assert_colour(area: Pixels, colour: tuple[int, int, int]) -> None:
    np.testing.assert_allclose(area.reshape(-1, 3).mean(axis=0), colour, atol=JPEG_NOISE)


def changed(one: Pixels, other: Pixels) -> tuple[Pixels, Pixels]:
    """Rows and columns where two cards differ by more than JPEG makes them."""
    rows, columns = np.nonzero(np.abs(one - other).max(axis=2) > 4 * JPEG_NOISE)
    return rows.astype(np.int16), columns.astype(np.int16)


# Both pictures.


def test_a_card_is_a_jpeg_of_the_right_size(card: Card) -> None:
    with Image.open(io.BytesIO(draw(photo(GREEN), card))) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", SIZE)


def test_both_pictures_are_on_it(card: Card) -> None:
    drawn = pixels(draw(photo(GREEN), card))

    assert_colour(part(drawn, LEFT_PX), GREEN)
    assert_colour(part(drawn, RIGHT_PX), RED)


def test_the_face_is_in_the_middle_of_its_panel(card: Card) -> None:
    image = Image.new("RGB", (1000, 800), GREEN)
    image.paste(BLUE, (600, 300, 760, 460))
    file = io.BytesIO()
    image.save(file, "PNG")
    drawn = pixels(draw(file.getvalue(), replace(card, box=(600, 300, 760, 460))))

    assert_colour(part(drawn, LEFT_PX, 150), BLUE)
    assert_colour(drawn[TOP_PX + 40 : TOP_PX + 60, LEFT_PX + 40 : LEFT_PX + 200], GREEN)


@pytest.mark.parametrize("box", [(0, 0, 90, 90), (510, 0, 600, 90), (0, 510, 90, 600), (0, 0, 600, 600)])
def test_a_face_at_the_edge_of_the_photo_fills_its_panel_too(card: Card, box: tuple[int, int, int, int]) -> None:
    drawn = pixels(draw(photo(GREEN), replace(card, box=box)))

    assert_colour(drawn[TOP_PX + CORNER_PX : TOP_PX + 100, LEFT_PX + 2 : LEFT_PX + PANEL_PX - 2], GREEN)
    assert_colour(drawn[TOP_PX + 330 : TOP_PX + PANEL_PX - CORNER_PX, LEFT_PX + 2 : LEFT_PX + 300], GREEN)


def test_a_box_in_a_large_photo_is_in_pixels_of_the_original(card: Card) -> None:
    image = Image.new("RGB", (4000, 3000), GREEN)
    image.paste(BLUE, (3000, 1000, 3600, 1600))
    file = io.BytesIO()
    image.save(file, "JPEG")
    drawn = pixels(draw(file.getvalue(), replace(card, box=(3000, 1000, 3600, 1600))))

    assert_colour(part(drawn, LEFT_PX, 150), BLUE)


def test_a_box_in_a_photo_on_its_side_is_in_upright_pixels(card: Card) -> None:
    image = Image.new("RGB", (600, 900), GREEN)
    image.paste(BLUE, (200, 600, 400, 800))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif)
    drawn = pixels(draw(file.getvalue(), replace(card, box=(200, 600, 400, 800))))

    assert_colour(part(drawn, LEFT_PX, 150), BLUE)


def marked(size: tuple[int, int], eyes: tuple[float, float, float, float]) -> bytes:
    """A green photo with blue eyes, a twentieth of the distance between them wide each way."""
    image = Image.new("RGB", size, GREEN)
    reach = round((eyes[2] - eyes[0]) / 20)
    for x, y in (eyes[:2], eyes[2:]):
        image.paste(BLUE, (round(x) - reach, round(y) - reach, round(x) + reach, round(y) + reach))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def eyes_on(drawn: Pixels, left_px: int) -> tuple[float, float, float]:
    """Where the leftmost and the rightmost blue is in a panel, and how far down; in px of the panel."""
    panel = drawn[TOP_PX : TOP_PX + PANEL_PX, left_px : left_px + PANEL_PX]
    rows, columns = np.nonzero(np.abs(panel - np.array(BLUE)).max(axis=2) < 40)
    return float(columns.min()), float(columns.max()), float(rows.mean())


@pytest.mark.parametrize(
    ("user", "star_eyes", "size"),
    [
        ((500.0, 400.0, 580.0, 400.0), (450.0, 700.0, 650.0, 700.0), (1200, 1500)),
        ((500.0, 400.0, 580.0, 400.0), (150.0, 220.0, 250.0, 220.0), (400, 500)),  # little room around the star
        ((370.0, 260.0, 530.0, 260.0), (450.0, 700.0, 650.0, 700.0), (1200, 1500)),  # little room around the user
    ],
    ids=["room enough", "a close star", "a close user"],
)
def test_user_and_star_are_cut_alike_with_their_eyes_at_one_height(
    card: Card, star: Path, user: tuple[float, ...], star_eyes: tuple[float, ...], size: tuple[int, int]
) -> None:
    def box_of(eyes: tuple[float, ...]) -> tuple[int, int, int, int]:
        apart = eyes[2] - eyes[0]
        return (
            round(eyes[0] - apart / 2), round(eyes[1] - apart / 2), round(eyes[2] + apart / 2), round(eyes[1] + apart)
        )  # fmt: skip

    ours: Any = {"box": box_of(user), "eyes": user, "star_box": box_of(star_eyes), "star_eyes": star_eyes}
    star.write_bytes(marked(size, (star_eyes[0], star_eyes[1], star_eyes[2], star_eyes[3])))
    drawn = pixels(draw(marked((900, 700), (user[0], user[1], user[2], user[3])), replace(card, percent=50, **ours)))

    assert eyes_on(drawn, LEFT_PX) == pytest.approx(eyes_on(drawn, RIGHT_PX), abs=8)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_stars_photo_that_lies_on_its_side_is_cut_upright(card: Card, star: Path, turn: int) -> None:
    upright = Image.new("RGB", (800, 800), GREEN)
    upright.paste(BLUE, (0, 420, 800, 800))  # below the eyes
    file = io.BytesIO()
    upright.rotate(-turn).save(file, "PNG")
    star.write_bytes(file.getvalue())
    eyes = {
        0: (380.0, 400.0, 420.0, 400.0), 90: (400.0, 380.0, 400.0, 420.0),
        180: (420.0, 400.0, 380.0, 400.0), 270: (400.0, 420.0, 400.0, 380.0),
    }[turn]  # fmt: skip
    drawn = pixels(draw(photo(RED), replace(card, star_box=(350, 350, 450, 450), star_eyes=eyes)))

    assert_colour(drawn[TOP_PX + CORNER_PX : TOP_PX + 150, RIGHT_PX + 150 : RIGHT_PX + 400], GREEN)
    assert_colour(drawn[TOP_PX + 300 : TOP_PX + PANEL_PX - CORNER_PX, RIGHT_PX + 150 : RIGHT_PX + 400], BLUE)


@pytest.mark.parametrize("size", [(900, 300), (300, 900), (60, 60)])
def test_the_stars_photo_is_shown_whole_where_it_has_no_box(card: Card, star: Path, size: tuple[int, int]) -> None:
    width, height = size
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, width // 2, height))
    star.write_bytes(b"")
    whole = star.with_name(f"{width}x{height}.png")
    image.save(whole)
    drawn = pixels(draw(photo(GREEN), replace(card, star_photo=str(whole))))

    shown_width, shown_height = (PANEL_PX * side // max(size) for side in size)
    left, top = RIGHT_PX + (PANEL_PX - shown_width) // 2, TOP_PX + (PANEL_PX - shown_height) // 2
    middle = slice(top + shown_height // 2 + 95, top + shown_height - CORNER_PX)  # below the badge, if it is so high
    if shown_height < 250:
        middle = slice(top + CORNER_PX, top + shown_height - CORNER_PX)
    assert_colour(drawn[middle, left + shown_width // 2 - 30 : left + shown_width // 2 - 10], BLUE)
    assert_colour(drawn[middle, left + shown_width - 20 : left + shown_width - 4], RED)


def test_the_same_card_is_the_same_bytes_again(card: Card) -> None:
    """Backgrounds, badges and stars are kept between cards: nothing may be drawn onto them."""
    first = draw(photo(GREEN), card)
    draw(photo(BLUE), replace(card, percent=12, name="Bob"))

    assert draw(photo(GREEN), card) == first


# Percentage.


def test_the_percentage_changes_the_badge_alone(card: Card) -> None:
    low, high = (pixels(draw(photo(GREEN), replace(card, percent=percent))) for percent in (1, 99))
    rows, columns = changed(low, high)

    assert len(rows) > 1000
    assert TOP_PX <= rows.min() <= rows.max() < TOP_PX + PANEL_PX
    assert BADGE[1].start <= columns.min() <= columns.max() < BADGE[1].stop


def test_the_ring_is_filled_as_far_as_the_percentage_says(card: Card) -> None:
    def gold(percent: int) -> int:
        badge = pixels(draw(photo(GREEN), replace(card, percent=percent)))[BADGE]
        return int((np.abs(badge - share_card.RING).max(axis=2) < 60).sum())

    amounts = {percent: gold(percent) for percent in (1, 25, 50, 75, 99)}

    assert amounts[1] < 0.05 * amounts[99]
    for percent in (25, 50, 75):
        assert amounts[percent] / amounts[99] == pytest.approx(percent / 99, abs=0.05)


# Names.

LONG = "Wolfeschlegelsteinhausenbergerdorff " * 9
CYRILLIC = "Константин Константинович Рокоссовский-Преображенский"


def changed_card(card: Card, field: str, text: str) -> Card:
    values: dict[str, Any] = {field: text}
    return replace(card, **values)


def assert_within_its_half(card: Card, field: str, text: str) -> None:
    """What a text adds to the card is in its own half, below the panels."""
    without, with_it = (pixels(draw(photo(GREEN), changed_card(card, field, value))) for value in ("", text))
    rows, columns = changed(without, with_it)
    left, right = (0, SIZE[0] // 2) if field in ("name", "footer") else (SIZE[0] // 2, SIZE[0])

    assert len(rows) > 50
    assert rows.min() >= TEXT_TOP_PX
    assert left <= columns.min()
    assert columns.max() < right


@pytest.mark.parametrize("field", ["name", "star_name", "star_note", "credit", "footer"])
@pytest.mark.parametrize("text", ["Ada", LONG, CYRILLIC, "W" * 500], ids=["short", "long", "cyrillic", "one word"])
def test_a_text_stays_in_its_half(card: Card, field: str, text: str) -> None:
    assert_within_its_half(card, field, text)


@pytest.mark.parametrize("letters", ["АЯаяЁё", "ЎўЄєІіЇїҐґ", "ÄÖÜßéñçøå", "ŁłŻżŠšČčĞğ", "ΑΩαω"])
def test_the_fonts_have_letters_for_names(letters: str) -> None:
    for weight in ("Bold", "Regular"):
        font = font_of(INTER, weight, 34)
        box = bytes(font.getmask("\U0010ffff"))  # what stands for a letter that is not in the font
        for letter in letters:
            assert bytes(font.getmask(letter)) != box


@pytest.mark.parametrize(
    "text", ["Agjpqy|Å", "ЙЦДЩ", "W" * 500, "Wi " * 99], ids=["tall", "cyrillic", "one word", "words"]
)
@pytest.mark.parametrize(("weight", "size"), [("Bold", 34), ("Regular", 21), ("Regular", 19), ("Regular", 15)])
def test_a_line_is_not_cut_off_at_its_edges(text: str, weight: str, size: int) -> None:
    line = np.asarray(share_card._line(text, weight, size))

    assert line.max() == 255
    assert not line[[0, -1]].any()
    assert not line[:, [0, -1]].any()


@pytest.mark.parametrize(
    "name",
    ["👩‍🚀 Ada 🏳️‍🌈", "李小龙", "שלום", "محمد", "Ада\u0301", "\u202egnitrever", "a\x00b", "a\tb", "two\nlines",
     "A" * 2000],
    ids=["joined emoji", "chinese", "hebrew", "arabic", "combining", "reversed", "zero", "tab", "two lines",
         "endless"],
)  # fmt: skip
@pytest.mark.parametrize("field", ["name", "star_name"])
def test_any_name_stays_in_its_half(card: Card, raqm: None, field: str, name: str) -> None:
    assert_within_its_half(card, field, name)


@pytest.mark.parametrize(
    "name", ["", " ", "\r\n", "\u2028", "\ud800", "\x07", "🙂👍🏽", "Ann \U00013000"],
    ids=["empty", "blank", "line end", "line separator", "half a character", "bell", "emoji", "hieroglyph"],
)  # fmt: skip
def test_a_name_that_cannot_be_drawn_is_replaced(card: Card, name: str) -> None:
    card = replace(card, name_else="You", star_name_else="The second")

    assert draw(photo(GREEN), replace(card, name=name)) == draw(photo(GREEN), replace(card, name="You"))
    assert draw(photo(GREEN), replace(card, star_name=name)) == draw(
        photo(GREEN), replace(card, star_name="The second")
    )


def test_the_corners_of_both_panels_are_round(card: Card) -> None:
    drawn = pixels(draw(photo(GREEN), card))
    for left, top in (LEFT, RIGHT):
        for x, y in ((left, top), (left + PANEL_PX - 3, top), (left, top + PANEL_PX - 3)):
            assert_colour(drawn[y : y + 3, x : x + 3], tuple(pixels(draw(photo(RED), card))[y, 5]))
        assert_colour(drawn[top + 9 : top + 14, left + 9 : left + 14], GREEN if left == LEFT_PX else RED)


# Pictures that cannot be read.


@pytest.mark.parametrize("data", [b"", b"no picture", photo(GREEN)[:300], photo(GREEN, (9, 9))])
def test_a_star_photo_that_cannot_be_read_is_a_card_error(card: Card, star: Path, data: bytes) -> None:
    star.write_bytes(data)

    with pytest.raises(CardError):
        draw(photo(GREEN), card)


def test_a_star_photo_that_was_mended_is_drawn(card: Card, star: Path) -> None:
    whole = star.read_bytes()
    star.write_bytes(b"")
    with pytest.raises(CardError):
        draw(photo(GREEN), card)
    star.write_bytes(whole)

    assert_colour(part(pixels(draw(photo(GREEN), card)), RIGHT_PX), RED)


@pytest.mark.parametrize("data", [b"", b"no picture", photo(GREEN)[:300], photo(GREEN, (9, 9))])
def test_a_photo_that_cannot_be_read_is_a_card_error(card: Card, data: bytes) -> None:
    with pytest.raises(CardError):
        draw(data, card)
