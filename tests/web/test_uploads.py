"""Photos that come too large, too slowly, too many at a time; and where they never go."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import to_json
from lookalike.web.app import build_app
from lookalike.web.photo_requests import MAX_UPLOADS as MAX_IN_ALL
from lookalike.web.uploads import Budget, UploadError
from lookalike.web.visitors import MAX_UPLOADS, Visitors
from tests.support.pools import until
from tests.support.web.page import ONE_FACE, Held, constant, picture, raw, send, serving, visitor

POST = b"POST /api/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
PART = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="me.jpg"\r\n\r\n'
FORM = {"content-type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize(
    "request_",
    [
        {"files": {"picture": ("me.jpg", b"1234")}},
        {
            "content": b'--b\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n\r\n\r\n--b--\r\n',
            "headers": FORM,
        },
        {"content": b'--b\r\nContent-Disposition: form-data; name="photo"\r\n\r\ncut off', "headers": FORM},
        {"content": b"--c\r\nthis is no form", "headers": FORM},
        {"content": b"--b\r\nA: b\r\n\r\nx\r\n" * 100_000, "headers": FORM},
        {"content": b"1234", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"1234", "headers": {"content-type": "multipart/form-data; boundary=" + "b" * 300}},
        {"content": b"1234", "headers": {"content-type": "image/jpeg"}},
        {"json": {"photo": "me.jpg"}},
        {"content": b""},
    ],
    ids=[
        "another-field",
        "no-file-chosen",
        "cut-off",
        "not-a-form",
        "too-many-parts",
        "no-boundary",
        "long-boundary",
        "image",
        "json",
        "empty",
    ],
)
async def test_a_request_without_a_photo_is_told_how_to_send_one(
    client: httpx.AsyncClient, request_: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.web.guards.LINGER_S", 0.05)
    response = await client.post("/api/match", **request_)
    assert response.status_code == 400
    assert "`photo`" in response.json()["error"]


async def test_a_photo_over_the_limit_is_too_large(client: httpx.AsyncClient) -> None:
    response = await send(client, b"x" * (MAX_BYTES + 1))
    assert response.status_code == 413
    assert response.json() == to_json("me.jpg", Refusal(Reason.TOO_LARGE))


async def test_a_photo_of_just_the_limit_is_taken(client: httpx.AsyncClient) -> None:
    response = await send(client, b"x" * MAX_BYTES)
    assert (response.status_code, response.json()["outcome"]) == (200, "not_a_picture")


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(client: httpx.AsyncClient) -> None:
    head = POST + b"Content-Length: 90000000\r\n\r\n"
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(head)
    async with asyncio.timeout(60):
        answer = await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.split(b"\r\n\r\n")[1])["outcome"] == "too_large"


async def test_a_body_of_no_known_length_is_refused_at_the_headers(client: httpx.AsyncClient) -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    answer, _ = await raw(client, head, b"1\r\n-\r\n" * 1000, 1000)
    assert answer.startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize("body", [b"", b"--b\r\n"], ids=["nothing", "a-beginning"])
async def test_a_photo_that_does_not_arrive_is_given_up(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.setattr("lookalike.web.uploads.GRACE_S", 0.05)
    monkeypatch.setattr("lookalike.web.guards.LINGER_S", 0.05)
    answer, _ = await raw(client, POST + b"Content-Length: 1000\r\n\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_a_photo_that_comes_too_slowly_is_given_up_long_before_the_time_for_all_is_over(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.web.uploads.GRACE_S", 0.05)
    monkeypatch.setattr("lookalike.web.uploads.LEAST_BYTES_PER_S", 1_000_000)
    monkeypatch.setattr("lookalike.web.guards.LINGER_S", 0.05)
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    writer.write(POST + b"Content-Length: 20000000\r\n\r\n" + PART)
    answered = asyncio.create_task(reader.readuntil(b"\r\n"))
    while not answered.done():
        writer.write(b"x" * 1000)
        await asyncio.sleep(0.01)
    assert (await answered).startswith(b"HTTP/1.1 408 ")
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def test_a_visitor_has_two_uploads_in_flight_and_others_are_answered(gallery: Gallery, home: Path) -> None:
    held, limits = Held(), Visitors()
    async with serving(build_app(held, lambda: gallery, home, visitors=limits)) as client:
        waiting = [asyncio.create_task(send(client, b"photo")) for _ in range(MAX_UPLOADS)]
        await held.has(1)  # the second waits for the first: one match at a time
        await until(lambda: limits._known["127.0.0.1"].uploads == MAX_UPLOADS)
        third = await send(client, b"photo")
        async with visitor(str(client.base_url), "127.0.0.2") as other:
            answering = asyncio.create_task(send(other, b"photo"))
            await held.has(2)
            held.release.set()
            answered = await asyncio.gather(answering, *waiting)
    assert third.headers["retry-after"] == "5"
    assert "wait" in third.json()["error"]
    assert {response.status_code for response in answered} == {200}


async def test_a_visitor_with_many_photos_in_a_minute_is_told_when_to_come_back(gallery: Gallery, home: Path) -> None:
    app = build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, visitors=Visitors(per_minute=3))
    async with serving(app) as client:
        answers = [await send(client, b"photo") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].headers["retry-after"] == "20"


async def test_two_photos_that_are_compared_count_twice(gallery: Gallery, home: Path) -> None:
    app = build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, visitors=Visitors(per_minute=3))
    both = {"a": ("a.jpg", b"photo"), "b": ("b.jpg", b"photo")}
    async with serving(app) as client:
        answers = [await client.post("/api/compare", files=both) for _ in range(2)]
        alone = await send(client, b"photo")
    assert [answer.status_code for answer in [*answers, alone]] == [200, 429, 200]
    assert answers[1].headers["retry-after"] == "20"


async def test_two_photos_may_not_be_larger_than_one(gallery: Gallery, home: Path) -> None:
    half = b"x" * (MAX_BYTES // 2 + 50_000)
    async with serving(build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home)) as client:
        answer = await client.post("/api/compare", files={"a": ("a.jpg", half), "b": ("b.jpg", half)})
    assert (answer.status_code, answer.json()["outcome"]) == (413, "too_large")


async def test_visitors_behind_a_trusted_proxy_are_told_apart(gallery: Gallery, home: Path) -> None:
    app = build_app(
        constant(Refusal(Reason.NO_FACE)), lambda: gallery, home,
        visitors=Visitors(per_minute=1), proxies=(ip_network("127.0.0.0/8"),),
    )  # fmt: skip
    async with serving(app) as client:
        answers = [await send(client, b"photo", **{"x-forwarded-for": f"9.9.9.9, 10.0.0.{one}"}) for one in (1, 2, 1)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_more_photos_than_may_wait_are_told_to_come_back(
    gallery: Gallery, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.web.photo_requests.MAX_UPLOADS", 3)
    held = Held()
    async with serving(build_app(held, lambda: gallery, home)) as client, contextlib.AsyncExitStack() as others:
        visitors = [
            await others.enter_async_context(visitor(str(client.base_url), f"127.0.0.{number}")) for number in (2, 3, 4)
        ]
        waiting = [asyncio.create_task(send(one, b"photo")) for one in visitors]
        await held.has(3)
        busy = await send(client, b"photo")
        held.release.set()
        answered = await asyncio.gather(*waiting)
        after = await send(client, b"photo")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert "try again" in busy.json()["error"]
    assert {response.status_code for response in [*answered, after]} == {200}


@contextlib.asynccontextmanager
async def coming(client: httpx.AsyncClient, address: str, count: int) -> AsyncIterator[asyncio.StreamReader]:
    """An upload of which so many bytes have been sent, and no more come."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port, local_addr=(address, 0))
    writer.write(POST + b"Content-Length: 1000000\r\n\r\n" + PART + b"x" * count)
    try:
        yield reader
    finally:
        writer.close()


