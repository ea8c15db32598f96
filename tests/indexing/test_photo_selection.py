"""Celebrities and their photos -> the entries of an index: which are chosen, what is left out and why."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image, ImageFilter

from lookalike.core.errors import WorkerDied
from lookalike.faces import quality
from lookalike.faces.finder import FaceFinder
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import MeasuredFace, Reason, Refusal
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto, from_folder
from lookalike.gallery.gallery import Gallery
from lookalike.indexing import embed_photos, photo_selection
from lookalike.indexing.clear_cases import clear_entries
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache
from lookalike.indexing.photo_selection import Selection, select_entries
from lookalike.workers.pool import WorkerPool
from tests.conftest import copy_people
from tests.support.building import PEOPLE, BuildWorkspace, unprivileged

# What is left out, and why.


def test_every_photo_that_is_not_used_has_its_reason(
    workspace: BuildWorkspace, shared_faces: Path, tmp_path: Path
) -> None:
    person, other = PEOPLE[0], PEOPLE[2]
    folder = workspace.photos / person
    first, second = (path.name for path in sorted(folder.iterdir()))
    Image.new("RGB", (200, 200), "grey").save(folder / "x1_blank.png")
    (folder / "x2_text.jpg").write_text("no picture")
    (folder / "x3_broken.jpg").write_bytes((folder / first).read_bytes()[:2000])
    (folder / "x4_empty.jpg").touch()
    shutil.copyfile(folder / first, folder / "x5_again.jpg")
    Image.new("RGB", (20, 20)).save(folder / "x6_tiny.png")
    shutil.copyfile(sorted((workspace.photos / other).iterdir())[0], folder / "x7_other.jpg")
    copy_people(shared_faces, ["Andre_Agassi"], workspace.photos, at_most=1)
    (workspace.photos / "Nobody").mkdir()
    Image.new("RGB", (300, 300), "grey").save(workspace.photos / "Nobody" / "1.png")
    deny = tmp_path / "deny.txt"
    deny.write_text("Andre_Agassi  # by request\n")
    assert workspace.build("--deny", str(deny)) == 0

    assert workspace.rejects() == {
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
    assert sorted(workspace.people()) == PEOPLE
    assert workspace.people()[person] == [f"{person}/{first}", f"{person}/{second}"]


@pytest.mark.parametrize("known_by", ["file", "sha1", "title", "source_url"])
def test_a_photo_on_the_deny_list_is_left_out(workspace: BuildWorkspace, known_by: str) -> None:
    first, second = workspace.people()[PEOPLE[0]]
    photo = {"file": first, "source_url": "https://commons.wikimedia.org/wiki/File:A_%C3%A9.jpg"}
    names = photo | {"title": "File:A é.jpg"}
    names["sha1"] = hashlib.sha1((workspace.photos / first).read_bytes(), usedforsecurity=False).hexdigest()
    (workspace.directory / "deny.txt").write_text(f"{names[known_by]}  # somebody else\n", encoding="utf-8")
    catalogue = workspace.with_catalogue({"id": PEOPLE[0], "name": "Al Gore", "photos": [photo, {"file": second}]})
    assert workspace.build(*catalogue, "--deny", str(workspace.directory / "deny.txt")) == 0

    assert workspace.people() == {PEOPLE[0]: [second]}
    assert workspace.rejects() == {(PEOPLE[0], first, "on the deny-list")}


def test_a_wrong_catalogue_line_is_named_and_the_others_are_built(
    workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = workspace.with_catalogue({"id": PEOPLE[0], "name": "Al Gore"}, {"id": "Q1"})
    assert workspace.build(*catalogue) == 0

    assert "people.jsonl: line 2: name" in capsys.readouterr().err
    assert list(workspace.people()) == [PEOPLE[0]]
    assert [reason for _, _, reason in workspace.rejects()] == [f"{workspace.catalogue}: line 2: name: Field required"]


def test_a_listed_photo_that_is_not_there_is_a_reject(workspace: BuildWorkspace) -> None:
    listed = [{"file": f"{PEOPLE[0]}/nobody.jpg"}, {"file": workspace.people()[PEOPLE[0]][0]}]
    assert workspace.build(*workspace.with_catalogue({"id": "Q1", "name": "Al Gore", "photos": listed})) == 0

    assert workspace.rejects() == {("Q1", f"{PEOPLE[0]}/nobody.jpg", "unreadable")}


def test_a_photo_that_is_not_a_regular_file_is_a_reject(workspace: BuildWorkspace) -> None:
    """A broken link, a folder, a pipe, which would block, a device, which never ends."""
    folder = workspace.photos / PEOPLE[0]
    (folder / "x1_link.jpg").symlink_to("nowhere.jpg")
    (folder / "x2_circle.jpg").symlink_to("x2_circle.jpg")
    os.mkfifo(folder / "x3_pipe.jpg")
    (folder / "x4_device.jpg").symlink_to("/dev/zero")
    listed = [{"file": PEOPLE[1]}, {"file": "x/" * 3000 + "1.jpg"}, {"file": "x" * 300}]
    lines: list[dict[str, Any]] = [
        {"id": PEOPLE[0], "name": "Al Gore"},
        {"id": "Q1", "name": "Nobody", "photos": listed},
    ]
    assert workspace.build(*workspace.with_catalogue(*lines, {"id": "Q2", "name": "x" * 300})) == 0

    assert workspace.rejects() == {
        *((PEOPLE[0], f"{PEOPLE[0]}/{name}.jpg", "unreadable") for name in ("x1_link", "x2_circle", "x3_pipe")),
        (PEOPLE[0], f"{PEOPLE[0]}/x4_device.jpg", "unreadable"),
        *(("Q1", one["file"], "unreadable") for one in listed),
        ("Q1", "", "no usable photo"),
        ("Q2", "", "no usable photo"),
    }
    assert list(workspace.people()) == PEOPLE[:1]


def test_a_photo_deleted_during_the_build_is_a_reject(
    workspace: BuildWorkspace, inspected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = workspace.photos / PEOPLE[1] / "gone.jpg"
    shutil.copyfile(next((workspace.photos / PEOPLE[0]).iterdir()), gone)

    def read(path: Path) -> bytes | Refusal:
        if path == gone:
            path.unlink()
        return read_photo(path)

    monkeypatch.setattr(embed_photos, "read_photo", read)
    assert workspace.build() == 0
    assert workspace.rejects() == {(PEOPLE[1], f"{PEOPLE[1]}/gone.jpg", "unreadable")}


def test_a_photo_that_kills_its_workers_is_a_reject(
    workspace: BuildWorkspace, faces: FaceFinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next build tries it again: the machine may have been short of memory."""
    (workspace.photos / PEOPLE[0] / "killer.jpg").write_bytes(b"killer")

    async def dies(pool: WorkerPool, photo: bytes) -> MeasuredFace | Refusal:
        if photo == b"killer":
            raise WorkerDied("on every try")
        return faces.inspect(photo)

    with monkeypatch.context() as patch:
        patch.setattr("lookalike.indexing.build.WorkerPool.inspect", dies)
        assert workspace.build() == 0
    assert workspace.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/killer.jpg", "kills its worker")}

    assert workspace.build() == 0
    assert workspace.rejects() == {(PEOPLE[0], f"{PEOPLE[0]}/killer.jpg", "not_a_picture")}


