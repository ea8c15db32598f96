"""Bytes -> an upright RGB picture or a refusal: formats, colour modes, orientation, limits, damaged files."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookalike.faces.decoding import MIN_SIDE_PX, Picture, _on_white, decode
from lookalike.faces.types import MAX_SIDE_PX

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[2]
CORNERS = np.array(
    [[(230, 40, 40), (40, 200, 60)], [(50, 60, 220), (240, 230, 60)]], np.uint8
)  # red green / blue yellow
# What the camera's sensor saw, for each EXIF orientation of an upright picture (EXIF 2.3, tag 0x0112).
AS_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ORIENTATION = 0x0112


def picture(width: int = 120, height: int = 80) -> Image.Image:
    """Four plain quarters, so that orientation and colours can be told."""
    return Image.fromarray(CORNERS).resize((width, height), Image.Resampling.NEAREST)


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def decoded(data: bytes) -> Picture:
    result = decode(data)
    assert isinstance(result, Picture)
    return result


def quarters(found: Picture) -> list[list[int]]:
    """The colours in the middle of the four quarters, row by row."""
    height, width = found.pixels().shape[:2]
    places = [(y, x) for y in (height // 4, height * 3 // 4) for x in (width // 4, width * 3 // 4)]
    return [[int(value) for value in found.pixels()[place]] for place in places]


def assert_quarters(found: Picture, expected: Any = CORNERS, tolerance: int = 12) -> None:
    np.testing.assert_allclose(quarters(found), np.reshape(expected, (4, 3)), atol=tolerance)


def noise(width: int, height: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8))


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, bits: int = 1, colour: int = 0) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))


# What is a picture.


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_supported_format_is_decoded(format: str) -> None:
    found = decoded(encoded(picture(), format))

    assert found.size == (120, 80)
    assert found.image.mode == "RGB"
    assert_quarters(found)


def test_pixels_are_contiguous_rgb_bytes() -> None:
    pixels = decoded(encoded(picture())).pixels()

    assert pixels.shape == (80, 120, 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous


def test_a_progressive_jpeg_is_decoded() -> None:
    assert_quarters(decoded(encoded(picture(), "JPEG", progressive=True)))


def test_the_content_counts_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(encoded(picture(), "PNG"))

    assert_quarters(decoded(path.read_bytes()))


def test_bytes_behind_the_end_of_a_picture_do_no_harm() -> None:
    """Phones append small videos to their photos."""
    assert_quarters(decoded(encoded(picture(), "JPEG") + b"motion photo" * 1000))


@pytest.mark.parametrize(
    ("format", "options"),
    [("GIF", {"duration": 50}), ("WEBP", {"duration": 50, "lossless": True}), ("PNG", {"duration": 50})],
    ids=["gif", "webp", "apng"],
)
def test_of_an_animation_the_first_frame_is_used(format: str, options: dict[str, Any]) -> None:
    black = Image.new("RGB", (120, 80))
    data = encoded(picture(), format, save_all=True, append_images=[black, black], **options)
    with Image.open(io.BytesIO(data)) as image:
        assert getattr(image, "n_frames", 1) > 1

    assert_quarters(decoded(data))


def test_of_a_multi_picture_file_the_first_is_used() -> None:
    """MPO: what some phones and stereo cameras call .jpg."""
    data = encoded(picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (120, 80))])
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "MPO"

    assert_quarters(decoded(data))


# Colour modes.


def test_a_grey_picture_becomes_grey_rgb() -> None:
    assert_quarters(decoded(encoded(Image.new("L", (120, 80), 77), "JPEG")), [(77, 77, 77)] * 4, tolerance=2)


def test_a_cmyk_jpeg_keeps_its_colours() -> None:
    assert_quarters(decoded(encoded(picture().convert("CMYK"), "JPEG", quality=95)), tolerance=20)


def test_a_palette_keeps_its_colours() -> None:
    assert_quarters(decoded(encoded(picture().quantize(4))), tolerance=2)


def test_one_bit_becomes_black_and_white() -> None:
    image = Image.new("1", (120, 80))
    image.paste(1, (60, 0, 120, 80))

    assert quarters(decoded(encoded(image))) == [[0] * 3, [255] * 3] * 2


DEEP = np.repeat(np.repeat(np.array([[0, 65535], [32896, 8224]]), 40, axis=0), 60, axis=1)


def test_sixteen_bits_of_grey_become_eight() -> None:
    """Pillow's own convert() would clip everything above 255 to white."""
    data = encoded(Image.fromarray(DEEP.astype(np.uint16)))
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "I;16"

    assert quarters(decoded(data)) == [[0] * 3, [255] * 3, [128] * 3, [32] * 3]


def test_sixteen_bits_in_thirty_two_become_eight() -> None:
    """Mode I: what Pillow before 11 made of the same files; no supported format gives it today."""
    found = _on_white(Image.fromarray(DEEP.astype(np.int32)))

    assert quarters(Picture(found, found.size)) == [[0] * 3, [255] * 3, [128] * 3, [32] * 3]


def test_sixteen_bits_of_colour_become_eight() -> None:
    line = b"\x00" + struct.pack(">HHH", 0xFFFF, 0x8000, 0x0000) * 60
    data = (
        png_header(60, 60, bits=16, colour=2) + png_chunk(b"IDAT", zlib.compress(line * 60)) + png_chunk(b"IEND", b"")
    )

    assert quarters(decoded(data)) == [[255, 128, 0]] * 4


