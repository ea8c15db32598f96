"""HEIC and AVIF: photos of phones are decoded without threads; hostile files are refused before they are decoded."""

import functools
import io
import os
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lookalike.faces.containers import walk
from lookalike.faces.decoding import Picture, decode
from lookalike.faces.heif import boxes as heif_boxes
from lookalike.faces.heif.boxes import MAX_CODED_PIXELS, MAX_ITEMS, MAX_REFERENCES
from lookalike.faces.heif.coded_images import CodedImageError, av1_images, hevc_images
from lookalike.faces.types import Reason, Refusal
from lookalike.workers.pool import WorkerPool

ROOT = Path(__file__).parents[3]
WALK_CPU_S = 0.05
UNREADABLE, TOO_LARGE = Refusal(Reason.UNREADABLE), Refusal(Reason.TOO_LARGE)


def gradient(width: int = 600, height: int = 400) -> Image.Image:
    """Dark on the left, bright on the right, red above."""
    across = np.tile(np.linspace(20, 235, width), (height, 1))
    down = np.tile(np.linspace(255, 0, height)[:, None], (1, width))
    return Image.fromarray(np.stack([down, across, across], axis=-1).astype(np.uint8))


def heic(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=80, **options)
    return file.getvalue()


def avif(image: Image.Image, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, "AVIF", quality=80, speed=10, max_threads=1, **options)
    return file.getvalue()


def decoded(data: bytes) -> Picture:
    found = decode(data)
    assert isinstance(found, Picture)
    return found


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    assert data.count(old) >= 1
    return data.replace(old, new)


WRITERS = pytest.mark.parametrize("write", [heic, avif])
HEIC, AVIF = heic(gradient()), avif(gradient())
TILED = heic(gradient(1200, 900), tile_size=512)


# Decoded.


@WRITERS
def test_a_photo_is_decoded(write: Callable[[Image.Image], bytes]) -> None:
    found = decoded(write(gradient()))

    assert (found.size, found.image.mode) == ((600, 400), "RGB")
    np.testing.assert_allclose(found.pixels().astype(int), np.asarray(gradient()).astype(int), atol=12)


def test_the_formats_are_told_apart() -> None:
    assert (walk(HEIC), walk(TILED), walk(AVIF)) == ("HEIF", "HEIF", "AVIF")


def test_a_photo_of_tiles_is_decoded_whole() -> None:
    found = decoded(TILED)

    assert found.size == (1200, 900)
    np.testing.assert_allclose(found.pixels().astype(int), np.asarray(gradient(1200, 900)).astype(int), atol=12)


@WRITERS
def test_the_orientation_in_its_exif_is_heeded(write: Callable[..., bytes]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    found = decoded(write(gradient().transpose(Image.Transpose.ROTATE_90), exif=exif.tobytes()))

    assert found.size == (600, 400)
    np.testing.assert_allclose(found.pixels().astype(int), np.asarray(gradient()).astype(int), atol=16)


@WRITERS
def test_transparency_becomes_white(write: Callable[[Image.Image], bytes]) -> None:
    image = gradient().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))

    assert decoded(write(image)).pixels().min() > 250


def test_it_is_decoded_where_no_thread_may_be_started(tmp_path: Path) -> None:
    for name, data in {"a.heic": HEIC, "b.heic": TILED, "c.avif": AVIF}.items():
        (tmp_path / name).write_bytes(data)
    program = """
import sys
from pathlib import Path
from lookalike.faces.decoding import decode
from lookalike.faces.heif.decoders import prepare
from lookalike.workers.sandbox import confine, readable_files
files = [Path(name).read_bytes() for name in sys.argv[1:]]
prepare()
confine(readable_files())
print(*(decode(data).size for data in files))
"""
    command = [sys.executable, "-c", program, *sorted(str(file) for file in tmp_path.iterdir())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("(600, 400) (1200, 900) (600, 400)\n", "")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_worker_finds_the_face_in_photos_of_phones(models: Path, astronaut: bytes) -> None:
    portrait = Image.open(io.BytesIO(astronaut)).convert("RGB").resize((1024, 1024))
    async with WorkerPool(1, models) as pool:
        (expected,) = await faces_in(pool, astronaut)
        for photo in (heic(portrait, tile_size=512), avif(portrait)):
            (face,) = await faces_in(pool, photo)

            np.testing.assert_allclose(np.array(face.box) / 2, expected.box, atol=20)
            assert np.linalg.norm(face.embedding - expected.embedding) < 0.3
        (worker,) = [slot.worker for slot in pool._slots]
        assert worker.missing == ()
        assert pool.deaths == 0
        assert len(os.listdir(f"/proc/{worker.pid}/task")) == 1  # noqa: PTH208


async def faces_in(pool: WorkerPool, photo: bytes) -> Any:
    found = await pool.find(photo)
    assert isinstance(found, tuple)
    return found


# Refused.


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


FTYP = box(b"ftyp", b"heic\0\0\0\0mif1heic")


def full_box(kind: bytes, content: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]) + content)


