"""A loaded gallery: the right celebrities with the right numbers; an index whose graph is another one is refused."""

import json
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.faces.finder import FaceFinder
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH
from lookalike.gallery.vector_index import HnswIndex, HnswParameters
from tests.conftest import SmallIndex
from tests.support.damaged_index import Arrays, assert_refused, sign


@pytest.fixture(scope="module")
def arrays(small_index: SmallIndex) -> Arrays:
    with np.load(small_index.directory / EMBEDDINGS) as file:
        return dict(file)


@pytest.fixture(scope="module")
def probes(arrays: Arrays) -> npt.NDArray[np.float32]:
    """Embeddings like those of photos: some near a person, some far from all."""
    chance = np.random.default_rng(31)
    photos = arrays["photos"][chance.permutation(len(arrays["photos"]))[:20]]
    return (photos + chance.normal(0, 0.04, photos.shape)).astype(np.float32)


@pytest.fixture
def index(small_index: SmallIndex, tmp_path: Path) -> Path:
    """A copy of the small index, to be damaged."""
    return small_index.copy(tmp_path / "index")


# The right celebrities.


def test_a_stranger_photo_of_each_person_finds_that_person(
    small_gallery: Gallery, faces: FaceFinder, shared_faces: Path
) -> None:
    people = {celebrity.id for celebrity in small_gallery.celebrities}
    photos = [path for path in sorted((shared_faces / "probes").iterdir()) if path.stem.rpartition("_")[0] in people]
    assert len(photos) == len(people)

    right = 0
    for path in photos:
        found = faces.find(path.read_bytes())
        best = small_gallery.nearest(found[0].embedding, 1)[0] if isinstance(found, tuple) else None
        right += best is not None and best.celebrity.id == path.stem.rpartition("_")[0]
    assert right >= len(photos) - 1


def test_the_nearest_are_those_of_a_plain_loop_over_everybody(
    small_gallery: Gallery, arrays: Arrays, probes: npt.NDArray[np.float32]
) -> None:
    """With what is taken off for few photos."""
    counts = np.bincount(arrays["photo_owner"])
    for probe in probes:
        scored = []
        for person, place in enumerate(arrays["centroids"]):
            distance = float(np.sqrt(((place.astype(np.float64) - probe) ** 2).sum()))
            scored.append((distance + float(arrays["corrections"][person]) - 0.03 / counts[person], distance, person))
        expected = sorted(scored)[:7]
        found = small_gallery.nearest(probe, 7)

        assert [one.celebrity for one in found] == [small_gallery.celebrities[person] for _, _, person in expected]
        np.testing.assert_allclose([one.score for one in found], [score for score, _, _ in expected], atol=1e-5)
        np.testing.assert_allclose([one.distance for one in found], [near for _, near, _ in expected], atol=1e-5)


def test_the_photo_shown_is_the_persons_nearest(
    small_gallery: Gallery, arrays: Arrays, probes: npt.NDArray[np.float32]
) -> None:
    for probe in probes:
        for one in small_gallery.nearest(probe, 5):
            person = small_gallery.celebrities.index(one.celebrity)
            own = arrays["photos"][arrays["photo_owner"] == person]
            assert len(own) == len(one.celebrity.photos)

            assert one.photo == one.celebrity.photos[int(np.linalg.norm(own - probe, axis=1).argmin())]


def test_a_photo_of_the_gallery_shows_itself(
    small_gallery: Gallery, small_index: SmallIndex, faces: FaceFinder
) -> None:
    for celebrity in small_gallery.celebrities[::5]:
        for photo in celebrity.photos:
            found = faces.find((small_index.photos / photo.file).read_bytes())
            assert isinstance(found, tuple)
            best = small_gallery.nearest(found[0].embedding, 1)[0]

            assert (best.celebrity.id, best.photo) == (celebrity.id, photo)


def test_similarity_is_that_of_the_score(small_gallery: Gallery, probes: npt.NDArray[np.float32]) -> None:
    """At the radius of the probe, the mean of its distances to all (there are fewer than a radius takes)."""
    found = small_gallery.nearest(probes[0], len(small_gallery.celebrities))
    radius = float(np.mean([one.distance for one in found]))

    for one in found:
        assert one.similarity == pytest.approx(small_gallery.calibration.similarity(one.score, radius), abs=1e-6)


