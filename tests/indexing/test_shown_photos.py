"""Photos that an index shows without an embedding of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.gallery.catalogue import CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import remove_celebrities
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
