"""matcher.py: the table, the JSON, exit statuses; the command is run for real."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lookalike.core.paths import ROOT
from lookalike.faces.types import Doubt, Reason, Refusal
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.gallery import Neighbour
from lookalike.gallery.index_format import MANIFEST
from lookalike.gallery.matching import FaceMatch, Match
from lookalike.gallery.replacing.hidden import FILE_NAME, HiddenFile
from lookalike.programs.match_photos import MissingFile, to_row
from matcher import main, parse
from tests.conftest import SmallIndex

GIVE_UP_S = 300  # only so that a failing test ends; nothing is measured by it


# Rows of the table.


def face(*stars: tuple[str, float, float]) -> FaceMatch:
    """A face with its nearest celebrities: name, distance, similarity."""
    near = [
        Neighbour(Celebrity(id=name, name={"en": name}), distance, distance, similarity, None)
        for name, distance, similarity in stars
    ]
    return FaceMatch((10, 20, 110, 120), tuple(near))


def test_a_row_names_the_celebrity_and_who_came_next() -> None:
    row = to_row("me.jpg", Match((face(("Ada", 0, 0.9987), ("Bob", 3, 0.5), ("Cleo", 4, 0.16)),)), 10)

    assert row.split() == ["me.jpg", "99%", "Ada", "0.000", "Bob", "50%,", "Cleo", "16%"]


def test_a_row_of_several_faces_has_a_line_each() -> None:
    first, second = to_row("me.jpg", Match((face(("Ada", 0, 0.99)), face(("Bob", 3, 0.5)))), 10).splitlines()

    assert (first.split()[:3], second.split()[:2]) == (["me.jpg", "99%", "Ada"], ["50%", "Bob"])
    assert first.index("Ada") == second.index("Bob")


def test_a_row_of_a_refusal_has_its_message() -> None:
    assert to_row("me.jpg", Refusal(Reason.NO_FACE), 8).split(maxsplit=2) == ["me.jpg", "–", Reason.NO_FACE.message]


def test_a_row_of_a_doubtful_match_says_why_below() -> None:
    doubtful = replace(face(("Ada", 0, 0.99)), doubt=Doubt.COVERED)
    _, below = to_row("me.jpg", Match((doubtful,)), 8).splitlines()

    assert below.strip() == Doubt.COVERED.message


def test_no_name_in_a_row_acts_on_the_terminal() -> None:
    row = to_row("\x1b[2Ja.jpg", Match((face(("Ada\x1b[31m", 0, 0.99), ("Bob\r", 3, 0.5)),)), 10)

    assert row.isprintable()
    assert row.split() == ["\\x1b[2Ja.jpg", "99%", "Ada\\x1b[31m", "0.000", "Bob\\r", "50%"]


# The command.


def command(*arguments: str | bytes | Path, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "matcher.py", "--workers", "1", *arguments],
        cwd=ROOT, capture_output=True, check=False, timeout=GIVE_UP_S, **options,
    )  # fmt: skip


class Run:
    """One run of `matcher.py --json` over photos of every kind; what it printed."""

    def __init__(self, directory: Path, index: SmallIndex, groups: Path) -> None:
        self.directory = directory
        self.person = sorted((index.photos).iterdir())[4]
        photo = sorted(self.person.iterdir())[0]
        (directory / "text.jpg").write_text("no picture")
        (directory / "empty.jpg").touch()
        (directory / "empty folder").mkdir()
        Image.new("RGB", (300, 300), "grey").save(directory / "blank.png")
        Image.new("RGB", (20, 20)).save(directory / "tiny.png")
        Image.new("1", (8000, 8000)).save(directory / "bomb.png")
        (directory / "half.jpg").write_bytes(photo.read_bytes()[:3000])
        shutil.copyfile(photo, directory / "Ада с пробелом.jpg")
        latin = os.fsencode(directory) + b"/caf\xe9.jpg"
        shutil.copyfile(photo, latin)
        self.photo = photo
        self.expected: list[tuple[bytes, str]] = [
            (os.fsencode(groups / "2008_001322.jpg"), "match"),
            (os.fsencode(directory / "nowhere.jpg"), "missing"),
            (os.fsencode(photo / "nowhere.jpg"), "missing"),
            (os.fsencode(photo), "match"),
            (os.fsencode(directory / "text.jpg"), "not_a_picture"),
            (os.fsencode(directory / "empty.jpg"), "unreadable"),
            (os.fsencode(directory / "blank.png"), "no_face"),
            (os.fsencode(directory / "tiny.png"), "face_too_small"),
            (os.fsencode(directory / "bomb.png"), "too_large"),
            (os.fsencode(directory / "half.jpg"), "unreadable"),
            (os.fsencode(directory / "empty folder"), "missing"),
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


def test_a_missing_file_makes_the_status_2_and_the_others_are_answered(run: Run) -> None:
    assert (run.end.returncode, run.end.stderr) == (2, b"")


def test_a_hidden_star_is_not_answered(run: Run, small_index: SmallIndex, tmp_path: Path) -> None:
    [best] = {line["faces"][0]["matches"][0]["id"] for line in run.lines if line["photo"] == str(run.photo)}
    HiddenFile(tmp_path / FILE_NAME).hide([best])
    environment = {**os.environ, "DATA_DIR": str(tmp_path)}
    end = command("--json", "-k", "50", "--index", small_index.directory, run.photo, env=environment)

    found = [one["id"] for one in json.loads(end.stdout)["faces"][0]["matches"]]
    assert found
    assert best not in found


@pytest.mark.parametrize("name", ["text.jpg", "half.jpg", "bomb.png"])
def test_a_bad_photo_is_an_answer_and_the_status_is_0(run: Run, small_index: SmallIndex, name: str) -> None:
    end = command("--json", "--index", small_index.directory, run.directory / name)

    assert (end.returncode, end.stderr) == (0, b"")


def test_a_refused_line_has_no_faces_and_a_message(run: Run) -> None:
    for line in run.lines:
        if line["outcome"] != "match":
            assert (set(line), line["faces"]) == ({"photo", "outcome", "faces", "message"}, [])
            missing = {f"{run.directory}/empty folder": "There is no photo in this folder."}
            message = missing.get(line["photo"], "There is no such file.")
            assert line["message"] == (message if line["outcome"] == "missing" else Reason(line["outcome"]).message)


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


def test_a_photo_of_a_celebrity_matches_that_celebrity(run: Run) -> None:
    best = run.lines[3]["faces"][0]["matches"][0]

    assert best["id"] == run.person.name
    assert best["name"] == run.person.name.replace("_", " ")
    assert best["distance"] < 0.45
    assert best["similarity"] > 0.8


def test_letters_of_all_scripts_are_printed_as_they_are(run: Run) -> None:
    assert "Ада с пробелом.jpg".encode() in run.end.stdout


@pytest.mark.parametrize("options", [["--json"], []])
def test_a_file_name_that_is_no_text_is_answered(run: Run, small_index: SmallIndex, options: list[str]) -> None:
    """As on an old disk, in Latin-1; the terminal is as strict as that of most people, other than the locale C."""
    strict = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    end = command(*options, "--index", small_index.directory, run.latin, env=strict)

    assert (end.returncode, end.stderr) == (0, b"")
    assert run.person.name.replace("_", " ").encode() in end.stdout


def test_the_table_has_a_row_for_each_photo(run: Run, small_index: SmallIndex) -> None:
    end = command(run.photo, ROOT / "nowhere.jpg", env=os.environ | {"INDEX_DIR": str(small_index.directory)})
    head, first, second = end.stdout.decode().splitlines()

    assert (end.returncode, end.stderr) == (2, b"")
    assert head.split()[:3] == ["photo", "like", "star"]
    assert first.startswith(str(run.photo))
    assert run.person.name.replace("_", " ") in first
    assert first[head.index("like") :].split()[0].endswith("%")
    assert MissingFile().message in second


def test_a_reader_that_closes_the_pipe_ends_it_quietly(run: Run, small_index: SmallIndex) -> None:
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
        errors = process.stderr.read()

    assert (process.returncode, errors) == (0, b"")


def test_ctrl_c_ends_it_with_130_and_no_traceback(run: Run, small_index: SmallIndex) -> None:
    """The whole group gets the signal, workers too, as in a terminal."""
    arguments = ["--json", "--index", str(small_index.directory), *[str(run.photo)] * 200]
    with subprocess.Popen(
        [sys.executable, "matcher.py", "--workers", "2", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=GIVE_UP_S)

    assert (process.returncode, errors) == (130, b"")


@pytest.mark.parametrize("options", [["--json"], []])
def test_no_file_name_acts_on_the_terminal(small_index: SmallIndex, tmp_path: Path, options: list[str]) -> None:
    name = str(tmp_path / "\x1b[2J\x9b1m\u202egpj.exe")
    end = command(*options, "--index", small_index.directory, name)
    text = end.stdout.decode()

    assert end.returncode == 2
    assert all(line.isprintable() for line in text.splitlines())
    assert "\\u202egpj.exe" in text
    if options:
        assert json.loads(text)["photo"] == name


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


def test_index_dir_is_the_default_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDEX_DIR", str(tmp_path))

    assert parse(["me.jpg"]).index == tmp_path
    assert parse(["--index", "other", "me.jpg"]).index == Path("other")


def test_an_empty_index_dir_is_as_if_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INDEX_DIR", "")

    assert parse(["me.jpg"]).index == Path("assets/index")


@pytest.mark.parametrize(
    "arguments",
    [[], ["--json"], ["-k"], ["-k", "0", "a.jpg"], ["-k", "-3", "a.jpg"], ["-k", "many", "a.jpg"],
     ["--workers", "0", "a.jpg"], ["--workers", "-1", "a.jpg"], ["--nonsense", "a.jpg"], ["--compare", "a.jpg"],
     ["--compare", "a.jpg", "b.jpg", "c.jpg"], ["--fame", "2", "a.jpg"], ["--fame", "nan", "a.jpg"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)

    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err
