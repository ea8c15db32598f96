"""A photo of several people with a number at each face, so that an answer can say who is who. Drawn in a worker."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import ImageDraw, ImageFont

from lookalike.core.paths import ASSETS_DIR
from lookalike.faces.decoding import decode
from lookalike.faces.types import Box, Refusal

FONT = ASSETS_DIR / "fonts" / "Inter-Bold.otf"
NIGHT, RING = (24, 22, 48), (255, 196, 84)  # the colours of the share card's badge
LEAST_PX, MOST_PX = 26, 72  # diameter of a number
SHARE = 0.4  # of the side of a face
JPEG_QUALITY = 88


def number_faces(photo: bytes, boxes: Sequence[Box], turn: int) -> bytes | Refusal:
    """The photo as JPEG, turned upright by `turn` (as in `Face`) and reduced, with 1, 2, 3… under the `boxes`."""
    picture = decode(photo)
    if isinstance(picture, Refusal):
        return picture
    picture = picture.turned(turn)
    image = picture.image
    pen = ImageDraw.Draw(image)
    for number, box in enumerate(boxes, start=1):
        left, top, right, bottom = (edge / picture.scale for edge in box)
        side = min(max(SHARE * (bottom - top), LEAST_PX), MOST_PX)
        pen.rounded_rectangle((left, top, right, bottom), side / 4, outline=RING, width=max(2, round(side / 14)))
        x = min(max((left + right) / 2, side / 2), image.width - side / 2)
        y = min(max(bottom, side / 2), image.height - side / 2)
        circle = (x - side / 2, y - side / 2, x + side / 2, y + side / 2)
        pen.ellipse(circle, fill=NIGHT, outline=RING, width=max(2, round(side / 14)))
        font = ImageFont.truetype(str(FONT), round(side * 0.55), layout_engine=ImageFont.Layout.BASIC)
        pen.text((x, y), str(number), RING, font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