def grid_of(tile: bytes, tiles: int, references: int, size: tuple[int, int] = (600, 400)) -> bytes:
    """A HEIC whose photo is a grid of so many copies of another HEIC's image, each of the size that is claimed."""
    (meta,) = (span for kind, span in heif_boxes._boxes(tile, (0, len(tile))) if kind == b"meta")
    items = heif_boxes._items(tile, meta)
    coded = heif_boxes._content(tile, items, items.primary)
    (hvcc,) = heif_boxes._properties(items, items.primary, b"hvcC")
    ids = range(2, 2 + tiles)
    grid = b"\0\1" + struct.pack(">BBII", 0, 0, *size)  # the grid is item 1
    names = [(1, b"grid"), *((id, b"hvc1") for id in ids)]
    info = b"".join(full_box(b"infe", struct.pack(">HH4sx", id, 0, kind), 2) for id, kind in names)
    properties = box(b"ipco", full_box(b"ispe", struct.pack(">II", *size)) + box(b"hvcC", hvcc))
    owners = struct.pack(">HBB", 1, 1, 1) + b"".join(struct.pack(">HBBB", id, 2, 1, 2) for id in ids)
    used = [ids[number % tiles] for number in range(references)]
    made_of = box(b"dimg", struct.pack(f">HH{references}H", 1, references, *used))

    def head(start: int) -> bytes:
        places = [(1, start, len(grid)), *((id, start + len(grid) + (id - 2) * len(coded), len(coded)) for id in ids)]
        iloc = b"".join(struct.pack(">HHHII", id, 0, 1, at, length) for id, at, length in places)
        parts = [
            full_box(b"pitm", struct.pack(">H", 1)), full_box(b"iinf", struct.pack(">H", 1 + tiles) + info),
            box(b"iprp", properties + full_box(b"ipma", struct.pack(">I", 1 + tiles) + owners)),
            full_box(b"iref", made_of), full_box(b"iloc", b"\x44\0" + struct.pack(">H", 1 + tiles) + iloc),
        ]  # fmt: skip
        return FTYP + full_box(b"meta", b"".join(parts))

    return head(len(head(0)) + 8) + box(b"mdat", grid + coded * tiles)


