"""The gallery: the right people with the right numbers, from an index that is whole and ours, or none at all."""

import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.faces.finder import FaceFinder
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, CHECKSUM, EMBEDDINGS, GRAPH, MANIFEST, checksum, file_check
from lookalike.gallery.vector_index import HnswIndex, HnswParameters
from tests.conftest import SmallIndex

FILES = (MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH)
ARRAYS = ("centroids", "corrections", "photos", "photo_owner", "graph_rows")
Arrays = dict[str, npt.NDArray[Any]]
Change = Callable[[Path], None]


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


def edited(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a manifest, which vouches for itself."""
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest | {CHECKSUM: checksum(manifest)}))


def signed(index: Path) -> None:
    """Make the manifest say that the files are as they should be: what is wrong now is not the disk's fault."""
    edited(
        index / MANIFEST,
        lambda manifest: manifest.update(
            files={name: file_check(index / name).model_dump() for name in (CELEBRITIES, EMBEDDINGS, GRAPH)}
        ),
    )


def with_arrays(index: Path, change: Callable[[Arrays], object]) -> None:
    """Change the arrays, and sign."""
    with np.load(index / EMBEDDINGS) as file:
        arrays = {name: array.copy() for name, array in file.items()}
    change(arrays)
    np.savez(index / EMBEDDINGS, **arrays)
    signed(index)


def assert_refused(index: Path, *names: str) -> None:
    with pytest.raises(IndexRefused) as refused:
        Gallery.load(index)
    assert all(name in str(refused.value) for name in (str(index), *names))
    assert "\n" not in str(refused.value)


# The right people.


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
    for probe in probes:
        scored = []
        for person, place in enumerate(arrays["centroids"]):
            distance = float(np.sqrt(((place.astype(np.float64) - probe) ** 2).sum()))
            scored.append((distance + float(arrays["corrections"][person]), distance, person))
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
    for one in small_gallery.nearest(probes[0], 20):
        assert one.similarity == small_gallery.calibration.similarity(one.score)


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
def test_an_embedding_that_is_none_is_an_error(small_gallery: Gallery, broken: npt.NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="quer"):
        small_gallery.nearest(broken, 3)


def test_photos_may_be_unknown(index: Path, probes: npt.NDArray[np.float32]) -> None:
    """As after --forget-photos."""
    lines = [json.loads(line) for line in (index / CELEBRITIES).read_text().splitlines()]
    (index / CELEBRITIES).write_text("".join(json.dumps(line | {"photos": []}) + "\n" for line in lines))
    signed(index)

    assert [one.photo for one in Gallery.load(index).nearest(probes[0], 3)] == [None] * 3


@pytest.mark.parametrize("separator", ["\u2028", "\x85"])
def test_a_line_separator_in_a_text_is_no_end_of_a_line(index: Path, separator: str) -> None:
    """Some of Wikidata's descriptions have one, and build_index.py writes it as it is."""
    first, *rest = (index / CELEBRITIES).read_text(encoding="utf-8").split("\n")
    celebrity = Celebrity.model_validate_json(first).model_copy(update={"description": {"en": f"a{separator}b"}})
    text = "\n".join([celebrity.model_dump_json(exclude_defaults=True), *rest])
    (index / CELEBRITIES).write_text(text, encoding="utf-8")
    signed(index)

    assert Gallery.load(index).celebrities[0].description_in("en") == f"a{separator}b"


# A damaged index: refused before nmslib, which trusts every byte, has seen it.


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    assert_refused(tmp_path / "nowhere")


def test_a_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert_refused(tmp_path / "file")


def test_an_empty_directory_is_no_index(tmp_path: Path) -> None:
    assert_refused(tmp_path, MANIFEST)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(index: Path, name: str) -> None:
    (index / name).unlink()

    assert_refused(index, name)


@pytest.mark.parametrize("name", FILES)
def test_a_directory_in_place_of_a_file_is_named(index: Path, name: str) -> None:
    (index / name).unlink()
    (index / name).mkdir()

    assert_refused(index, name)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_truncated_file_is_named(index: Path, name: str, share: float) -> None:
    data = (index / name).read_bytes()
    (index / name).write_bytes(data[: int(len(data) * share)])

    assert_refused(index, name)


@pytest.mark.parametrize("name", [CELEBRITIES, EMBEDDINGS, GRAPH])
def test_a_flipped_bit_is_noticed_wherever_it_is(index: Path, name: str) -> None:
    whole = (index / name).read_bytes()
    random = np.random.default_rng(32)
    for at in [0, 16, 44, len(whole) - 1, *random.integers(0, len(whole), 20)]:
        data = bytearray(whole)
        data[at] ^= 1 << int(random.integers(8))
        (index / name).write_bytes(data)

        assert_refused(index, name)


@pytest.mark.parametrize("name", [CELEBRITIES, EMBEDDINGS, GRAPH])
def test_a_file_that_has_grown_is_noticed(index: Path, name: str) -> None:
    with (index / name).open("ab") as file:
        file.write(b"\n")

    assert_refused(index, name)


def test_files_of_two_indexes_are_noticed(index: Path, arrays: Arrays) -> None:
    HnswIndex.build(arrays["centroids"][::-1], HnswParameters()).save(index / GRAPH)

    assert_refused(index, GRAPH)


# An index of somebody else, or of another time: whole, but not for this program.


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format_version", 3),
        ("format_version", 1),
        ("metric", "cosinesimil"),
        ("recipe", "dlib-resnet-v1, one chip"),
        ("model_sha256", "0" * 64),
        ("dimension", 64),
    ],
)
def test_an_index_made_otherwise_is_refused(index: Path, key: str, value: Any) -> None:
    edited(index / MANIFEST, lambda manifest: manifest.update({key: value}))

    assert_refused(index, MANIFEST, key)


