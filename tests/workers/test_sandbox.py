"""What a worker can use, read and do: even one that a picture has taken over, as root and as an ordinary user."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lookalike.core import child_process
from lookalike.core.child_process import child_environment
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.drawing.card.draw import draw
from lookalike.workers import worker_process
from lookalike.workers.pool import WorkerPool
from tests.conftest import missing
from tests.support.hostile import rogue_worker
from tests.support.hostile.sandbox_attempts import AS_NOBODY
from tests.support.pools import NOT_A_PICTURE, ROOT, pids, plain

pytestmark = pytest.mark.asyncio(loop_scope="module")

Outcomes = dict[str, dict[str, str]]


@pytest.fixture(scope="module", params=["root", "ordinary user"])
def outcomes(request: pytest.FixtureRequest, models: Path) -> Iterator[Outcomes]:
    """What came of every attempt, in a worker and outside of one."""
    command = [sys.executable, "-m", "tests.support.hostile.sandbox_attempts"]
    if request.param == "root" and os.getuid() != 0:
        missing("only root can see what root's workers cannot do")
    if request.param != "root" and os.getuid() == 0:
        command = AS_NOBODY + command
    folder = Path(tempfile.mkdtemp(prefix="sandbox-"))  # pytest's own is root's alone
    try:
        folder.chmod(0o777)
        done = subprocess.run([*command, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        found: Outcomes = json.loads(done.stdout)
        if found["worker"]["missing"]:
            missing(f"this machine cannot keep a worker from {found['worker']['missing']}")
        yield found
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("what", rogue_worker.REFUSED)
async def test_a_worker_cannot(outcomes: Outcomes, what: str) -> None:
    assert outcomes["worker"][what] == "refused"


@pytest.mark.parametrize("what", rogue_worker.ALLOWED)
async def test_a_worker_can(outcomes: Outcomes, what: str) -> None:
    assert outcomes["worker"][what] == "done"


async def test_what_a_worker_cannot_do_others_can(outcomes: Outcomes) -> None:
    """Else the tests above would show nothing."""
    refused = {what for what, outcome in outcomes["outside"].items() if outcome != "done"}

    assert refused <= rogue_worker.MAYBE_REFUSED_ANYWAY


@pytest.fixture
def confined(rogue: WorkerPool) -> WorkerPool:
    """Workers of which this machine can ask all that is asked of them."""
    for lack in {lack for slot in rogue._slots for lack in slot.worker.missing}:
        missing(f"this machine cannot keep a worker from {lack}")
    return rogue


async def test_every_thread_of_a_worker_is_confined(confined: WorkerPool, astronaut: bytes) -> None:
    await confined.find(astronaut)
    for pid in pids(confined):
        for thread in (Path("/proc") / str(pid) / "task").iterdir():
            lines = dict(line.split(":\t", 1) for line in (thread / "status").read_text().splitlines())

            assert (lines["Seccomp"].strip(), lines["NoNewPrivs"].strip()) == ("2", "1")
            assert {int(lines[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {0}


async def test_a_confined_worker_draws_the_same_card(confined: WorkerPool, card: Card, astronaut: bytes) -> None:
    assert await confined.draw(astronaut, card) == draw(astronaut, card, plain("red"))


@pytest.mark.parametrize(
    "without",
    ["system_calls.MACHINES = sandbox.MACHINES = ('pdp11', 'vax')", "sandbox.LANDLOCK_CREATE = 9999"],
    ids=["unknown machine", "old kernel"],
)
async def test_a_machine_that_cannot_confine_is_named_once_and_photos_are_answered(
    without: str, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "worker_without.py").write_text(
        f"from lookalike.workers import sandbox, system_calls, worker_main\n{without}\nworker_main.main()\n"
    )
    environment = child_environment()
    environment["PYTHONPATH"] += os.pathsep + str(tmp_path)
    monkeypatch.setattr(worker_process, "PROGRAM", "worker_without")
    monkeypatch.setattr(child_process, "child_environment", lambda: environment)
    async with WorkerPool(2, models) as pool:
        assert await pool.find(b"x") == NOT_A_PICTURE

    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "this machine cannot keep a face worker from"
    ]
