"""The story of one photo, with faces whose embeddings can be read in its bytes; and the command line, for real."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from lookalike.core.errors import WorkerDied
from lookalike.faces.photo_file import read_photo
from lookalike.faces.types import MAX_BYTES, Face, Reason, Refusal
from lookalike.gallery.calibration import Calibration
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import MANIFEST, Manifest
from lookalike.gallery.matching import FaceMatch, Match, match, percent, to_json
from lookalike.gallery.vector_index import ExactIndex
from lookalike.programs.match_photos import to_row
from matcher import main, parse
from tests.conftest import SmallIndex

ROOT = Path(__file__).parents[2]
GIVE_UP_S = 60  # only so that a failing test ends; nothing is measured by it
BOX = (10, 20, 110, 120)


# A gallery to compute in the head: Ada is at the origin, Bob three to the right, Cleo four up.


def at(x: float, y: float) -> "np.ndarray[Any, np.dtype[np.float32]]":
    embedding = np.zeros(128, np.float32)
    embedding[:2] = x, y
    return embedding


ADA = Celebrity(
    id="Q1", name={"en": "Ada", "ru": "Ада"}, photos=(CelebrityPhoto(file="a1.jpg"), CelebrityPhoto(file="a2.jpg"))
)
BOB = Celebrity(id="Q2", name={"en": "Bob"}, photos=(CelebrityPhoto(file="b.jpg"),))
CLEO = Celebrity(id="Q3", name={"en": "Cleo"})
PLACES = np.stack([at(0, 0), at(3, 0), at(0, 4)])


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery(
        manifest=cast(Manifest, None),  # nothing that is asked here needs it
        celebrities=(ADA, BOB, CLEO),
        index=ExactIndex(PLACES),
        calibration=Calibration(mu=3, sigma=1),
        corrections=np.zeros(3, np.float32),
        photos=np.stack([at(0, 1), at(0, -1), at(3, 0), at(0, 4)]),
        photo_starts=np.array([0, 2, 3, 4]),
    )


async def find(photo: bytes) -> tuple[Face, ...] | Refusal:
    """A face for each `x,y` in the photo; a reason by its name; a worker that dies of it."""
    text = photo.decode()
    if text == "deadly":
        raise WorkerDied("ConnectionResetError")
    if text in set(Reason):
        return Refusal(Reason(text))
    return tuple(Face(BOX, at(*map(float, pair.split(",")))) for pair in text.split(";"))


async def matched(photo: bytes, gallery: Gallery, k: int = 3) -> Match:
    outcome = await match(photo, find, gallery, k)
    assert isinstance(outcome, Match)
    return outcome


# The story of one photo.


async def test_a_face_is_answered_with_its_nearest_stars(gallery: Gallery) -> None:
    (face,) = (await matched(b"0,0", gallery)).faces

    assert face.box == BOX
    assert [(one.celebrity, one.distance, one.score) for one in face.neighbours] == [
        (ADA, 0, 0),
        (BOB, 3, 3),
        (CLEO, 4, 4),
    ]


async def test_a_similarity_is_the_share_of_people_less_alike(gallery: Gallery) -> None:
    """The score is three deviations under the mean, at the mean, and one above it."""
    (face,) = (await matched(b"0,0", gallery)).faces

    assert [round(one.similarity, 4) for one in face.neighbours] == [0.9987, 0.5, 0.1587]


async def test_the_photo_of_the_star_is_the_one_most_alike(gallery: Gallery) -> None:
    above, below = (await matched(b"0,0.5;0,-0.5", gallery)).faces

    assert above.neighbours[0].photo == ADA.photos[0]
    assert below.neighbours[0].photo == ADA.photos[1]


async def test_a_star_without_photos_has_none_to_show(gallery: Gallery) -> None:
    assert (await matched(b"0,4", gallery)).best.photo is None


async def test_every_face_is_answered_in_the_order_found(gallery: Gallery) -> None:
    outcome = await matched(b"3,1;0,5;0,0", gallery)

    assert [face.neighbours[0].celebrity for face in outcome.faces] == [BOB, CLEO, ADA]
    assert outcome.best.celebrity == BOB


async def test_a_correction_changes_the_order_but_not_the_distance(gallery: Gallery) -> None:
    """Bob looks like everybody, which is held against him."""
    corrected = replace(gallery, corrections=np.array([0, 2, -0.5], np.float32))
    (face,) = (await matched(b"3,4", corrected)).faces

    assert [(one.celebrity, one.distance, one.score) for one in face.neighbours] == [
        (CLEO, 3, 2.5),
        (ADA, 5, 5),
        (BOB, 4, 6),
    ]


@pytest.mark.parametrize(("k", "count"), [(1, 1), (2, 2), (3, 3), (50, 3)])
async def test_a_face_has_as_many_stars_as_are_asked_for(gallery: Gallery, k: int, count: int) -> None:
    assert len((await matched(b"1,1", gallery, k)).faces[0].neighbours) == count


@pytest.mark.parametrize("reason", Reason)
async def test_a_refusal_is_passed_on(gallery: Gallery, reason: Reason) -> None:
    assert await match(str(reason).encode(), find, gallery) == Refusal(reason)


async def test_a_photo_that_kills_its_worker_is_unreadable(gallery: Gallery) -> None:
    assert await match(b"deadly", find, gallery) == Refusal(Reason.UNREADABLE)


async def test_a_photo_over_20_megabytes_is_not_even_looked_at(gallery: Gallery) -> None:
    async def nobody(_: bytes) -> Refusal:
        raise AssertionError

    assert await match(bytes(MAX_BYTES + 1), nobody, gallery) == Refusal(Reason.TOO_LARGE)


# What is told.


async def test_json_is_as_the_contract_says(gallery: Gallery) -> None:
    assert to_json("me.jpg", await matched(b"0,0", gallery, 2)) == {
        "photo": "me.jpg",
        "outcome": "match",
        "faces": [
            {
                "box": [10, 20, 110, 120],
                "matches": [
                    {"id": "Q1", "name": "Ada", "distance": 0.0, "similarity": 0.9987},
                    {"id": "Q2", "name": "Bob", "distance": 3.0, "similarity": 0.5},
                ],
            }
        ],
    }


@pytest.mark.parametrize("reason", Reason)
def test_json_of_a_refusal_has_its_reason_and_a_message(reason: Reason) -> None:
    assert to_json("me.jpg", Refusal(reason)) == {
        "photo": "me.jpg",
        "outcome": reason.value,
        "faces": [],
        "message": reason.message,
    }


async def test_json_is_plain_data(gallery: Gallery) -> None:
    said = to_json("me.jpg", await matched(b"1,1;2,2", gallery))

    assert json.loads(json.dumps(said)) == said


async def test_names_are_in_the_language_asked_for(gallery: Gallery) -> None:
    outcome = await matched(b"0,0", gallery)

    assert [one["name"] for one in to_json("", outcome, "ru")["faces"][0]["matches"]] == ["Ада", "Bob", "Cleo"]


async def test_a_row_names_the_star_and_who_came_next(gallery: Gallery) -> None:
    row = to_row("me.jpg", await matched(b"0,0", gallery), 10)

    assert row.split() == ["me.jpg", "99%", "Ada", "0.000", "Bob", "50%,", "Cleo", "16%"]


async def test_a_row_of_several_faces_has_a_line_each(gallery: Gallery) -> None:
    first, second = to_row("me.jpg", await matched(b"0,0;3,0", gallery, 1), 10).splitlines()

    assert (first.split()[:3], second.split()[:2]) == (["me.jpg", "99%", "Ada"], ["99%", "Bob"])
    assert first.index("Ada") == second.index("Bob")


def test_a_row_of_a_refusal_says_why() -> None:
    assert to_row("me.jpg", Refusal(Reason.NO_FACE), 8).split(maxsplit=2) == ["me.jpg", "–", Reason.NO_FACE.message]


@pytest.mark.parametrize(
    ("similarity", "told"), [(0, 1), (0.004, 1), (0.01, 1), (0.494, 49), (0.5, 50), (0.87, 87), (0.994, 99), (1, 99)]
)
def test_nobody_is_told_0_or_100_percent(similarity: float, told: int) -> None:
    assert percent(similarity) == told


def test_the_best_match_is_that_of_the_main_face(gallery: Gallery) -> None:
    faces = tuple(FaceMatch(BOX, gallery.nearest(at(x, 0), 1)) for x in (3, 0))

    assert Match(faces).best.celebrity == BOB


# Files.


def test_a_file_that_cannot_be_read_is_unreadable(tmp_path: Path) -> None:
    assert read_photo(tmp_path / "nowhere.jpg") == Refusal(Reason.UNREADABLE)
    assert read_photo(tmp_path) == Refusal(Reason.UNREADABLE)


def test_a_file_over_20_megabytes_is_too_large_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(10 * 2**40)  # ten terabytes of nothing

    assert read_photo(path) == Refusal(Reason.TOO_LARGE)


# The command line.


def command(*arguments: str | bytes | Path, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "matcher.py", "--workers", "1", *arguments],
        cwd=ROOT, capture_output=True, check=False, timeout=GIVE_UP_S, **options,
    )  # fmt: skip


class Run:
    """One run of `matcher.py --json` over photos of every kind; what it printed."""

    def __init__(self, directory: Path, index: SmallIndex, groups: Path) -> None:
        self.person = sorted((index.photos).iterdir())[4]
        photo = sorted(self.person.iterdir())[0]
        (directory / "text.jpg").write_text("no picture")
        (directory / "empty.jpg").touch()
        Image.new("RGB", (300, 300)).save(directory / "blank.png")
        Image.new("RGB", (20, 20)).save(directory / "tiny.png")
        Image.new("1", (8000, 8000)).save(directory / "bomb.png")
        (directory / "half.jpg").write_bytes(photo.read_bytes()[:3000])
        shutil.copyfile(photo, directory / "Ада с пробелом.jpg")
        latin = os.fsencode(directory) + b"/caf\xe9.jpg"
        shutil.copyfile(photo, latin)
        self.photo = photo
        self.expected: list[tuple[bytes, str]] = [
            (os.fsencode(groups / "2008_001322.jpg"), "match"),
            (os.fsencode(directory / "nowhere.jpg"), "unreadable"),
            (os.fsencode(photo), "match"),
            (os.fsencode(directory / "text.jpg"), "not_a_picture"),
            (os.fsencode(directory / "empty.jpg"), "unreadable"),
            (os.fsencode(directory / "blank.png"), "no_face"),
            (os.fsencode(directory / "tiny.png"), "face_too_small"),
            (os.fsencode(directory / "bomb.png"), "too_large"),
            (os.fsencode(directory / "half.jpg"), "unreadable"),
            (os.fsencode(directory), "unreadable"),
            (os.fsencode(directory / "Ада с пробелом.jpg"), "match"),
            (os.fsencode(photo), "match"),
        ]
        self.latin = latin
        arguments = [name for name, _ in self.expected]
        self.end = command("--json", "-k", "2", "--index", index.directory, *arguments)
        self.lines = [json.loads(line) for line in self.end.stdout.splitlines()]


@pytest.fixture(scope="module")
def run(small_index: SmallIndex, shared_faces: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("photos"), small_index, shared_faces / "groups")


def test_every_photo_has_its_line_in_the_order_given(run: Run) -> None:
    assert [line["photo"] for line in run.lines] == [os.fsdecode(name) for name, _ in run.expected]


def test_every_line_has_its_outcome(run: Run) -> None:
    assert [line["outcome"] for line in run.lines] == [outcome for _, outcome in run.expected]


def test_bad_photos_are_answers_and_the_status_is_0(run: Run) -> None:
    assert (run.end.returncode, run.end.stderr) == (0, b"")


def test_a_refused_line_has_no_faces_and_a_message(run: Run) -> None:
    for line in run.lines:
        if line["outcome"] != "match":
            assert (set(line), line["faces"]) == ({"photo", "outcome", "faces", "message"}, [])
            assert line["message"] == Reason(line["outcome"]).message


def test_a_matched_line_is_as_the_contract_says(run: Run) -> None:
    for line in run.lines:
        if line["outcome"] == "match":
            assert set(line) == {"photo", "outcome", "faces"}
            for face in line["faces"]:
                assert set(face) == {"box", "matches"}
                assert [type(edge) for edge in face["box"]] == [int] * 4
                assert len(face["matches"]) == 2
                for one in face["matches"]:
                    assert {key: type(value) for key, value in one.items()} == {
                        "id": str, "name": str, "distance": float, "similarity": float,
                    }  # fmt: skip


def test_every_face_of_a_group_is_answered(run: Run) -> None:
    assert len(run.lines[0]["faces"]) == 3


def test_a_photo_of_a_star_is_that_star(run: Run) -> None:
    best = run.lines[2]["faces"][0]["matches"][0]

    assert best["id"] == run.person.name
    assert best["name"] == run.person.name.replace("_", " ")
    assert best["distance"] < 0.45
    assert best["similarity"] > 0.8


def test_letters_of_all_alphabets_are_printed_as_they_are(run: Run) -> None:
    assert "Ада с пробелом.jpg".encode() in run.end.stdout


@pytest.mark.parametrize("options", [["--json"], []])
def test_a_file_name_that_is_no_text_is_answered_too(run: Run, small_index: SmallIndex, options: list[str]) -> None:
    """As on an old disk, in Latin-1; the terminal is as strict as that of most people, other than the locale C."""
    strict = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    end = command(*options, "--index", small_index.directory, run.latin, env=strict)

    assert (end.returncode, end.stderr) == (0, b"")
    assert run.person.name.replace("_", " ").encode() in end.stdout


def test_the_table_is_for_people(run: Run, small_index: SmallIndex) -> None:
    end = command(run.photo, ROOT / "nowhere.jpg", env=os.environ | {"INDEX_DIR": str(small_index.directory)})
    head, first, second = end.stdout.decode().splitlines()

    assert (end.returncode, end.stderr) == (0, b"")
    assert head.split()[:3] == ["photo", "like", "star"]
    assert first.startswith(str(run.photo))
    assert run.person.name.replace("_", " ") in first
    assert first[head.index("like") :].split()[0].endswith("%")
    assert Reason.UNREADABLE.message in second


def test_a_reader_that_has_enough_ends_it_quietly(run: Run, small_index: SmallIndex) -> None:
    """As `| head -1` does."""
    arguments = ["--json", "--index", str(small_index.directory), *[str(run.photo)] * 200]
    with subprocess.Popen(
        [sys.executable, "matcher.py", "--workers", "1", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["outcome"] == "match"
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, b"")


def test_control_c_ends_it_without_a_traceback(run: Run, small_index: SmallIndex) -> None:
    """The whole group gets the signal, workers too, as in a terminal."""
    arguments = ["--json", "--index", str(small_index.directory), *[str(run.photo)] * 200]
    with subprocess.Popen(
        [sys.executable, "matcher.py", "--workers", "2", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=GIVE_UP_S)

    assert (process.returncode, said) == (130, b"")


@pytest.mark.parametrize("options", [["--json"], []])
def test_without_an_index_the_status_is_2_and_one_line_names_it(options: list[str], tmp_path: Path) -> None:
    end = command(*options, "--index", tmp_path / "nowhere", "me.jpg")

    assert (end.returncode, end.stdout) == (2, b"")
    (line,) = end.stderr.decode().splitlines()
    assert line.startswith("matcher.py: ")
    assert str(tmp_path / "nowhere") in line


def test_a_damaged_index_is_named(small_index: SmallIndex, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = small_index.copy(tmp_path / "index")
    (index / MANIFEST).write_text("{")

    assert main(["--index", str(index), "me.jpg"]) == 2
    assert str(index / MANIFEST) in capsys.readouterr().err


def test_the_index_can_be_named_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDEX_DIR", str(tmp_path))

    assert parse(["me.jpg"]).index == tmp_path
    assert parse(["--index", "other", "me.jpg"]).index == Path("other")


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDEX_DIR", "")

    assert parse(["me.jpg"]).index == Path("assets/index")


@pytest.mark.parametrize(
    "arguments",
    [[], ["--json"], ["-k"], ["-k", "0", "a.jpg"], ["-k", "-3", "a.jpg"], ["-k", "many", "a.jpg"],
     ["--workers", "0", "a.jpg"], ["--workers", "-1", "a.jpg"], ["--nonsense", "a.jpg"]],
)  # fmt: skip
def test_wrong_usage_is_status_2_with_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)

    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