@pytest.mark.parametrize(("format", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("WEBP", "RGBA")])
def test_what_is_transparent_becomes_white(format: str, mode: str) -> None:
    image = Image.new("RGBA", (120, 80), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (60, 0, 120, 80))
    data = encoded(image.quantize(4) if mode == "P" else image.convert(mode), format)
    with Image.open(io.BytesIO(data)) as stored:
        assert stored.mode == mode

    assert quarters(decoded(data)) == [[0] * 3, [255] * 3] * 2


def test_what_is_half_transparent_is_mixed_with_white() -> None:
    assert quarters(decoded(encoded(Image.new("RGBA", (120, 80), (255, 0, 0, 51))))) == [[255, 204, 204]] * 4


def test_a_transparent_gif_becomes_white() -> None:
    image = Image.new("P", (120, 80), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (60, 0, 120, 80))

    assert quarters(decoded(encoded(image, "GIF", transparency=0))) == [[0, 0, 255], [255] * 3] * 2


# Orientation, size and scale.


def test_all_orientations_give_the_same_upright_picture() -> None:
    for orientation, operation in AS_STORED.items():
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        stored = picture() if operation is None else picture().transpose(operation)
        found = decoded(encoded(stored, "JPEG", exif=exif, quality=95))

        assert (orientation, found.size, found.image.size) == (orientation, (120, 80), (120, 80))
        assert_quarters(found)


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_orientation_is_heeded_in_every_format_that_has_it(format: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    found = decoded(encoded(picture().transpose(Image.Transpose.ROTATE_90), format, exif=exif))

    assert found.size == (120, 80)
    assert_quarters(found)


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_unknown_orientation_changes_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    assert_quarters(decoded(encoded(picture(), "JPEG", exif=exif)))


def test_a_large_photo_is_made_smaller_and_says_by_how_much() -> None:
    found = decoded(encoded(picture(4000, 3000), "JPEG"))

    assert (found.size, found.image.size) == ((4000, 3000), (1280, 960))
    assert found.scale == pytest.approx(4000 / 1280)
    assert_quarters(found)


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_large_photo_on_its_side_reports_the_upright_size(format: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    found = decoded(encoded(picture(2000, 3000).transpose(Image.Transpose.ROTATE_90), format, exif=exif))

    assert (found.size, found.image.size) == ((2000, 3000), (853, 1280))
    assert_quarters(found)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("size", [(2600, 2599), (2599, 2600), (2600, 2600)])
def test_the_size_of_a_nearly_square_photo_is_not_turned(size: tuple[int, int], orientation: int) -> None:
    """The JPEG decoder rounds both sides of a reduced picture up, so that it may come out square."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = size if orientation == 1 else size[::-1]
    found = decoded(encoded(Image.new("RGB", stored), "JPEG", exif=exif))

    assert found.size == size


def test_a_small_photo_stays_as_it_is() -> None:
    found = decoded(encoded(picture(MAX_SIDE_PX, 700)))

    assert (found.size, found.image.size, found.scale) == ((MAX_SIDE_PX, 700), (MAX_SIDE_PX, 700), 1.0)


def test_the_longest_side_can_be_chosen() -> None:
    found = decode(encoded(picture(1200, 800), "JPEG"), 300)

    assert isinstance(found, Picture)
    assert (found.size, found.image.size, found.scale) == ((1200, 800), (300, 200), 4.0)


@given(st.integers(MIN_SIDE_PX, 3000), st.integers(MIN_SIDE_PX, 3000), st.sampled_from(sorted(AS_STORED)))
def test_a_point_of_the_small_picture_scales_back_into_the_original(width: int, height: int, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    found = decoded(encoded(Image.new("L", (width, height)), "JPEG", exif=exif))

    assert max(found.image.size) <= MAX_SIDE_PX
    assert found.size == ((height, width) if orientation >= 5 else (width, height))
    # The corner of the small picture is the corner of the original, to within one of its own pixels.
    np.testing.assert_allclose(np.array(found.image.size) * found.scale, found.size, atol=found.scale)


# Odd EXIF.


def test_a_jpeg_full_of_exif_is_decoded() -> None:
    exif = Image.Exif()
    exif[0x9286] = b"x" * 65_000  # UserComment, as long as a JPEG segment can be
    exif[ORIENTATION] = 3
    found = decoded(encoded(picture().transpose(Image.Transpose.ROTATE_180), "JPEG", exif=exif))

    assert_quarters(found)


def test_a_png_with_megabytes_of_exif_is_decoded() -> None:
    exif = Image.Exif()
    exif[0x9286] = b"x" * 3_000_000

    assert_quarters(decoded(encoded(picture(), exif=exif)))


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\x00\x00",
        b"Exif\x00\x00garbage that is no TIFF",
        b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff",
        b"Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\xff\xff" + b"\x12\x01" * 20,
        b"Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\x01\x00\x12\x01\x02\x00\x04\x00\x00\x00six\x00\x00\x00\x00\x00",
    ],
    ids=["empty", "no TIFF", "offset far away", "65535 entries", "orientation is text"],
)
def test_damaged_exif_does_not_spoil_the_picture(exif: bytes) -> None:
    assert_quarters(decoded(encoded(picture(), "JPEG", exif=exif)))
