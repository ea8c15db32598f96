"""The structure of a file is checked before anything decodes it: hostile files are refused quickly, photos pass."""

import io
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from lookalike.faces import containers
from lookalike.faces.containers import MAX_CHUNKS, MAX_EXIF_SEGMENTS, MAX_FILL_BYTES, MAX_SEGMENTS, walk
from lookalike.faces.decoding import Picture, decode
from lookalike.faces.types import Reason, Refusal
from tests.support.hostile.pictures import hostile_pictures, many_scans, png_chunk

pytestmark = pytest.mark.fast

WALK_CPU_S = 0.05  # for a file of 20 MB
HOSTILE = hostile_pictures()


def encoded(format: str, width: int = 64, height: int = 48, **options: Any) -> bytes:
    noise = np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, format, **options)
    return file.getvalue()


# Refused.


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_50_ms_of_cpu(name: str) -> None:
    """The least of five: what else runs on the machine is not measured."""
    took = []
    for _ in range(5):
        began = time.thread_time()
        found = walk(HOSTILE[name])
        took.append(time.thread_time() - began)

    assert found in (Refusal(Reason.UNREADABLE), Refusal(Reason.TOO_LARGE))
    assert min(took) < WALK_CPU_S


def test_no_decoder_is_called_for_a_refused_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_picture(*_: object, **__: object) -> None:
        raise AssertionError("Pillow was called")

    monkeypatch.setattr(Image, "open", open_picture)
    for data in HOSTILE.values():
        assert isinstance(decode(data), Refusal)


@pytest.mark.parametrize("size", [(8000, 5001), (65_535, 65_535)])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_dimensions_over_40_megapixels_are_too_large(format: str, size: tuple[int, int]) -> None:
    width, height = size
    whole = encoded(format, lossless=True) if format == "WEBP" else encoded(format)
    match format:
        case "JPEG":
            at = whole.index(b"\xff\xc0") + 5
            data = whole[:at] + height.to_bytes(2) + width.to_bytes(2) + whole[at + 4 :]
        case "PNG":
            data = whole[:16] + width.to_bytes(4) + height.to_bytes(4) + whole[24:]
        case "GIF":
            data = whole[:6] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + whole[10:]
        case _:
            extended = (
                b"VP8X\x0a\0\0\0\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
            )
            data = whole[:12] + extended + whole[12:]

    assert walk(data) == Refusal(Reason.TOO_LARGE)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_file_that_ends_anywhere_is_a_format_or_a_refusal(format: str) -> None:
    whole = encoded(format)

    assert all(isinstance(walk(whole[:length]), str | Refusal) for length in range(len(whole)))


@pytest.mark.parametrize("data", [b"x", b"BM" + bytes(100), b"RIFF\x10\0\0\0WAVE", b"\xff\xd8"])
def test_another_format_is_not_a_picture(data: bytes) -> None:
    assert walk(data) == Refusal(Reason.NOT_A_PICTURE)


# The limits, from both sides.


def segments(count: int, segment: bytes, fill: bytes = b"") -> str | Refusal:
    """A JPEG with that many more of a segment, `fill` before each."""
    whole = encoded("JPEG")
    return walk(whole[:2] + (fill + segment) * count + whole[2:])


def test_the_number_of_segments_is_limited() -> None:
    own = len(whole_markers())

    assert segments(MAX_SEGMENTS - own, b"\xff\xfe\0\4hi") == "JPEG"
    assert segments(MAX_SEGMENTS - own + 1, b"\xff\xfe\0\4hi") == Refusal(Reason.UNREADABLE)


def whole_markers() -> list[int]:
    """The segments that a plain JPEG has up to its end of image, that one included."""
    whole, at, found = encoded("JPEG"), 2, []
    while at >= 0:
        found.append(whole[at + 1])
        at += 2 + int.from_bytes(whole[at + 2 : at + 4])
        if found[-1] == 0xDA:
            return [*found, 0xD9]
    raise AssertionError


@pytest.mark.parametrize(
    ("count", "segment", "fill"),
    [(MAX_EXIF_SEGMENTS, b"\xff\xe1\0\x08Exif\0\0", b""), (20, b"\xff\xfe\0\2", b"\xff" * (MAX_FILL_BYTES - 1))],
    ids=["Exif segments", "fill bytes"],
)
def test_a_jpeg_at_a_limit_passes_and_beyond_it_is_refused(count: int, segment: bytes, fill: bytes) -> None:
    assert segments(count, segment, fill) == "JPEG"
    assert segments(count + (not fill), segment, fill and fill + b"\xff" * 2) == Refusal(Reason.UNREADABLE)


