"""An encoded photo -> a small square thumbnail, for the gallery report."""

from __future__ import annotations

import io

from lookalike.faces.decoding import decode
from lookalike.faces.types import Refusal

SIDE_PX = 96  # of the square; 1.2 KB as WebP (mean of 300 photos of faces)
DECODED_PX = 160  # longest side before cropping: the shorter side of a 2:3 photo is still over SIDE_PX
TOP_SHARE = 0.2  # of the rows that are cut off, those above the square: faces are in the upper half


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
