"""Hostile and damaged picture files: made by hand, and by random changes of good ones."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageOps

ORIENTATION = 0x0112  # the EXIF tag
AS_STORED = {  # how an upright picture is stored for each orientation (EXIF 2.3)
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # fmt: skip
BOMB_PX = 13_000  # squared: 169 megapixels, half a gigabyte as RGB
FRAMES = 5000
SEED_PX = 320  # longest side of what is mutated: a face that is found, in a file that is read quickly


def hand_made(face: bytes) -> dict[str, bytes]:
    """By name; `face` is a JPEG of one face."""
    made = dict(_bombs())
    made |= _strips(face) | _animations(face) | _modes(face) | _exif(face) | _polyglots(face) | _not_pictures()
    made |= {f"orientation {number}": data for number, data in orientations(face).items()}
    made |= {f"a JPEG cut to {share:.0%}": face[: int(len(face) * share)] for share in (0.01, 0.1, 0.5, 0.9, 0.99)}
    made |= {"two JPEGs in one": face + face, "a JPEG and 15 MB of nothing": face + bytes(15_000_000)}
    return made


def orientations(face: bytes, format: str = "JPEG") -> dict[int, bytes]:
    """The same face in all eight EXIF orientations."""
    upright = Image.open(io.BytesIO(face)).convert("RGB")
    found = {}
    for number, turn in AS_STORED.items():
        exif = Image.Exif()
        exif[ORIENTATION] = number
        found[number] = encoded(upright.transpose(turn) if turn is not None else upright, format, exif=exif)
    return found


def mutations(pictures: tuple[bytes, ...], chance: random.Random, count: int) -> Iterator[bytes]:
    """`count` files, each a good one with some bytes changed, removed, doubled, or cut off at the end."""
    seeds = [data for one in pictures[:4] for data in _formats(one)]
    for number in range(count):
        yield mutated(seeds[number % len(seeds)], chance)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The same with a few changes; half of them at the beginning, where the headers are."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(min(len(changed), 700) if chance.random() < 0.5 else len(changed))
        length = chance.randint(1, 64)
        match chance.choices(range(7), (6, 6, 3, 3, 3, 3, 1))[0]:  # cut off: one in 25
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at] ^= 1 << chance.randrange(8)
            case 2:
                changed[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)))
            case 3:
                del changed[at : at + length]
            case 4:
                changed[at:at] = changed[at : at + length]
            case 5:
                changed[at:at] = chance.randbytes(length)
            case _:
                del changed[max(at, 100) :]
        if not changed:
            return b""
    return bytes(changed)


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _formats(picture: bytes) -> list[bytes]:
    """The same face in every format that is read."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.thumbnail((SEED_PX, SEED_PX))
    exif = Image.Exif()
    exif[ORIENTATION] = 1
    exif[0x9286] = b"a comment"
    more: dict[str, Any] = {"save_all": True, "append_images": [ImageOps.mirror(image)]}
    return [
        encoded(image, exif=exif), encoded(image, progressive=True, quality=90), encoded(image.convert("CMYK")),
        encoded(image.convert("L")), encoded(image, "PNG"), encoded(image.quantize(64), "PNG", transparency=0),
        encoded(image, "WEBP"), encoded(image, "WEBP", lossless=True), encoded(image, "GIF", **more),
        encoded(image, "MPO", **more), encoded(image, "PNG", duration=50, **more),
    ]  # fmt: skip


# By hand


def _bombs() -> Iterator[tuple[str, bytes]]:
    """Decompression bombs: small files, large pictures."""
    yield "13000² of one bit, PNG", _png(BOMB_PX, BOMB_PX, 1, 0, bytes(1 + BOMB_PX // 8), BOMB_PX)
    yield "13000² grey, PNG", _png(BOMB_PX, BOMB_PX, 8, 0, bytes(1 + BOMB_PX), BOMB_PX)
    yield "13000² grey, JPEG", encoded(Image.new("L", (BOMB_PX, BOMB_PX), 90), quality=10)
    yield "40 megapixels, JPEG", encoded(Image.new("RGB", (8000, 5000), (90, 80, 70)), quality=10)
    yield "40 megapixels, 16 bits of colour and alpha, PNG", _png(8000, 5000, 16, 6, bytes(1 + 64_000), 5000)
    yield "40 megapixels, WebP", encoded(Image.new("RGB", (8000, 5000), (90, 80, 70)), "WEBP", quality=1, method=0)
    yield "2³¹ × 2³¹ in the header", _png(2**31 - 1, 2**31 - 1, 8, 2, b"", 0)
    small = encoded(Image.new("P", (64, 64)), "GIF")
    yield "65535² in a GIF's header", small[:6] + struct.pack("<HH", 65_535, 65_535) + small[10:]
    yield (
        "a text chunk of 15 MB",
        _png(64, 64, 8, 0, bytes(65), 64, _chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(15_000_000)))),
    )


