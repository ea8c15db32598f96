"""The program build_index.py: its arguments, its exit status, and what it prints."""

import shutil
from pathlib import Path

import pytest

import build_index
from lookalike.indexing import build
from lookalike.workers.pool import WorkerPool
from tests.support.building import PEOPLE, BuildWorkspace, unprivileged

ROOT = Path(__file__).parents[2]


def test_a_missing_photos_directory_is_status_2(
    empty_workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    empty_workspace.photos.rmdir()

    assert empty_workspace.build() == 2
    assert str(empty_workspace.photos) in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--catalog", "--deny"])
def test_a_missing_list_is_status_2(workspace: BuildWorkspace, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert workspace.build(option, "nowhere.jsonl") == 2
    assert "nowhere.jsonl is missing" in capsys.readouterr().err


def test_a_wrong_link_template_is_status_2(workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.catalogue.write_text('[{"name": "Al Gore"}]')

    assert workspace.build("--catalog", str(workspace.catalogue), "--link-template", "https://example.org/{nme}") == 2
    assert "nme" in capsys.readouterr().err


def test_an_index_to_remove_from_that_is_missing_is_status_2(
    empty_workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build_index.main(["--out", str(empty_workspace.out), "--remove", "Q1"]) == 2
    assert capsys.readouterr().err == f"build_index.py: no index in {empty_workspace.out}: manifest.json is missing\n"


def test_an_index_that_cannot_be_written_is_status_2_before_any_work(
    workspace: BuildWorkspace, inspected: list[bytes], open_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (open_directory / "file").touch()
    (open_directory / "closed").mkdir(mode=0o555)
    for name in ("file/index", "closed/index", "closed/deeper/index"):
        out = open_directory / name
        with unprivileged():
            assert build_index.main(["--photos", str(workspace.photos), "--out", str(out)]) == 2
        assert capsys.readouterr().err.startswith(f"build_index.py: {out}: cannot be written: ")
    assert inspected == []


def test_file_names_cannot_act_on_the_terminal(workspace: BuildWorkspace, capsys: pytest.CaptureFixture[str]) -> None:
    photo = workspace.photos / workspace.people()[PEOPLE[0]][0]
    shutil.copyfile(photo, workspace.photos / PEOPLE[0] / "\x1b[31mred\n\x07.jpg")
    shutil.copyfile(photo, workspace.photos / PEOPLE[0] / "\x1b]0;title\x07.jpg")
    assert workspace.build() == 0
    assert (
        build_index.main(["--out", str(workspace.out), "--photos", str(workspace.photos), "--remove", PEOPLE[0]]) == 0
    )
    printed = capsys.readouterr()

    assert "\\x1b[31mred\\n" in printed.out
    assert not {"\x1b", "\x07"} & set(printed.out + printed.err)


def test_missing_models_are_status_2(
    workspace: BuildWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "WorkerPool", lambda size: WorkerPool(size, tmp_path))

    assert workspace.build() == 2


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


def test_photos_are_denied_and_left_out_in_one_command(workspace: BuildWorkspace) -> None:
    first, second = workspace.people()[PEOPLE[0]]
    deny = workspace.directory / "deny.txt"

    assert workspace.build("--deny", str(deny), "--deny-photos", first) == 0
    assert workspace.people()[PEOPLE[0]] == [second]
    assert deny.read_text(encoding="utf-8").startswith(f"{first}  # does not show the person")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--deny-photos", "Q1/1.jpg"], "--deny"),
        (["--deny", "d.txt", "--deny-photos", "Q1/#1.jpg"], "SHA-1"),
        (["--deny", "d.txt", "--deny-photos", "Q1/1.jpg\nQ2"], "SHA-1"),
        (["--checked", "Q1"], "duplicate-1a2b3c4d"),
    ],
)
def test_a_decision_that_could_not_be_kept_is_wrong_usage(
    workspace: BuildWorkspace, arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        workspace.build(*arguments)

    assert why in capsys.readouterr().err
