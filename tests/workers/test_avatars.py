"""Avatars by a worker in its sandbox: networks and libraries are loaded there, when the first one is asked for."""

from dataclasses import replace

import pytest

from lookalike.faces.drawing.avatar.order import AvatarOrder, AvatarShape, AvatarStyle
from lookalike.faces.types import Reason, Refusal
from lookalike.workers.file_shapes import is_jpeg, is_webp
from lookalike.workers.pool import WorkerPool
from lookalike.workers.protocol import PhotoTask, ProtocolError, Request, read_answer, read_request, request_start

pytestmark = pytest.mark.asyncio(loop_scope="module")
ORDER = AvatarOrder((1, 2, 30, 40), (10.5, 11.0, 20.5, 12.0), 90, AvatarStyle.INK, AvatarShape.ROUND)


async def test_a_worker_draws_every_style_and_shape(single: WorkerPool, astronaut: bytes) -> None:
    found = await single.find(astronaut)
    assert isinstance(found, tuple)
    assert found[0].eyes
    order = AvatarOrder(found[0].box, found[0].eyes, found[0].turn)

    for style in AvatarStyle:
        assert is_jpeg(await drawn(single, astronaut, replace(order, style=style)))
    for shape in (AvatarShape.ROUND, AvatarShape.STICKER):
        assert is_webp(await drawn(single, astronaut, replace(order, shape=shape)))
    assert single.deaths == 0


async def drawn(pool: WorkerPool, photo: bytes, order: AvatarOrder) -> bytes:
    data = await pool.avatar(photo, order)
    assert isinstance(data, bytes)
    return data


async def test_a_photo_that_is_no_picture_is_refused(single: WorkerPool) -> None:
    assert await single.avatar(b"nothing", ORDER) == Refusal(Reason.NOT_A_PICTURE)


async def test_an_order_is_read_as_it_was_written() -> None:
    request = Request(PhotoTask.AVATAR, b"photo", avatar=ORDER)

    assert read_request(request_start(request)[8:], b"photo") == request


@pytest.mark.parametrize(("head", "body"), [(b"{}", b"nothing"), (b"{}", b""), (b'{"size": [1, 1]}', b"")])
async def test_what_is_no_picture_is_no_avatar(head: bytes, body: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_answer(PhotoTask.AVATAR, head, body)
