"""What an interrupted run has learned is there for the next one, and for no other."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lookalike.collecting.notes import FORMAT, ROUND_DAYS, Notes
from lookalike.core.errors import CollectError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.notes.jsonl"


def keep(path: Path, *keys: str) -> None:
    with Notes(path) as notes:
        for key in keys:
            notes.add("person", key, {"name": f"{key} ☃"})


def kept(path: Path) -> list[str]:
    with Notes(path) as notes:
        return [key for key in "abc" if notes.get("person", key) == {"name": f"{key} ☃"}]


def test_answers_are_there_after_the_run(path: Path) -> None:
    keep(path, "a")
    keep(path, "b")

    assert kept(path) == ["a", "b"]


def test_an_answer_is_on_the_disk_before_the_run_ends(path: Path) -> None:
    with Notes(path) as notes:
        notes.add("person", "a", [])
        assert path.read_text().endswith('["person", "a", []]\n')


def test_kinds_do_not_mix(path: Path) -> None:
    with Notes(path) as notes:
        notes.add("person", "a", 1)

        assert (notes.get("file", "a"), notes.get("person", "b")) == (None, None)


@pytest.mark.parametrize("bytes_left", [1, 10, 25])
def test_a_line_that_was_cut_off_is_dropped_and_written_over(path: Path, bytes_left: int) -> None:
    keep(path, "a", "b")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"[") + bytes_left])

    assert kept(path) == ["a"]
    keep(path, "c")
    assert kept(path) == ["a", "c"]


@pytest.mark.parametrize("junk", [b"\x00\x00\n", b"{}\n", b'["one"]\n', b"\xff\n"])
def test_damage_costs_what_comes_after_it_and_nothing_else(path: Path, junk: bytes) -> None:
    keep(path, "a")
    with path.open("ab") as file:
        file.write(junk)
    path.write_bytes(path.read_bytes() + b'["person", "b", 1]\n')

    assert kept(path) == ["a"]


def test_what_came_after_damage_does_not_come_back(path: Path) -> None:
    keep(path, "a", "b", "c")
    begin, a, b, c, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([begin, a, b"x" * len(b), c, b""]))
    keep(path, "b")

    assert kept(path) == ["a", "b"]


@pytest.mark.parametrize("junk", [b"", b"junk\n", b"[]\n", b'{"began": 3}\n'])
def test_a_file_that_is_no_notes_is_begun_anew(path: Path, junk: bytes) -> None:
    path.write_bytes(junk + b'["person", "a", 1]\n')

    assert kept(path) == []
    keep(path, "b")
    assert kept(path) == ["b"]


@pytest.mark.parametrize(("days", "is_kept"), [(ROUND_DAYS, True), (ROUND_DAYS + 1, False)])
def test_answers_that_are_old_are_asked_for_again(path: Path, days: int, is_kept: bool) -> None:
    keep(path, "a")
    began = json.dumps({"format": FORMAT, "began": (datetime.now(UTC).date() - timedelta(days=days)).isoformat()})
    path.write_text("\n".join([began, *path.read_text().split("\n")[1:]]))

    assert kept(path) == (["a"] if is_kept else [])


def test_notes_of_another_version_of_the_program_are_begun_anew(path: Path) -> None:
    keep(path, "a")
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT + 1}'))

    assert kept(path) == []


def test_a_finished_round_leaves_nothing(path: Path) -> None:
    with Notes(path) as notes:
        notes.add("person", "a", 1)
        notes.finish()

    assert not path.exists()


def test_two_runs_at_a_time_are_one_too_many(path: Path) -> None:
    with Notes(path), pytest.raises(CollectError, match="is in use"):
        Notes(path)
    keep(path, "a")
