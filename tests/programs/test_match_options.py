"""matcher.py: filters, two people, folders, the weight of fame, the progress bar."""

import json
import os
import pty
import shutil
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from lookalike.core.paths import ROOT
from lookalike.faces.types import Reason
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES
from matcher import main, parse
from tests.conftest import SmallIndex
from tests.support.damaged_index import sign


@pytest.fixture(scope="module")
def index(small_index: SmallIndex, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small index, in which every second person is a woman and the last person the only famous one."""
    directory = small_index.copy(tmp_path_factory.mktemp("filters") / "index")
    people = [
        one.model_copy(update={"gender": ("female", "male")[row % 2], "fame": 300 * (row == 19)})
        for row, one in enumerate(Celebrities.read(directory / CELEBRITIES))
    ]
    lines = "".join(f"{one.model_dump_json(exclude_defaults=True)}\n" for one in people)
    (directory / CELEBRITIES).write_text(lines, encoding="utf-8")
    sign(directory)
    return directory


@pytest.fixture(scope="module")
def photos(small_index: SmallIndex) -> list[Path]:
    """Two photos of one person, and one of somebody else."""
    first, second = sorted(small_index.photos.iterdir())[4:6]
    return [*sorted(first.iterdir())[:2], sorted(second.iterdir())[0]]


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def run(index: Path, *arguments: str | Path) -> int:
    return main(["--json", "--workers", "1", "--index", str(index), *map(str, arguments)])


# Filters.


def test_only_whom_the_filter_leaves_is_answered(
    index: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    women = {one.id for one in Gallery.load(index).celebrities if one.gender == "female"}

    assert run(index, "-k", "20", "--where", "women", photos[0]) == 0
    (line,) = lines_of(capsys)
    assert {one["id"] for one in line["faces"][0]["matches"]} == women  # type: ignore[index]


@pytest.mark.parametrize(
    ("where", "reason"),
    [("boys", "'boys' is none of any, men, women"), ("role=dentist", "no celebrity of the gallery is left")],
)
def test_a_wrong_filter_ends_with_2_and_one_line(
    index: Path, photos: list[Path], where: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(index, "--where", where, photos[0]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"matcher.py: filter '{where}': ")
    assert reason in printed.err


# Two people.


def test_two_photos_of_one_person_are_compared(
    index: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(index, "--compare", *photos[:2]) == 0
    (line,) = lines_of(capsys)
    assert set(line) == {"photos", "outcome", "distance", "similarity"}
    assert (line["photos"], line["outcome"]) == ([str(photos[0]), str(photos[1])], "compared")
    assert line["distance"] < 0.6  # type: ignore[operator]
    assert line["similarity"] > 0.9  # type: ignore[operator]


def test_a_comparison_can_be_read(index: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workers", "1", "--index", str(index), "--compare", *map(str, photos[1:])]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{photos[1]} and {photos[2]}: more alike than ")
    assert "% of pairs of strangers, distance 0." in said


@pytest.mark.parametrize(
    ("name", "outcome", "status", "is_first"),
    [("text.jpg", "not_a_picture", 0, True), ("empty.jpg", "unreadable", 0, False), ("no.jpg", "missing", 2, False)],
)
def test_two_photos_of_which_one_has_no_face_are_answered_as_that_one(
    index: Path, photos: list[Path], tmp_path: Path, name: str, outcome: str, status: int, is_first: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bad = tmp_path / name
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").touch()
    both = (bad, photos[0]) if is_first else (photos[0], bad)

    assert run(index, "--compare", *both) == status
    (line,) = lines_of(capsys)
    assert (line["photo"], line["outcome"], line["faces"]) == (str(bad), outcome, [])
    assert line["message"] == ("There is no such file." if outcome == "missing" else Reason(outcome).message)


# Folders.


def test_a_folder_is_its_photos_in_order(
    index: Path, photos: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.jpg", "b/1.jpg", "a.jpeg"):
        shutil.copyfile(photos[0], tmp_path / name)
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden.jpg").touch()

    assert run(index, photos[2], tmp_path) == 0
    assert [line["photo"] for line in lines_of(capsys)] == [
        str(photos[2]), *(str(tmp_path / name) for name in ("a.jpeg", "b/1.jpg", "c.jpg")),
    ]  # fmt: skip


# Fame.


def test_the_weight_of_fame_is_taken_from_the_command_line(
    index: Path, photos: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """With a weight that outdoes all distances the most famous comes first."""
    most_famous = [one.id for one in Gallery.load(index).celebrities][-1]

    assert run(index, "--fame", "1", photos[0]) == 0
    (line,) = lines_of(capsys)
    assert line["faces"][0]["matches"][0]["id"] == most_famous  # type: ignore[index]


def test_fame_weight_of_the_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse(["me.jpg"]).fame_weight is None
    monkeypatch.setenv("FAME_WEIGHT", "0.25")
    assert parse(["me.jpg"]).fame_weight == 0.25
    assert parse(["--fame", "0", "me.jpg"]).fame_weight == 0


# The progress bar.


def test_a_terminal_shows_how_far_it_is_and_a_file_does_not(index: Path, photos: list[Path]) -> None:
    """As if everything took long; that others see none of it is shown by the empty standard errors elsewhere."""
    program = "import sys, matcher; from lookalike.programs import match_photos; match_photos.QUICK_S = 0; "
    terminal, stderr = pty.openpty()
    termios.tcsetwinsize(stderr, (24, 80))
    with subprocess.Popen(
        [sys.executable, "-c", f"{program}sys.exit(matcher.main(sys.argv[1:]))", "--json", "--index", index, *photos],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=stderr,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = process.stdout.read().splitlines()
    shown = os.read(terminal, 100_000).decode()  # there is something: the bar that is cleared at the end
    os.close(stderr)
    os.close(terminal)

    assert process.returncode == 0
    assert [json.loads(line)["outcome"] for line in lines] == ["match"] * 3
    assert "2/3" in shown
