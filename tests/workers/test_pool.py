"""The pool of face workers: answers in order, a start and an end that leave nothing behind."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lookalike.core.errors import LookalikeError, ModelError
from lookalike.faces.finder import ONNX_NAME, FaceFinder
from lookalike.faces.share_card import Card
from lookalike.faces.types import Face, MeasuredFace, Reason, Refusal
from lookalike.workers import pool as workers
from lookalike.workers.pool import FIND_NEXT, WorkerPool
from tests.support.pools import (
    FATAL,
    GIVE_UP_S,
    NOT_A_PICTURE,
    ROOT,
    begun,
    plain,
    stopped,
    the_worker,
    until,
    worker_pids,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


# Answers.


async def test_many_photos_at_once_each_get_their_own_answer(
    models: Path, faces: FaceFinder, shared_faces: Path
) -> None:
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


async def test_what_is_inspected_comes_back_whole(single: WorkerPool, faces: FaceFinder, astronaut: bytes) -> None:
    answer, expected = await single.inspect(astronaut), faces.inspect(astronaut)

    assert isinstance(answer, MeasuredFace)
    assert isinstance(expected, MeasuredFace)
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
