"""Morphs by a worker in its sandbox: whatever they need is loaded there, when the first one is asked for."""

from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from lookalike.faces.drawing.card.card import Card
from lookalike.faces.types import Face, Reason, Refusal
from lookalike.workers.file_shapes import is_jpeg, is_mp4
from lookalike.workers.pool import WorkerPool
from tests.support.pools import plain

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def card(single: WorkerPool, astronaut: bytes, tmp_path: Path) -> Card:
    """The astronaut beside the same photo as a star's."""
    found = await single.find(astronaut)
    assert isinstance(found, tuple)
    face: Face = found[0]
    (tmp_path / "star.png").write_bytes(astronaut)
    return Card(
        face.box, "Ann", "Star", "", str(tmp_path / "star.png"), 50, "", "", eyes=face.eyes,
        star_box=face.box, star_eyes=face.eyes,
    )  # fmt: skip


async def test_a_morph_is_a_video_and_its_strip_a_picture(single: WorkerPool, card: Card, astronaut: bytes) -> None:
    video, strip = await single.morph(astronaut, card), await single.morph(astronaut, card, as_strip=True)

    assert isinstance(video, bytes)
    assert isinstance(strip, bytes)
    assert is_mp4(video)
    assert is_jpeg(strip)
    assert single.deaths == 0


async def test_without_the_place_of_a_face_there_is_none(single: WorkerPool, card: Card, astronaut: bytes) -> None:
    for one in (replace(card, eyes=None), replace(card, star_eyes=None), replace(card, star_box=None)):
        assert await single.morph(astronaut, one) == Refusal(Reason.NO_FACE)


async def test_where_no_face_is_seen_there_is_none(single: WorkerPool, card: Card) -> None:
    assert await single.morph(plain("white"), card) == Refusal(Reason.NO_FACE)


async def test_a_photo_that_is_no_picture_is_refused(single: WorkerPool, card: Card) -> None:
    assert await single.morph(b"nothing", card) == Refusal(Reason.NOT_A_PICTURE)
