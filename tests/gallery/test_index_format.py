"""The checks of an index directory: damaged, foreign or out of date, it is refused before nmslib reads it."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH, MANIFEST
from lookalike.gallery.vector_index import HnswIndex, HnswParameters
from tests.conftest import SmallIndex
from tests.support.damaged_index import Arrays, assert_refused, edit_arrays, edit_manifest, sign

FILES = (MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH)
ARRAYS = ("centroids", "corrections", "photos", "photo_owner", "photo_boxes", "photo_eyes", "graph_rows")


@pytest.fixture
def index(small_index: SmallIndex, tmp_path: Path) -> Path:
    """A copy of the small index, to be damaged."""
    return small_index.copy(tmp_path / "index")


# A damaged index.


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


def test_files_of_two_indexes_are_noticed(index: Path) -> None:
    with np.load(index / EMBEDDINGS) as arrays:
        centroids = arrays["centroids"]
    HnswIndex.build(centroids[::-1], HnswParameters()).save(index / GRAPH)

    assert_refused(index, GRAPH)


# An index of another program or version: whole, but not for this one.


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format_version", 4),
        ("format_version", 2),
        ("format_version", 1),
        ("metric", "cosinesimil"),
        ("recipe", "dlib-resnet-v1, one chip"),
        ("model_sha256", "0" * 64),
        ("dimension", 64),
    ],
)
def test_an_index_made_otherwise_is_refused(index: Path, key: str, value: Any) -> None:
    edit_manifest(index, lambda manifest: manifest.update({key: value}))

    assert_refused(index, MANIFEST, key)


@pytest.mark.parametrize(
    "key", ["format_version", "celebrities", "photos", "dimension", "metric", "hnsw", "mu", "sigma", "min_similarity",
            "radius_weight", "fame_weight", "recipe", "model_sha256", "files",
            "graph_nodes", "mean_radius", "calibrated_at"],
)  # fmt: skip
def test_a_manifest_without_a_field_is_refused(index: Path, key: str) -> None:
    edit_manifest(index, lambda manifest: manifest.pop(key))

    assert_refused(index, MANIFEST, key)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sigma", 0.0),
        ("sigma", -0.04),
        ("sigma", None),
        ("mu", "half"),
        ("min_similarity", 2.0),
        ("radius_weight", None),
        ("fame_weight", -1.0),
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
    edit_manifest(index, lambda manifest: manifest.update({key: value}))

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

    edit_manifest(index, first_format)

    assert_refused(index, "format_version is 1, this program needs 3", "build the index anew")


@pytest.mark.parametrize("key", ["celebrities", "photos", "graph_nodes"])
@pytest.mark.parametrize("by", [-1, 1])
def test_counts_that_disagree_with_the_files_are_refused(index: Path, key: str, by: int) -> None:
    edit_manifest(index, lambda manifest: manifest.update({key: manifest[key] + by}))

    assert_refused(index)


def test_fewer_celebrities_than_rows_are_refused(index: Path) -> None:
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines(keepends=True)
    (index / CELEBRITIES).write_text("".join(lines[:-1]), encoding="utf-8")
    sign(index)

    assert_refused(index)


@pytest.mark.parametrize("line", ["{}", "not JSON", '{"id": "../x", "name": {"en": "X"}}', "\x00"])
def test_a_celebrity_that_is_none_is_refused(index: Path, line: str) -> None:
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines()
    (index / CELEBRITIES).write_text("\n".join([line, *lines[1:]]), encoding="utf-8")
    sign(index)

    assert_refused(index, CELEBRITIES)


def test_bytes_that_are_no_text_are_refused(index: Path) -> None:
    (index / CELEBRITIES).write_bytes(b"\xff\xfe\n" * 20)
    sign(index)

    assert_refused(index, CELEBRITIES)


@pytest.mark.parametrize("photos", [1, 9])
def test_more_or_fewer_photo_names_than_embeddings_are_refused(index: Path, photos: int) -> None:
    """Another photo than the one that matched would be shown, or none found to show."""
    lines = (index / CELEBRITIES).read_text(encoding="utf-8").splitlines()
    names = tuple(CelebrityPhoto(file=f"{number}.jpg") for number in range(photos))
    celebrity = Celebrity.model_validate_json(lines[0]).model_copy(update={"photos": names})
    text = "\n".join([celebrity.model_dump_json(exclude_defaults=True), *lines[1:]])
    (index / CELEBRITIES).write_text(text, encoding="utf-8")
    sign(index)

    assert_refused(index)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_missing_array_is_refused(index: Path, name: str) -> None:
    edit_arrays(index, lambda arrays: arrays.pop(name))

    assert_refused(index, EMBEDDINGS)


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_that_is_too_short_is_refused(index: Path, name: str) -> None:
    edit_arrays(index, lambda arrays: arrays.update({name: arrays[name][:-1]}))

    assert_refused(index)


@pytest.mark.parametrize("name", ["centroids", "corrections", "photos"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_array_with_a_value_that_is_no_number_is_refused(index: Path, name: str, value: float) -> None:
    def spoil(arrays: Arrays) -> None:
        arrays[name].flat[arrays[name].size // 2] = value

    edit_arrays(index, spoil)

    assert_refused(index)


@pytest.mark.parametrize(
    ("name", "dtype"),
    [("centroids", np.float64), ("photos", np.float16), ("photo_owner", float), ("graph_rows", np.int64)],
)
def test_an_array_of_another_type_is_refused(index: Path, name: str, dtype: type) -> None:
    edit_arrays(index, lambda arrays: arrays.update({name: arrays[name].astype(dtype)}))

    assert_refused(index)


@pytest.mark.parametrize("change", [lambda owners: owners[::-1], lambda owners: owners + 1, lambda owners: owners * 0])
def test_owners_that_are_not_in_order_are_refused(index: Path, change: Callable[[Any], Any]) -> None:
    edit_arrays(index, lambda arrays: arrays.update(photo_owner=change(arrays["photo_owner"])))

    assert_refused(index)


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows + 1, lambda rows: rows - 2, lambda rows: rows * 0, lambda rows: np.sort(rows)[::-1]],
    ids=["too great", "too small", "twice", "another order"],
)
def test_nodes_of_the_graph_that_stand_for_others_are_refused(index: Path, change: Callable[[Any], Any]) -> None:
    edit_arrays(index, lambda arrays: arrays.update(graph_rows=change(arrays["graph_rows"]).astype(np.int32)))

    assert_refused(index)


def test_pickled_objects_are_refused_and_not_run(index: Path, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "sprung",)

    edit_arrays(index, lambda arrays: arrays.update(centroids=np.array([Trap()], dtype=object)))

    assert_refused(index, EMBEDDINGS)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_arrays_that_are_no_archive_are_refused(index: Path, data: bytes) -> None:
    (index / EMBEDDINGS).write_bytes(data)
    sign(index)

    assert_refused(index, EMBEDDINGS)


def test_one_array_that_is_no_archive_is_refused(index: Path) -> None:
    file = io.BytesIO()
    np.save(file, np.zeros((20, 128), np.float32))
    (index / EMBEDDINGS).write_bytes(file.getvalue())
    sign(index)

    assert_refused(index, EMBEDDINGS)


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
