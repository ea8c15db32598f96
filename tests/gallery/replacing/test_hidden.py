"""Hidden celebrities and photos: nowhere at once, here again when shown, through restarts and new indexes."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lookalike.core.errors import FilterError
from lookalike.gallery.filters import ANYBODY, Filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.replacing.hidden import FILE_NAME, NOTHING, Hidden, HiddenFile
from lookalike.gallery.replacing.served_gallery import ServedGallery
from tests.support.bot_api.conversation import STARTER

pytestmark = pytest.mark.fast


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery.load(STARTER)


def test_a_hidden_celebrity_is_found_by_no_face_no_name_no_tag_and_under_no_filter(gallery: Gallery) -> None:
    face = gallery.centroids[7]
    whole = gallery.nearest(face, 6)
    star = whole[0].celebrity
    gallery.names.search(star.name_in("en"))
    without = gallery.without(Hidden(frozenset({star.id})))
    mine = Filter(gender=star.gender or "")

    assert [one.celebrity.id for one in without.nearest(face, 5)] == [one.celebrity.id for one in whole[1:]]
    assert [one.similarity for one in without.nearest(face, 1)] == pytest.approx([whole[1].similarity], abs=0.05)
    assert star.id not in {one.celebrity.id for one in without.nearest(face, 6, mine)}
    assert without.celebrities.by_id([star.id]) == {}
    assert without.celebrities.row_of_tag(star.id) is None
    assert star.id not in without.celebrities.best_known(2000)
    assert star.id not in {one.celebrity.id for one in without.kin(8, 900)}
    assert gallery.celebrities.row(star.id) not in without.names.search(star.name_in("en")).sure
    assert gallery.nearest(face, 1)[0].celebrity.id == star.id


def test_shown_again_everything_is_as_it_was(gallery: Gallery) -> None:
    face = gallery.centroids[7]
    again = gallery.without(Hidden(frozenset({gallery.celebrities[7].id}))).without(NOTHING)

    assert again.nearest(face, 3) == gallery.nearest(face, 3)
    assert np.array_equal(again.celebrities.traits.rows(ANYBODY), np.arange(len(gallery.celebrities)))


def test_where_everybody_is_hidden_a_filter_leaves_nobody(gallery: Gallery) -> None:
    everybody = gallery.without(Hidden(frozenset(one.id for one in gallery.celebrities)))

    with pytest.raises(FilterError):
        everybody.filtered(ANYBODY)


def test_the_file_is_read_when_it_changes_and_a_damaged_one_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / FILE_NAME
    here, elsewhere = HiddenFile(path), HiddenFile(path)
    assert here.read() == NOTHING
    elsewhere.hide(["Q1"], ["Q2/1.jpg"])
    first = here.read()
    elsewhere.show(["Q1"])

    assert first == Hidden(frozenset({"Q1"}), frozenset({"Q2/1.jpg"}))
    assert here.read() == HiddenFile(path).read() == Hidden(photos=frozenset({"Q2/1.jpg"}))
    assert here.read() is here.read()
    path.write_text("{")
    assert here.read() == Hidden(photos=frozenset({"Q2/1.jpg"}))
    assert "cannot be read" in caplog.text


async def test_a_gallery_in_use_and_one_loaded_anew_hide_what_the_file_says(tmp_path: Path) -> None:
    index, file = shutil.copytree(STARTER, tmp_path / "index"), HiddenFile(tmp_path / FILE_NAME)
    served = ServedGallery(index, hidden=HiddenFile(tmp_path / FILE_NAME))
    before = served()
    face, star = before.centroids[3], before.celebrities[3].id
    file.hide([star])
    hidden = served()
    await served.reload()

    assert before.nearest(face, 1)[0].celebrity.id == star
    assert hidden is not before
    for one in (hidden, served(), ServedGallery(index, hidden=file)()):
        assert one.nearest(face, 1)[0].celebrity.id != star
