"""The pool of face workers: real processes that are stopped, killed and starved; no answer may be lost by it."""

import asyncio
import contextlib
import io
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

import workers
from cards import Card
from errors import LookalikeError, ModelError, WorkerDied
from faces import ONNX_NAME, Faces
from findings import Face, Portrait, Reason, Refusal
from frames import pack
from workers import FIND_NEXT, WorkerPool

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parent.parent
GIVE_UP_S = 30  # only so that a failing test ends; nothing is measured by it
TOKEN = "123456789:AAF-not-a-real-token-but-just-as-long"  # noqa: S105
FATAL = pack({"do": "something no worker knows"})  # ends a worker as a crash in a decoder would
NOT_A_PICTURE = Refusal(Reason.NOT_A_PICTURE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def single(models: Path) -> AsyncIterator[WorkerPool]:
    """A pool of one worker, so that it is known who has the photo; the only pool that stays open between tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TELEGRAM_TOKEN", TOKEN)
        patch.setenv("MONGODB_URI", f"mongodb://ada:{TOKEN}@127.0.0.1/")
        pool = WorkerPool(1, models)
        await pool.start()
    yield pool
    await pool.close()


def worker_pids(parent: int | None = None) -> set[int]:
    """The living worker processes of a process; of this one if none is named."""
    found = set()
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and b"worker.py" in (process / "cmdline").read_bytes():
                state, ppid = (process / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(ppid) == (parent or os.getpid()) and state != "Z":
                    found.add(int(process.name))
    return found


async def the_worker(pool: WorkerPool) -> int:
    """The process of the one worker of the only pool, ready for the next photo."""
    assert await pool.find(b"x") == NOT_A_PICTURE
    (pid,) = worker_pids()
    return pid


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
    await until(lambda: pool.waiting == 0)
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


# Answers.


async def test_many_photos_at_once_each_get_their_own_answer(models: Path, faces: Faces, shared_faces: Path) -> None:
    photos = [photo.read_bytes() for photo in sorted((shared_faces / "groups").iterdir())[:3]]
    photos += [photo.read_bytes() for photo in sorted((shared_faces / "strangers").iterdir())[:8]]
    photos += [b"no picture", b"", plain("white")]
    async with WorkerPool(2, models) as pool:
        answers = await asyncio.gather(*(pool.find(photo) for photo in photos))

    for photo, answer in zip(photos, answers, strict=True):
        expected = faces.find(photo)
        if isinstance(expected, Refusal):
            assert answer == expected
        else:
            assert isinstance(answer, tuple)
            assert [face.box for face in answer] == [face.box for face in expected]
            for face, alone in zip(answer, expected, strict=True):
                np.testing.assert_allclose(face.embedding, alone.embedding, rtol=0, atol=1e-6)


async def test_faces_come_back_as_values_of_the_right_kind(single: WorkerPool, astronaut: bytes) -> None:
    answer = await single.find(astronaut)

    assert isinstance(answer, tuple)
    assert isinstance(answer[0], Face)
    assert all(type(edge) is int for edge in answer[0].box)
    assert answer[0].embedding.shape == (128,)
    assert answer[0].embedding.dtype == np.float32


async def test_what_is_inspected_comes_back_whole(single: WorkerPool, faces: Faces, astronaut: bytes) -> None:
    answer, expected = await single.inspect(astronaut), faces.inspect(astronaut)

    assert isinstance(answer, Portrait)
    assert isinstance(expected, Portrait)
    assert answer.embedding.dtype == np.float32
    np.testing.assert_allclose(answer.embedding, expected.embedding, rtol=0, atol=1e-6)
    assert answer.measures == expected.measures
    assert type(answer.faces) is int


async def test_a_photo_that_cannot_be_inspected_comes_back_with_the_reason(single: WorkerPool) -> None:
    assert await single.inspect(b"no picture") == NOT_A_PICTURE
    assert await single.inspect(plain("white")) == Refusal(Reason.NO_FACE)


async def test_a_card_is_drawn_before_a_face_is_looked_for(single: WorkerPool, card: Card) -> None:
    done: list[str] = []

    async def noted(name: str, asked: Coroutine[Any, Any, object]) -> None:
        await asked
        done.append(name)

    async with asyncio.timeout(GIVE_UP_S), asyncio.TaskGroup() as group:
        with stopped(await the_worker(single)):
            await begun(group.create_task(noted("first face", single.find(b"a"))), single)
            group.create_task(noted("second face", single.find(b"b")))
            group.create_task(noted("third face", single.find(b"c")))
            group.create_task(noted("card", single.draw(plain("green"), card)))
            await until(lambda: single.waiting == 3)

    assert done == ["first face", "card", "second face", "third face"]


async def test_the_event_loop_goes_on_while_a_worker_works(single: WorkerPool, shared_faces: Path) -> None:
    """Turns of the loop are counted, not time: were it blocked, there would be a handful."""
    photo = (shared_faces / "groups" / "2008_004176.jpg").read_bytes()
    task = asyncio.create_task(single.find(photo))
    ticks = 0
    while not task.done():
        ticks += 1
        await asyncio.sleep(0)

    assert isinstance(await task, tuple)
    assert ticks > 1000


async def test_a_photo_nobody_waits_for_any_more_is_not_looked_at(single: WorkerPool) -> None:
    with stopped(await the_worker(single)):
        first = asyncio.create_task(single.find(b"a"))
        await begun(first, single)
        gone = asyncio.create_task(single._ask(FIND_NEXT, FATAL))
        last = asyncio.create_task(single.find(b"c"))
        await until(lambda: single.waiting == 2)
        gone.cancel()
    deaths = single.deaths

    assert await asyncio.wait_for(last, GIVE_UP_S) == NOT_A_PICTURE
    assert single.deaths == deaths
    await first


async def test_a_photo_whose_asker_left_while_it_was_looked_at_spoils_nothing(single: WorkerPool) -> None:
    with stopped(await the_worker(single)):
        gone = asyncio.create_task(single.find(b""))
        await begun(gone, single)
        gone.cancel()
        await asyncio.wait([gone])

    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE


# Deaths.


async def test_a_worker_killed_at_its_photo_costs_a_retry_and_no_answer(single: WorkerPool, astronaut: bytes) -> None:
    pid, deaths = await the_worker(single), single.deaths
    with stopped(pid):
        task = asyncio.create_task(single.find(astronaut))
        await begun(task, single)
        os.kill(pid, signal.SIGKILL)
        answer = await asyncio.wait_for(task, GIVE_UP_S)

    assert isinstance(answer, tuple)
    assert single.deaths == deaths + 1
    assert await the_worker(single) != pid


async def test_a_worker_killed_between_photos_costs_no_answer(single: WorkerPool, astronaut: bytes) -> None:
    os.kill(await the_worker(single), signal.SIGKILL)

    assert isinstance(await asyncio.wait_for(single.find(astronaut), GIVE_UP_S), tuple)


async def test_a_photo_that_kills_two_workers_is_given_up_and_the_next_one_answered(single: WorkerPool) -> None:
    deaths = single.deaths

    with pytest.raises(WorkerDied):
        await asyncio.wait_for(single._ask(FIND_NEXT, FATAL), GIVE_UP_S)
    assert single.deaths == deaths + 2
    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE


async def test_a_deadly_photo_costs_the_others_no_answer(single: WorkerPool) -> None:
    async with asyncio.timeout(GIVE_UP_S):
        deadly = asyncio.create_task(single._ask(FIND_NEXT, FATAL))
        answers = await asyncio.gather(*(single.find(b"x") for _ in range(20)))
        with pytest.raises(WorkerDied):
            await deadly

    assert answers == [NOT_A_PICTURE] * 20


async def test_a_photo_over_its_deadline_is_given_up_and_the_next_one_answered(
    single: WorkerPool, shared_faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = await the_worker(single)
    with stopped(pid), monkeypatch.context() as patch:
        patch.setattr(single, "_deadline_s", 0.001)
        with pytest.raises(WorkerDied):
            await single.find((shared_faces / "groups" / "bald_guys.jpg").read_bytes())

    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    assert pid not in worker_pids()


async def test_a_worker_is_replaced_after_its_share_of_photos(
    single: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said that dlib forgets to free some memory."""
    pid, deaths = await the_worker(single), single.deaths
    monkeypatch.setattr(workers, "PHOTOS_PER_WORKER", 1)
    assert await asyncio.wait_for(single.find(b"x"), GIVE_UP_S) == NOT_A_PICTURE
    monkeypatch.undo()

    assert await asyncio.wait_for(the_worker(single), GIVE_UP_S) != pid
    assert single.deaths == deaths


async def test_a_card_that_cannot_be_drawn_costs_no_worker(single: WorkerPool, card: Card, tmp_path: Path) -> None:
    pid = await the_worker(single)
    damaged = tmp_path / "damaged.jpg"
    damaged.write_bytes(b"no picture")

    assert await single.draw(plain("green"), replace(card, star_photo=str(tmp_path / "nobody.jpg"))) is None
    assert await single.draw(plain("green"), replace(card, star_photo=str(damaged))) is None
    assert await single.draw(plain("green"), replace(card, star_photo=str(tmp_path))) is None
    assert await single.draw(b"no picture", card) is None
    assert await the_worker(single) == pid


async def test_a_card_is_a_jpeg(single: WorkerPool, card: Card) -> None:
    drawn = await single.draw(plain("green"), card)

    assert drawn is not None
    assert drawn.startswith(b"\xff\xd8\xff")


# What a worker may do.


async def test_a_worker_knows_no_secret(single: WorkerPool) -> None:
    process = Path("/proc") / str(await the_worker(single))
    environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()

    assert b"PATH=" in environment
    assert TOKEN.encode() not in environment + command
    assert b"TELEGRAM" not in environment
    assert b"MONGODB" not in environment


async def test_a_worker_has_bounds(single: WorkerPool) -> None:
    limits = (Path("/proc") / str(await the_worker(single)) / "limits").read_text().splitlines()
    bounds = {line[:26].strip(): line[26:].split()[:2] for line in limits}

    assert bounds["Max address space"] == ["2000000000", "2000000000"]
    assert bounds["Max core file size"] == ["0", "0"]


async def test_the_largest_photo_fits_into_a_worker(single: WorkerPool) -> None:
    file = io.BytesIO()
    Image.new("RGB", (8000, 5000), (90, 80, 70)).save(file, "PNG", compress_level=1)
    deaths = single.deaths

    assert await single.find(file.getvalue()) == Refusal(Reason.NO_FACE)
    assert single.deaths == deaths


# Start and end.


@pytest.mark.parametrize("content", [None, b"", b"not the network"], ids=["missing", "empty", "damaged"])
async def test_a_wrong_network_is_named_at_the_start(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ONNX_NAME).write_bytes(content)
    before = worker_pids()

    with pytest.raises(ModelError, match=ONNX_NAME):
        await WorkerPool(1, tmp_path).start()
    assert worker_pids() == before


async def test_a_start_that_fails_for_one_worker_ends_the_others(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, first, before = workers._Worker.start, asyncio.Event(), worker_pids()
    folders = [models, tmp_path]

    async def start(_: Path) -> object:
        folder = folders.pop(0)
        if folder == tmp_path:
            await first.wait()
        worker = await real(folder)
        first.set()
        return worker

    monkeypatch.setattr(workers._Worker, "start", start)
    with pytest.raises(ModelError):
        await WorkerPool(2, models).start()

    assert worker_pids() == before


async def test_closing_at_once_ends_every_process(models: Path) -> None:
    """Before the pool's own tasks have had a turn."""
    before = worker_pids()
    pool = WorkerPool(1, models)
    await pool.start()
    assert len(worker_pids() - before) == 1
    await pool.close()

    assert worker_pids() == before


async def test_closing_ends_a_worker_that_took_the_place_of_another(models: Path) -> None:
    before = worker_pids()
    pool = WorkerPool(1, models)
    await pool.start()
    (pid,) = worker_pids() - before
    os.kill(pid, signal.SIGKILL)
    assert await pool.find(b"x") == NOT_A_PICTURE
    assert len(worker_pids() - before - {pid}) == 1
    await pool.close()

    assert worker_pids() == before


async def test_closing_a_pool_that_was_never_started_is_fine(models: Path) -> None:
    await WorkerPool(1, models).close()


async def test_closing_leaves_nobody_waiting(models: Path) -> None:
    before = worker_pids()
    pool = WorkerPool(1, models)
    await pool.start()
    (pid,) = worker_pids() - before
    with stopped(pid):
        first = asyncio.create_task(pool.find(b"x"))
        await begun(first, pool)
        second = asyncio.create_task(pool.find(b"x"))
        await until(lambda: pool.waiting == 1)
        await pool.close()
        await pool.close()
    done, waiting = await asyncio.wait([first, second], timeout=2)
    for task in waiting:
        task.cancel()
    ends = await asyncio.gather(*done, return_exceptions=True)

    assert not waiting
    assert all(isinstance(end, (LookalikeError, asyncio.CancelledError)) for end in ends)


async def test_a_closed_pool_says_so(models: Path) -> None:
    pool = WorkerPool(1, models)
    await pool.close()

    with pytest.raises(LookalikeError):
        await asyncio.wait_for(pool.find(b"x"), 2)


async def test_workers_end_when_their_bot_is_killed(models: Path) -> None:
    program = (
        "import asyncio, workers\nasync def main():\n  await workers.WorkerPool(1).start()\n  print('up', flush=True)\n"
    )
    program += "  await asyncio.Event().wait()\nasyncio.run(main())"
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as bot:  # noqa: ASYNC220
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"up\n"
        ends = [os.pidfd_open(pid) for pid in worker_pids(bot.pid)]
        bot.kill()
    try:
        assert len(ends) == 1
        for end in ends:  # a pidfd is readable when its process has ended
            assert select.select([end], [], [], GIVE_UP_S)[0]
    finally:
        for end in ends:
            os.close(end)