def test_neighbours_come_best_first(small_gallery: Gallery, probes: npt.NDArray[np.float32]) -> None:
    for probe in probes:
        found = small_gallery.nearest(probe, 20)

        assert [one.score for one in found] == sorted(one.score for one in found)
        assert [one.similarity for one in found] == sorted((one.similarity for one in found), reverse=True)


@pytest.mark.parametrize(("k", "count"), [(1, 1), (3, 3), (20, 20), (21, 20), (500, 20)])
def test_as_many_neighbours_as_are_asked_for_or_there_are(
    small_gallery: Gallery, probes: npt.NDArray[np.float32], k: int, count: int
) -> None:
    found = small_gallery.nearest(probes[0], k)

    assert len({one.celebrity.id for one in found}) == len(found) == count


@pytest.mark.parametrize("broken", [np.full(128, np.nan, np.float32), np.zeros(127, np.float32)])
def test_an_embedding_of_another_length_or_with_nan_is_an_error(
    small_gallery: Gallery, broken: npt.NDArray[np.float32]
) -> None:
    with pytest.raises(ValueError, match="quer"):
        small_gallery.nearest(broken, 3)


def test_photos_may_be_unknown(index: Path, probes: npt.NDArray[np.float32]) -> None:
    """As after --forget-photos."""
    lines = [json.loads(line) for line in (index / CELEBRITIES).read_text().splitlines()]
    (index / CELEBRITIES).write_text("".join(json.dumps(line | {"photos": []}) + "\n" for line in lines))
    sign(index)

    assert [one.photo for one in Gallery.load(index).nearest(probes[0], 3)] == [None] * 3


@pytest.mark.parametrize("separator", ["\u2028", "\x85"])
def test_a_line_separator_in_a_text_is_no_end_of_a_line(index: Path, separator: str) -> None:
    """Some of Wikidata's descriptions have one, and build_index.py writes it as it is."""
    first, *rest = (index / CELEBRITIES).read_text(encoding="utf-8").split("\n")
    celebrity = Celebrity.model_validate_json(first).model_copy(update={"description": {"en": f"a{separator}b"}})
    text = "\n".join([celebrity.model_dump_json(exclude_defaults=True), *rest])
    (index / CELEBRITIES).write_text(text, encoding="utf-8")
    sign(index)

    assert Gallery.load(index).celebrities[0].description_in("en") == f"a{separator}b"


# A graph that does not belong to the celebrities.


def test_a_graph_of_other_centroids_is_refused(index: Path, arrays: Arrays) -> None:
    """The golden queries do not find themselves."""
    HnswIndex.build(arrays["centroids"] + np.float32(0.1), HnswParameters()).save(index / GRAPH)
    sign(index)

    assert_refused(index, GRAPH)


def test_a_graph_in_another_order_is_refused(index: Path, arrays: Arrays) -> None:
    """Each centroid is found, at distance 0, as that of another celebrity."""
    HnswIndex.build(arrays["centroids"][::-1], HnswParameters()).save(index / GRAPH)
    sign(index)

    assert_refused(index, GRAPH)


def test_a_graph_of_some_of_the_centroids_is_refused(index: Path, arrays: Arrays) -> None:
    HnswIndex.build(arrays["centroids"][:10], HnswParameters()).save(index / GRAPH)
    sign(index)

    assert_refused(index, GRAPH)


def test_loading_changes_nothing(small_index: SmallIndex, index: Path) -> None:
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    Gallery.load(index)

    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


def test_a_loaded_gallery_does_not_need_its_files(index: Path, probes: npt.NDArray[np.float32]) -> None:
    """A build may replace them while the bot answers."""
    gallery = Gallery.load(index)
    expected = gallery.nearest(probes[0], 5)
    shutil.rmtree(index)

    assert gallery.nearest(probes[0], 5) == expected


def test_a_graph_with_another_metric_is_refused_although_the_manifest_vouches_for_it(index: Path) -> None:
    import nmslib

    with np.load(index / EMBEDDINGS) as arrays:
        centroids = arrays["centroids"]
    graph = nmslib.init(method="hnsw", space="cosinesimil")
    graph.addDataPointBatch(centroids)
    graph.createIndex({"M": 24, "efConstruction": 200, "post": 0})
    graph.saveIndex(str(index / GRAPH), save_data=False)
    sign(index)

    assert_refused(index, GRAPH, "distances")
