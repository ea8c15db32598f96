"""A photo file -> a small square thumbnail as a data URL, for the gallery report."""

from __future__ import annotations

import base64
import io
from pathlib import Path

from lookalike.faces.decoding import decode
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import Refusal

SIDE_PX = 96  # of the square; 1.2 KB as WebP (mean of 300 photos of faces)
DECODED_PX = 160  # longest side before cropping: the shorter side of a 2:3 photo is still over SIDE_PX
TOP_SHARE = 0.2  # of the rows that are cut off, those above the square: faces are in the upper half


def thumbnail(file: Path) -> str | None:
    """The photo as the data URL of a square WebP of SIDE_PX; None if the file is missing or refused."""
    data = read_photo(file) if _is_file(file) else None
    small = make_thumbnail(data) if isinstance(data, bytes) else None
    return "data:image/webp;base64," + base64.b64encode(small).decode() if isinstance(small, bytes) else None


def make_thumbnail(photo: bytes) -> bytes | Refusal:
    """A square WebP of SIDE_PX of an encoded photo, or the reason why not."""
    picture = decode(photo, DECODED_PX)
    if isinstance(picture, Refusal):
        return picture
    width, height = picture.image.size
    side = min(width, height)
    left, top = (width - side) // 2, round((height - side) * TOP_SHARE)
    square = picture.image.resize((SIDE_PX, SIDE_PX), box=(left, top, left + side, top + side))
    out = io.BytesIO()
    square.save(out, "WEBP", quality=60, method=2)
    return out.getvalue()


def _is_file(path: Path) -> bool:
    """Whether this is a regular file: reading a pipe would block."""
    try:
        return path.is_file()
    except OSError:  # no permission for the folder, or a name that is too long
        return False
