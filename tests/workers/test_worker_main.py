"""The worker's program: its environment, its limits, what it knows and what it starts."""

import io
import os
import resource
import time
from pathlib import Path

import pytest
from PIL import Image

from lookalike.faces.decoding import Picture
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Reason, Refusal
from lookalike.workers import worker_main as worker
from lookalike.workers.decoded_photos import DecodedPhotos
from lookalike.workers.pool import WorkerPool
from lookalike.workers.protocol import KEPT_PHOTOS, PhotoTask, Request
from tests.support.pools import TOKEN, large_photo, the_worker

pytestmark = pytest.mark.asyncio(loop_scope="module")
CRUMBS_MB = 200  # freed in small pieces by a rogue worker


def held_mb(rollup: Path) -> int:
    """Memory that a process has to itself (proc(5), smaps_rollup)."""
    return sum(int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Private")) // 1000


def limit(pid: int, name: str) -> int:
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


async def test_a_worker_holds_no_file_of_the_bot(single: WorkerPool) -> None:
    """Its standard streams are pipes; a log that standard error is written to is not open in it."""
    descriptors = (Path("/proc") / str(await the_worker(single)) / "fd").iterdir()

    assert {str(one.readlink()).partition(":")[0] for one in descriptors} <= {"pipe", "socket"}


async def test_a_worker_is_limited(single: WorkerPool) -> None:
    pid = await the_worker(single)

    assert limit(pid, "Max address space") == worker.MEMORY_LIMIT_BYTES
    assert limit(pid, "Max core file size") == 0
    assert limit(pid, "Max processes") == 0
    assert (Path("/proc") / str(pid) / "oom_score_adj").read_text() == f"{worker.OOM_SCORE}\n"


async def test_each_photo_has_cpu_time_of_its_own(single: WorkerPool, astronaut: bytes) -> None:
    """Counted from what the worker has used so far; else it would end after some hundred photos."""
    pid = await the_worker(single)
    for _ in range(8):
        await single.find(astronaut)
        used_s = time.clock_gettime(~pid << 3)  # by the clock that the kernel measures the limit by

        assert used_s + worker.CPU_PER_PHOTO_S - 2 < limit(pid, "Max cpu time") < used_s + worker.CPU_PER_PHOTO_S + 2


async def test_cpu_time_is_counted_by_the_clock_of_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one is behind it after some thousand photos, and each photo that comes then ends its worker."""
    monkeypatch.setattr(time, "process_time", lambda: 0.0)
    limits: list[int] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, pair: limits.append(pair[0]))
    worker.allow_cpu(8)

    assert 8 <= limits[0] - time.clock_gettime(worker.LIMIT_CLOCK) <= 9


async def test_the_largest_photo_fits_into_a_worker(single: WorkerPool) -> None:
    deaths = single.deaths

    assert await single.find(large_photo()) == Refusal(Reason.NO_FACE)
    assert single.deaths == deaths


async def test_a_worker_gives_the_memory_of_a_costly_request_back(single: WorkerPool) -> None:
    """Else each stays as large as its largest photo made it."""
    rollup = Path("/proc") / str(await the_worker(single)) / "smaps_rollup"
    before_mb = held_mb(rollup)
    await single.find(b"crumbs")
    await single.find(b"x")  # memory is given back between two photos

    assert held_mb(rollup) < before_mb + CRUMBS_MB / 4


async def test_onnx_runtime_starts_no_thread_that_reports_its_use(single: WorkerPool) -> None:
    tasks = Path("/proc") / str(await the_worker(single)) / "task"

    assert len(list(tasks.iterdir())) == 1


# A photo whose faces were found is decoded once: it is kept for its card, for a moment.


def grey_photo(grey: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 60), (grey, grey, grey)).save(file, "JPEG")
    return file.getvalue()


def picture() -> Picture:
    return Picture(Image.new("RGB", (60, 60)), (60, 60))


async def test_a_photo_is_kept_decoded_between_its_faces_and_its_card_and_only_then(
    faces: FaceFinder, card: Card, astronaut: bytes
) -> None:
    decoded, kept = DecodedPhotos(), []
    wanted = Request(PhotoTask.FIND, astronaut), Request(PhotoTask.FIND, astronaut, panel=True)
    drawing = Request(PhotoTask.DRAW, astronaut, card, grey_photo(90))
    for request in (*wanted, drawing):
        answered = worker.answer(faces, request, decoded)
        kept.append(len(decoded))

    assert kept == [0, 1, 0]
    assert answered == worker.answer(faces, drawing, DecodedPhotos())


async def test_a_photo_that_is_kept_is_not_decoded_again_and_then_no_longer_kept() -> None:
    photo, decoded, before = grey_photo(100), DecodedPhotos(), picture()
    decoded.keep(photo, before)

    assert decoded.take(bytes(bytearray(photo))) is before
    assert len(decoded) == 0
    again = decoded.take(photo)
    assert isinstance(again, Picture)
    assert again is not before


async def test_another_photo_is_decoded_and_nothing_is_lost_by_it() -> None:
    decoded = DecodedPhotos()
    decoded.keep(grey_photo(100), picture())

    assert decoded.take(b"nothing") == Refusal(Reason.NOT_A_PICTURE)
    assert len(decoded) == 1


async def test_the_oldest_photo_goes() -> None:
    decoded, pictures = DecodedPhotos(), [picture() for _ in range(KEPT_PHOTOS + 1)]
    for number, one in enumerate(pictures):
        decoded.keep(grey_photo(number), one)

    assert [decoded.take(grey_photo(number)) is one for number, one in enumerate(pictures)] == [False] + KEPT_PHOTOS * [
        True
    ]


@pytest.mark.parametrize("comes", [True, False], ids=["a request comes", "none comes"])
async def test_photos_are_kept_only_as_long_as_requests_come(comes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "KEPT_S", 0.01)
    decoded = DecodedPhotos()
    decoded.keep(grey_photo(100), picture())
    read, write = os.pipe()
    with os.fdopen(read, "rb") as requests, os.fdopen(write, "wb", buffering=0) as bot:
        if comes:
            bot.write(b"the beginning of one")
        worker.forget_if_idle(decoded, requests)

    assert len(decoded) == comes
