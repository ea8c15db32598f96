"""Does each kind of work once, so that libraries import and load what they leave until it is needed.

Afterwards a worker gives up its capabilities, and the files of a checkout in somebody's private folder are out of its
reach; and its first photo takes no longer than the next.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, MpoImagePlugin, WebPImagePlugin

from lookalike.faces.decoding import ORIENTATION, decode
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.drawing.card.draw import draw
from lookalike.faces.drawing.thumbnails import make_thumbnail
from lookalike.faces.finder import FaceFinder
from lookalike.faces.heif.decoders import prepare
from lookalike.faces.quality import texture
from lookalike.faces.types import CHIP_PX

SIDE_PX = 160
ARABIC = "\u0645"  # a letter that Raqm shapes
# By name, or Pillow imports all of its forty formats at the first picture in one of these.
FORMATS = ("JPEG", "PNG", "GIF", WebPImagePlugin.WebPImageFile.format, MpoImagePlugin.MpoImageFile.format)


def warm_up(faces: FaceFinder) -> None:
    """Decode a picture of every format, look for faces, embed a chip, draw a card and a thumbnail."""
    prepare()
    for photo in _samples():
        decode(photo)
    faces.find(photo)
    chips = np.zeros((1, 1, CHIP_PX, CHIP_PX, 3), dtype=np.uint8)
    faces.embed(chips)
    texture(chips[0, 0])
    make_thumbnail(photo)
    draw(photo, Card((40, 40, 120, 120), "A", "B", "C", "", 50, ARABIC, "E"), photo)


def _samples() -> list[bytes]:
    """An empty picture in every format, with the metadata that has modules of its own in Pillow."""
    picture = Image.new("RGB", (SIDE_PX, SIDE_PX), "grey")
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    samples = []
    for name in FORMATS:
        file = io.BytesIO()
        several = {"save_all": True, "append_images": [picture]} if name == "MPO" else {}
        picture.save(file, name, exif=exif, **several)
        samples.append(file.getvalue())
    return samples
