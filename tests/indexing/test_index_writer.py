"""An index that is brought up to date, compared with one that is built whole: the same answers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.gallery import gallery
from lookalike.gallery.calibration import best_scores, sample
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, CHECKSUM, EMBEDDINGS, GRAPH, MANIFEST, checksum, file_check
from lookalike.gallery.patched_index import REMOVED, PatchedIndex
from lookalike.gallery.vector_index import ExactIndex, HnswIndex, parameters_for, recall
from lookalike.indexing import index_writer
from lookalike.indexing.index_writer import IndexEntry, write_index
from tests.conftest import SmallIndex
from tests.support.crowds import crowd, holds, ids, person, renamed, strangers, written

PEOPLE = 300
# Differences in similarity between a patched index and a whole build, since the patched one keeps old corrections and
# the old scale (measured here: 0.002 on average, 0.032 at most, the same best match in 0.988 of cases).
MAX_MEAN, MAX_DIFFERENCE, MIN_SAME_BEST = 0.005, 0.06, 0.975

Arrays = dict[str, npt.NDArray[Any]]


@pytest.fixture(autouse=True)
def _as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of so few celebrities would be built anew and searched exactly."""
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", 2)
    monkeypatch.setattr(gallery, "EXACT_BELOW", 0)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the first PEOPLE."""
    directory = tmp_path_factory.mktemp("before") / "index"
    written(crowd(range(PEOPLE)), directory)
    return directory


def arrays_of(directory: Path) -> Arrays:
    with np.load(directory / EMBEDDINGS) as file:
        return dict(file)


def manifest_of(directory: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_text())
    return manifest


def is_patched(directory: Path) -> bool:
    return isinstance(Gallery.load(directory).index, PatchedIndex)


def assert_answers_alike(patched: Path, anew: Path) -> None:
    """The same celebrities at the same distances; nearly the same similarities, and so nearly always the same best."""
    one, other = Gallery.load(patched), Gallery.load(anew)
    assert list(one.celebrities) == list(other.celebrities)
    same_best, differences = [], []
    for probe in np.concatenate([one.photos[::9], strangers(60)]):
        found = {neighbour.celebrity.id: neighbour for neighbour in one.nearest(probe, len(one.celebrities))}
        right = {neighbour.celebrity.id: neighbour for neighbour in other.nearest(probe, len(one.celebrities))}
        assert found.keys() == right.keys()
        for id, neighbour in found.items():
            assert neighbour.distance == pytest.approx(right[id].distance, abs=1e-5)
            assert neighbour.photo == right[id].photo
        same_best.append(next(iter(found)) == next(iter(right)))
        differences += [abs(found[id].similarity - right[id].similarity) for id in list(right)[:5]]
    assert np.mean(same_best) >= MIN_SAME_BEST
    assert np.mean(differences) <= MAX_MEAN
    assert np.max(differences) <= MAX_DIFFERENCE


# A whole build.


def test_an_index_has_all_celebrities_in_order(before: Path) -> None:
    loaded = Gallery.load(before)

    assert [celebrity.id for celebrity in loaded.celebrities] == [str(number) for number in range(PEOPLE)]
    assert isinstance(loaded.index, HnswIndex)
    assert arrays_of(before)["graph_rows"].tolist() == list(range(PEOPLE))
    for number in range(0, PEOPLE, 50):
        assert loaded.nearest(person(number).centroid, 1)[0].celebrity.id == str(number)


def test_an_index_needs_a_celebrity(tmp_path: Path) -> None:
    with pytest.raises(IndexRefused, match="at least one"):
        written([], tmp_path / "index")


def test_best_matches_of_a_build_are_those_of_a_plain_loop(tmp_path: Path) -> None:
    made = written(crowd(range(40)), tmp_path / "index")
    arrays = arrays_of(tmp_path / "index")
    taken, best = [0] * 40, []
    for photo, owner in zip(arrays["photos"], arrays["photo_owner"], strict=True):
        scores = [
            (float(np.linalg.norm(photo - place)) + float(correction), row)
            for row, (place, correction) in enumerate(zip(arrays["centroids"], arrays["corrections"], strict=True))
            if row != owner
        ]
        best.append(min(scores)[0])
        taken[min(scores)[1]] += 1

    assert made.match_counts.tolist() == taken
    np.testing.assert_allclose(made.best_scores, best, atol=1e-4)


def test_one_celebrity_is_an_index(tmp_path: Path) -> None:
    made = written(crowd([1]), tmp_path / "index")

    assert ids(tmp_path / "index") == ["1"]
    assert made.match_counts.tolist() == [0]
    assert np.isinf(made.best_scores).all()


# What has not changed is reused.


def test_without_changes_everything_is_reused(before: Path, tmp_path: Path) -> None:
    written(crowd(range(PEOPLE)), tmp_path / "index", before)

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
    people = [renamed(one, f"New {one.celebrity.id}") for one in crowd(range(PEOPLE))][::-1]
    written(people, tmp_path / "index", before)
    loaded = Gallery.load(tmp_path / "index")

    assert (tmp_path / "index" / GRAPH).read_bytes() == (before / GRAPH).read_bytes()
    np.testing.assert_array_equal(loaded.corrections, arrays_of(before)["corrections"][::-1])
    for number in (0, 100, PEOPLE - 1):
        assert loaded.nearest(person(number).centroid, 1)[0].celebrity.name_in("en") == f"New {number}"


def test_an_added_celebrity_is_found_and_the_graph_stays(before: Path, tmp_path: Path) -> None:
    written([person(1000), *crowd(range(PEOPLE)), person(1001)], tmp_path / "index", before)
    loaded = Gallery.load(tmp_path / "index")

    assert (tmp_path / "index" / GRAPH).read_bytes() == (before / GRAPH).read_bytes()
    for number in (1000, 1001, 0, PEOPLE - 1):
        best = loaded.nearest(person(number).embeddings[1], 1)[0]
        assert (best.celebrity.id, best.photo) == (str(number), person(number).celebrity.photos[1])


def test_a_celebrity_with_other_photos_is_found_by_them_and_the_former_are_in_no_file(
    before: Path, tmp_path: Path
) -> None:
    people = crowd(range(PEOPLE))
    people[7] = person(7, take=1)
    written(people, tmp_path / "index", before)
    best = Gallery.load(tmp_path / "index").nearest(people[7].embeddings[2], 1)[0]

    assert (best.celebrity.id, best.photo) == ("7", people[7].celebrity.photos[2])
    assert holds(before, person(7).centroid)
    assert not any(holds(tmp_path / "index", vector) for vector in (person(7).centroid, *person(7).embeddings))


def test_a_removed_celebrity_is_not_found_and_in_no_file(before: Path, tmp_path: Path) -> None:
    written(crowd(range(1, PEOPLE)), tmp_path / "index", before)
    loaded = Gallery.load(tmp_path / "index")

    assert isinstance(loaded.index, PatchedIndex)
    assert "0" not in [one.celebrity.id for one in loaded.nearest(person(0).centroid, PEOPLE)]
    assert not any(holds(tmp_path / "index", vector) for vector in (person(0).centroid, *person(0).embeddings))


def test_a_celebrity_that_is_added_again_is_found(before: Path, tmp_path: Path) -> None:
    written(crowd(range(1, PEOPLE)), tmp_path / "without", before)
    written(crowd(range(PEOPLE)), tmp_path / "again", tmp_path / "without")

    assert is_patched(tmp_path / "again")
    assert_answers_alike(tmp_path / "again", before)


# The same answers as a whole build.


@pytest.mark.parametrize("seed", range(4))
def test_after_any_changes_the_answers_are_those_of_a_whole_build(before: Path, tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    people, index, new = crowd(range(PEOPLE)), before, 2000
    for step in range(8):
        for _ in range(random.integers(1, 4)):
            match random.integers(3):
                case 0:
                    people.insert(int(random.integers(len(people))), person(new))
                    new += 1
                case 1:
                    place = int(random.integers(len(people)))
                    people[place] = person(int(people[place].celebrity.id), take=step + 1)
                case 2:
                    del people[int(random.integers(len(people)))]
        written(people, tmp_path / f"{step}", index)
        index = tmp_path / f"{step}"

    written(people, tmp_path / "anew")
    assert_answers_alike(index, tmp_path / "anew")


def test_without_the_greatest_hub_the_answers_are_those_of_a_whole_build(before: Path, tmp_path: Path) -> None:
    hub = int(arrays_of(before)["corrections"].argmax())
    people = [one for one in crowd(range(PEOPLE)) if one.celebrity.id != str(hub)]
    written(people, tmp_path / "index", before)
    written(people, tmp_path / "anew")

    assert is_patched(tmp_path / "index")
    assert_answers_alike(tmp_path / "index", tmp_path / "anew")


def entries_of(small: SmallIndex) -> list[IndexEntry]:
    arrays, loaded = arrays_of(small.directory), Gallery.load(small.directory)
    return [
        IndexEntry(celebrity, arrays["centroids"][row], arrays["photos"][arrays["photo_owner"] == row])
        for row, celebrity in enumerate(loaded.celebrities)
    ]


@pytest.mark.parametrize("share", [0.0, 1.0], ids=["anew", "patched"])
def test_real_people_are_removed_and_added(
    small_index: SmallIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Each of the 20 is removed and added again, one after another."""
    monkeypatch.setattr(index_writer, "REBUILD_SHARE", share)
    people, index = entries_of(small_index), small_index.directory
    for row in range(len(people)):
        without = [*people[:row], *people[row + 1 :]]
        written(without, tmp_path / f"{row}-without", index)
        written(people, tmp_path / f"{row}-again", tmp_path / f"{row}-without")
        index = tmp_path / f"{row}-again"
        assert is_patched(index) == bool(share)

        loaded, left = Gallery.load(index), Gallery.load(tmp_path / f"{row}-without")
        for one in people:
            for photo, embedding in zip(one.celebrity.photos, one.embeddings, strict=True):
                best = loaded.nearest(embedding, 1)[0]
                assert (best.celebrity, best.photo) == (one.celebrity, photo)
                assert (left.nearest(embedding, 1)[0].celebrity == one.celebrity) == (one is not people[row])


