"""Bytes -> an upright RGB picture or a refusal: formats, colour modes, orientation, limits, damaged files."""

import io
import random
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookalike.faces.decoding import MAX_SIDE_PX, MIN_SIDE_PX, Picture, _on_white, decode
from lookalike.faces.types import MAX_BYTES, Reason, Refusal

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


# What is not a picture.


@pytest.mark.parametrize(
    "data",
    [
        b"Dear bot, this is not a picture.\n" * 100,
        b"\x00" * 5000,
        random.Random(1).randbytes(5000),
        b"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='200'><rect width='9' height='9'/></svg>",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 200 200\nshowpage\n%%EOF\n",
        b"PK\x03\x04" + bytes(100),
        b"x",
    ],
    ids=["text", "zeros", "noise", "svg", "pdf", "eps", "zip", "one byte"],
)
def test_what_is_not_a_picture_is_called_so(data: bytes) -> None:
    assert decode(data) == Refusal(Reason.NOT_A_PICTURE)


@pytest.mark.parametrize("format", ["BMP", "TIFF", "PPM", "TGA", "ICO", "JPEG2000", "PCX", "DDS", "SGI", "PDF", "EPS"])
def test_a_format_that_is_not_named_is_not_read(format: str) -> None:
    assert decode(encoded(picture(), format)) == Refusal(Reason.NOT_A_PICTURE)


def test_an_empty_file_is_unreadable() -> None:
    assert decode(b"") == Refusal(Reason.UNREADABLE)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_truncated_picture_is_unreadable(format: str, share: float) -> None:
    """Half a face would be a wrong answer."""
    data = encoded(noise(200, 150), format)

    assert decode(data[: int(len(data) * share)]) == Refusal(Reason.UNREADABLE)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_that_ends_within_its_header_is_refused(format: str) -> None:
    data = encoded(noise(200, 150), format)

    for length in range(1, 40):
        assert isinstance(decode(data[:length]), Refusal)


# Limits.


@pytest.mark.parametrize("size", [(1, 1), (3000, 2), (2, 3000), (MIN_SIDE_PX - 1, 500)])
def test_a_picture_with_no_room_for_a_face_says_so(size: tuple[int, int]) -> None:
    assert decode(encoded(Image.new("RGB", size, "red"))) == Refusal(Reason.FACE_TOO_SMALL)


def test_the_smallest_picture_is_decoded() -> None:
    assert decoded(encoded(picture(MIN_SIDE_PX, MIN_SIDE_PX))).size == (MIN_SIDE_PX, MIN_SIDE_PX)


def test_a_file_over_20_megabytes_is_too_large() -> None:
    whole = encoded(picture(), "JPEG")

    assert decode(whole + bytes(MAX_BYTES - len(whole) + 1)) == Refusal(Reason.TOO_LARGE)
    assert isinstance(decode(whole + bytes(MAX_BYTES - len(whole))), Picture)


@pytest.mark.parametrize("size", [(8000, 5001), (16_000, 16_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1)])
def test_a_header_that_claims_over_40_megapixels_is_too_large(size: tuple[int, int]) -> None:
    assert decode(png_header(*size) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")) == Refusal(Reason.TOO_LARGE)


@pytest.mark.parametrize("format", ["PNG", "GIF", "JPEG"])
def test_a_small_file_with_a_gigabyte_of_pixels_is_never_decoded(format: str, tmp_path: Path) -> None:
    """In a process that has 150 MB to spare: the 256 megapixels need 768 MB as RGB, 256 MB as grey."""
    bomb = tmp_path / "bomb"
    if format == "GIF":  # its size is written in the header alone
        small = encoded(picture(), "GIF")
        bomb.write_bytes(small[:6] + struct.pack("<HH", 16_000, 16_000) + small[10:])
    else:
        Image.new("1" if format == "PNG" else "L", (16_000, 16_000)).save(bomb, format)
    program = """
import resource, sys
from lookalike.faces.decoding import decode
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 150_000_000, used + 150_000_000))
try:
    bytearray(200_000_000)
except MemoryError:
    print(decode(open(sys.argv[1], "rb").read()).reason)
"""
    run = subprocess.run([sys.executable, "-c", program, str(bomb)], cwd=ROOT, capture_output=True, text=True)

    assert (run.stdout, run.stderr) == ("too_large\n", "")


def test_a_photo_of_exactly_40_megapixels_is_decoded() -> None:
    found = decoded(encoded(Image.new("L", (8000, 5000), 99), "JPEG"))

    assert (found.size, found.image.size) == ((8000, 5000), (1280, 800))


@pytest.mark.parametrize("size", [(MIN_SIDE_PX, 60_000), (60_000, MIN_SIDE_PX)])
def test_a_very_long_strip_is_decoded_to_something(size: tuple[int, int]) -> None:
    found = decoded(encoded(Image.new("L", size, 99), "JPEG"))

    assert found.size == size
    assert min(found.image.size) >= 1


# Mutation.


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "MPO"])
def test_a_mutated_file_never_raises(format: str) -> None:
    dice = random.Random(format)
    options: dict[str, dict[str, Any]] = {
        "MPO": {"save_all": True, "append_images": [noise(64, 48)]},
        "JPEG": {"progressive": True},
    }
    whole = encoded(noise(96, 64).quantize(64) if format == "GIF" else noise(96, 64), format, **options.get(format, {}))
    for _ in range(250):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[at] = dice.randrange(256)
                case 1:
                    data[at] ^= 1 << dice.randrange(8)
                case 2:
                    del data[at : at + dice.randint(1, 50)]
                case _:
                    data[at:at] = dice.randbytes(dice.randint(1, 50))

        assert isinstance(decode(bytes(data)), (Picture, Refusal))


@given(st.binary(max_size=300), st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
def test_garbage_behind_a_right_beginning_never_raises(garbage: bytes, format: str) -> None:
    start = encoded(picture(), format)[:30]

    assert isinstance(decode(start + garbage), (Picture, Refusal))


def test_decoding_leaves_the_callers_warnings_alone() -> None:
    before = list(warnings.filters)
    decode(encoded(picture(), "JPEG", exif=b"Exif\x00\x00garbage"))

    assert list(warnings.filters) == before