@functools.cache
def hostile() -> dict[str, bytes]:
    """Files that would cost a decoder much, by what is in them."""
    ispe = b"ispe\0\0\0\0" + struct.pack(">II", 640, 400)  # coded in whole blocks of 64
    ispe = ispe if ispe in HEIC else b"ispe\0\0\0\0" + struct.pack(">II", 600, 400)
    sizes = {
        "HEIC of 400 megapixels": replaced(HEIC, ispe, b"ispe\0\0\0\0" + struct.pack(">II", 20_000, 20_000)),
        "AVIF of 400 megapixels": replaced(
            AVIF, b"ispe\0\0\0\0" + struct.pack(">II", 600, 400), b"ispe\0\0\0\0" + struct.pack(">II", 20_000, 20_000)
        ),
        "a grid of 400 megapixels": grid_of(HEIC, 1, 1, (20_000, 20_000)),
        "a tile as often as it may be referred to": grid_of(HEIC, 1, 4_000),
        "a tile more often": grid_of(HEIC, 1, 65_535),
        "more items than are allowed": grid_of(HEIC, MAX_ITEMS, 1),
    }
    deep = b""
    for _ in range(2000):
        deep = box(b"meta", b"\0\0\0\0" + deep)
    return sizes | {
        "empty boxes": FTYP + box(b"free", b"") * 2_000_000,
        "empty boxes in meta": FTYP + box(b"meta", b"\0\0\0\0" + box(b"free", b"") * 2_000_000),
        "boxes in boxes": FTYP + deep,
        "no items": FTYP + box(b"meta", b"\0\0\0\0"),
        "two lists of items": FTYP + box(b"meta", b"\0\0\0\0") * 2,
        "a film": FTYP + box(b"moov", bytes(1000)) + HEIC[len(FTYP) :],
        "a box of its own size": FTYP + b"\0\0\0\1meta" + struct.pack(">Q", 2**63) + bytes(100),
        "a million places": FTYP + box(b"meta", b"\0\0\0\0" + box(b"iloc", b"\0\0\0\0\x44\0\xff\xff" + bytes(10**6))),
        "a million names": FTYP + box(b"meta", b"\0\0\0\0" + box(b"iinf", b"\0\0\0\0\xff\xff" + bytes(10**6))),
        "a million properties": FTYP + box(b"meta", b"\0\0\0\0" + box(b"iprp", box(b"ipco", box(b"x", b"") * 10**6))),
    }


@pytest.mark.parametrize("name", hostile())
def test_a_hostile_file_is_refused_within_50_ms_of_cpu(name: str) -> None:
    data, took = hostile()[name], []
    for _ in range(5):
        began = time.thread_time()
        found = walk(data)
        took.append(time.thread_time() - began)

    assert found in (UNREADABLE, TOO_LARGE)
    assert min(took) < WALK_CPU_S


def test_as_many_items_and_references_as_are_allowed_are_walked_within_50_ms_of_cpu() -> None:
    data, took = grid_of(heic(gradient(64, 64)), MAX_ITEMS - 1, MAX_REFERENCES, (64, 64)), []
    for _ in range(5):
        began = time.thread_time()
        found = walk(data)
        took.append(time.thread_time() - began)

    assert found == "HEIF"
    assert min(took) < WALK_CPU_S


@pytest.mark.parametrize("whole", [HEIC, TILED, AVIF], ids=["heic", "tiles", "avif"])
def test_a_file_that_ends_anywhere_is_refused_or_decoded(whole: bytes) -> None:
    for length in range(0, len(whole), 7):
        assert isinstance(decode(whole[:length]), Picture | Refusal)


@pytest.mark.parametrize("whole", [HEIC, TILED, AVIF], ids=["heic", "tiles", "avif"])
def test_half_a_file_is_unreadable(whole: bytes) -> None:
    assert decode(whole[: len(whole) // 2]) == UNREADABLE


@given(st.sampled_from([HEIC, TILED, AVIF]), st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255)), max_size=6))
def test_a_mutated_head_never_raises(whole: bytes, changes: list[tuple[int, int]]) -> None:
    data = bytearray(whole)
    for at, value in changes:
        data[at] = value

    assert isinstance(walk(bytes(data)), str | Refusal)


@given(st.binary(max_size=300))
def test_coded_images_of_garbage_have_sizes_or_an_error(garbage: bytes) -> None:
    for read in (av1_images, lambda data: hevc_images(data, 4)):
        try:
            sizes, images, _ = read(garbage)
        except (CodedImageError, IndexError):
            continue
        assert images >= 0
        assert all(width >= 0 and height >= 0 for width, height in sizes)


def test_the_coded_size_counts_where_it_is_larger_than_the_declared_one() -> None:
    """Tiles of a megapixel that claim to be small."""
    tile = heic(gradient(1280, 800))
    most = MAX_CODED_PIXELS // (1280 * 832)  # coded in blocks of 64 px at most

    assert walk(grid_of(tile, 1, most)) == "HEIF"
    assert walk(grid_of(tile, 1, MAX_CODED_PIXELS // (1280 * 800) + 1)) == TOO_LARGE
