"""Walks the structure of a JPEG, PNG, WebP or GIF file before anything decodes it (HEIC and AVIF: heif/boxes.py).

Pillow reads headers in Python and libjpeg decodes every scan that a file announces, so that small files can take many
seconds of CPU: 320 KB with 1,010 scans of 40 megapixels, a million empty segments or chunks, megabytes of padding. The
walk skips over payloads by their lengths and searches with `bytes.find` and `re`; its own time is linear in the file.
It is as strict as libjpeg, libpng, libwebp and Pillow are about what ends a file, and never stops earlier than they do.
"""

from __future__ import annotations

import re
import struct

from lookalike.faces.heif.boxes import is_heif, walk_heif
from lookalike.faces.types import MAX_PIXELS, Reason, Refusal

# Far above what real files have: 300 segments of 64 KB in a JPEG of 20 MB (extended XMP, depth maps), 2,500 chunks of
# libpng's 8 KB in such a PNG. Each costs Pillow about 5 us.
MAX_SEGMENTS = 1_000  # of a JPEG
MAX_EXIF_SEGMENTS = 16  # of a JPEG; Pillow joins them one by one, in quadratic time
MAX_CHUNKS = 10_000  # of a PNG or WebP; sub-blocks of a GIF before its first frame
WINDOW_BYTES = 65_536  # of entropy-coded data searched at a time
MAX_FILL_BYTES = 64  # before a marker of a JPEG: 0xFF bytes, or bytes that belong to no segment
# Scans of a progressive JPEG times its megapixels. A scan costs libjpeg at least 0.6 ms a megapixel, however short it
# is. Phones write about ten scans, so this allows 40 megapixels; NVIDIA DALI allows 500 scans of any size.
MAX_SCAN_PIXELS = 500_000_000

_REFUSED = Refusal(Reason.UNREADABLE)
_PNG = b"\x89PNG\r\n\x1a\n"
_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame; the others are tables and an extension
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM and restart markers
_UNKNOWN = frozenset({*range(0x02, 0xC0), 0xC8, 0xDE, 0xDF, *range(0xF0, 0xFE)})  # libjpeg stops with an error
_FILL = b"\xff" * (MAX_FILL_BYTES + 1)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # within a scan, where 0xFF 0x00 and restart markers are data


