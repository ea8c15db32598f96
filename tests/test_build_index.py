"""Photos -> index, by the command a maintainer types: what is left out and why, and what an interruption costs."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
from conftest import copy_people
from PIL import Image

import build_index
from build_index import EmbeddingStore, main
from faces import Faces
from findings import Face, Refusal
from gallery import Gallery
from manifest import EMBEDDINGS, MANIFEST
from workers import WorkerPool

ROOT = Path(__file__).parent.parent
PEOPLE = ["Adrien_Brody", "Alejandro_Toledo", "Amelie_Mauresmo"]
HEADER_BYTES, RECORD_BYTES = len(EmbeddingStore.HEADER), EmbeddingStore.RECORD.itemsize


class House:
    """A photos directory of three people with two photos each, and a place for the index."""

    def __init__(self, directory: Path) -> None:
        self.photos = directory / "photos"
        self.out = directory / "index"
        self.store = directory / "index.embeddings"
        self.catalogue = directory / "people.jsonl"

    def build(self, *arguments: str) -> int:
        return main(["--photos", str(self.photos), "--out", str(self.out), "--workers", "1", *arguments])

    def with_catalogue(self, *lines: dict[str, Any]) -> list[str]:
        self.catalogue.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return ["--catalog", str(self.catalogue)]

    def rejects(self) -> set[tuple[str, str, str]]:
        with (self.out / "rejects.csv").open(encoding="utf-8", newline="") as file:
            return {(row["celebrity"], row["photo"], row["reason"]) for row in csv.DictReader(file)}

    def people(self) -> dict[str, list[str]]:
        """Ids in the index and the photos of each."""
        return {one.id: [photo.file for photo in one.photos] for one in Gallery.load(self.out).celebrities}

    def bytes(self) -> dict[str, bytes]:
        """All there is in the index directory."""
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    def records(self) -> int:
        records, rest = divmod(self.store.stat().st_size - HEADER_BYTES, RECORD_BYTES)
        assert rest == 0
        return records


@pytest.fixture(scope="module")
def built(shared_faces: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An index that was built once; tests take a copy."""
    house = House(tmp_path_factory.mktemp("built"))
    copy_people(shared_faces, PEOPLE, house.photos, at_most=2)
    assert house.build() == 0
    return house


