"""The pool of face workers starts whole or not at all, and leaves no process behind when it ends."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.core.errors import LookalikeError, ModelError
from lookalike.faces.finder import ONNX_NAME
from lookalike.workers.pool import WorkerPool
from lookalike.workers.worker_process import WorkerProcess
from tests.support.pools import GIVE_UP_S, NOT_A_PICTURE, ROOT, begun, child_pids, pids, stopped, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("content", [None, b"", b"not the network"], ids=["missing", "empty", "damaged"])
async def test_a_wrong_network_is_named_at_the_start(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ONNX_NAME).write_bytes(content)
    before = child_pids()

    with pytest.raises(ModelError, match=ONNX_NAME):
        await WorkerPool(1, tmp_path).start()
    assert child_pids() <= before


async def test_a_start_that_fails_for_one_worker_ends_the_others(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, first, before = WorkerProcess.start, asyncio.Event(), child_pids()
    folders = [models, tmp_path]

    async def start(_: Path) -> WorkerProcess:
        folder = folders.pop(0)
        if folder == tmp_path:
            await first.wait()
        worker = await real(folder)
        first.set()
        return worker

    monkeypatch.setattr(WorkerProcess, "start", start)
    with pytest.raises(ModelError):
        await WorkerPool(2, models).start()

    assert child_pids() <= before


async def test_closing_at_once_ends_every_process(models: Path) -> None:
    """Before the pool's own tasks have had a turn."""
    pool = WorkerPool(1, models)
    await pool.start()
    started = pids(pool)
    assert len(started) == 1
    await pool.close()

    assert not child_pids() & started


async def test_closing_ends_a_worker_that_took_the_place_of_another(models: Path) -> None:
    pool = WorkerPool(1, models)
    await pool.start()
    (pid,) = pids(pool)
    os.kill(pid, signal.SIGKILL)
    assert await pool.find(b"x") == NOT_A_PICTURE
    (successor,) = pids(pool)
    assert successor != pid
    await pool.close()

    assert not child_pids() & {pid, successor}


async def test_closing_a_pool_that_was_never_started_is_fine(models: Path) -> None:
    await WorkerPool(1, models).close()


async def test_closing_leaves_nobody_waiting(models: Path) -> None:
    pool = WorkerPool(1, models)
    await pool.start()
    (pid,) = pids(pool)
    with stopped(pid):
        first = asyncio.create_task(pool.find(b"x"))
        await begun(first, pool)
        second = asyncio.create_task(pool.find(b"x"))
        await until(lambda: pool.waiting == 1)
        await pool.close()
        await pool.close()
    async with asyncio.timeout(GIVE_UP_S):
        ends = await asyncio.gather(first, second, return_exceptions=True)

    assert all(isinstance(end, (LookalikeError, asyncio.CancelledError)) for end in ends)


async def test_a_closed_pool_says_so(models: Path) -> None:
    pool = WorkerPool(1, models)
    await pool.close()

    with pytest.raises(LookalikeError, match="closed"):
        await pool.find(b"x")


async def test_workers_end_when_their_bot_is_killed(models: Path) -> None:
    program = (
        "import asyncio\n"
        "from lookalike.workers.pool import WorkerPool\n"
        "async def main():\n"
        "    await WorkerPool(1).start()\n"
        "    print('up', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as bot:  # noqa: ASYNC220
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"up\n"
        ends = [os.pidfd_open(pid) for pid in child_pids(bot.pid)]
        bot.kill()
    try:
        assert len(ends) == 1
        for end in ends:  # a pidfd is readable when its process has ended
            assert select.select([end], [], [], GIVE_UP_S)[0]
    finally:
        for end in ends:
            os.close(end)