def _strips(face: bytes) -> dict[str, bytes]:
    found = {
        f"{width} × {height}": encoded(Image.new("L", (width, height), 99), "PNG")
        for width, height in ((1, 1), (1, 65_535), (65_535, 1), (40, 65_000), (39, 39), (65_535, 600))
    }
    return found | {"a face 40 px wide": encoded(Image.open(io.BytesIO(face)).resize((40, 40)), "PNG")}


def _animations(face: bytes) -> dict[str, bytes]:
    first = Image.open(io.BytesIO(face)).convert("RGB")
    first.thumbnail((200, 200))
    frames = [Image.new("RGB", first.size, (number % 256, 0, 0)) for number in range(2)]
    gif = encoded(first, "GIF", save_all=True, append_images=frames, duration=20)
    frame = gif[gif.rindex(b"\x21\xf9\x04") : -1]
    apng = encoded(first, "PNG", save_all=True, append_images=frames, duration=20)
    return {
        "a GIF of 5,000 frames": gif[:-1] + frame * FRAMES + b";",
        "an APNG that claims 2³¹ frames": apng.replace(
            _chunk(b"acTL", struct.pack(">II", 3, 0)), _chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
        ),
        "a WebP of 100 frames": encoded(first, "WEBP", save_all=True, append_images=frames * 50),
        "an MPO": encoded(first, "MPO", save_all=True, append_images=frames),
        "a GIF whose frame is outside": gif.replace(b"\x2c\x00\x00\x00\x00", b"\x2c\xff\xff\xff\xff", 1),
    }


def _modes(face: bytes) -> dict[str, bytes]:
    image = Image.open(io.BytesIO(face)).convert("RGB")
    deep = image.convert("L").convert("I").point(lambda value: value * 257)
    return {
        "CMYK": encoded(image.convert("CMYK")),
        "16 bits of grey": encoded(deep.convert("I;16"), "PNG"),
        "a palette": encoded(image.quantize(16), "PNG"),
        "one bit": encoded(image.convert("1"), "PNG"),
        "grey and alpha": encoded(image.convert("LA"), "PNG"),
        "wholly transparent": encoded(Image.new("RGBA", image.size, (0, 0, 0, 0)), "PNG"),
        "YCCK without a profile": encoded(image.convert("CMYK"), quality=30, subsampling=2),
        "a profile that is none": encoded(image, icc_profile=b"\x00\xff" * 30_000),
        "progressive with restarts": encoded(image, progressive=True, quality=95, restart_marker_blocks=1),
    }


def _exif(face: bytes) -> dict[str, bytes]:
    """EXIF directories with offsets out of range, or in a loop."""
    circle = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x08\0\0\0"  # the next one is this one
    sub = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\0\0\0\0"  # the sub-directory is this one
    many = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff\x08\0\0\0" * 5000
    far = b"Exif\0\0MM\0*\xff\xff\xff\xf0"
    image = Image.open(io.BytesIO(face)).convert("RGB")
    found = {"in a circle": circle, "within itself": sub, "of 65,535 entries": many, "far away": far}
    return {f"EXIF {name}": encoded(image, exif=exif) for name, exif in found.items()}


def _polyglots(face: bytes) -> dict[str, bytes]:
    """Polyglots: a picture that is another format as well."""
    png = encoded(Image.open(io.BytesIO(face)), "PNG")
    page = b"<script>fetch('http://127.0.0.1/')</script>"
    return {
        "JPEG and ZIP": face + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18),
        "PDF, then JPEG": b"%PDF-1.7\n1 0 obj <<>> stream\n" + face,
        "GIF and JavaScript": b"GIF89a=1;" + page,
        "PNG and HTML": png[:33] + _chunk(b"tEXt", b"Comment\0" + page) + png[33:],
        "JPEG with PHP in a comment": face[:2] + b"\xff\xfe\x00\x1b<?php system($_GET[0]); ?>"[:29] + face[2:],
        "WebP's frame around a JPEG": b"RIFF" + struct.pack("<I", len(face) + 12) + b"WEBPVP8 " + face,
    }


def _not_pictures() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "one byte": b"\xff",
        "zeros": bytes(5000),
        "noise": random.Random(1).randbytes(50_000),
        "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000),
        "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + bytes(2000),
        "SVG that loads a file": b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 200 200\n(/etc/passwd) (r) file\nshowpage\n%%EOF\n",
        "TIFF": encoded(Image.new("RGB", (200, 200)), "TIFF"),
        "a JPEG's first bytes alone": b"\xff\xd8\xff\xe0",
        "a PNG's first bytes alone": b"\x89PNG\r\n\x1a\n",
        "a JPEG of nothing but markers": b"\xff\xd8" + b"\xff\xdd\x00\x04\x00\x01" * 50_000 + b"\xff\xd9",
    }


def _png(width: int, height: int, bits: int, colour: int, row: bytes, rows: int, extra: bytes = b"") -> bytes:
    """A PNG whose rows are all the same."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    packer = zlib.compressobj(1)
    pixels = b"".join([*(packer.compress(row) for _ in range(rows)), packer.flush()])
    return b"\x89PNG\r\n\x1a\n" + header + extra + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