@pytest.fixture
def asked(faces: Faces, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The photos whose faces are asked for; the real models answer in this process: workers take a second to start."""
    photos: list[bytes] = []

    class InProcess:
        size = 1

        def __init__(self, _: int | None) -> None:
            pass

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

        async def find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
            photos.append(photo)
            return faces.find(photo)

    monkeypatch.setattr(build_index, "WorkerPool", InProcess)
    return photos


@pytest.fixture
def house(built: House, tmp_path: Path, asked: list[bytes]) -> House:
    """Three people, and their index from a first run."""
    shutil.copytree(built.photos.parent, tmp_path / "house")
    return House(tmp_path / "house")


@pytest.fixture
def empty_house(tmp_path: Path, asked: list[bytes]) -> House:
    """No photos, no index."""
    house = House(tmp_path)
    house.photos.mkdir()
    return house


# A build.


def test_the_index_can_be_used(built: House) -> None:
    assert built.people() == {
        name: [f"{name}/{path.name}" for path in sorted((built.photos / name).iterdir())] for name in PEOPLE
    }


def test_the_index_holds_what_the_photos_say(built: House, faces: Faces) -> None:
    with np.load(built.out / EMBEDDINGS) as arrays:
        photos, centroids, owners = arrays["photos"], arrays["centroids"], arrays["photo_owner"]
    found = [faces.find((built.photos / name).read_bytes()) for names in built.people().values() for name in names]

    np.testing.assert_allclose(photos, [one[0].embedding for one in found if isinstance(one, tuple)], atol=1e-5)
    np.testing.assert_allclose(centroids, [photos[owners == row].mean(axis=0) for row in range(3)], atol=1e-6)
    assert {array.dtype for array in (photos, centroids)} == {np.dtype(np.float32)}


def test_the_manifest_tells_what_the_index_is(built: House) -> None:
    manifest = json.loads((built.out / MANIFEST).read_text())

    assert (manifest["celebrities"], manifest["photos"], manifest["dimension"], manifest["metric"]) == (3, 6, 128, "l2")
    assert manifest["recall_at_10"] == 1.0
    assert set(manifest["files"]) == {"celebrities.jsonl", "embeddings.npz", "index.hnsw"}


def test_nothing_but_the_index_and_the_embeddings_is_left(built: House) -> None:
    assert sorted(path.name for path in built.photos.parent.iterdir()) == ["index", "index.embeddings", "photos"]


def test_the_same_photos_give_the_same_index_again(house: House) -> None:
    before = house.bytes()
    assert house.build() == 0
    after = house.bytes()

    assert {name for name in before if before[name] != after[name]} <= {MANIFEST}  # it holds the time


def test_one_photo_of_one_person_is_enough(house: House) -> None:
    for name in PEOPLE[1:]:
        shutil.rmtree(house.photos / name)
    next((house.photos / PEOPLE[0]).iterdir()).unlink()
    assert house.build() == 0
    (only,) = Gallery.load(house.out).nearest(np.zeros(128, np.float32), 5)

    assert only.celebrity.id == PEOPLE[0]
    assert 0 < only.similarity <= 1


# Again: nothing is done twice.


def test_a_second_run_embeds_nothing(house: House, asked: list[bytes]) -> None:
    assert house.build() == 0
    assert asked == []
    assert house.records() == 6


def test_a_changed_photo_is_embedded_anew(house: House, asked: list[bytes], shared_faces: Path) -> None:
    changed = house.photos / house.people()[PEOPLE[1]][0]
    shutil.copyfile(sorted((shared_faces / "gallery" / PEOPLE[1]).iterdir())[3], changed)
    assert house.build() == 0

    assert asked == [changed.read_bytes()]
    assert house.records() == 7


def test_a_renamed_photo_is_not_embedded_anew(house: House, asked: list[bytes]) -> None:
    (house.photos / PEOPLE[0]).rename(house.photos / "Renamed_Person")
    assert house.build() == 0

    assert asked == []
    assert "Renamed_Person" in house.people()


def test_a_photo_without_a_face_is_not_looked_at_twice(house: House, asked: list[bytes]) -> None:
    Image.new("RGB", (200, 200)).save(house.photos / PEOPLE[0] / "blank.png")
    assert [house.build(), house.build()] == [0, 0]

    assert len(asked) == 1
    assert house.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/blank.png", "no_face")}


@pytest.mark.parametrize("lost_bytes", [1, RECORD_BYTES - 1, RECORD_BYTES, 2 * RECORD_BYTES + 7])
def test_an_interrupted_build_goes_on_where_it_stopped(house: House, asked: list[bytes], lost_bytes: int) -> None:
    """The file ends in the middle of a record, as a power cut leaves it."""
    os.truncate(house.store, house.store.stat().st_size - lost_bytes)
    assert house.build() == 0

    assert len(asked) == -(-lost_bytes // RECORD_BYTES)
    assert house.records() == 6
    assert sorted(house.people()) == PEOPLE


@pytest.mark.parametrize("content", [b"", b"short", bytes(HEADER_BYTES + 3 * RECORD_BYTES)])
def test_embeddings_of_another_recipe_are_made_anew(house: House, asked: list[bytes], content: bytes) -> None:
    house.store.write_bytes(content)
    assert house.build() == 0

    assert len(asked) == house.records() == 6


# What is left out, and why.


def test_every_photo_that_is_not_used_has_its_reason(house: House, shared_faces: Path, tmp_path: Path) -> None:
    person, other = PEOPLE[0], PEOPLE[2]
    folder = house.photos / person
    first, second = (path.name for path in sorted(folder.iterdir()))
    Image.new("RGB", (200, 200)).save(folder / "x1_blank.png")
    (folder / "x2_text.jpg").write_text("no picture")
    (folder / "x3_broken.jpg").write_bytes((folder / first).read_bytes()[:2000])
    (folder / "x4_empty.jpg").touch()
    shutil.copyfile(folder / first, folder / "x5_again.jpg")
    Image.new("RGB", (20, 20)).save(folder / "x6_tiny.png")
    shutil.copyfile(sorted((house.photos / other).iterdir())[0], folder / "x7_other.jpg")
    copy_people(shared_faces, ["Andre_Agassi"], house.photos, at_most=1)
    (house.photos / "Nobody").mkdir()
    Image.new("RGB", (300, 300)).save(house.photos / "Nobody" / "1.png")
    deny = tmp_path / "deny.txt"
    deny.write_text("Andre_Agassi  # by request\n")
    assert house.build("--deny", str(deny)) == 0

    assert house.rejects() == {
        (person, f"{person}/x1_blank.png", "no_face"),
        (person, f"{person}/x2_text.jpg", "not_a_picture"),
        (person, f"{person}/x3_broken.jpg", "unreadable"),
        (person, f"{person}/x4_empty.jpg", "unreadable"),
        (person, f"{person}/x5_again.jpg", f"same as {person}/{first}"),
        (person, f"{person}/x6_tiny.png", "face_too_small"),
        (person, f"{person}/x7_other.jpg", "unlike the person's other photos"),
        ("Andre_Agassi", "", "on the deny-list"),
        ("Nobody", "Nobody/1.png", "no_face"),
        ("Nobody", "", "no usable photo"),
    }
    assert sorted(house.people()) == PEOPLE
    assert house.people()[person] == [f"{person}/{first}", f"{person}/{second}"]


def test_a_wrong_catalogue_line_is_named_and_the_others_are_built(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = house.with_catalogue({"id": PEOPLE[0], "name": "Adrien Brody"}, {"id": "Q1"})
    assert house.build(*catalogue) == 0

    assert "people.jsonl: line 2: name" in capsys.readouterr().err
    assert list(house.people()) == [PEOPLE[0]]
    assert [reason for _, _, reason in house.rejects()] == [f"{house.catalogue}: line 2: name: Field required"]


def test_a_listed_photo_that_is_not_there_is_a_reject(house: House) -> None:
    listed = [{"file": f"{PEOPLE[0]}/nobody.jpg"}, {"file": house.people()[PEOPLE[0]][0]}]
    assert house.build(*house.with_catalogue({"id": "Q1", "name": "Adrien Brody", "photos": listed})) == 0

    assert house.rejects() == {("Q1", f"{PEOPLE[0]}/nobody.jpg", "unreadable")}


# Catalogues.


def test_a_catalogue_without_photos_finds_them_by_id_or_by_name(house: House) -> None:
    shutil.copyfile(house.photos / house.people()[PEOPLE[2]][0], house.photos / "Q7.jpg")
    shutil.rmtree(house.photos / PEOPLE[2])
    lines: list[dict[str, Any]] = [
        {"id": PEOPLE[0], "name": "Another Name"},
        {"id": "Q1", "name": {"en": "Alejandro Toledo", "es": "Alejandro"}},
        {"id": "Q7", "name": "Amélie Mauresmo"},
    ]
    assert house.build(*house.with_catalogue(*lines)) == 0

    people = house.people()
    assert list(people) == [PEOPLE[0], "Q1", "Q7"]
    assert [file.split("/")[0] for files in people.values() for file in files] == [PEOPLE[0]] * 2 + [PEOPLE[1]] * 2 + [
        "Q7.jpg"
    ]


def test_a_catalogue_finds_no_hidden_files(house: House) -> None:
    """As macOS leaves one beside each photo on a USB stick; they are no pictures."""
    (house.photos / PEOPLE[0] / "._1.jpg").write_bytes(b"\0\5\x16\7")
    assert house.build(*house.with_catalogue({"id": PEOPLE[0], "name": "Adrien Brody"})) == 0

    assert house.rejects() == set()


@pytest.mark.parametrize("name", ["...", "/", " ", ".", "Nobody"])
def test_a_name_that_is_no_folder_finds_nobodys_photos(house: House, name: str) -> None:
    """Above all not those that lie in the photos directory itself."""
    shutil.copyfile(house.photos / house.people()[PEOPLE[2]][0], house.photos / "Somebody.jpg")
    catalogue = house.with_catalogue({"id": "Q1", "name": name}, {"id": PEOPLE[0], "name": "Adrien Brody"})
    assert house.build(*catalogue) == 0

    assert list(house.people()) == [PEOPLE[0]]


def test_the_flat_list_gets_links(house: House) -> None:
    house.catalogue.write_text(json.dumps([{"name": "Adrien Brody", "role": "actor", "n_movies": 50}]))
    template = "https://en.wikipedia.org/wiki/{name}"
    assert house.build("--catalog", str(house.catalogue), "--link-template", template) == 0

    (celebrity,) = Gallery.load(house.out).celebrities
    assert (celebrity.url, celebrity.n_movies) == ("https://en.wikipedia.org/wiki/Adrien_Brody", 50)


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "Ада", "\U0001f469\u200d\U0001f680", 'a"b\\c'])
def test_any_text_comes_through(house: House, text: str) -> None:
    line = {"id": PEOPLE[0], "name": {"en": text}, "description": {"en": text}}
    assert house.build(*house.with_catalogue(line)) == 0

    (celebrity,) = Gallery.load(house.out).celebrities
    assert (celebrity.name_in("en"), celebrity.description_in("en")) == (text, text)


def test_photos_can_be_forgotten(house: House) -> None:
    assert house.build("--forget-photos") == 0

    gallery = Gallery.load(house.out)
    assert [one.photos for one in gallery.celebrities] == [()] * 3
    assert [one.photo for one in gallery.nearest(np.zeros(128, np.float32), 3)] == [None] * 3
    assert gallery.manifest.photos == 6


# The index in place stays until the new one is whole.


def test_with_nothing_usable_the_index_stays_as_it_was(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    before = house.bytes()
    for name in PEOPLE:
        shutil.rmtree(house.photos / name)
    Image.new("RGB", (200, 200)).save(house.photos / "Nobody.png")

    assert house.build() == 1
    assert house.bytes() == before
    assert "no usable photo" in capsys.readouterr().err
    assert "Nobody" in house.out.with_name("index.rejects.csv").read_text()


def test_without_any_photos_nothing_is_made(empty_house: House) -> None:
    assert empty_house.build() == 1
    assert not empty_house.out.exists()


@pytest.mark.parametrize("at", ["write_rejects", "replace_directory"])
def test_a_build_killed_before_it_is_done_leaves_the_index_as_it_was(house: House, at: str) -> None:
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


def test_what_a_killed_build_left_does_not_stop_the_next(house: House) -> None:
    """In a container the process may well have the same number again."""
    left = house.out.with_name(f".index.{os.getpid()}.unfinished")
    left.mkdir()
    (left / MANIFEST).write_text("{")
    before = house.bytes()

    assert house.build() == 0
    assert {name: data for name, data in house.bytes().items() if name != MANIFEST} == {
        name: data for name, data in before.items() if name != MANIFEST
    }


def test_a_build_that_fails_leaves_the_index_and_no_rubbish(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = house.bytes()
    monkeypatch.setattr(build_index, "replace_directory", full)

    assert house.build() == 2
    assert house.bytes() == before
    assert sorted(path.name for path in house.out.parent.iterdir()) == ["index", "index.embeddings", "photos"]


def test_a_directory_that_is_no_index_is_never_replaced(house: House) -> None:
    """A slip such as --out photos would delete everything in it."""
    before = sorted(path.relative_to(house.photos) for path in house.photos.rglob("*"))
    arguments = ["--photos", str(house.photos), "--out", str(house.photos), "--workers", "1"]

    assert main(arguments) == 2
    assert sorted(path.relative_to(house.photos) for path in house.photos.rglob("*")) == before


def test_a_file_is_never_replaced(house: House, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("years of work")

    assert main(["--photos", str(house.photos), "--out", str(precious), "--workers", "1"]) == 2
    assert precious.read_text() == "years of work"


def test_an_empty_directory_becomes_the_index(house: House) -> None:
    shutil.rmtree(house.out)
    house.out.mkdir()

    assert house.build() == 0
    assert sorted(house.people()) == PEOPLE


def test_a_link_to_the_index_stays_a_link(house: House) -> None:
    """As to a larger disk."""
    elsewhere = house.out.rename(house.out.with_name("elsewhere"))
    house.out.symlink_to(elsewhere)
    shutil.rmtree(house.photos / PEOPLE[0])

    assert house.build() == 0
    assert house.out.is_symlink()
    assert sorted(house.people()) == PEOPLE[1:]


# Wrong usage.


def test_a_missing_photos_directory_is_status_2(empty_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    empty_house.photos.rmdir()

    assert empty_house.build() == 2
    assert str(empty_house.photos) in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--catalog", "--deny"])
def test_a_missing_list_is_status_2(house: House, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.build(option, "nowhere.jsonl") == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_a_wrong_link_template_is_status_2(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.catalogue.write_text('[{"name": "Adrien Brody"}]')

    assert house.build("--catalog", str(house.catalogue), "--link-template", "https://example.org/{nme}") == 2
    assert "nme" in capsys.readouterr().err


def test_missing_models_are_status_2(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    ],
)
def test_wrong_usage_is_status_2_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With no worker, or less, it would wait forever."""
    with pytest.raises(SystemExit) as end:
        build_index.parse(arguments)

    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