def test_a_photo_that_is_not_good_enough_is_a_reject(workspace: BuildWorkspace) -> None:
    """Blurred: rejected if there are better ones, used if it is the only."""
    sharp = sorted((workspace.photos / PEOPLE[0]).iterdir())
    with Image.open(sharp[0]) as one:
        (workspace.photos / "Soft").mkdir()
        one.filter(ImageFilter.GaussianBlur(3)).save(workspace.photos / PEOPLE[0] / "x_blurred.png")
        one.filter(ImageFilter.GaussianBlur(3)).save(workspace.photos / "Soft" / "1.png")
    assert workspace.build() == 0

    assert workspace.rejects() == {
        (PEOPLE[0], f"{PEOPLE[0]}/x_blurred.png", "blurred"),
    }
    assert workspace.people()["Soft"] == ["Soft/1.png"]


def test_a_photo_of_two_people_is_used_where_the_main_face_is_like_the_others_or_is_all_there_is(
    workspace: BuildWorkspace,
) -> None:
    with Image.open(min((workspace.photos / PEOPLE[0]).iterdir())) as photo:
        both = Image.new("RGB", (2 * photo.width, photo.height))
        both.paste(photo, (0, 0))
        both.paste(photo, (photo.width, 0))
    (workspace.photos / "Alone").mkdir()
    for name in (*PEOPLE[:2], "Alone"):
        both.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(workspace.photos / name / "both.png")
        both = both.resize((both.width + 2, both.height))  # other bytes: no copy of the first
    assert workspace.build() == 0

    people = workspace.people()
    assert f"{PEOPLE[0]}/both.png" in people[PEOPLE[0]]
    assert people["Alone"] == ["Alone/both.png"]
    assert workspace.rejects() == {(PEOPLE[1], f"{PEOPLE[1]}/both.png", "more than one face")}