# Built anew.


def assert_same_numbers(one: Path, other: Path) -> None:
    for name, array in arrays_of(other).items():
        np.testing.assert_array_equal(arrays_of(one)[name], array)
    scale = ("mu", "sigma", "mean_radius", "graph_nodes", "hnsw")
    assert [manifest_of(one)[key] for key in scale] == [manifest_of(other)[key] for key in scale]


@pytest.mark.parametrize(("added", "anew"), [(15, False), (16, True)])
def test_too_many_changes_are_a_whole_build(before: Path, tmp_path: Path, added: int, anew: bool) -> None:
    """A twentieth of 300 is 15."""
    people = crowd(range(PEOPLE + added))
    written(people, tmp_path / "index", before)

    assert is_patched(tmp_path / "index") != anew
    if anew:
        written(people, tmp_path / "anew")
        assert_same_numbers(tmp_path / "index", tmp_path / "anew")


def test_small_changes_add_up_to_a_whole_build(before: Path, tmp_path: Path) -> None:
    index, patched = before, []
    for step in range(4):
        written(crowd(range(PEOPLE + 5 * (step + 1))), tmp_path / f"{step}", index)
        index = tmp_path / f"{step}"
        patched.append(is_patched(index))

    assert patched == [True, True, True, False]


def test_few_celebrities_are_always_a_whole_build(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", PEOPLE)
    written(crowd(range(1, PEOPLE)), tmp_path / "index", before)
    written(crowd(range(1, PEOPLE)), tmp_path / "anew")

    assert_same_numbers(tmp_path / "index", tmp_path / "anew")


def damage(index: Path, what: str) -> None:
    """Make an index one that nothing can be reused of."""
    manifest = manifest_of(index)
    if what == "missing":
        (index / MANIFEST).unlink()
    elif what == "damaged":
        (index / EMBEDDINGS).write_bytes((index / EMBEDDINGS).read_bytes()[:-1])
    elif what == "other graph":  # whole and signed, but of other people
        vectors = np.stack([one.centroid for one in crowd(range(1, PEOPLE + 1))])
        HnswIndex.build(vectors, parameters_for(PEOPLE)).save(index / GRAPH)
    elif what == "other lines":
        (index / CELEBRITIES).write_text("[]\n" * PEOPLE)
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
    previous, people = tmp_path / "previous", crowd(range(1, PEOPLE))
    written(crowd(range(PEOPLE)), previous)
    damage(previous, what)
    written(people, tmp_path / "index", previous)

    assert not is_patched(tmp_path / "index")
    assert ids(tmp_path / "index") == [one.celebrity.id for one in people]


# The scale of the scores.


def test_the_scale_stays_until_the_next_whole_build(before: Path, tmp_path: Path) -> None:
    written(crowd(range(10, PEOPLE)), tmp_path / "index", before)
    was, now = manifest_of(before), manifest_of(tmp_path / "index")

    scale = ("mu", "sigma", "mean_radius", "calibrated_at", "graph_nodes", "hnsw")
    assert {key: now[key] for key in scale} == {key: was[key] for key in scale}
    assert now["celebrities"] == PEOPLE - 10
    assert now["photos"] == sum(len(one.embeddings) for one in crowd(range(10, PEOPLE)))


def test_an_added_celebrity_is_corrected_on_the_same_scale(before: Path, tmp_path: Path) -> None:
    """The correction is that of a whole build but for the mean radius, which stays."""
    people = crowd(range(PEOPLE + 10))
    written(people, tmp_path / "index", before)
    written(people, tmp_path / "anew")
    found, right = (arrays_of(tmp_path / name)["corrections"][PEOPLE:] for name in ("index", "anew"))
    mean, mean_anew = manifest_of(before)["mean_radius"], manifest_of(tmp_path / "anew")["mean_radius"]

    np.testing.assert_allclose(found, right + 0.5 * (mean - mean_anew), atol=1e-6)


def test_best_matches_after_a_change_are_those_of_the_new_index(before: Path, tmp_path: Path) -> None:
    made = written(crowd(range(5, PEOPLE + 5)), tmp_path / "index", before)
    arrays = arrays_of(tmp_path / "index")
    photos = sample(arrays["photos"], arrays["photo_owner"], index_writer.PATCH_SAMPLE)
    best = best_scores(arrays["centroids"], arrays["corrections"], *photos)

    np.testing.assert_allclose(made.best_scores, best, atol=1e-6)
    assert made.match_counts.shape == (PEOPLE,)
    assert made.match_counts.sum() == len(best)


def test_the_recall_is_that_of_the_index_as_it_answers(before: Path, tmp_path: Path) -> None:
    """Not that of the graph, which still finds removed rows and not added ones."""
    made = written(crowd(range(7, PEOPLE + 7)), tmp_path / "index", before)

    arrays = arrays_of(tmp_path / "index")
    queries, _ = sample(arrays["photos"], arrays["photo_owner"], index_writer.PATCH_RECALL_QUERIES)
    _, found = Gallery.load(tmp_path / "index").index.nearest(queries, 10)
    _, right = ExactIndex(arrays["centroids"]).nearest(queries, 10)

    assert (arrays["graph_rows"] == REMOVED).sum() == 7
    assert made.manifest.recall_at_10 == recall(found, right) >= 0.999


def test_entries_may_come_from_a_generator(tmp_path: Path) -> None:
    """A million of them need not be in memory at once."""
    (tmp_path / "index").mkdir()
    write_index((person(number) for number in range(5)), tmp_path / "index")

    assert ids(tmp_path / "index") == ["0", "1", "2", "3", "4"]
