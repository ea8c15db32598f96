"""What is not decoded: other files, damaged ones, those over the limits; and nothing ever raises."""

import random
import struct
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookalike.faces.decoding import MIN_SIDE_PX, Picture, decode
from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from tests.faces.test_decoding import decoded, encoded, noise, picture, png_chunk, png_header

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[2]

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
