"""Celebrities and their photos -> the people of an index: who is chosen, what is left out and why."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from lookalike.core.errors import WorkerDied
from lookalike.faces import quality
from lookalike.faces.finder import FaceFinder
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import MeasuredFace, Refusal
from lookalike.gallery.catalogue import from_folder
from lookalike.gallery.gallery import Gallery
from lookalike.indexing import embed_photos as embedding
from lookalike.workers.pool import WorkerPool
from tests.conftest import copy_people
from tests.support.building import PEOPLE, Runtime, nobody

# What is left out, and why.


def test_every_photo_that_is_not_used_has_its_reason(house: Runtime, shared_faces: Path, tmp_path: Path) -> None:
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
    house: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = house.with_catalogue({"id": PEOPLE[0], "name": "Al Gore"}, {"id": "Q1"})
    assert house.build(*catalogue) == 0

    assert "people.jsonl: line 2: name" in capsys.readouterr().err
    assert list(house.people()) == [PEOPLE[0]]
    assert [reason for _, _, reason in house.rejects()] == [f"{house.catalogue}: line 2: name: Field required"]


def test_a_listed_photo_that_is_not_there_is_a_reject(house: Runtime) -> None:
    listed = [{"file": f"{PEOPLE[0]}/nobody.jpg"}, {"file": house.people()[PEOPLE[0]][0]}]
    assert house.build(*house.with_catalogue({"id": "Q1", "name": "Al Gore", "photos": listed})) == 0

    assert house.rejects() == {("Q1", f"{PEOPLE[0]}/nobody.jpg", "unreadable")}


def test_a_photo_that_is_no_file_is_a_reject(house: Runtime) -> None:
    """A link to nowhere, a folder, a pipe, which would be waited for, a device, which never ends."""
    folder = house.photos / PEOPLE[0]
    (folder / "x1_link.jpg").symlink_to("nowhere.jpg")
    (folder / "x2_circle.jpg").symlink_to("x2_circle.jpg")
    os.mkfifo(folder / "x3_pipe.jpg")
    (folder / "x4_device.jpg").symlink_to("/dev/zero")
    listed = [{"file": PEOPLE[1]}, {"file": "x/" * 3000 + "1.jpg"}, {"file": "x" * 300}]
    lines: list[dict[str, Any]] = [
        {"id": PEOPLE[0], "name": "Al Gore"},
        {"id": "Q1", "name": "Nobody", "photos": listed},
    ]
    assert house.build(*house.with_catalogue(*lines, {"id": "Q2", "name": "x" * 300})) == 0

    assert house.rejects() == {
        *((PEOPLE[0], f"{PEOPLE[0]}/{name}.jpg", "unreadable") for name in ("x1_link", "x2_circle", "x3_pipe")),
        (PEOPLE[0], f"{PEOPLE[0]}/x4_device.jpg", "unreadable"),
        *(("Q1", one["file"], "unreadable") for one in listed),
        ("Q1", "", "no usable photo"),
        ("Q2", "", "no usable photo"),
    }
    assert list(house.people()) == PEOPLE[:1]


def test_a_photo_that_goes_while_the_build_runs_is_a_reject(
    house: Runtime, asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = house.photos / PEOPLE[1] / "gone.jpg"
    shutil.copyfile(next((house.photos / PEOPLE[0]).iterdir()), gone)

    def read(path: Path) -> bytes | Refusal:
        if path == gone:
            path.unlink()
        return read_photo(path)

    monkeypatch.setattr(embedding, "read_photo", read)
    assert house.build() == 0
    assert house.rejects() == {(PEOPLE[1], f"{PEOPLE[1]}/gone.jpg", "unreadable")}


def test_a_photo_that_kills_its_workers_is_a_reject(
    house: Runtime, faces: FaceFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is tried again by the next build: it may have been short of memory."""
    (house.photos / PEOPLE[0] / "killer.jpg").write_bytes(b"killer")

    async def dies(pool: WorkerPool, photo: bytes) -> MeasuredFace | Refusal:
        if photo == b"killer":
            raise WorkerDied("as it always does")
        return faces.inspect(photo)

    with monkeypatch.context() as patch:
        patch.setattr("build_index.WorkerPool.inspect", dies)
        assert house.build() == 0
    assert house.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/killer.jpg", "kills its worker")}

    assert house.build() == 0
    assert house.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/killer.jpg", "not_a_picture")}