@pytest.mark.parametrize(("yields_after_s", "status"), [(0.01, 200), (60.0, 503)])
async def test_a_newcomer_gets_the_place_of_the_slowest_upload_unless_all_have_just_begun(
    gallery: Gallery, home: Path, monkeypatch: pytest.MonkeyPatch, yields_after_s: float, status: int
) -> None:
    """Sixteen addresses with two idle uploads each would keep everybody else out."""
    budget = Budget()
    monkeypatch.setattr("lookalike.web.photo_requests.Budget", lambda: budget)
    monkeypatch.setattr("lookalike.web.uploads.GRACE_S", 60.0)
    monkeypatch.setattr("lookalike.web.uploads.YIELDS_AFTER_S", yields_after_s)
    monkeypatch.setattr("lookalike.web.guards.LINGER_S", 0.05)
    app = build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home)
    async with serving(app) as client, contextlib.AsyncExitStack() as opened:
        for number in range(MAX_IN_ALL - 1):
            await opened.enter_async_context(coming(client, f"127.0.1.{number // 2}", 50_000))
        idle = await opened.enter_async_context(coming(client, "127.0.2.1", 0))
        await until(lambda: budget.uploads == MAX_IN_ALL and budget.used >= 50_000 * (MAX_IN_ALL - 1))
        await until(lambda: yields_after_s > 1 or ((slowest := budget.slowest()) is not None and slowest.used < 50_000))
        answer = await send(client, b"photo")
        if status == 200:
            assert b" 408 " in await asyncio.wait_for(idle.readuntil(b"\r\n"), 60)
        left = budget.uploads
    assert (answer.status_code, left) == (status, MAX_IN_ALL - (status == 200))


