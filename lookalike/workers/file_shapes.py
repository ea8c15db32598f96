"""Whether bytes of a worker have the outer shape of an encoded picture or video; nothing is decoded."""

from __future__ import annotations


def is_jpeg(data: bytes) -> bool:
    """Whether this begins and ends as a JPEG (ITU T.81, B.1.1.3: SOI, a marker; EOI)."""
    return data.startswith(b"\xff\xd8\xff") and data.endswith(b"\xff\xd9")


def is_webp(data: bytes) -> bool:
    """Whether this begins as a WebP and is as long as it says (RFC 9649, 2.4)."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP" and int.from_bytes(data[4:8], "little") == len(data) - 8


def is_mp4(data: bytes) -> bool:
    """Whether this begins as an MP4, and its boxes are as long as it is (ISO/IEC 14496-12, 4.2)."""
    place = 0
    while 0 <= place <= len(data) - 8 and (place or data[4:8] == b"ftyp"):
        size = int.from_bytes(data[place : place + 4])
        place = place + size if size >= 8 else -1
    return 0 < place == len(data)
