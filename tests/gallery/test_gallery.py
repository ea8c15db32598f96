"""A loaded gallery: the right celebrities with the right numbers; an index whose graph is another one is refused."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import kstest

from lookalike.core.errors import FilterError
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import EMBEDDING_SIZE, MeasuredFace
from lookalike.gallery.calibration import calibrate
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.filters import ANYBODY, GENDERS, Filter
from lookalike.gallery.gallery import CANDIDATES, KEPT_FILTERS, Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH, Manifest
from lookalike.gallery.vector_index import ExactIndex, HnswIndex, HnswParameters
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

            assert one.photo
            assert one.photo.file == one.celebrity.photos[int(np.linalg.norm(own - probe, axis=1).argmin())].file


def test_a_photo_of_the_gallery_shows_itself(
    small_gallery: Gallery, small_index: SmallIndex, faces: FaceFinder
) -> None:
    for celebrity in small_gallery.celebrities[::5]:
        for photo in celebrity.photos:
            found = faces.inspect((small_index.photos / photo.file).read_bytes())
            assert isinstance(found, MeasuredFace)
            best = small_gallery.nearest(found.embedding, 1)[0]

            assert (best.celebrity.id, best.photo) == (
                celebrity.id, photo.model_copy(update={"box": found.box, "eyes": pytest.approx(found.eyes)})
            )  # fmt: skip


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


# Filters. Half of these people are women, in no order that has to do with their faces.


@pytest.fixture(scope="module")
def mixed() -> Gallery:
    """Everybody of a made-up crowd, with three photos each."""
    chance = np.random.default_rng(41)
    places = chance.normal(0, 0.065, (400, EMBEDDING_SIZE))
    owners = np.repeat(np.arange(400), 3)
    photos = (places[owners] + chance.normal(0, 0.03, (1200, EMBEDDING_SIZE))).astype(np.float32)
    centroids = photos.reshape(400, 3, EMBEDDING_SIZE).mean(axis=1)
    added = chance.normal(0, 0.01, 400).astype(np.float32)
    people = (
        Celebrity(
            id=f"Q{n}",
            name={"en": f"{n}"},
            gender=GENDERS[n % 2],
            country="JP" if n < 150 else "US",
            born=str(1900 + n % 100),
        )
        for n in range(400)
    )
    return Gallery(
        manifest=cast(Manifest, None), celebrities=Celebrities.of(people), index=ExactIndex(centroids),
        calibration=calibrate(centroids, added, photos, owners.astype(np.int32)), centroids=centroids,
        corrections=added, photos=photos, photo_starts=np.arange(0, 1201, 3),
        photo_boxes=np.zeros((1200, 4), np.int32), photo_eyes=np.zeros((1200, 4), np.float32),
    )  # fmt: skip


@pytest.fixture(scope="module")
def strangers() -> npt.NDArray[np.float32]:
    chance = np.random.default_rng(42)
    return chance.normal(0, np.hypot(0.065, 0.03), (400, EMBEDDING_SIZE)).astype(np.float32)


@pytest.mark.parametrize("where", [Filter(gender="female"), Filter(gender="male", region="asia")])
def test_the_nearest_under_a_filter_are_those_of_a_plain_loop_over_whom_it_leaves(
    mixed: Gallery, strangers: npt.NDArray[np.float32], where: Filter
) -> None:
    rows = mixed.celebrities.traits.rows(where)
    for probe in strangers[:10]:
        distances = np.linalg.norm(mixed.centroids[rows] - probe, axis=1)
        near = np.argsort(distances)[:CANDIDATES]
        expected = near[np.argsort(distances[near] + mixed.corrections[rows[near]])][:7]
        found = mixed.nearest(probe, 7, where)

        assert [one.celebrity.id for one in found] == [f"Q{row}" for row in rows[expected]]
        np.testing.assert_allclose([one.distance for one in found], distances[expected], atol=1e-5)


@pytest.mark.parametrize("where", [ANYBODY, Filter(gender="female"), Filter(gender="male"), Filter(region="asia")])
def test_percentages_of_strangers_are_even_under_every_filter(
    mixed: Gallery, strangers: npt.NDArray[np.float32], where: Filter
) -> None:
    similarities = [mixed.nearest(probe, 1, where)[0].similarity for probe in strangers]

    assert kstest(similarities, "uniform").statistic < 0.12


def test_a_filter_that_leaves_few_is_judged_by_few(mixed: Gallery, strangers: npt.NDArray[np.float32]) -> None:
    """The nearest of ten is far away: without a calibration of its own nearly everybody would hear 1 %."""
    few = replace(mixed, celebrities=Celebrities.of(
        one.model_copy(update={"roles": ("cook",) if row % 40 == 0 else ()})
        for row, one in enumerate(mixed.celebrities)
    ))  # fmt: skip
    similarities = [few.nearest(probe, 1, Filter(role="cook"))[0].similarity for probe in strangers]

    assert 0.35 < np.median(similarities) < 0.65


def test_a_filter_that_leaves_nobody_is_an_error(mixed: Gallery, strangers: npt.NDArray[np.float32]) -> None:
    with pytest.raises(FilterError, match="no celebrity of the gallery is left"):
        mixed.nearest(strangers[0], 3, Filter(role="dentist"))


def test_what_a_filter_needs_is_made_once_and_kept_for_those_used_last(mixed: Gallery) -> None:
    gallery, women = replace(mixed), Filter(gender="female")
    first = gallery.filtered(women)
    others = [Filter(born=(1900 + number, None)) for number in range(2 * KEPT_FILTERS)]
    kept = [gallery.filtered(one) for one in others if gallery.filtered(women) is first]

    assert len(kept) == len(others)
    assert gallery.filtered(others[-1]) is kept[-1]
    assert gallery.filtered(others[0]) is not kept[0]


def test_several_threads_may_ask_for_new_filters_at_once(mixed: Gallery) -> None:
    gallery = replace(mixed)
    wanted = [Filter(born=(1900 + number % 40, None)) for number in range(400)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(gallery.filtered, wanted))

    assert [len(one.index.nearest(gallery.centroids[0], 400)[0][0]) for one in found[:40]] == [
        len(gallery.celebrities.traits.rows(one)) for one in wanted[:40]
    ]


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
