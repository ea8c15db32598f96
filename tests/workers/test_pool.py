"""The pool of face workers: each request gets its own answer, of the right kind."""

import asyncio
import io
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.drawing.card.around import around
from lookalike.faces.drawing.card.card import Card
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MAX_BYTES, Face, MeasuredFace, Reason, Refusal
from lookalike.workers.file_shapes import is_jpeg, is_webp
from lookalike.workers.pool import WorkerPool
from lookalike.workers.protocol import FoundFaces, PictureSize
from tests.support.pools import (
    FATAL,
    GIVE_UP_S,
    NOT_A_PICTURE,
    begun,
    large_photo,
    plain,
    stopped,
    the_worker,
    until,
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


async def test_a_photo_nobody_waits_for_any_more_is_given_to_no_worker(single: WorkerPool) -> None:
    with stopped(await the_worker(single)):
        first = asyncio.create_task(single.find(b"a"))
        await begun(first, single)
        gone = asyncio.create_task(single.find(FATAL))
        last = asyncio.create_task(single.find(b"c"))
        await until(lambda: single.waiting == 2)
        gone.cancel()
    deaths = single.deaths

    assert await asyncio.wait_for(last, GIVE_UP_S) == NOT_A_PICTURE
    assert single.deaths == deaths
    await first


async def test_a_photo_whose_asker_has_gone_while_a_worker_had_it_disturbs_no_other(single: WorkerPool) -> None:
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


async def test_a_thumbnail_is_a_webp_or_the_reason_why_not(single: WorkerPool) -> None:
    thumbnail = await single.thumbnail(plain("green"))

    assert isinstance(thumbnail, bytes)
    assert is_webp(thumbnail)
    assert await single.thumbnail(b"no picture") == NOT_A_PICTURE


async def test_a_photo_is_checked_by_decoding_it_whole(single: WorkerPool, astronaut: bytes) -> None:
    assert await single.check(astronaut) == PictureSize(512, 512)
    assert await single.check(b"no picture") == NOT_A_PICTURE


async def test_a_photo_over_the_limit_is_refused_without_a_worker(models: Path) -> None:
    assert await WorkerPool(1, models).find(bytes(MAX_BYTES + 1)) == Refusal(Reason.TOO_LARGE)


async def test_a_card_is_a_jpeg(single: WorkerPool, card: Card) -> None:
    drawn = await single.draw(plain("green"), card)

    assert drawn is not None
    assert is_jpeg(drawn)


async def test_a_card_is_drawn_by_the_worker_that_found_the_faces(models: Path, card: Card, astronaut: bytes) -> None:
    async with WorkerPool(2, models) as pool:
        finder, other = (slot.worker for slot in pool._slots)
        await pool.find_for_card(astronaut)
        if other.answered:
            finder, other = other, finder
        await asyncio.gather(pool.find(b"x"), pool.find(astronaut))  # the other one ends last, and is next
        before = finder.answered, other.answered
        await pool.draw(astronaut, card)

        assert (finder.answered, other.answered) == (before[0] + 1, before[1])


# The panel of a card.


async def test_a_photo_of_telegrams_own_size_comes_without_a_panel(single: WorkerPool, astronaut: bytes) -> None:
    found = await single.find_for_card(astronaut)

    assert isinstance(found, FoundFaces)
    assert found.panel == b""


@pytest.mark.parametrize("orientation", [1, 6])
async def test_the_card_of_a_large_photo_is_the_same_from_its_panel(
    orientation: int, single: WorkerPool, card: Card, astronaut: bytes
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    stored = Image.open(io.BytesIO(astronaut)).convert("RGB").resize((2000, 2000), Image.Resampling.BICUBIC)
    (stored.rotate(90) if orientation == 6 else stored).save(file, "JPEG", quality=95, exif=exif)
    photo = file.getvalue()
    found = await single.find_for_card(photo)
    assert isinstance(found, FoundFaces)

    face = found.faces[0]
    kept = around(face.box, face.eyes, (found.size.width, found.size.height))
    cards = [
        await single.draw(photo, replace(card, box=face.box, eyes=face.eyes)),
        await single.draw(found.panel, replace(card, box=kept.box(face.box), eyes=kept.eyes(face.eyes))),
    ]
    from_photo, from_panel = (np.asarray(Image.open(io.BytesIO(one or b"")), np.int16) for one in cards)
    assert np.abs(from_photo - from_panel).mean() < 1.5


async def test_a_large_photo_is_refused_for_its_own_reason(single: WorkerPool) -> None:
    assert await single.find_for_card(large_photo()) == Refusal(Reason.NO_FACE)
