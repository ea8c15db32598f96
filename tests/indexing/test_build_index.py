"""Photos -> index, by the command a maintainer types: what a second run saves, what an interruption costs."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import build_index
from build_index import main
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MeasuredFace
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CHECKSUM, EMBEDDINGS, MANIFEST, checksum
from lookalike.indexing import index_writer as indexing
from lookalike.indexing.embed_photos import EmbeddingStore
from lookalike.indexing.embedding_cache import HEADER_BYTES
from lookalike.indexing.report.page import REPORT
from lookalike.workers.pool import WorkerPool
from tests.support.building import PEOPLE, RECORD_BYTES, Runtime

ROOT = Path(__file__).parents[2]
WHAT_A_BUILD_LEAVES = ["index", "index.embeddings", "index.hashes", "photos"]
KILLED_AFTER_THREE = """
import os, signal, sys, build_index
from lookalike.indexing import embed_photos as embedding
keep = embedding.EmbeddingStore.keep
def keep_three(store, *arguments):
    row = keep(store, *arguments)
    if row == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return row
embedding.EmbeddingStore.keep = keep_three
build_index.main(sys.argv[1:])
"""


# A build.


def test_the_index_can_be_used(built: Runtime) -> None:
    assert built.people() == {
        name: [f"{name}/{path.name}" for path in sorted((built.photos / name).iterdir())] for name in PEOPLE
    }


def test_two_people_under_one_name_are_reported_although_the_fewer_photos_are_left_out(
    empty_house: Runtime, shared_faces: Path
) -> None:
    for folder, count in zip(("Al_Gore", "Amelie_Mauresmo"), (3, 2), strict=True):
        (empty_house.photos / "Somebody").mkdir(parents=True, exist_ok=True)
        for photo in sorted((shared_faces / "gallery" / folder).iterdir())[:count]:
            shutil.copyfile(photo, empty_house.photos / "Somebody" / photo.name)

    assert empty_house.build() == 0
    assert sum(reason == "unlike the person's other photos" for _, _, reason in empty_house.rejects()) == 2
    assert "Two people under one name?" in (empty_house.out / REPORT).read_text(encoding="utf-8")


def test_the_index_holds_what_the_photos_say(built: Runtime, faces: FaceFinder) -> None:
    with np.load(built.out / EMBEDDINGS) as arrays:
        photos, centroids, owners = arrays["photos"], arrays["centroids"], arrays["photo_owner"]
    found = [faces.inspect((built.photos / name).read_bytes()) for names in built.people().values() for name in names]

    np.testing.assert_allclose(photos, [one.embedding for one in found if isinstance(one, MeasuredFace)], atol=1e-5)
    np.testing.assert_allclose(centroids, [photos[owners == row].mean(axis=0) for row in range(3)], atol=1e-6)
    assert {array.dtype for array in (photos, centroids)} == {np.dtype(np.float32)}


def test_the_manifest_tells_what_the_index_is(built: Runtime) -> None:
    manifest = json.loads((built.out / MANIFEST).read_text())

    assert (manifest["celebrities"], manifest["photos"], manifest["dimension"], manifest["metric"]) == (3, 6, 128, "l2")
    assert manifest["recall_at_10"] == 1.0
    assert set(manifest["files"]) == {"celebrities.jsonl", "embeddings.npz", "index.hnsw"}


def test_nothing_but_the_index_and_the_embeddings_is_left(built: Runtime) -> None:
    assert sorted(path.name for path in built.photos.parent.iterdir()) == [
        "index",
        "index.embeddings",
        "index.hashes",
        "photos",
    ]


def test_the_same_photos_give_the_same_index_again(house: Runtime) -> None:
    before = house.bytes()
    assert house.build() == 0
    after = house.bytes()

    assert {name for name in before if before[name] != after[name]} <= {MANIFEST, REPORT}  # they hold the time


def test_one_photo_of_one_person_is_enough(house: Runtime) -> None:
    for name in PEOPLE[1:]:
        shutil.rmtree(house.photos / name)
    next((house.photos / PEOPLE[0]).iterdir()).unlink()
    assert house.build() == 0
    (only,) = Gallery.load(house.out).nearest(np.zeros(128, np.float32), 5)

    assert only.celebrity.id == PEOPLE[0]
    assert 0 < only.similarity <= 1


# Again: nothing is done twice.


def test_a_second_run_embeds_nothing(house: Runtime, asked: list[bytes]) -> None:
    assert house.build() == 0
    assert asked == []
    assert house.records() == 6


def test_what_did_not_change_is_taken_over_from_the_index_in_place(
    house: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "ANEW_BELOW", 1)  # a small one would be made anew
    path = house.out / MANIFEST
    made = json.loads(path.read_text())
    made |= {"calibrated_at": "2001-02-03T04:05:06+00:00"}
    path.write_text(json.dumps(made | {CHECKSUM: checksum(made)}))
    assert house.build() == 0

    assert json.loads(path.read_text())["calibrated_at"] == "2001-02-03T04:05:06+00:00"


def test_a_changed_photo_is_embedded_anew(house: Runtime, asked: list[bytes], shared_faces: Path) -> None:
    changed = house.photos / house.people()[PEOPLE[1]][0]
    shutil.copyfile(sorted((shared_faces / "gallery" / PEOPLE[1]).iterdir())[3], changed)
    assert house.build() == 0

    assert asked == [changed.read_bytes()]
    assert house.records() == 7


def test_a_renamed_photo_is_not_embedded_anew(house: Runtime, asked: list[bytes]) -> None:
    (house.photos / PEOPLE[0]).rename(house.photos / "Renamed_Person")
    assert house.build() == 0

    assert asked == []
    assert "Renamed_Person" in house.people()


def test_a_photo_without_a_face_is_not_looked_at_twice(house: Runtime, asked: list[bytes]) -> None:
    Image.new("RGB", (200, 200)).save(house.photos / PEOPLE[0] / "blank.png")
    assert [house.build(), house.build()] == [0, 0]

    assert len(asked) == 1
    assert house.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/blank.png", "no_face")}


def test_a_killed_build_embeds_no_photo_twice(house: Runtime, asked: list[bytes]) -> None:
    house.store.unlink()
    house.hashes.unlink()
    arguments = ["--photos", str(house.photos), "--out", str(house.out), "--workers", "2"]
    command = [sys.executable, "-c", KILLED_AFTER_THREE, *arguments]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert house.records() == 3

    assert house.build() == 0
    assert len(asked) == 3
    assert house.records() == 6


@pytest.mark.parametrize("lost_bytes", [1, RECORD_BYTES - 1, RECORD_BYTES, 2 * RECORD_BYTES + 7])
def test_an_interrupted_build_goes_on_where_it_stopped(house: Runtime, asked: list[bytes], lost_bytes: int) -> None:
    """The file ends in the middle of a record, as a power cut leaves it."""
    os.truncate(house.store, house.store.stat().st_size - lost_bytes)
    assert house.build() == 0

    assert len(asked) == -(-lost_bytes // RECORD_BYTES)
    assert house.records() == 6
    assert sorted(house.people()) == PEOPLE


@pytest.mark.parametrize("content", [b"", b"short", bytes(HEADER_BYTES + 3 * RECORD_BYTES)])
def test_embeddings_of_another_recipe_are_made_anew(house: Runtime, asked: list[bytes], content: bytes) -> None:
    house.store.write_bytes(content)
    assert house.build() == 0

    assert len(asked) == house.records() == 6


def test_an_unchanged_photo_is_not_even_read(house: Runtime) -> None:
    """Of a million photos that would be an hour: size and time of change are looked at, and trusted."""
    photo = house.photos / house.people()[PEOPLE[0]][0]
    status = photo.stat()
    photo.write_bytes(bytes(status.st_size))
    os.utime(photo, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert house.build() == 0
    assert house.rejects() == set()

    assert house.build("--rehash") == 0
    assert house.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/{photo.name}", "not_a_picture")}


def test_a_report_for_looking_at_lies_in_the_index(house: Runtime) -> None:
    page = (house.out / REPORT).read_text(encoding="utf-8")

    assert "Amelie Mauresmo" in page
    assert "data:image/" in page


def test_the_report_names_the_author_of_a_photo_that_was_left_out(house: Runtime) -> None:
    file = house.people()[PEOPLE[0]][0]
    listed = [{"file": file}, {"file": f"./{file}", "author": "Ada Photographer"}]
    assert house.build(*house.with_catalogue({"id": "Q1", "name": "Al Gore", "photos": listed})) == 0

    assert "Ada Photographer" in (house.out / REPORT).read_text(encoding="utf-8")


def test_forgotten_photos_are_not_in_the_report_either(house: Runtime) -> None:
    shutil.copyfile(house.photos / house.people()[PEOPLE[0]][0], house.photos / PEOPLE[0] / "again.jpg")
    assert house.build("--forget-photos") == 0

    assert "data:image/" not in (house.out / REPORT).read_text(encoding="utf-8")


def test_two_builds_of_one_index_do_not_get_into_each_others_way(
    house: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    before = house.bytes()
    with EmbeddingStore(house.store):
        assert house.build() == 2

    assert "another build is running" in capsys.readouterr().err
    assert house.bytes() == before


# The index in place stays until the new one is whole.


def test_with_nothing_usable_the_index_stays_as_it_was(house: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    before = house.bytes()
    for name in PEOPLE:
        shutil.rmtree(house.photos / name)
    Image.new("RGB", (200, 200)).save(house.photos / "Nobody.png")

    assert house.build() == 1
    assert house.bytes() == before
    assert "no usable photo" in capsys.readouterr().err
    assert "Nobody" in house.out.with_name("index.rejects.csv").read_text()


def test_without_any_photos_nothing_is_made(empty_house: Runtime) -> None:
    assert empty_house.build() == 1
    assert not empty_house.out.exists()


@pytest.mark.parametrize("at", ["write_rejects", "replace_directory"])
def test_a_build_killed_before_it_is_done_leaves_the_index_as_it_was(house: Runtime, at: str) -> None:
    before = house.bytes()
    shutil.rmtree(house.photos / PEOPLE[0])
    program = (
        f"import os, signal, sys, build_index\nbuild_index.{at} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    program += "build_index.main(sys.argv[1:])"
    arguments = ["--photos", str(house.photos), "--out", str(house.out), "--workers", "1"]
    run = subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, check=False)

    assert run.returncode == -signal.SIGKILL
    assert house.bytes() == before
    assert sorted(house.people()) == PEOPLE
    assert house.build() == 0
    assert sorted(house.people()) == PEOPLE[1:]


def test_what_a_killed_build_left_does_not_stop_the_next(house: Runtime) -> None:
    """In a container the process may well have the same number again."""
    left = house.out.with_name(f".index.{os.getpid()}.unfinished")
    left.mkdir()
    (left / MANIFEST).write_text("{")
    before = house.bytes()

    assert house.build() == 0
    assert {name: data for name, data in house.bytes().items() if name not in (MANIFEST, REPORT)} == {
        name: data for name, data in before.items() if name not in (MANIFEST, REPORT)
    }


def test_a_build_that_fails_leaves_the_index_and_no_rubbish(house: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = house.bytes()
    monkeypatch.setattr(build_index, "replace_directory", full)

    assert house.build() == 2
    assert house.bytes() == before
    assert sorted(path.name for path in house.out.parent.iterdir()) == [
        "index",
        "index.embeddings",
        "index.hashes",
        "photos",
    ]


def test_a_directory_that_is_no_index_is_never_replaced(house: Runtime) -> None:
    """A slip such as --out photos would delete everything in it."""
    before = sorted(path.relative_to(house.photos) for path in house.photos.rglob("*"))
    arguments = ["--photos", str(house.photos), "--out", str(house.photos), "--workers", "1"]

    assert main(arguments) == 2
    assert sorted(path.relative_to(house.photos) for path in house.photos.rglob("*")) == before


def test_a_file_is_never_replaced(house: Runtime, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("years of work")

    assert main(["--photos", str(house.photos), "--out", str(precious), "--workers", "1"]) == 2
    assert precious.read_text() == "years of work"


def test_an_empty_directory_becomes_the_index(house: Runtime) -> None:
    shutil.rmtree(house.out)
    house.out.mkdir()

    assert house.build() == 0
    assert sorted(house.people()) == PEOPLE


def test_a_link_to_the_index_stays_a_link(house: Runtime) -> None:
    """As to a larger disk."""
    elsewhere = house.out.rename(house.out.with_name("elsewhere"))
    house.out.symlink_to(elsewhere)
    shutil.rmtree(house.photos / PEOPLE[0])

    assert house.build() == 0
    assert house.out.is_symlink()
    assert sorted(house.people()) == PEOPLE[1:]


# Wrong usage.


def test_a_missing_photos_directory_is_status_2(empty_house: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    empty_house.photos.rmdir()

    assert empty_house.build() == 2
    assert str(empty_house.photos) in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--catalog", "--deny"])
def test_a_missing_list_is_status_2(house: Runtime, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.build(option, "nowhere.jsonl") == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_a_wrong_link_template_is_status_2(house: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    house.catalogue.write_text('[{"name": "Al Gore"}]')

    assert house.build("--catalog", str(house.catalogue), "--link-template", "https://example.org/{nme}") == 2
    assert "nme" in capsys.readouterr().err


def test_missing_models_are_status_2(house: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_index, "WorkerPool", lambda size: WorkerPool(size, tmp_path))

    assert house.build() == 2


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--photos", "x"],
        ["--out", "x"],
        ["--photos", "x", "--out", "y", "--nonsense"],
        ["--photos", "x", "--out", "y", "--workers", "-1"],
        ["--photos", "x", "--out", "y", "--workers", "0"],
        ["--photos", "x", "--out", "y", "--workers", "many"],
        ["--photos", "x", "--out", "y", "--workers", "2", "--scheduler", "tcp://127.0.0.1:8786"],
        ["--photos", "x", "--out", "y", "--scheduler", "127.0.0.1"],
        ["--photos", "x", "--out", "y", "--scheduler", "http://127.0.0.1:8786"],
        ["--out", "y", "--remove"],
    ],
)
def test_wrong_usage_is_status_2_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With no worker, or less, it would wait forever."""
    with pytest.raises(SystemExit) as end:
        build_index.parse(arguments)

    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
