"""Pictures that are cheap to send and expensive to decode, as the decoders' own test suites and fuzzers found them."""

import io
import struct
import zlib

from PIL import Image

FILE_BYTES = 20_000_000  # what a Telegram bot can download
SCANS = 1_010  # of libjpeg-turbo's LJT-01-003 finding, at 40 megapixels


def hostile_pictures() -> dict[str, bytes]:
    """Each by what is in it, none over FILE_BYTES."""
    jpeg, png, gif = _encoded("JPEG"), _encoded("PNG"), _encoded("GIF")
    return {
        f"JPEG of 40 megapixels in {SCANS} scans": many_scans(8000, 5000, SCANS),
        "JPEG with Exif segments of 8 bytes": _filled(jpeg[:2], b"\xff\xe1\x00\x08Exif\0\0", jpeg[2:]),
        "JPEG with Exif segments of 64 KB": _filled(jpeg[:2], b"\xff\xe1\xff\xffExif\0\0" + bytes(65_527), jpeg[2:]),
        "JPEG with empty comments": _filled(jpeg[:2], b"\xff\xfe\x00\x02", jpeg[2:]),
        "JPEG with 0xFF padding": _filled(jpeg[:2], b"\xff", jpeg[2:]),
        "JPEG with other padding": _filled(jpeg[:2] + jpeg[2:20], b"\x00", jpeg[20:]),
        "JPEG with escaped padding": _filled(jpeg[:2] + jpeg[2:20], b"\xff\x00", jpeg[20:]),
        "JPEG with 0xFF padding in its scan": _filled(jpeg[:-20], b"\xff", jpeg[-20:]),
        "JPEG with two headers": jpeg[:2] + many_scans(64, 64, 1)[2:-2] + jpeg[2:],
        "PNG with empty chunks": _filled(png[:33], png_chunk(b"teSt", b""), png[33:]),
        "PNG with two headers": png[:33] + png_header(9000, 9000) + png[33:],
        "WebP with empty chunks": _webp_with_empty_chunks(_encoded("WEBP")),
        "GIF with a comment in blocks of a byte": _filled(gif[:781] + b"\x21\xfe", b"\x01x", b"\x00" + gif[781:]),
        "GIF with empty comments": _filled(gif[:781], b"\x21\xfe\x00", gif[781:]),
        "GIF with padding": _filled(gif[:781], b"\x00", gif[781:]),
        "GIF with a first frame beyond its size": gif.replace(b"\x2c\0\0\0\0", b"\x2c\xff\xff\xff\xff", 1),
    }  # fmt: skip


def photo_at_the_limits() -> bytes:
    """An allowed photo that costs a worker over a second: noise of 40 megapixels in 12 scans, 16 MB."""
    noise = Image.merge("RGB", [Image.effect_noise((1000, 1000), 40) for _ in range(3)])
    picture = Image.new("RGB", (8000, 5000))
    for number in range(40):
        picture.paste(noise, (number % 8 * 1000, number // 8 * 1000))
    return _in_scans(picture, 12, subsampling=0)


def many_scans(width: int, height: int, scans: int) -> bytes:
    """A progressive grey JPEG whose last scan is repeated; a scan costs libjpeg a pass over all blocks."""
    return _in_scans(Image.new("L", (width, height), 90), scans)


def _in_scans(picture: Image.Image, scans: int, **options: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", progressive=True, quality=30, **options)
    whole = file.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * max(1, scans - whole.count(b"\xff\xda") + 1) + whole[-2:]


def png_header(width: int, height: int) -> bytes:
    """IHDR of a grey PNG of 8 bits."""
    return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _encoded(format: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("P" if format == "GIF" else "RGB").save(file, format)
    return file.getvalue()


def _filled(head: bytes, piece: bytes, tail: bytes) -> bytes:
    """As many pieces between head and tail as a file can have."""
    return head + piece * ((FILE_BYTES - len(head) - len(tail)) // len(piece)) + tail


def _webp_with_empty_chunks(webp: bytes) -> bytes:
    chunks = _filled(webp[12:], b"XTRA\0\0\0\0", b"")
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks
