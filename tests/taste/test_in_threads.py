"""Work on parts by all cores: order, memory, errors."""

import os
import threading
from collections.abc import Iterator

import pytest

from lookalike.taste.in_threads import in_threads, row_blocks

pytestmark = pytest.mark.fast


def test_results_come_in_the_order_of_the_parts_even_if_the_first_is_done_last() -> None:
    later = threading.Event()

    def work(part: int) -> int:
        if part == 0 and len(os.sched_getaffinity(0)) > 1:
            later.wait()
        later.set()
        return part * part

    assert list(in_threads(work, range(6))) == [0, 1, 4, 9, 16, 25]


def test_only_a_few_parts_are_taken_before_their_results_are() -> None:
    taken: list[int] = []

    def parts() -> Iterator[int]:
        for part in range(100):
            taken.append(part)
            yield part

    results = in_threads(lambda part: part, parts())

    assert next(results) == 0
    assert len(taken) == len(os.sched_getaffinity(0)) + 1
    assert len(list(results)) == 99


def test_the_error_of_a_part_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda part: 1 // part, [1, 0, 2]))


def test_blocks_of_rows_cover_all_rows_once() -> None:
    assert [(one.start, one.stop) for one in row_blocks(5, 2)] == [(0, 2), (2, 4), (4, 5)]
