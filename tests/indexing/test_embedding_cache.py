"""Records on disk: found by their keys, whatever was added, cut off or erased, against a plain dictionary."""

import os
from pathlib import Path

import numpy as np
import pytest

from lookalike.core.errors import BuildRunning
from lookalike.indexing import embedding_cache as recordfile
from lookalike.indexing.embedding_cache import HEADER_BYTES, NONE, Keys, RecordFile

pytestmark = pytest.mark.fast

RECORD = np.dtype([("key", "u1", 20), ("value", "<i4")])


def opened(path: Path, made_by: str = "a test") -> RecordFile:
    return RecordFile(path, RECORD, made_by)


def key(number: int) -> bytes:
    return bytes(np.random.default_rng(number).integers(0, 256, 20, np.uint8))


def keys(*numbers: int) -> Keys:
    return np.frombuffer(b"".join(map(key, numbers)), np.uint8).reshape(len(numbers), 20 if numbers else 0)


def add(records: RecordFile, number: int, value: int) -> int:
    record = np.zeros((), RECORD)
    record["key"], record["value"] = np.frombuffer(key(number), np.uint8), value
    return records.append(record)


def values(records: RecordFile, *numbers: int) -> list[int | None]:
    rows = records.find(keys(*numbers))
    found = dict(zip(np.flatnonzero(rows != NONE).tolist(), records.read(rows[rows != NONE])["value"], strict=True))
    return [found.get(place) for place in range(len(rows))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records"


def test_what_was_added_is_found_now_and_later(path: Path) -> None:
    with opened(path) as records:
        assert [add(records, number, 10 * number) for number in range(5)] == [0, 1, 2, 3, 4]
        assert values(records, 3, 7, 0) == [30, None, 0]
    with opened(path) as records:
        assert len(records) == 5
        assert values(records, 3, 7, 0) == [30, None, 0]
        assert add(records, 7, 70) == 5
        assert values(records, 7, 4) == [70, 40]


def test_nothing_is_found_in_nothing(path: Path) -> None:
    with opened(path) as records:
        assert values(records, 1, 2) == [None, None]
        assert values(records) == []


def test_the_later_of_two_records_with_one_key_counts(path: Path) -> None:
    with opened(path) as records:
        for value in (1, 2, 3):
            add(records, 9, value)
            add(records, value, 0)
        assert values(records, 9) == [3]
    with opened(path) as records:
        assert values(records, 9) == [3]


def test_many_records_are_found_as_in_a_dictionary(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorted in among the others again and again, read in many blocks."""
    monkeypatch.setattr(recordfile, "SORT_AFTER", 7)
    monkeypatch.setattr(recordfile, "BLOCK", 5)
    random, twin = np.random.default_rng(1), dict[int, int]()
    for _ in range(20):
        with opened(path) as records:
            for _ in range(int(random.integers(0, 20))):
                number, value = int(random.integers(100)), int(random.integers(1000))
                add(records, number, value)
                twin[number] = value
                assert values(records, number) == [value]
            assert values(records, *range(100)) == [twin.get(number) for number in range(100)]


def test_keys_that_begin_alike_are_told_apart(path: Path) -> None:
    alike = np.zeros((2, 20), np.uint8)
    alike[:, :8], alike[1, 19] = 7, 1
    with opened(path) as records:
        record = np.zeros((), RECORD)
        record["key"] = alike[0]
        records.append(record)
        assert records.find(alike).tolist() == [0, NONE]
    with opened(path) as records:
        assert records.find(alike).tolist() == [0, NONE]


@pytest.mark.parametrize("lost_bytes", [1, 23, 24, 25])
def test_a_record_that_was_cut_off_is_dropped(path: Path, lost_bytes: int) -> None:
    with opened(path) as records:
        for number in range(3):
            add(records, number, number)
    os.truncate(path, path.stat().st_size - lost_bytes)
    whole = 3 - -(-lost_bytes // 24)

    with opened(path) as records:
        assert values(records, 0, 1, 2) == [number if number < whole else None for number in range(3)]
        add(records, 5, 50)
    with opened(path) as records:
        assert values(records, 5) == [50]
        assert path.stat().st_size == HEADER_BYTES + 24 * (whole + 1)


@pytest.mark.parametrize("content", [b"", b"short", bytes(1000)])
def test_a_file_that_was_made_in_another_way_is_made_anew(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with opened(path) as records:
        assert len(records) == 0
        add(records, 1, 10)
    with opened(path, made_by="something else") as records:
        assert values(records, 1) == [None]


def test_an_erased_record_is_gone_from_the_disk(path: Path) -> None:
    with opened(path) as records:
        for value in (1, 2):
            add(records, 4, value)
            add(records, 5, value)
        assert records.erase(keys(4, 6)) == 2
        assert values(records, 4, 5) == [None, 2]
        assert key(4) not in path.read_bytes()
    with opened(path) as records:
        assert values(records, 4, 5) == [None, 2]


def test_only_one_process_has_the_file(path: Path) -> None:
    with opened(path), pytest.raises(BuildRunning, match="records"):
        opened(path)
    opened(path).close()


def test_a_full_disk_is_an_error_and_the_file_stays_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last bytes of a disk take a part of a record."""
    really = os.pwrite
    with opened(path) as records:
        add(records, 1, 10)
        with monkeypatch.context() as patch:
            patch.setattr(os, "pwrite", lambda file, data, place: really(file, data[:5], place))
            with pytest.raises(OSError, match="No space left"):
                add(records, 2, 20)
        assert values(records, 1, 2) == [10, None]
    with opened(path) as records:
        assert len(records) == 1
        assert values(records, 1, 2) == [10, None]