def test_other_limits_inspect_no_photo_again(
    workspace: BuildWorkspace, inspected: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache keeps the measures."""
    monkeypatch.setattr(quality, "MIN_EYES_PX", 1000.0)

    assert workspace.build() == 1
    assert inspected == []


def test_a_folder_that_cannot_be_read_is_a_celebrity_without_photos(open_directory: Path) -> None:
    (open_directory / "Ada").mkdir()
    (open_directory / "Ada" / "1.jpg").touch()
    (open_directory / "Ada").chmod(0)
    with unprivileged():
        found = [(one.id, one.photos) for one in from_folder(open_directory)]

    assert found == [("Ada", ())]


# Catalogues.


def test_a_catalogue_without_photos_finds_them_by_id_or_by_name(workspace: BuildWorkspace) -> None:
    shutil.copyfile(workspace.photos / workspace.people()[PEOPLE[2]][0], workspace.photos / "Q7.jpg")
    shutil.rmtree(workspace.photos / PEOPLE[2])
    lines: list[dict[str, Any]] = [
        {"id": PEOPLE[0], "name": "Another Name"},
        {"id": "Q1", "name": {"en": "Alejandro Toledo", "es": "Alejandro"}},
        {"id": "Q7", "name": "Amélie Mauresmo"},
    ]
    assert workspace.build(*workspace.with_catalogue(*lines)) == 0

    people = workspace.people()
    assert list(people) == [PEOPLE[0], "Q1", "Q7"]
    assert [file.split("/")[0] for files in people.values() for file in files] == [PEOPLE[0]] * 2 + [PEOPLE[1]] * 2 + [
        "Q7.jpg"
    ]


def test_a_catalogue_finds_no_hidden_files(workspace: BuildWorkspace) -> None:
    """As macOS leaves one beside each photo on a USB stick; they are no pictures."""
    (workspace.photos / PEOPLE[0] / "._1.jpg").write_bytes(b"\0\5\x16\7")
    assert workspace.build(*workspace.with_catalogue({"id": PEOPLE[0], "name": "Al Gore"})) == 0

    assert workspace.rejects() == set()


@pytest.mark.parametrize("name", ["...", "/", " ", ".", "Nobody"])
def test_a_name_that_is_no_folder_finds_nobodys_photos(workspace: BuildWorkspace, name: str) -> None:
    """Above all not those that lie in the photos directory itself."""
    shutil.copyfile(workspace.photos / workspace.people()[PEOPLE[2]][0], workspace.photos / "Somebody.jpg")
    catalogue = workspace.with_catalogue({"id": "Q1", "name": name}, {"id": PEOPLE[0], "name": "Al Gore"})
    assert workspace.build(*catalogue) == 0

    assert list(workspace.people()) == [PEOPLE[0]]


def test_the_flat_list_gets_links(workspace: BuildWorkspace) -> None:
    workspace.catalogue.write_text(json.dumps([{"name": "Al Gore", "role": "actor", "n_movies": 50}]))
    template = "https://en.wikipedia.org/wiki/{name}"
    assert workspace.build("--catalog", str(workspace.catalogue), "--link-template", template) == 0

    (celebrity,) = Gallery.load(workspace.out).celebrities
    assert (celebrity.url_in("en"), celebrity.n_movies) == ("https://en.wikipedia.org/wiki/Al_Gore", 50)


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "Ада", "\U0001f469\u200d\U0001f680", 'a"b\\c'])
def test_any_text_comes_through(workspace: BuildWorkspace, text: str) -> None:
    line = {"id": PEOPLE[0], "name": {"en": text}, "description": {"en": text}}
    assert workspace.build(*workspace.with_catalogue(line)) == 0

    (celebrity,) = Gallery.load(workspace.out).celebrities
    assert (celebrity.name_in("en"), celebrity.description_in("en")) == (text, text)


def test_photos_can_be_forgotten(workspace: BuildWorkspace) -> None:
    assert workspace.build("--forget-photos") == 0

    gallery = Gallery.load(workspace.out)
    assert [one.photos for one in gallery.celebrities] == [()] * 3
    assert [one.photo for one in gallery.nearest(np.zeros(128, np.float32), 3)] == [None] * 3
    assert gallery.manifest.photos == 6


# Many at a time.


def face(random: np.random.Generator, who: int) -> MeasuredFace | Refusal:
    """A made-up face of somebody; one in twelve photos is of somebody else, fails a gate, or has no face."""
    chance = int(random.integers(60))
    if chance == 0:
        return Refusal(Reason.NO_FACE)
    mean = np.random.default_rng(who + 1000 * (chance == 1)).normal(0, 0.065, 128)
    spread = random.uniform(0.01, 0.045)  # of the nearest to 0.16 apart, of the farthest to 0.72
    measures = {"eyes_px": 40.0, "contrast": 40.0, "sharpness": 0.3, "roughness": 0.5, "white": 0.0, "tilt_deg": 2.0,
                "turn": 0.1, "faces": 1}  # fmt: skip
    wrong = ("eyes_px", 15.0), ("contrast", 6.9), ("sharpness", 0.01), ("white", 0.3), ("turn", 0.5), ("faces", 2)
    if 1 < chance < 5:
        name, value = wrong[int(random.integers(len(wrong)))]
        measures[name] = value
    left, top = (int(edge) for edge in random.integers(0, 50, 2))
    eyes = (left + 10.5, top + 20.25, left + 40.0, top + 21.0)
    embedding = (mean + random.normal(0, spread, 128)).astype(np.float32)
    return MeasuredFace(embedding, (left, top, left + 60, top + 60), eyes, **cast("Any", measures))


def test_many_at_a_time_give_the_same_as_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(8)
    people, rows, failures = [], [], {}
    with EmbeddingCache(tmp_path / "cache") as cache:
        for who in range(600):
            files = [f"{who}/{number}.jpg" for number in range(int(random.integers(0, 8)))]
            photos = []
            for file in files:
                sha1 = hashlib.sha1(file.encode(), usedforsecurity=False)
                rows.append(cache.keep(sha1.digest(), face(random, who)).row)
                photos.append(CelebrityPhoto(file=file, sha1=sha1.hexdigest() if random.integers(2) else None))
                if random.integers(100) == 0:
                    rows[-1], failures[len(rows) - 1] = NONE, "unreadable"
                elif random.integers(100) == 0 and len(photos) > 1 and rows[-2] != NONE:
                    rows[-1] = rows[-2]
            people.append(Celebrity(id=str(who), name={"en": "x"}, photos=tuple(photos)))
        embedded = embed_photos.EmbeddedPhotos(np.array(rows), failures)
        denied = frozenset({hashlib.sha1(b"7/0.jpg", usedforsecurity=False).hexdigest()})
        together, alone = Selection(denied), Selection(denied)
        monkeypatch.setattr(photo_selection, "AT_A_TIME", 250)
        found = list(select_entries(people, embedded, cache, together))
        clear = clear_entries(people, embedded.rows, cache, denied)
        monkeypatch.setattr(photo_selection, "clear_entries", lambda some, *_: [None] * len(some))
        expected = list(select_entries(people, embedded, cache, alone))

    assert 150 < sum(one is not None for one in clear) < 500
    assert 20 < len(alone.mixed) < 300
    assert [one.celebrity for one in found if one] == [one.celebrity for one in expected if one]
    assert (together.rejects, together.mixed) == (alone.rejects, alone.mixed)
    for one, other in zip(found, expected, strict=True):
        if one is None or other is None:
            assert one is other
        else:
            for name in ("centroid", "embeddings", "boxes", "eyes"):
                np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
