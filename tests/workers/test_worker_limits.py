"""What a worker may use, know and do: even one that a picture has taken over."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.faces.share_card import Card, draw
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import pool as workers
from lookalike.workers import worker_main as worker
from lookalike.workers.pool import FIND_NEXT, WorkerPool
from lookalike.workers.protocol import pack
from tests.conftest import missing
from tests.support import rogue_worker
from tests.support.pools import (
    GIVE_UP_S,
    NOT_A_PICTURE,
    ROOT,
    TOKEN,
    large_photo,
    pids,
    the_worker,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
TICKS = os.sysconf("SC_CLK_TCK")


def bound(pid: int, name: str) -> int:
    """A limit of a process, the one in force (proc(5), limits)."""
    lines = (Path("/proc") / str(pid) / "limits").read_text().splitlines()
    return next(int(line[26:].split()[0]) for line in lines if line.startswith(name))


async def test_a_worker_knows_no_secret(single: WorkerPool) -> None:
    process = Path("/proc") / str(await the_worker(single))
    environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()

    assert b"PATH=" in environment
    assert TOKEN.encode() not in environment + command
    assert b"TELEGRAM" not in environment
    assert b"MONGODB" not in environment


async def test_a_worker_has_bounds(single: WorkerPool) -> None:
    pid = await the_worker(single)

    assert bound(pid, "Max address space") == 2_000_000_000
    assert bound(pid, "Max core file size") == 0
    assert (Path("/proc") / str(pid) / "oom_score_adj").read_text() == f"{worker.OOM_SCORE}\n"


async def test_each_photo_has_cpu_time_of_its_own(rogue: WorkerPool, single: WorkerPool, astronaut: bytes) -> None:
    """Counted from what the worker has used so far; else it would die of old age."""
    pid = await the_worker(single)
    for _ in range(8):
        await single.find(astronaut)
        used_s = sum(map(int, (Path("/proc") / str(pid) / "stat").read_text().split()[13:15])) / TICKS

        assert used_s + worker.CPU_PER_PHOTO_S - 2 < bound(pid, "Max cpu time") < used_s + worker.CPU_PER_PHOTO_S + 2


async def test_the_largest_photo_fits_into_a_worker(single: WorkerPool) -> None:
    deaths = single.deaths

    assert await single.find(large_photo()) == Refusal(Reason.NO_FACE)
    assert single.deaths == deaths


# A worker that a picture has taken over.


async def asked(pool: WorkerPool, what: str, folder: Path) -> str:
    (folder / "there").write_bytes(b"x")
    head, _ = await asyncio.wait_for(
        pool._ask(FIND_NEXT, pack({"do": "try", "what": what, "folder": str(folder)})), GIVE_UP_S
    )
    return str(head["outcome"])


@pytest.fixture
def confined(rogue: WorkerPool) -> WorkerPool:
    """Workers of which this machine can ask all that is asked of them."""
    for lack in {lack for one in rogue._workers for lack in one.missing}:
        missing(f"this machine cannot keep a worker from {lack}")
    return rogue


@pytest.mark.parametrize("what", rogue_worker.REFUSED_BY_NUMBER | rogue_worker.REFUSED_BY_FILE)
async def test_a_worker_cannot(confined: WorkerPool, what: str, tmp_path: Path) -> None:
    assert await asked(confined, what, tmp_path) == "refused"


@pytest.mark.parametrize("what", rogue_worker.ALLOWED)
async def test_a_worker_can(confined: WorkerPool, what: str, tmp_path: Path) -> None:
    assert await asked(confined, what, tmp_path) == "done"


async def test_what_a_worker_cannot_do_others_can(tmp_path: Path) -> None:
    """Else the tests above would show nothing."""
    attempts = rogue_worker.ATTEMPTS.keys() - rogue_worker.MAYBE_REFUSED_ANYWAY
    for what in attempts:
        (tmp_path / what).mkdir()
        (tmp_path / what / "there").write_bytes(b"x")
    program = (
        "import sys, pathlib, rogue_worker\n"
        "for folder in pathlib.Path(sys.argv[1]).iterdir(): print(rogue_worker.tried(folder.name, folder))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT / "tests", capture_output=True, text=True, check=True)  # noqa: ASYNC221
    outcomes = done.stdout.splitlines()

    assert len(outcomes) == len(attempts)
    assert "refused" not in outcomes


async def test_every_thread_of_a_worker_is_confined(confined: WorkerPool, astronaut: bytes) -> None:
    await confined.find(astronaut)
    for pid in pids(confined):
        for thread in (Path("/proc") / str(pid) / "task").iterdir():
            lines = dict(line.split(":\t", 1) for line in (thread / "status").read_text().splitlines())

            assert (lines["Seccomp"].strip(), lines["NoNewPrivs"].strip()) == ("2", "1")


async def test_onnx_runtime_reports_to_nobody(single: WorkerPool) -> None:
    """What would report is a thread of its own: there is none."""
    tasks = Path("/proc") / str(await the_worker(single)) / "task"

    assert len(list(tasks.iterdir())) == 1


async def test_a_confined_worker_draws_the_same_card(confined: WorkerPool, card: Card, astronaut: bytes) -> None:
    assert await confined.draw(astronaut, card) == draw(astronaut, card)


@pytest.mark.parametrize(
    "without",
    ["sandbox.MACHINES = ('pdp11', 'vax')", "sandbox.LANDLOCK_CREATE = 9999"],
    ids=["unknown machine", "old kernel"],
)
async def test_where_a_machine_cannot_confine_it_is_said_once_and_photos_are_answered(
    without: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "worker.py"
    program.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nimport sandbox, worker\n{without}\nworker.main()\n"
    )
    monkeypatch.setattr(workers, "PROGRAM", program)
    async with WorkerPool(2, models) as pool:
        assert await pool.find(b"x") == NOT_A_PICTURE

    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "this machine cannot keep a face worker from"
    ]
