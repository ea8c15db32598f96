"""Photos -> index: what a second build saves, what an interruption costs, and when the index in place is replaced."""

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

from build_index import main
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MeasuredFace
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CHECKSUM, EMBEDDINGS, MANIFEST, checksum
from lookalike.indexing import build, index_writer
from lookalike.indexing.embedding_cache import EmbeddingCache
from lookalike.indexing.report.page import REPORT
from tests.support.building import PEOPLE, BuildWorkspace

ROOT = Path(__file__).parents[2]
AFTER_A_BUILD = ["index", "index.embeddings", "photos"]
KILLED_AFTER_THREE = """
import os, signal, sys, build_index
from lookalike.indexing.embedding_cache import EmbeddingCache
keep = EmbeddingCache.keep
def keep_three(cache, *arguments):
    hit = keep(cache, *arguments)
    if len(cache) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return hit
EmbeddingCache.keep = keep_three
build_index.main(sys.argv[1:])
"""


# A build.


def test_the_index_can_be_used(built: BuildWorkspace) -> None:
    assert built.people() == {
        name: [f"{name}/{path.name}" for path in sorted((built.photos / name).iterdir())] for name in PEOPLE
    }


def test_two_people_under_one_name_are_reported_although_the_fewer_photos_are_left_out(
    empty_workspace: BuildWorkspace, shared_faces: Path
) -> None:
    for folder, count in zip(("Al_Gore", "Amelie_Mauresmo"), (3, 2), strict=True):
        (empty_workspace.photos / "Somebody").mkdir(parents=True, exist_ok=True)
        for photo in sorted((shared_faces / "gallery" / folder).iterdir())[:count]:
            shutil.copyfile(photo, empty_workspace.photos / "Somebody" / photo.name)

    assert empty_workspace.build() == 0
    assert sum(reason == "unlike the person's other photos" for _, _, reason in empty_workspace.rejects()) == 2
    assert "Two people under one name?" in (empty_workspace.out / REPORT).read_text(encoding="utf-8")


def test_the_report_names_what_the_collector_left_out_and_links_to_the_photos(workspace: BuildWorkspace) -> None:
    rejects = workspace.photos / "celebrities.rejects.csv"
    rejects.write_text("celebrity,name,photo,reason\nQ7,Ada,File:A b.jpg,no licence\n", encoding="utf-8")

    assert workspace.build() == 0
    report = (workspace.out / REPORT).read_text(encoding="utf-8")
    assert 'href="https://commons.wikimedia.org/wiki/File:A_b.jpg"' in report
    file = workspace.people()[PEOPLE[0]][0]
    assert f'href="./../photos/{file}"' in report
    assert (workspace.out / f"./../photos/{file}").is_file()


def test_the_index_holds_what_the_photos_say(built: BuildWorkspace, faces: FaceFinder) -> None:
    with np.load(built.out / EMBEDDINGS) as arrays:
        photos, centroids, owners = arrays["photos"], arrays["centroids"], arrays["photo_owner"]
    found = [faces.inspect((built.photos / name).read_bytes()) for names in built.people().values() for name in names]

    np.testing.assert_allclose(photos, [one.embedding for one in found if isinstance(one, MeasuredFace)], atol=1e-5)
    np.testing.assert_allclose(centroids, [photos[owners == row].mean(axis=0) for row in range(3)], atol=1e-6)
    assert {array.dtype for array in (photos, centroids)} == {np.dtype(np.float32)}


def test_the_manifest_describes_the_index(built: BuildWorkspace) -> None:
    manifest = json.loads((built.out / MANIFEST).read_text())

    assert (manifest["celebrities"], manifest["photos"], manifest["dimension"], manifest["metric"]) == (3, 6, 128, "l2")
    assert manifest["recall_at_10"] == 1.0
    assert set(manifest["files"]) == {"celebrities.jsonl", "embeddings.npz", "index.hnsw"}


def test_nothing_but_the_index_and_the_cache_is_left(built: BuildWorkspace) -> None:
    assert built.names() == AFTER_A_BUILD


def test_the_same_photos_give_the_same_index_again(workspace: BuildWorkspace) -> None:
    before = workspace.bytes()
    assert workspace.build() == 0
    after = workspace.bytes()

    assert {name for name in before if before[name] != after[name]} <= {MANIFEST, REPORT}  # they hold the time


