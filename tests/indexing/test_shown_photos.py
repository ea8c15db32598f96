"""Photos that an index shows without an embedding of them, each of which has to show the person."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lookalike.core.errors import IndexRefused
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MeasuredFace, Reason, Refusal
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import remove_celebrities
from lookalike.indexing.portrait_check import SOMEBODY_ELSE, PortraitCheck
from lookalike.indexing.shown_photos import people_without_photos, show_photos
from tests.support.crowds import crowd, written

SHOWN = (CelebrityPhoto(file="0/a-500.jpg", author="Jo", license="CC BY 4.0"),)


def nameless(one: IndexEntry) -> IndexEntry:
    """The same entry without the names of its photos, as --forget-photos leaves it."""
    return replace(one, celebrity=one.celebrity.model_copy(update={"photos": ()}))


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Five people without photos, and one with photos of their own."""
    people = crowd(range(6))
    written([*map(nameless, people[:5]), people[5]], tmp_path / "index")
    return tmp_path / "index"


def test_a_photo_is_shown_and_nothing_else_changes(index: Path) -> None:
    before = {name: (index / name).read_bytes() for name in (EMBEDDINGS, GRAPH)}
    probe = Gallery.load(index).photos[0]
    found = Gallery.load(index).nearest(probe, 3)

    assert show_photos(index, {"0": SHOWN}) == 2
    gallery = Gallery.load(index)
    shown = gallery.nearest(probe, 3)
    assert {name: (index / name).read_bytes() for name in (EMBEDDINGS, GRAPH)} == before
    assert [(one.celebrity.id, one.similarity) for one in shown] == [
        (one.celebrity.id, one.similarity) for one in found
    ]
    assert (found[0].photo, shown[0].photo) == (None, SHOWN[0].model_copy(update={"embedded": False}))
    assert gallery.celebrities.has_photo("0/a-500.jpg")


def test_a_photo_with_an_embedding_stays_the_one_that_is_shown(index: Path) -> None:
    show_photos(index, {"5": SHOWN})
    gallery = Gallery.load(index)

    assert "0/a-500.jpg" not in (index / CELEBRITIES).read_text()
    nearest = gallery.nearest(gallery.photos[gallery.photo_starts[5] + 1], 1)[0]
    assert nearest.photo == gallery.celebrities[5].photos[1]


def test_later_photos_replace_the_shown_ones_and_a_run_without_them_keeps_them(index: Path) -> None:
    show_photos(index, {"0": SHOWN})
    show_photos(index, {"0": (CelebrityPhoto(file="0/b-500.jpg"),), "nobody": SHOWN})
    show_photos(index, {"1": SHOWN})

    assert [photo.file for photo in Gallery.load(index).celebrities[0].photos] == ["0/b-500.jpg"]


def test_a_photo_that_turned_out_to_show_somebody_else_is_shown_no_more(index: Path) -> None:
    show_photos(index, {"0": SHOWN, "1": SHOWN})
    show_photos(index, {"0": ()})

    assert [len(one.photos) for one in Gallery.load(index).celebrities][:2] == [0, 1]


def test_those_without_photos_of_their_own_are_asked_for(index: Path) -> None:
    show_photos(index, {"0": SHOWN})

    assert [one.id for one in people_without_photos(index)] == ["0", "1", "2", "3", "4"]


def test_a_takedown_takes_the_shown_photo_too(index: Path) -> None:
    show_photos(index, {"0": SHOWN, "1": SHOWN})
    remove_celebrities(index, ["0"])
    gallery = Gallery.load(index)

    assert [bool(one.photos) for one in gallery.celebrities] == [True, False, False, False, True]
    assert np.isfinite(gallery.photos).all()


def test_an_index_that_names_fewer_photos_than_embeddings_is_still_refused(index: Path) -> None:
    lines = (index / CELEBRITIES).read_text().replace('{"file":"5/0-0.jpg"},', "")
    (index / CELEBRITIES).write_text(lines)

    with pytest.raises(IndexRefused):
        show_photos(index, {})


# Whether a photo shows the person.


class FindsHere:
    """Inspects in this process; `looked`: how many photos."""

    size = 1

    def __init__(self, faces: FaceFinder) -> None:
        self.faces, self.looked = faces, 0

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        self.looked += 1
        return self.faces.inspect(photo)


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "index.embeddings")


def encoded(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


async def test_a_photo_of_the_person_is_shown_with_the_place_of_the_face(
    faces: FaceFinder, astronaut: bytes, cache: EmbeddingCache, tmp_path: Path
) -> None:
    found = faces.inspect(astronaut)
    assert isinstance(found, MeasuredFace)
    mirrored = encoded(Image.open(io.BytesIO(astronaut)).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    (tmp_path / "her.jpg").write_bytes(mirrored)
    finds = FindsHere(faces)
    check = PortraitCheck({"her": found.embedding, "other": -found.embedding}, cache, finds)

    assert await check(mirrored, "her") is None
    assert await check(mirrored, "other") == SOMEBODY_ELSE
    placed = await check.with_place(CelebrityPhoto(file="her.jpg"), "her", tmp_path)
    assert placed is not None
    assert placed.box is not None
    assert placed.eyes is not None
    assert 512 - np.array(placed.box)[[2, 0]] == pytest.approx(np.array(found.box)[[0, 2]], abs=12)
    assert placed.eyes[0] < placed.eyes[2]
    assert await check.with_place(CelebrityPhoto(file="her.jpg"), "other", tmp_path) is None
    assert finds.looked == 1
    assert cache.find(hashlib.sha1(mirrored, usedforsecurity=False).digest()).row != NONE


async def test_a_picture_without_a_face_a_tiny_one_and_no_file_are_not_shown(
    faces: FaceFinder, astronaut: bytes, cache: EmbeddingCache, tmp_path: Path
) -> None:
    found = faces.inspect(astronaut)
    assert isinstance(found, MeasuredFace)
    check = PortraitCheck({"her": found.embedding}, cache, FindsHere(faces))
    blank, tiny = encoded(Image.new("RGB", (300, 300))), encoded(Image.open(io.BytesIO(astronaut)).resize((130, 130)))

    assert await check(blank, "her") in (Refusal(Reason.TOO_DARK), Refusal(Reason.NO_FACE))
    assert await check(blank, "her") in ("too_dark", "no_face")  # from the cache
    assert await check(tiny, "her") is not None
    assert await check(b"no picture", "her") == Refusal(Reason.NOT_A_PICTURE)
    assert await check.with_place(CelebrityPhoto(file="missing.jpg"), "her", tmp_path) is None