async def test_once_memory_is_short_large_photos_are_refused_and_small_ones_are_not(
    gallery: Gallery, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lookalike.web.photo_requests.Budget", lambda: Budget(1_000_000))
    held = Held()
    async with (
        serving(build_app(held, lambda: gallery, home)) as client,
        visitor(str(client.base_url), "127.0.0.2") as other,
    ):
        large = asyncio.create_task(send(client, b"x" * 900_000))
        await held.has(1)
        refused = await send(other, b"x" * 900_000)
        small = asyncio.create_task(send(other, b"x" * 200_000))
        await held.has(2)
        held.release.set()
        answered = await asyncio.gather(large, small)
    assert refused.status_code == 503
    assert [answer.status_code for answer in answered] == [200, 200]


def test_a_budget_is_never_exceeded_by_more_than_as_much_again() -> None:
    budget = Budget(1000)
    with contextlib.ExitStack() as uploads:
        shares = [uploads.enter_context(budget.share()) for _ in range(50)]
        for share in shares:
            with contextlib.suppress(UploadError):
                while share.used < budget.most:
                    share.take(1)
        assert budget.used <= 2 * budget.most
    assert (budget.used, budget.uploads) == (0, 0)


async def test_nobody_works_for_a_visitor_who_has_left(gallery: Gallery, home: Path) -> None:
    held = Held()
    async with serving(build_app(held, lambda: gallery, home)) as client:
        sending = asyncio.create_task(send(client, b"photo"))
        await held.begun.wait()
        sending.cancel()
        async with asyncio.timeout(60):
            await held.ended.wait()
        held.release.set()
        assert (await send(client, b"photo")).status_code == 200  # and the visitor's place is free


# Privacy.

_written: list[str] | None = None  # files opened for writing, while it is a list


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _written is not None and event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        _written.append(str(arguments[0]))


sys.addaudithook(_watch)  # stays for the process; sees what a patched function would not


async def test_an_upload_never_touches_the_disk(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await send(client, picture(ONE_FACE))  # so that all imports are done
    written: list[str] = []
    monkeypatch.setattr(sys.modules[__name__], "_written", written)
    response = await send(client, picture(ONE_FACE, size=(2000, 1500), kind="BMP"))  # 9 MB
    assert (response.json()["outcome"], written) == ("match", [])
    with tempfile.TemporaryFile():
        assert written, "it would have been seen"


async def test_names_of_photos_are_not_logged(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "uvicorn"), caplog.at_level(logging.DEBUG, "lookalike"):
        await send(client, picture(ONE_FACE))
        await send(client, b"no picture")
    assert not [record for record in caplog.records if record.name.startswith(("uvicorn", "lookalike"))]
