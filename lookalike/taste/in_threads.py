"""Work on many parts by all cores; SciPy's sparse products and NumPy's linear algebra run beside each other."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")


def in_threads(work: Callable[[Part], Done], parts: Iterable[Part]) -> Iterator[Done]:
    """The results of `work` in the order of the parts; at most one part a core, and one more, is in memory."""
    cores = len(os.sched_getaffinity(0))
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(cores) as pool:
        for part in parts:
            waiting.append(pool.submit(work, part))
            if len(waiting) > cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def row_blocks(count: int, size: int) -> list[slice]:
    """The rows from 0 to `count` in blocks of `size`."""
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