def test_one_photo_of_one_person_is_enough(workspace: BuildWorkspace) -> None:
    for name in PEOPLE[1:]:
        shutil.rmtree(workspace.photos / name)
    next((workspace.photos / PEOPLE[0]).iterdir()).unlink()
    assert workspace.build() == 0
    (only,) = Gallery.load(workspace.out).nearest(np.zeros(128, np.float32), 5)

    assert only.celebrity.id == PEOPLE[0]
    assert 0 < only.similarity <= 1


# A second build: nothing is done twice.


def test_a_second_run_embeds_nothing(workspace: BuildWorkspace, inspected: list[bytes]) -> None:
    assert workspace.build() == 0
    assert inspected == []
    assert workspace.cached() == 6


def test_what_did_not_change_is_reused_from_the_index_in_place(
    workspace: BuildWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", 1)  # a small one is built anew
    path = workspace.out / MANIFEST
    made = json.loads(path.read_text())
    made |= {"calibrated_at": "2001-02-03T04:05:06+00:00"}
    path.write_text(json.dumps(made | {CHECKSUM: checksum(made)}))
    assert workspace.build() == 0

    assert json.loads(path.read_text())["calibrated_at"] == "2001-02-03T04:05:06+00:00"


def test_a_changed_photo_is_embedded_anew(
    workspace: BuildWorkspace, inspected: list[bytes], shared_faces: Path
) -> None:
    changed = workspace.photos / workspace.people()[PEOPLE[1]][0]
    shutil.copyfile(sorted((shared_faces / "gallery" / PEOPLE[1]).iterdir())[3], changed)
    assert workspace.build() == 0

    assert inspected == [changed.read_bytes()]
    assert workspace.cached() == 7


def test_a_renamed_photo_is_not_embedded_anew(workspace: BuildWorkspace, inspected: list[bytes]) -> None:
    (workspace.photos / PEOPLE[0]).rename(workspace.photos / "Renamed_Person")
    assert workspace.build() == 0

    assert inspected == []
    assert "Renamed_Person" in workspace.people()


def test_a_photo_without_a_face_is_not_inspected_twice(workspace: BuildWorkspace, inspected: list[bytes]) -> None:
    Image.new("RGB", (200, 200), "grey").save(workspace.photos / PEOPLE[0] / "blank.png")
    assert [workspace.build(), workspace.build()] == [0, 0]

    assert len(inspected) == 1
    assert workspace.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/blank.png", "no_face")}


def test_a_killed_build_embeds_no_photo_twice(workspace: BuildWorkspace, inspected: list[bytes]) -> None:
    workspace.cache.unlink()
    arguments = ["--photos", str(workspace.photos), "--out", str(workspace.out), "--workers", "2"]
    command = [sys.executable, "-c", KILLED_AFTER_THREE, *arguments]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert workspace.cached() == 3

    assert workspace.build() == 0
    assert len(inspected) == 3
    assert workspace.cached() == 6


@pytest.mark.parametrize("content", [b"", b"records of an earlier version" * 100])
def test_a_cache_in_another_format_is_made_anew(
    workspace: BuildWorkspace, inspected: list[bytes], content: bytes
) -> None:
    workspace.cache.write_bytes(content)
    assert workspace.build() == 0

    assert len(inspected) == workspace.cached() == 6


def test_an_unchanged_photo_is_not_even_read(workspace: BuildWorkspace) -> None:
    """A million photos would take an hour: size and time of modification are trusted."""
    photo = workspace.photos / workspace.people()[PEOPLE[0]][0]
    status = photo.stat()
    photo.write_bytes(bytes(status.st_size))
    os.utime(photo, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert workspace.build() == 0
    assert workspace.rejects() == set()

    assert workspace.build("--rehash") == 0
    assert workspace.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/{photo.name}", "not_a_picture")}


def test_the_report_lies_in_the_index(workspace: BuildWorkspace) -> None:
    page = (workspace.out / REPORT).read_text(encoding="utf-8")

    assert "Amelie Mauresmo" in page
    assert "data:image/" in page


def test_the_report_names_the_author_of_a_photo_that_was_left_out(workspace: BuildWorkspace) -> None:
    file = workspace.people()[PEOPLE[0]][0]
    listed = [{"file": file}, {"file": f"./{file}", "author": "Ada Photographer"}]
    assert workspace.build(*workspace.with_catalogue({"id": "Q1", "name": "Al Gore", "photos": listed})) == 0

    assert "Ada Photographer" in (workspace.out / REPORT).read_text(encoding="utf-8")


def test_forgotten_photos_are_not_in_the_report_either(workspace: BuildWorkspace) -> None:
    shutil.copyfile(workspace.photos / workspace.people()[PEOPLE[0]][0], workspace.photos / PEOPLE[0] / "again.jpg")
    assert workspace.build("--forget-photos") == 0

    assert "data:image/" not in (workspace.out / REPORT).read_text(encoding="utf-8")


def test_a_build_of_an_index_that_another_one_builds_is_refused(
    workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = workspace.bytes()
    with EmbeddingCache(workspace.cache):
        assert workspace.build() == 2

    assert "another build is running" in capsys.readouterr().err
    assert workspace.bytes() == before


# The index in place stays until the new one is whole.


def test_with_nothing_usable_the_index_stays_as_it_was(
    workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = workspace.bytes()
    for name in PEOPLE:
        shutil.rmtree(workspace.photos / name)
    Image.new("RGB", (200, 200)).save(workspace.photos / "Nobody.png")

    assert workspace.build() == 1
    assert workspace.bytes() == before
    assert "no usable photo" in capsys.readouterr().err
    assert "Nobody" in workspace.out.with_name("index.rejects.csv").read_text()


def test_without_any_photos_nothing_is_made(empty_workspace: BuildWorkspace) -> None:
    assert empty_workspace.build() == 1
    assert not empty_workspace.out.exists()


@pytest.mark.parametrize("at", ["write_rejects", "replace_directory"])
def test_a_build_killed_before_it_is_done_leaves_the_index_as_it_was(workspace: BuildWorkspace, at: str) -> None:
    before = workspace.bytes()
    shutil.rmtree(workspace.photos / PEOPLE[0])
    program = "import os, signal, sys, build_index\nfrom lookalike.indexing import build\n"
    program += f"build.{at} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    program += "build_index.main(sys.argv[1:])"
    arguments = ["--photos", str(workspace.photos), "--out", str(workspace.out), "--workers", "1"]
    run = subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, check=False)

    assert run.returncode == -signal.SIGKILL
    assert workspace.bytes() == before
    assert sorted(workspace.people()) == PEOPLE
    assert workspace.build() == 0
    assert sorted(workspace.people()) == PEOPLE[1:]


def test_what_a_killed_build_left_does_not_stop_the_next(workspace: BuildWorkspace) -> None:
    """In a container the next process may have the same pid."""
    left = workspace.out.with_name(f".index.{os.getpid()}.unfinished")
    left.mkdir()
    (left / MANIFEST).write_text("{")
    before = workspace.bytes()

    assert workspace.build() == 0
    assert {name: data for name, data in workspace.bytes().items() if name not in (MANIFEST, REPORT)} == {
        name: data for name, data in before.items() if name not in (MANIFEST, REPORT)
    }


def test_a_build_that_fails_leaves_the_index_and_nothing_else(
    workspace: BuildWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = workspace.bytes()
    monkeypatch.setattr(build, "replace_directory", full)

    assert workspace.build() == 2
    assert workspace.bytes() == before
    assert workspace.names() == AFTER_A_BUILD


def test_a_directory_that_is_no_index_is_never_replaced(workspace: BuildWorkspace) -> None:
    """A slip such as --out photos would delete everything in it."""
    before = sorted(path.relative_to(workspace.photos) for path in workspace.photos.rglob("*"))
    arguments = ["--photos", str(workspace.photos), "--out", str(workspace.photos), "--workers", "1"]

    assert main(arguments) == 2
    assert sorted(path.relative_to(workspace.photos) for path in workspace.photos.rglob("*")) == before


def test_a_file_is_never_replaced(workspace: BuildWorkspace, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("years of work")

    assert main(["--photos", str(workspace.photos), "--out", str(precious), "--workers", "1"]) == 2
    assert precious.read_text() == "years of work"


def test_an_empty_directory_becomes_the_index(workspace: BuildWorkspace) -> None:
    shutil.rmtree(workspace.out)
    workspace.out.mkdir()

    assert workspace.build() == 0
    assert sorted(workspace.people()) == PEOPLE


def test_a_link_to_the_index_stays_a_link(workspace: BuildWorkspace) -> None:
    """As to a larger disk."""
    elsewhere = workspace.out.rename(workspace.out.with_name("elsewhere"))
    workspace.out.symlink_to(elsewhere)
    shutil.rmtree(workspace.photos / PEOPLE[0])

    assert workspace.build() == 0
    assert workspace.out.is_symlink()
    assert sorted(workspace.people()) == PEOPLE[1:]
