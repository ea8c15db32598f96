"""An index: built whole, or with what has not changed reused; never of an index that is not usable."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.core.settings import FAME_WEIGHT
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, CHECKSUM, EMBEDDINGS, GRAPH, MANIFEST, checksum, file_check
from lookalike.gallery.patched_index import PatchedIndex
from lookalike.gallery.vector_index import HnswIndex, parameters_for
from lookalike.indexing import index_writer
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import remove_celebrities, write_index
from tests.support.crowds import (
    LARGE,
    arrays_of,
    crowd,
    holds,
    ids,
    is_patched,
    manifest_of,
    person,
    renamed,
    strangers,
    written,
)

pytestmark = pytest.mark.usefixtures("_as_if_large")


# A whole build.


def test_an_index_has_all_celebrities_in_order(before: Path) -> None:
    loaded = Gallery.load(before)

    assert [celebrity.id for celebrity in loaded.celebrities] == [str(number) for number in range(LARGE)]
    assert isinstance(loaded.index, HnswIndex)
    assert arrays_of(before)["graph_rows"].tolist() == list(range(LARGE))
    for number in range(0, LARGE, 50):
        assert loaded.nearest(person(number).centroid, 1)[0].celebrity.id == str(number)


def test_an_index_needs_a_celebrity(tmp_path: Path) -> None:
    with pytest.raises(IndexRefused, match="at least one"):
        written([], tmp_path / "index")


def test_best_matches_of_a_build_are_those_of_a_plain_loop(tmp_path: Path) -> None:
    made = written(crowd(range(40)), tmp_path / "index")
    arrays = arrays_of(tmp_path / "index")
    taken, best, counts = [0] * 40, [], np.bincount(arrays["photo_owner"])
    for photo, owner in zip(arrays["photos"], arrays["photo_owner"], strict=True):
        scores = [
            (float(np.linalg.norm(photo - place)) + float(correction) - 0.03 / counts[row], row)
            for row, (place, correction) in enumerate(zip(arrays["centroids"], arrays["corrections"], strict=True))
            if row != owner
        ]
        best.append(min(scores)[0] - 0.67 * radius_of(photo, arrays["centroids"], owner))
        taken[min(scores)[1]] += 1

    assert made.match_counts.tolist() == taken
    np.testing.assert_allclose(made.best_scores, best, atol=1e-4)


def radius_of(photo: npt.NDArray[np.float32], centroids: npt.NDArray[np.float32], owner: int) -> float:
    """The mean distance of a photo to the 39 others of 40."""
    others = [float(np.linalg.norm(photo - place)) for row, place in enumerate(centroids) if row != owner]
    return sum(others) / len(others)


def test_one_celebrity_is_an_index(tmp_path: Path) -> None:
    made = written(crowd([1]), tmp_path / "index")

    assert ids(tmp_path / "index") == ["1"]
    assert made.match_counts.tolist() == [0]
    assert not len(made.best_scores)


def test_entries_may_come_from_a_generator(tmp_path: Path) -> None:
    """A million of them need not be in memory at once."""
    (tmp_path / "index").mkdir()
    write_index((person(number) for number in range(5)), tmp_path / "index")

    assert ids(tmp_path / "index") == ["0", "1", "2", "3", "4"]


# What has not changed is reused.


def test_without_changes_everything_is_reused(before: Path, tmp_path: Path) -> None:
    written(crowd(range(LARGE)), tmp_path / "index", before)

    assert all(
        (tmp_path / "index" / name).read_bytes() == (before / name).read_bytes() for name in (CELEBRITIES, GRAPH)
    )
    for name, array in arrays_of(before).items():
        np.testing.assert_array_equal(arrays_of(tmp_path / "index")[name], array)
    was, now = manifest_of(before), manifest_of(tmp_path / "index")
    for manifest in (was, now):
        for key in ("built_at", CHECKSUM, "recall_at_10"):  # of this build: its time, and its smaller sample
            del manifest[key]
    assert now == was


def test_names_and_order_change_without_the_graph(before: Path, tmp_path: Path) -> None:
    people = [renamed(one, f"New {one.celebrity.id}") for one in crowd(range(LARGE))][::-1]
    written(people, tmp_path / "index", before)
    loaded = Gallery.load(tmp_path / "index")

    assert (tmp_path / "index" / GRAPH).read_bytes() == (before / GRAPH).read_bytes()
    np.testing.assert_array_equal(arrays_of(tmp_path / "index")["corrections"], arrays_of(before)["corrections"][::-1])
    np.testing.assert_allclose(loaded.corrections, Gallery.load(before).corrections[::-1], atol=1e-7)
    for number in (0, 100, LARGE - 1):
        assert loaded.nearest(person(number).centroid, 1)[0].celebrity.name_in("en") == f"New {number}"


def test_an_added_celebrity_is_found_and_the_graph_stays(before: Path, tmp_path: Path) -> None:
    written([person(1000), *crowd(range(LARGE)), person(1001)], tmp_path / "index", before)
    loaded = Gallery.load(tmp_path / "index")

    assert (tmp_path / "index" / GRAPH).read_bytes() == (before / GRAPH).read_bytes()
    for number in (1000, 1001, 0, LARGE - 1):
        best = loaded.nearest(person(number).embeddings[1], 1)[0]
        assert (best.celebrity.id, best.photo) == (str(number), person(number).celebrity.photos[1])


def test_a_celebrity_with_other_photos_is_found_by_them_and_the_former_are_in_no_file(
    before: Path, tmp_path: Path
) -> None:
    people = crowd(range(LARGE))
    people[7] = person(7, take=1)
    written(people, tmp_path / "index", before)
    best = Gallery.load(tmp_path / "index").nearest(people[7].embeddings[2], 1)[0]

    assert (best.celebrity.id, best.photo) == ("7", people[7].celebrity.photos[2])
    assert holds(before, person(7).centroid)
    assert not any(holds(tmp_path / "index", vector) for vector in (person(7).centroid, *person(7).embeddings))


def test_a_removed_celebrity_is_not_found_and_in_no_file(before: Path, tmp_path: Path) -> None:
    written(crowd(range(1, LARGE)), tmp_path / "index", before)
    loaded = Gallery.load(tmp_path / "index")

    assert isinstance(loaded.index, PatchedIndex)
    assert "0" not in [one.celebrity.id for one in loaded.nearest(person(0).centroid, LARGE)]
    assert not any(holds(tmp_path / "index", vector) for vector in (person(0).centroid, *person(0).embeddings))


# Built anew.


def assert_same_numbers(one: Path, other: Path) -> None:
    for name, array in arrays_of(other).items():
        np.testing.assert_array_equal(arrays_of(one)[name], array)
    scale = ("mu", "sigma", "mean_radius", "graph_nodes", "hnsw")
    assert [manifest_of(one)[key] for key in scale] == [manifest_of(other)[key] for key in scale]


@pytest.mark.parametrize(("added", "anew"), [(15, False), (16, True)])
def test_too_many_changes_are_a_whole_build(before: Path, tmp_path: Path, added: int, anew: bool) -> None:
    """A twentieth of 300 is 15."""
    people = crowd(range(LARGE + added))
    written(people, tmp_path / "index", before)

    assert is_patched(tmp_path / "index") != anew
    if anew:
        written(people, tmp_path / "anew")
        assert_same_numbers(tmp_path / "index", tmp_path / "anew")


def test_small_changes_add_up_to_a_whole_build(before: Path, tmp_path: Path) -> None:
    index, patched = before, []
    for step in range(4):
        written(crowd(range(LARGE + 5 * (step + 1))), tmp_path / f"{step}", index)
        index = tmp_path / f"{step}"
        patched.append(is_patched(index))

    assert patched == [True, True, True, False]


def test_few_celebrities_are_always_a_whole_build(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", LARGE)
    written(crowd(range(1, LARGE)), tmp_path / "index", before)
    written(crowd(range(1, LARGE)), tmp_path / "anew")

    assert_same_numbers(tmp_path / "index", tmp_path / "anew")


def damage(index: Path, what: str) -> None:
    """Make an index one that nothing can be reused of."""
    manifest = manifest_of(index)
    if what == "missing":
        (index / MANIFEST).unlink()
    elif what == "damaged":
        (index / EMBEDDINGS).write_bytes((index / EMBEDDINGS).read_bytes()[:-1])
    elif what == "other graph":  # whole and signed, but of other people
        vectors = np.stack([one.centroid for one in crowd(range(1, LARGE + 1))])
        HnswIndex.build(vectors, parameters_for(LARGE)).save(index / GRAPH)
    elif what == "other lines":
        (index / CELEBRITIES).write_text("[]\n" * LARGE)
    elif what == "another recipe":
        manifest["recipe"] = "another"
    else:
        manifest["format_version"] = 1
    if what not in ("missing", "damaged"):
        files = {name: file_check(index / name).model_dump() for name in (CELEBRITIES, EMBEDDINGS, GRAPH)}
        manifest |= {"files": files}
        (index / MANIFEST).write_text(json.dumps(manifest | {CHECKSUM: checksum(manifest)}))


@pytest.mark.parametrize(
    "what", ["missing", "damaged", "other graph", "other lines", "another recipe", "the first format"]
)
def test_nothing_is_reused_of_an_index_that_is_not_usable(before: Path, tmp_path: Path, what: str) -> None:
    previous, people = tmp_path / "previous", crowd(range(1, LARGE))
    written(crowd(range(LARGE)), previous)
    damage(previous, what)
    written(people, tmp_path / "index", previous)

    assert not is_patched(tmp_path / "index")
    assert ids(tmp_path / "index") == [one.celebrity.id for one in people]


# Fame in scores, and places of faces.

FAMOUS = 30  # of LARGE


def with_fame(entry: IndexEntry, sitelinks: int) -> IndexEntry:
    return replace(entry, celebrity=entry.celebrity.model_copy(update={"fame": sitelinks}))


@pytest.fixture(scope="module")
def people() -> list[IndexEntry]:
    """The first thirty are in 300 Wikipedias, the others in none."""
    return [with_fame(one, 300 if row < FAMOUS else 0) for row, one in enumerate(crowd(range(LARGE)))]


@pytest.fixture(scope="module")
def famous_index(people: list[IndexEntry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("fame") / "index"
    written(people, directory)
    return directory


def stars(gallery: Gallery) -> list[int]:
    return [int(gallery.nearest(probe, 1)[0].celebrity.id) for probe in strangers(200)]


def test_the_more_fame_weighs_the_more_answers_are_famous(famous_index: Path) -> None:
    shares = [
        float(np.mean([star < FAMOUS for star in stars(Gallery.load(famous_index, weight))]))
        for weight in (0, 0.05, 0.2)
    ]

    assert shares[0] < 0.2 < shares[2]
    assert shares == sorted(shares)


def test_without_another_weight_it_is_the_one_of_the_index(famous_index: Path) -> None:
    assert manifest_of(famous_index)["fame_weight"] == FAME_WEIGHT
    one, other = Gallery.load(famous_index), Gallery.load(famous_index, FAME_WEIGHT)
    assert (one.calibration, one.corrections.tolist()) == (other.calibration, other.corrections.tolist())


@pytest.mark.parametrize("weight", [0.0, 0.2])
def test_percentages_are_calibrated_for_the_weight_in_use(famous_index: Path, weight: float) -> None:
    """Scores move by the weight; percentages hardly do."""
    other, usual = ([one.nearest(probe, 1)[0] for probe in strangers(200)] for one in loaded(famous_index, weight))

    assert abs(np.median([one.score for one in other]) - np.median([one.score for one in usual])) > 0.01
    assert abs(np.median([one.similarity for one in other]) - np.median([one.similarity for one in usual])) < 0.12


def loaded(famous_index: Path, weight: float) -> tuple[Gallery, Gallery]:
    return Gallery.load(famous_index, weight), Gallery.load(famous_index)


def test_when_fame_changes_percentages_are_calibrated_anew(
    famous_index: Path, people: list[IndexEntry], tmp_path: Path
) -> None:
    written(people, tmp_path / "same", famous_index)
    written([with_fame(one, 300) for one in people], tmp_path / "changed", famous_index)
    same, changed = manifest_of(tmp_path / "same"), manifest_of(tmp_path / "changed")

    assert same["calibrated_at"] == changed["calibrated_at"] == manifest_of(famous_index)["calibrated_at"]
    assert (same["mu"], same["sigma"]) == (manifest_of(famous_index)["mu"], manifest_of(famous_index)["sigma"])
    assert changed["mu"] < same["mu"] - FAME_WEIGHT / 2


def placed(entry: IndexEntry) -> IndexEntry:
    """An entry whose faces lie at places that its number tells."""
    first, count = 10 * int(entry.celebrity.id), len(entry.embeddings)
    boxes = first + np.arange(4 * count, dtype=np.int32).reshape(count, 4)
    return replace(entry, boxes=boxes, eyes=boxes.astype(np.float32) + np.float32(0.5))


def test_boxes_and_eyes_stay_with_their_photos(tmp_path: Path) -> None:
    entries = [placed(one) for one in crowd(range(8))]
    written(entries, tmp_path / "index")
    remove_celebrities(tmp_path / "index", ["0", "5"])
    arrays = arrays_of(tmp_path / "index")

    for row, entry in enumerate(one for one in entries if one.celebrity.id not in ("0", "5")):
        own = arrays["photo_owner"] == row
        np.testing.assert_array_equal(arrays["photo_boxes"][own], entry.boxes)
        np.testing.assert_array_equal(arrays["photo_eyes"][own], entry.eyes)


def test_where_a_face_lies_may_be_unknown(tmp_path: Path) -> None:
    written(crowd(range(3)), tmp_path / "index")

    assert not arrays_of(tmp_path / "index")["photo_boxes"].any()
    assert not arrays_of(tmp_path / "index")["photo_eyes"].any()
