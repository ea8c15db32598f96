"""A gallery in which the place of a star's face in the photo is known, so that pictures are made with it."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lookalike.faces.drawing.avatar.order import AvatarOrder
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Face, Refusal
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import write_index
from tests.support.web.page import LICENCE, Held

# Stars by what their photo is.
SHARE_ALIKE, NO_CHANGES, NO_PHOTO, GONE, NO_EYES, WHOLE = "Q1", "Q2", "Q3", "Q4", "Q5", "Q6"


@dataclass(frozen=True)
class Home:
    """The gallery and where its photos are."""

    gallery: Gallery
    photos: Path


def portrait_gallery(directory: Path, photo: bytes, face: Face) -> Home:
    """Six stars, all with the same face, which is that of the photo."""
    folder = directory / "photos"
    for one in (folder, directory / "index"):
        one.mkdir(parents=True)
    (folder / "star.jpg").write_bytes(photo)
    whose = {"author": "A. Photographer", "source_url": "https://photo.example", "license_url": LICENCE}
    place = {"box": face.box, "eyes": face.eyes}
    photos: dict[str, dict[str, object]] = {
        SHARE_ALIKE: {"file": "star.jpg", "license": "CC BY-SA 4.0", **whose, **place},
        NO_CHANGES: {"file": "star.jpg", "license": "CC BY-ND 4.0", **whose, **place},
        GONE: {"file": "gone.jpg", "license": "CC0", **place},
        NO_EYES: {"file": "star.jpg", "license": "CC0", "box": face.box},
        WHOLE: {"file": "star.jpg", "license": "CC0"},
    }
    entries = [_entry(f"Q{number}", photos.get(f"Q{number}"), face, number) for number in range(1, 7)]
    write_index(entries, directory / "index")
    return Home(Gallery.load(directory / "index"), folder)


def _entry(id: str, photo: dict[str, object] | None, face: Face, number: int) -> IndexEntry:
    near = face.embedding + np.random.default_rng(number).normal(0, 0.01 * number, 128).astype(np.float32)
    celebrity = Celebrity(
        id=id, name={"en": f"Nova Star{number}", "ru": f"Нова Звезда{number}"}, description={"en": "film actress"},
        url=f"https://en.wikipedia.org/wiki/{id}", photos=(CelebrityPhoto(**photo),) if photo else (),
    )  # fmt: skip
    return IndexEntry(celebrity, near, near[None, :])


class HeldDraws:
    """Makes nothing until it is released, and counts what it has: one face is found in every photo."""

    def __init__(self, face: Face) -> None:
        self._face, self.held = face, Held()

    async def find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
        return (self._face,)

    async def draw(self, photo: bytes, card: Card) -> bytes | None:
        return b"a card"

    async def morph(self, photo: bytes, card: Card, *, as_strip: bool = False) -> bytes | Refusal:
        return await self.held(photo)

    async def avatar(self, photo: bytes, order: AvatarOrder) -> bytes | Refusal:
        return await self.held(photo)


def crowded(photo: bytes) -> bytes:
    """A photo beside itself: two faces."""
    with Image.open(io.BytesIO(photo)) as one:
        both = Image.new("RGB", (2 * one.width, one.height))
        for place in range(2):
            both.paste(one, (place * one.width, 0))
    file = io.BytesIO()
    both.save(file, "JPEG", quality=92)
    return file.getvalue()
