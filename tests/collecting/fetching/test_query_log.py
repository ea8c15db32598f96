"""The answers of an interrupted run are there for the next one of the same round."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lookalike.collecting.fetching.query_log import FORMAT, ROUND_DAYS, QueryLog
from lookalike.core.errors import CollectError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "people.notes.jsonl"


def keep(path: Path, *keys: str) -> None:
    with QueryLog(path) as query_log:
        for key in keys:
            query_log.add("person", key, {"name": f"{key} ☃"})


def kept(path: Path) -> list[str]:
    with QueryLog(path) as query_log:
        return [key for key in "abc" if query_log.get("person", key) == {"name": f"{key} ☃"}]


def test_answers_are_there_for_the_next_run(path: Path) -> None:
    keep(path, "a")
    keep(path, "b")

    assert kept(path) == ["a", "b"]


def test_an_answer_is_on_the_disk_before_the_run_ends(path: Path) -> None:
    with QueryLog(path) as query_log:
        query_log.add("person", "a", [])
        assert path.read_text().endswith('["person", "a", []]\n')


def test_kinds_do_not_mix(path: Path) -> None:
    with QueryLog(path) as query_log:
        query_log.add("person", "a", 1)

        assert (query_log.get("file", "a"), query_log.get("person", "b")) == (None, None)


@pytest.mark.parametrize("bytes_left", [1, 10, 25])
def test_an_incomplete_last_line_is_dropped_and_overwritten(path: Path, bytes_left: int) -> None:
    keep(path, "a", "b")
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"[") + bytes_left])

    assert kept(path) == ["a"]
    keep(path, "c")
    assert kept(path) == ["a", "c"]


@pytest.mark.parametrize("junk", [b"\x00\x00\n", b"{}\n", b'["one"]\n', b"\xff\n"])
def test_damage_costs_only_the_answers_after_it(path: Path, junk: bytes) -> None:
    keep(path, "a")
    with path.open("ab") as file:
        file.write(junk)
    path.write_bytes(path.read_bytes() + b'["person", "b", 1]\n')

    assert kept(path) == ["a"]


def test_answers_after_damage_do_not_come_back(path: Path) -> None:
    keep(path, "a", "b", "c")
    begin, a, b, c, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([begin, a, b"x" * len(b), c, b""]))
    keep(path, "b")

    assert kept(path) == ["a", "b"]


@pytest.mark.parametrize("junk", [b"", b"junk\n", b"[]\n", b'{"began": 3}\n'])
def test_a_file_of_another_kind_is_begun_anew(path: Path, junk: bytes) -> None:
    path.write_bytes(junk + b'["person", "a", 1]\n')

    assert kept(path) == []
    keep(path, "b")
    assert kept(path) == ["b"]


@pytest.mark.parametrize(("days", "is_kept"), [(ROUND_DAYS, True), (ROUND_DAYS + 1, False)])
def test_answers_of_an_old_round_are_dropped(path: Path, days: int, is_kept: bool) -> None:
    began = date(2026, 11, 21)
    with QueryLog(path, began) as query_log:
        query_log.add("person", "a", 1)

    with QueryLog(path, began + timedelta(days=days)) as query_log:
        assert (query_log.get("person", "a") == 1) is is_kept


def test_a_log_of_another_format_is_begun_anew(path: Path) -> None:
    keep(path, "a")
    path.write_text(path.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT + 1}'))

    assert kept(path) == []


def test_a_finished_round_leaves_no_file(path: Path) -> None:
    with QueryLog(path) as query_log:
        query_log.add("person", "a", 1)
        query_log.finish()

    assert not path.exists()


def test_a_second_process_is_refused(path: Path) -> None:
    with QueryLog(path), pytest.raises(CollectError, match="is in use"):
        QueryLog(path)
    keep(path, "a")
