"""Pools of face workers for tests: `single`, one worker that stays; and how to find, stop and wait for workers.

A pytest plugin.
"""

import asyncio
import contextlib
import io
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import pool as pool_module
from lookalike.workers import worker_process
from lookalike.workers.pool import WorkerPool

ROOT = Path(__file__).parents[2]
ROGUE = "tests.support.hostile.rogue_worker"
GIVE_UP_S = 120  # only so that a failing test ends; nothing is measured by it
TOKEN = "123456789:AAF-not-a-real-token-but-just-as-long"  # noqa: S105
FATAL = b"exit"  # ends a rogue worker as a crash in a decoder would
NOT_A_PICTURE = Refusal(Reason.NOT_A_PICTURE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def single(models: Path) -> AsyncIterator[WorkerPool]:
    """A pool of one rogue worker, so that it is known who has the photo; it stays open between tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TELEGRAM_TOKEN", TOKEN)
        patch.setenv("MONGODB_URI", f"mongodb://ada:{TOKEN}@127.0.0.1/")
        async with _rogue_pool(1, models) as pool:
            yield pool


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rogue(models: Path) -> AsyncIterator[WorkerPool]:
    """Two workers that do what the photo says (rogue_worker.py), within all the limits of real ones."""
    async with _rogue_pool(2, models) as pool:
        yield pool


@contextlib.asynccontextmanager
async def _rogue_pool(size: int, models: Path) -> AsyncIterator[WorkerPool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool_module, "RESTART_PAUSE_S", 0.0)  # these tests lose more workers in a minute than any machine
        patch.setattr(worker_process, "PROGRAM", ROGUE)
        async with WorkerPool(size, models, deadline_s=GIVE_UP_S) as pool:  # what ends them is not the deadline
            yield pool


def child_pids(parent: int | None = None) -> set[int]:
    """The running children of a process; of this one if none is named."""
    found = set()
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit():
                state, ppid = (process / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(ppid) == (parent or os.getpid()) and state != "Z":
                    found.add(int(process.name))
    return found


async def the_worker(pool: WorkerPool) -> int:
    """The process of the one worker of a pool, ready for the next photo."""
    assert await pool.find(b"x") == NOT_A_PICTURE
    (pid,) = pids(pool)
    return pid


def pids(pool: WorkerPool) -> set[int]:
    """The processes of a pool."""
    return {slot.worker.pid for slot in pool._slots}


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Meanwhile that process does nothing, as if its photo took forever."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others go on until something is so."""
    async with asyncio.timeout(GIVE_UP_S):
        while not condition():  # noqa: ASYNC110 - the pool has no event for it
            await asyncio.sleep(0)


async def begun(asked: "asyncio.Task[Any]", pool: WorkerPool) -> None:
    """Return when a worker has what was asked."""
    await asyncio.sleep(0)
    await until(lambda: pool.waiting == 0 and pool.busy > 0)
    assert not asked.done()


def plain(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 200), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def card(tmp_path: Path) -> Card:
    star = tmp_path / "star.png"
    star.write_bytes(plain("red"))
    return Card((10, 10, 90, 90), "Ada", "Star", "", str(star), 50, "", "")


def large_photo() -> bytes:
    """As many pixels as are allowed."""
    file = io.BytesIO()
    Image.new("RGB", (8000, 5000), (90, 80, 70)).save(file, "PNG", compress_level=1)
    return file.getvalue()