@pytest.mark.parametrize(
    "key", ["format_version", "celebrities", "photos", "dimension", "metric", "hnsw", "mu", "sigma", "min_similarity",
            "recipe", "model_sha256", "files", "graph_nodes", "mean_radius", "calibrated_at"],
)  # fmt: skip
def test_a_manifest_without_a_field_is_refused(index: Path, key: str) -> None:
    edited(index / MANIFEST, lambda manifest: manifest.pop(key))

    assert_refused(index, MANIFEST, key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sigma", 0.0),
        ("sigma", -0.04),
        ("sigma", None),
        ("mu", "half"),
        ("min_similarity", 2.0),
        ("mean_radius", None),
        ("graph_nodes", 0),
        ("celebrities", -1),
        ("celebrities", 0),
        ("hnsw", {}),
        ("hnsw", {"m": 32, "ef_construction": 200}),
        ("hnsw", {"m": 32, "ef_construction": 200, "ef_search": 0}),
        ("files", {}),
        ("files", {GRAPH: {"size_bytes": 1}}),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(index: Path, key: str, value: Any) -> None:
    edited(index / MANIFEST, lambda manifest: manifest.update({key: value}))

    assert_refused(index)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format_version": NaN}', "\x00"])
def test_a_manifest_that_is_no_manifest_is_refused(index: Path, text: str) -> None:
    (index / MANIFEST).write_text(text)

    assert_refused(index, MANIFEST)


def test_an_index_of_the_first_format_is_called_old_and_not_damaged(index: Path) -> None:
    def first_format(manifest: dict[str, Any]) -> None:
        manifest["format_version"] = 1
        for key in ("graph_nodes", "mean_radius", "calibrated_at"):
            del manifest[key]

    edited(index / MANIFEST, first_format)

    assert_refused(index, "format_version is 1, this program needs 2", "build the index anew")


@pytest.mark.parametrize("key", ["celebrities", "photos", "graph_nodes"])
@pytest.mark.parametrize("by", [-1, 1])
def test_counts_that_disagree_with_the_files_are_refused(index: Path, key: str, by: int) -> None:
    edited(index / MANIFEST, lambda manifest: manifest.update({key: manifest[key] + by}))

    assert_refused(index)


def test_fewer_celebrities_than_rows_are_refused(index: Path) -> None:
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines(keepends=True)
    (index / CELEBRITIES).write_text("".join(lines[:-1]), encoding="utf-8")
    signed(index)

    assert_refused(index)


@pytest.mark.parametrize("line", ["{}", "not JSON", '{"id": "../x", "name": {"en": "X"}}', "\x00"])
def test_a_celebrity_that_is_none_is_refused(index: Path, line: str) -> None:
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines()
    (index / CELEBRITIES).write_text("\n".join([line, *lines[1:]]), encoding="utf-8")
    signed(index)

    assert_refused(index, CELEBRITIES)


def test_bytes_that_are_no_text_are_refused(index: Path) -> None:
    (index / CELEBRITIES).write_bytes(b"\xff\xfe\n" * 20)
    signed(index)

    assert_refused(index, CELEBRITIES)


@pytest.mark.parametrize("photos", [1, 9])
def test_more_or_fewer_photo_names_than_embeddings_are_refused(index: Path, photos: int) -> None:
    """Another photo than the one that matched would be shown, or none found to show."""
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines()
    names = tuple(CelebrityPhoto(file=f"{number}.jpg") for number in range(photos))
    celebrity = Celebrity.model_validate_json(lines[0]).model_copy(update={"photos": names})
    text = "\n".join([celebrity.model_dump_json(exclude_defaults=True), *lines[1:]])
    (index / CELEBRITIES).write_text(text, encoding="utf-8")
    signed(index)

    assert_refused(index)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_array_is_refused(index: Path, name: str) -> None:
    with_arrays(index, lambda arrays: arrays.pop(name))

    assert_refused(index, EMBEDDINGS)


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_is_too_short_is_refused(index: Path, name: str) -> None:
    with_arrays(index, lambda arrays: arrays.update({name: arrays[name][:-1]}))

    assert_refused(index)


@pytest.mark.parametrize("name", ["centroids", "corrections", "photos"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_array_with_a_value_that_is_no_number_is_refused(index: Path, name: str, value: float) -> None:
    def spoil(arrays: Arrays) -> None:
        arrays[name].flat[arrays[name].size // 2] = value

    with_arrays(index, spoil)

    assert_refused(index)


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("centroids", np.float64), ("photos", np.float16), ("photo_owner", float), ("graph_rows", np.int64)],
)
def test_an_array_of_another_type_is_refused(index: Path, name: str, dtype: type) -> None:
    with_arrays(index, lambda arrays: arrays.update({name: arrays[name].astype(dtype)}))

    assert_refused(index)


@pytest.mark.parametrize("change", [lambda owners: owners[::-1], lambda owners: owners + 1, lambda owners: owners * 0])
def test_owners_that_are_not_in_order_are_refused(index: Path, change: Callable[[Any], Any]) -> None:
    with_arrays(index, lambda arrays: arrays.update(photo_owner=change(arrays["photo_owner"])))

    assert_refused(index)


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows + 1, lambda rows: rows - 2, lambda rows: rows * 0, lambda rows: np.sort(rows)[::-1]],
    ids=["too great", "too small", "twice", "another order"],
)
def test_nodes_of_the_graph_that_stand_for_others_are_refused(index: Path, change: Callable[[Any], Any]) -> None:
    with_arrays(index, lambda arrays: arrays.update(graph_rows=change(arrays["graph_rows"]).astype(np.int32)))

    assert_refused(index)