def test_a_photo_that_is_not_good_enough_is_a_reject(house: Runtime) -> None:
    """Two faces, and no other photo: whose? Blurred: the person has better ones. Blurred, but the only one: used."""
    sharp = sorted((house.photos / PEOPLE[0]).iterdir())
    with Image.open(sharp[0]) as one, Image.open(sharp[1]) as other:
        both = Image.new("RGB", (one.width + other.width, one.height))
        both.paste(one, (0, 0))
        both.paste(other, (one.width, 0))
        for name in ("Both", "Soft"):
            (house.photos / name).mkdir()
        both.save(house.photos / "Both" / "1.png")
        one.filter(ImageFilter.GaussianBlur(3)).save(house.photos / PEOPLE[0] / "x_blurred.png")
        one.filter(ImageFilter.GaussianBlur(3)).save(house.photos / "Soft" / "1.png")
    assert house.build() == 0

    assert house.rejects() == {
        ("Both", "Both/1.png", "more than one face"),
        ("Both", "", "no usable photo"),
        (PEOPLE[0], f"{PEOPLE[0]}/x_blurred.png", "blurred"),
    }
    assert house.people()["Soft"] == ["Soft/1.png"]


def test_other_limits_need_no_photo_again(house: Runtime, asked: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured in a photo is kept."""
    monkeypatch.setattr(quality, "MIN_EYES_PX", 1000.0)

    assert house.build() == 1
    assert asked == []


def test_a_folder_that_is_closed_to_us_is_a_person_without_photos(open_directory: Path) -> None:
    (open_directory / "Ada").mkdir()
    (open_directory / "Ada" / "1.jpg").touch()
    (open_directory / "Ada").chmod(0)
    with nobody():
        found = [(one.id, one.photos) for one in from_folder(open_directory)]

    assert found == [("Ada", ())]


# Catalogues.


def test_a_catalogue_without_photos_finds_them_by_id_or_by_name(house: Runtime) -> None:
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


def test_a_catalogue_finds_no_hidden_files(house: Runtime) -> None:
    """As macOS leaves one beside each photo on a USB stick; they are no pictures."""
    (house.photos / PEOPLE[0] / "._1.jpg").write_bytes(b"\0\5\x16\7")
    assert house.build(*house.with_catalogue({"id": PEOPLE[0], "name": "Al Gore"})) == 0

    assert house.rejects() == set()


@pytest.mark.parametrize("name", ["...", "/", " ", ".", "Nobody"])
def test_a_name_that_is_no_folder_finds_nobodys_photos(house: Runtime, name: str) -> None:
    """Above all not those that lie in the photos directory itself."""
    shutil.copyfile(house.photos / house.people()[PEOPLE[2]][0], house.photos / "Somebody.jpg")
    catalogue = house.with_catalogue({"id": "Q1", "name": name}, {"id": PEOPLE[0], "name": "Al Gore"})
    assert house.build(*catalogue) == 0

    assert list(house.people()) == [PEOPLE[0]]


def test_the_flat_list_gets_links(house: Runtime) -> None:
    house.catalogue.write_text(json.dumps([{"name": "Al Gore", "role": "actor", "n_movies": 50}]))
    template = "https://en.wikipedia.org/wiki/{name}"
    assert house.build("--catalog", str(house.catalogue), "--link-template", template) == 0

    (celebrity,) = Gallery.load(house.out).celebrities
    assert (celebrity.url, celebrity.n_movies) == ("https://en.wikipedia.org/wiki/Al_Gore", 50)


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "Ада", "\U0001f469\u200d\U0001f680", 'a"b\\c'])
def test_any_text_comes_through(house: Runtime, text: str) -> None:
    line = {"id": PEOPLE[0], "name": {"en": text}, "description": {"en": text}}
    assert house.build(*house.with_catalogue(line)) == 0

    (celebrity,) = Gallery.load(house.out).celebrities
    assert (celebrity.name_in("en"), celebrity.description_in("en")) == (text, text)


def test_photos_can_be_forgotten(house: Runtime) -> None:
    assert house.build("--forget-photos") == 0

    gallery = Gallery.load(house.out)
    assert [one.photos for one in gallery.celebrities] == [()] * 3
    assert [one.photo for one in gallery.nearest(np.zeros(128, np.float32), 3)] == [None] * 3
    assert gallery.manifest.photos == 6
