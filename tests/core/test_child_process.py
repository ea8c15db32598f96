"""Processes of our own: what is written to one that has ended, and what a caller that is cancelled leaves behind."""

import asyncio
import os
from pathlib import Path

import pytest

from lookalike.core.child_process import start_child, tell, tell_all

ENDS_AT_ONCE = "this"
READS = "lookalike.telegram_bot.operating.training_process"  # until its standard input is closed


def children() -> str:
    """Process ids, also of those that have ended and are not waited for."""
    return " ".join(one.read_text() for one in Path("/proc/self/task").glob("*/children")).strip()


def files_of(pid: int) -> set[Path]:
    """What is open in a process (proc(5))."""
    return {one.readlink() for one in Path(f"/proc/{pid}/fd").iterdir()}


async def test_a_write_to_a_process_that_has_ended_is_a_connection_error() -> None:
    process = await start_child(ENDS_AT_ONCE)
    assert await process.wait() == 0
    assert process.stdin is not None
    await process.stdin.wait_closed()

    with pytest.raises(ConnectionError):
        await tell(process, b"x")
    await tell_all(process, b"x")


async def test_whoever_is_cancelled_while_a_process_starts_leaves_none_behind(tmp_path: Path) -> None:
    before = children()
    starting = asyncio.create_task(start_child(READS, str(tmp_path)))
    while children() == before:  # noqa: ASYNC110 - it starts for a few turns of the loop
        await asyncio.sleep(0)
    starting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await starting
    assert children() == before


async def test_a_child_has_none_of_the_files_that_this_process_was_started_with(tmp_path: Path) -> None:
    inherited = tmp_path / "log"
    with inherited.open("w") as file:
        os.set_inheritable(file.fileno(), True)
        process = await start_child(READS, str(tmp_path))
        files = files_of(process.pid)
        await tell_all(process, b"")
        await process.wait()

    assert files
    assert inherited not in files