def walk(data: bytes) -> str | Refusal:
    """Pillow's name of the format, if the file's structure and dimensions are within the limits; else why it is not."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _walk_jpeg(data) or "JPEG"
        if data.startswith(_PNG):
            return _walk_png(data) or "PNG"
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _walk_gif(data) or "GIF"
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _walk_webp(data) or "WEBP"
        if is_heif(data):
            return walk_heif(data)
    except (IndexError, struct.error):  # the file ends within a header
        return _REFUSED
    return Refusal(Reason.NOT_A_PICTURE if data else Reason.UNREADABLE)


def _walk_jpeg(data: bytes) -> Refusal | None:
    """Marker segments (ITU-T T.81, annex B) up to the end of the image."""
    at, segments, exif_segments, scans, pixels = 2, 0, 0, 0, 0
    while scans == 0 or at < len(data):
        start = _marker_in_scan(data, at) if scans else _marker_in_header(data, at)
        if start is None:
            return None if scans else _REFUSED  # cut off within a scan: the decoder decides
        if start < 0:
            return _REFUSED
        marker, at = data[start + 1], start + 2
        segments += 1
        if segments > MAX_SEGMENTS:
            return _REFUSED
        if marker in (_SOI, _EOI) or marker in _UNKNOWN:
            return None if scans else _REFUSED  # the decoder stops here
        if marker in _WITHOUT_LENGTH:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        if marker in _SOF:
            if pixels:  # libjpeg refuses a second frame header, Pillow would take its size
                return _REFUSED
            height, width = struct.unpack_from(">HH", data, at + 3)
            pixels = width * height
            if refusal := _dimensions(width, height):
                return refusal
        elif marker == _APP1 and data.startswith(b"Exif\0\0", at + 2):
            exif_segments += 1
        elif marker == _SOS:
            scans += 1
        if exif_segments > MAX_EXIF_SEGMENTS or scans * pixels > MAX_SCAN_PIXELS or (scans and not pixels):
            return _REFUSED
        at += max(length, 2)
    return None


def _marker_in_header(data: bytes, at: int) -> int | None:
    """Where the next marker begins (its last 0xFF), found as Pillow does; -1 behind too much fill, None at the end."""
    end = at + MAX_FILL_BYTES
    while 0 <= (at := data.find(b"\xff", at, end)) < len(data) - 1:
        if data[at + 1] not in (0x00, 0xFF):
            return at
        at += 1
    return -1 if end < len(data) else None


def _marker_in_scan(data: bytes, at: int) -> int | None:
    """Where the first marker behind entropy-coded data begins; -1 if too many fill bytes come before it."""
    while at < len(data):
        found = _NEXT_MARKER.search(data, at, at + WINDOW_BYTES)
        end = found.start() if found else at + WINDOW_BYTES
        if data.find(_FILL, at, end) >= 0:
            return -1
        if found:
            return end
        at = end - len(_FILL)  # a marker or a run of fill bytes may lie across two windows
    return None


def _walk_png(data: bytes) -> Refusal | None:
    """Chunks (length, type, payload, CRC) up to IEND."""
    at = len(_PNG)
    for number in range(MAX_CHUNKS):
        if at >= len(data):
            return None  # cut off: the decoder decides
        length, kind = struct.unpack_from(">I4s", data, at)
        if (kind == b"IHDR") != (number == 0):  # Pillow would take the size of a second header
            return _REFUSED
        if number == 0 and (refusal := _dimensions(*struct.unpack_from(">II", data, at + 8))):
            return refusal
        if kind == b"IEND":
            return None
        at += 12 + length
    return _REFUSED


def _walk_webp(data: bytes) -> Refusal | None:
    """RIFF chunks (type, length, payload padded to an even length); the first one has the dimensions."""
    at = 12
    for number in range(MAX_CHUNKS):
        if at + 8 > len(data):
            return None
        kind, length = struct.unpack_from("<4sI", data, at)
        if number == 0 and (refusal := _dimensions(*_webp_size(kind, data, at + 8))):
            return refusal
        at += 8 + length + length % 2
    return _REFUSED


def _webp_size(kind: bytes, data: bytes, at: int) -> tuple[int, int]:
    """Width and height from the payload of a WebP's first chunk (RFC 9649, section 2)."""
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[at + 4 : at + 7], "little"), 1 + int.from_bytes(data[at + 7 : at + 10], "little")
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, at + 1)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, at + 6)  # lossy: behind frame tag and start code
    return width & 0x3FFF, height & 0x3FFF


def _walk_gif(data: bytes) -> Refusal | None:
    """Blocks (GIF89a, appendix A) up to the first frame, the only one that is decoded."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << 1 + (flags & 7) if flags & 0x80 else 0)  # behind the global colour table
    sub_blocks, expected = -1, 0  # read of the present extension (-1: outside); with fewer Pillow reads beyond its end
    for _ in range(MAX_CHUNKS):
        byte, at = data[at], at + 1
        if sub_blocks >= 0:  # a sub-block's length; 0 ends the extension
            if byte == 0 and sub_blocks < expected:
                return _REFUSED
            sub_blocks, at = (sub_blocks + 1 if byte else -1), at + byte
        elif byte == 0x2C:  # a frame; Pillow enlarges the picture where the frame reaches beyond it
            left, top, frame_width, frame_height = struct.unpack_from("<HHHH", data, at)
            return _dimensions(max(width, left + frame_width), max(height, top + frame_height))
        elif byte == 0x21:  # an extension: a comment, NETSCAPE's with the number of loops, any other
            expected = 0 if data[at] == 0xFE else 2 if data.startswith(b"\xff\x0bNETSCAPE2.0", at) else 1
            sub_blocks, at = 0, at + 1
        elif byte == 0x3B:  # the end
            return _REFUSED
    return _REFUSED


def _dimensions(width: int, height: int) -> Refusal | None:
    if width * height > MAX_PIXELS:
        return Refusal(Reason.TOO_LARGE)
    return None if width and height else _REFUSED
