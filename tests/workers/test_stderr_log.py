"""What a worker writes to its standard error: logged safely, cut, and no way into the bot's log file."""

import logging

import pytest

from lookalike.workers import stderr_log
from lookalike.workers.pool import WorkerPool
from tests.support.pools import NOT_A_PICTURE, the_worker, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == stderr_log.__name__]


async def test_a_line_is_logged_with_its_worker_and_without_control_characters(
    single: WorkerPool, caplog: pytest.LogCaptureFixture
) -> None:
    pid = await the_worker(single)
    await single.find(b"say")
    await until(lambda: len(lines(caplog)) == 1)

    assert lines(caplog) == [f"face worker {pid}: a library\\x1b[31m says so"]


async def test_a_flood_is_cut_and_the_worker_goes_on(single: WorkerPool, caplog: pytest.LogCaptureFixture) -> None:
    pid, deaths = await the_worker(single), single.deaths
    assert await single.find(b"flood") == NOT_A_PICTURE
    await until(lambda: any("not logged" in line for line in lines(caplog)))

    assert await the_worker(single) == pid
    assert single.deaths == deaths
    assert sum(map(len, lines(caplog))) < 2 * stderr_log.MAX_BYTES


async def test_what_a_crash_leaves_behind_is_logged(single: WorkerPool, caplog: pytest.LogCaptureFixture) -> None:
    """The traceback that faulthandler writes."""
    caplog.set_level(logging.WARNING)
    await single.find(b"x")
    with pytest.raises(Exception, match="Incomplete"):
        await single.find(b"segfault")

    assert any("Segmentation fault" in line for line in lines(caplog))
