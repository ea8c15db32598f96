"""A real Dask cluster on this machine: the same answers as the pool's, and workers that are lost and machines unfit."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from build_index import main
from lookalike.core.errors import ClusterError, WorkerDied
from lookalike.faces.types import MODEL_SHA256, RECIPE, MeasuredFace, Reason, Refusal
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS
from lookalike.indexing import dask_backend
from lookalike.indexing.dask_backend import DaskCluster, Inspected, inspect_photos
from lookalike.indexing.embed_photos import embed_photos
from lookalike.indexing.embedding_cache import EmbeddingCache
from tests.conftest import copy_people
from tests.support.building import PEOPLE, BuildWorkspace

ROOT = Path(__file__).parents[2]
MADE_BY = (RECIPE, MODEL_SHA256)


class Grid:
    """A scheduler and Dask workers of one thread each, started as dask_backend.py says."""

    def __init__(self, directory: Path, workers: int) -> None:
        self.scheduler = self._start("scheduler", "--port", "0", "--no-dashboard")
        self.address = self._address()
        self.workers = []
        if workers:
            self.workers.append(
                self._start(
                    "worker", self.address, "--nworkers", str(workers), "--nthreads", "1", "--no-dashboard",
                    "--local-directory", str(directory),
                )
            )  # fmt: skip

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        # a task whose workers died twice is given up, so that nobody waits for four deaths
        settings = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        command = [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1"]
        errors = subprocess.PIPE if arguments[0] == "scheduler" else subprocess.DEVNULL
        return subprocess.Popen(command, cwd=ROOT, env=settings, stderr=errors, text=True)

    def _address(self) -> str:
        assert self.scheduler.stderr
        for line in self.scheduler.stderr:
            found = re.search(r"Scheduler at: +(tcp://\S+)", line)
            if found:  # what follows is read too, or it would stand still at a full pipe
                self.rest = threading.Thread(target=self.scheduler.stderr.read, daemon=True)
                self.rest.start()
                return found[1]
        raise AssertionError("the scheduler ended before it said its address")

    async def pids(self) -> list[int]:
        """The processes of the Dask workers, as soon as they are there."""
        async with Client(self.address, asynchronous=True) as client:  # type: ignore[no-untyped-call] # Dask's own
            await client.wait_for_workers(2)
            return list((await client.run(os.getpid)).values())

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            process.terminate()
        for process in [*self.workers, self.scheduler]:
            process.wait()
        self.rest.join()
        assert self.scheduler.stderr
        self.scheduler.stderr.close()


@pytest.fixture(scope="module")
def grid(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grid]:
    """Two Dask workers; those that are killed come back."""
    grid = Grid(tmp_path_factory.mktemp("dask"), workers=2)
    yield grid
    grid.close()


@pytest.fixture
def photos(shared_faces: Path, tmp_path: Path) -> Path:
    """A photos directory of three people with up to eight photos each."""
    copy_people(shared_faces, PEOPLE, tmp_path / "photos", at_most=8)
    (tmp_path / "photos" / PEOPLE[0] / "blank.jpg").write_bytes(b"no picture")
    return tmp_path / "photos"


def files(photos: Path) -> list[str]:
    return sorted(path.relative_to(photos).as_posix() for path in photos.rglob("*.jpg"))


# The same results.


def test_the_index_is_that_of_one_machine(grid: Grid, photos: Path, tmp_path: Path) -> None:
    local, spread = tmp_path / "local" / "index", tmp_path / "spread" / "index"
    assert main(["--photos", str(photos), "--out", str(local), "--workers", "1"]) == 0
    assert main(["--photos", str(photos), "--out", str(spread), "--scheduler", grid.address]) == 0

    for name in (CELEBRITIES, EMBEDDINGS, "rejects.csv"):
        assert (spread / name).read_bytes() == (local / name).read_bytes()


def test_a_second_build_asks_the_cluster_nothing(grid: Grid, workspace: BuildWorkspace) -> None:
    """The workspace was built by the pool; its cache serves the cluster's builds too."""
    before = workspace.cached()
    out = ["--photos", str(workspace.photos), "--out", str(workspace.out)]

    assert main([*out, "--scheduler", grid.address]) == 0
    assert workspace.cached() == before == 6


async def test_it_takes_more_at_once_than_it_has_threads(grid: Grid) -> None:
    await grid.pids()
    async with DaskCluster(grid.address) as spread:
        assert spread.size == 2 * dask_backend.BATCH_PHOTOS
        answers = await asyncio.gather(*(spread.inspect(b"no picture") for _ in range(100)))

    assert answers == [Refusal(Reason.NOT_A_PICTURE)] * 100


async def test_large_photos_are_sent_without_a_warning(grid: Grid) -> None:
    """Dask would warn of each."""
    photo = b"\xff" * 12_000_000
    async with DaskCluster(grid.address) as spread:
        assert await asyncio.gather(*(spread.inspect(photo) for _ in range(3))) == [Refusal(Reason.NOT_A_PICTURE)] * 3


# What goes wrong.