def test_scans_times_pixels_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_SCAN_PIXELS", 64 * 64 * 20)

    assert walk(many_scans(64, 64, 20)) == "JPEG"
    assert walk(many_scans(64, 64, 21)) == Refusal(Reason.UNREADABLE)


def test_scans_are_counted_as_the_decoder_finds_them() -> None:
    """A thumbnail in a segment is no scan; restart markers and escaped bytes within a scan are data."""
    whole = encoded("JPEG", progressive=True, restart_marker_blocks=1)
    thumbnail = b"\xff\xec" + (2 + 8 * 6).to_bytes(2) + b"\xff\xda\0\x08\x01\x01\0\0" * 6

    assert walk(whole[:2] + thumbnail * 50 + whole[2:]) == "JPEG"


def test_the_number_of_chunks_is_limited() -> None:
    whole = encoded("PNG")

    assert walk(whole[:33] + png_chunk(b"teSt", b"x") * (MAX_CHUNKS - 4) + whole[33:]) == "PNG"
    assert walk(whole[:33] + png_chunk(b"teSt", b"x") * (MAX_CHUNKS + 1) + whole[33:]) == Refusal(Reason.UNREADABLE)


# What ordinary files have.


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {}), ("JPEG", {"progressive": True}), ("JPEG", {"progressive": True, "quality": 95, "subsampling": 0}),
        ("JPEG", {"restart_marker_blocks": 1}), ("JPEG", {"comment": b"\xff\xd9" * 30}),
        ("JPEG", {"icc_profile": bytes(1_000_000)}), ("JPEG", {"exif": b"Exif\0\0" + b"\xff" * 60_000}),
        ("PNG", {}), ("PNG", {"icc_profile": bytes(100_000)}), ("PNG", {"interlace": True}),
        ("WEBP", {}), ("WEBP", {"lossless": True}), ("WEBP", {"icc_profile": bytes(999), "quality": 50}),
        ("GIF", {}), ("GIF", {"comment": b"c" * 5000}), ("GIF", {"interlace": True}),
    ],
)  # fmt: skip
def test_an_ordinary_file_passes(format: str, options: dict[str, Any]) -> None:
    data = encoded(format, **options)

    assert walk(data) == format
    assert isinstance(decode(data), Picture)


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "MPO"])
def test_an_animation_passes(format: str) -> None:
    frames = [Image.effect_noise((64, 48), 20 * number).convert("RGB") for number in (2, 3, 4)]
    data = encoded(
        format, save_all=True, append_images=frames, **({} if format == "MPO" else {"duration": 50, "loop": 0})
    )

    assert walk(data) == ("JPEG" if format == "MPO" else format)
    assert isinstance(decode(data), Picture)


def test_a_phones_progressive_jpeg_of_20_megapixels_with_ten_scans_passes() -> None:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((5200, 3900)).convert("RGB").save(file, "JPEG", progressive=True)
    data = file.getvalue()
    assert data.count(b"\xff\xda") == 10

    assert walk(data) == "JPEG"


def test_every_photo_at_hand_passes(shared_faces: Path) -> None:
    photos = [path for path in shared_faces.rglob("*") if path.suffix in (".jpg", ".png")]
    assert len(photos) > 1000

    assert [path.name for path in photos if not isinstance(walk(path.read_bytes()), str)] == []


def test_pillow_finds_no_segment_that_the_walk_does_not() -> None:
    """The walk and Pillow must agree about where segments begin, or one could be hidden from the other."""
    pieces = [b"\xff\xfe\0\5abc", b"\xff\xff\xfe\0\4hi", b"\xff\xe5\0\2", b"\0\0", b"\xff\0", b"\xff\xd3"]
    whole = encoded("JPEG")
    for first, second in [*pairwise(pieces), *pairwise(pieces[::-1])]:
        data = whole[:20] + first + second + whole[20:]  # behind the JFIF segment
        image = JpegImagePlugin.JpegImageFile(io.BytesIO(data))

        assert walk(data) == "JPEG"
        assert image.size == (64, 48)
        assert len(image.applist) == 1 + (first, second).count(pieces[2]) + sum(
            b"\xfe" in one for one in (first, second)
        )