def test_pickled_objects_are_refused_and_not_run(index: Path, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "sprung",)

    with_arrays(index, lambda arrays: arrays.update(centroids=np.array([Trap()], dtype=object)))

    assert_refused(index, EMBEDDINGS)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_arrays_that_are_no_archive_are_refused(index: Path, data: bytes) -> None:
    (index / EMBEDDINGS).write_bytes(data)
    signed(index)

    assert_refused(index, EMBEDDINGS)


def test_one_array_that_is_no_archive_is_refused(index: Path) -> None:
    file = io.BytesIO()
    np.save(file, np.zeros((20, 128), np.float32))
    (index / EMBEDDINGS).write_bytes(file.getvalue())
    signed(index)

    assert_refused(index, EMBEDDINGS)


def test_a_graph_of_other_people_is_refused(index: Path, arrays: Arrays) -> None:
    """Signed by mistake: the golden queries do not find themselves."""
    HnswIndex.build(arrays["centroids"] + np.float32(0.1), HnswParameters()).save(index / GRAPH)
    signed(index)

    assert_refused(index, GRAPH)


def test_a_graph_in_another_order_is_refused(index: Path, arrays: Arrays) -> None:
    """Everybody is found, at no distance, under somebody else's name."""
    HnswIndex.build(arrays["centroids"][::-1], HnswParameters()).save(index / GRAPH)
    signed(index)

    assert_refused(index, GRAPH)


def test_a_graph_of_some_of_the_people_is_refused(index: Path, arrays: Arrays) -> None:
    HnswIndex.build(arrays["centroids"][:10], HnswParameters()).save(index / GRAPH)
    signed(index)

    assert_refused(index, GRAPH)


def test_loading_changes_nothing(small_index: SmallIndex, index: Path) -> None:
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    Gallery.load(index)

    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


def test_a_loaded_gallery_needs_its_files_no_more(index: Path, probes: npt.NDArray[np.float32]) -> None:
    """A build may replace them while the bot answers."""
    gallery = Gallery.load(index)
    expected = gallery.nearest(probes[0], 5)
    shutil.rmtree(index)

    assert gallery.nearest(probes[0], 5) == expected


def test_every_flipped_bit_of_the_manifest_is_seen(index: Path) -> None:
    whole = (index / MANIFEST).read_bytes()
    chance = random.Random(20261120)
    for _ in range(200):
        bit = chance.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        (index / MANIFEST).write_bytes(flipped)
        with pytest.raises(IndexRefused):
            Gallery.load(index)


def test_a_graph_that_measures_otherwise_is_refused_although_the_manifest_vouches_for_it(index: Path) -> None:
    import nmslib

    with np.load(index / EMBEDDINGS) as arrays:
        centroids = arrays["centroids"]
    graph = nmslib.init(method="hnsw", space="cosinesimil")
    graph.addDataPointBatch(centroids)
    graph.createIndex({"M": 24, "efConstruction": 200, "post": 0})
    graph.saveIndex(str(index / GRAPH), save_data=False)
    signed(index)

    assert_refused(index, GRAPH, "distances")