async def test_a_lost_worker_costs_nothing_but_time(grid: Grid, photos: Path, tmp_path: Path) -> None:
    """It is killed with photos in work, as by a machine that goes down."""
    victim, _ = await grid.pids()
    names = files(photos)

    class KillsAWorker:
        """The cluster, one worker of which is killed after five results."""

        def __init__(self, spread: DaskCluster) -> None:
            self.spread, self.results = spread, 0
            self.size = spread.size

        async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
            result = await self.spread.inspect(photo)
            self.results += 1
            if self.results == 5:
                os.kill(victim, signal.SIGKILL)
            return result

    with EmbeddingCache(tmp_path / "cache") as cache:
        async with DaskCluster(grid.address) as spread:
            embedded = await embed_photos(names, photos, cache, KillsAWorker(spread))
        assert embedded.failures == {}
        assert len(cache) == len(names)
        found = cache.photos(embedded.rows)
    assert sum(isinstance(one.face, MeasuredFace) for one in found) == len(names) - 1


async def test_a_photo_that_kills_dask_workers_does_not_fail_its_batch(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fatal(photos: Sequence[bytes], made_by: tuple[str, str]) -> list[Inspected]:
        if b"killer" in photos:
            os.kill(os.getpid(), signal.SIGKILL)
        return [Refusal(Reason.NO_FACE) for _ in photos]

    monkeypatch.setattr(dask_backend, "inspect_photos", fatal)
    sent = [b"killer" if number == 3 else b"harmless" for number in range(20)]
    async with DaskCluster(grid.address) as spread:
        answers = await asyncio.gather(*(spread.inspect(photo) for photo in sent), return_exceptions=True)

    assert isinstance(answers.pop(3), WorkerDied)
    assert answers == [Refusal(Reason.NO_FACE)] * 19


def test_a_photo_that_kills_is_a_reject(
    grid: Grid, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inspect_photos

    async def fatal(photos: Sequence[bytes], made_by: tuple[str, str]) -> list[Inspected]:
        return [None if photo == b"no picture" else (await real([photo], made_by))[0] for photo in photos]

    monkeypatch.setattr(dask_backend, "inspect_photos", fatal)
    assert main(["--photos", str(photos), "--out", str(tmp_path / "index"), "--scheduler", grid.address]) == 0

    rejects = (tmp_path / "index" / "rejects.csv").read_text()
    assert f"{PEOPLE[0]},{PEOPLE[0]}/blank.jpg,kills its worker\n" in rejects.replace("\r", "")


async def test_what_kills_a_face_worker_does_not_spoil_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pool:
        async def inspect(self, photo: bytes) -> Refusal:
            if photo == b"killer":
                raise WorkerDied("as it always does")
            return Refusal(Reason.NO_FACE)

    async def pool() -> Any:
        return Pool()

    monkeypatch.setattr(dask_backend, "_pool", asyncio.create_task(pool()))

    assert await inspect_photos([b"1", b"killer", b"2"], MADE_BY) == [
        Refusal(Reason.NO_FACE), None, Refusal(Reason.NO_FACE)
    ]  # fmt: skip


def test_a_machine_whose_checkout_embeds_in_another_way_is_not_used(
    grid: Grid, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask_backend, "RECIPE", "another recipe")

    assert main(["--photos", str(photos), "--out", str(tmp_path / "index"), "--scheduler", grid.address]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "build_index.py: a Dask worker: its checkout makes embeddings in another way than the builder's"


async def test_a_machine_without_the_project_is_named(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stranger(photos: Sequence[bytes], made_by: tuple[str, str]) -> list[Inspected]:
        raise ModuleNotFoundError("No module named 'cluster'")

    monkeypatch.setattr(dask_backend, "inspect_photos", stranger)

    with pytest.raises(ClusterError, match="ModuleNotFoundError"):
        await DaskCluster(grid.address).__aenter__()


def test_a_scheduler_that_is_not_there_is_one_line_and_status_2(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dask_backend, "CONNECT_S", 0.5)
    out = tmp_path / "index"

    assert main(["--photos", str(photos), "--out", str(out), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("build_index.py: no Dask scheduler with workers at tcp://127.0.0.1:1")
    assert not out.exists()


async def test_without_workers_nobody_waits_forever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_backend, "FIRST_WORKER_S", 0.5)
    idle = Grid(tmp_path, workers=0)
    try:
        with pytest.raises(ClusterError, match=re.escape(idle.address)):
            await DaskCluster(idle.address).__aenter__()
    finally:
        idle.close()


async def test_when_the_scheduler_goes_nobody_waits_for_an_answer(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed = Grid(tmp_path, workers=1)
    try:
        async with DaskCluster(doomed.address) as spread:
            sent = [asyncio.create_task(spread.inspect(bytes(1_000_000))) for _ in range(100)]
            doomed.scheduler.kill()
            answers = await asyncio.gather(*sent, return_exceptions=True)
            with pytest.raises(ClusterError, match="gone"):
                await spread.inspect(b"no picture")
        assert {type(answer) for answer in answers} <= {ClusterError, Refusal}
        assert ClusterError in map(type, answers)
    finally:
        doomed.close()
