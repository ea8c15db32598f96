"""The page's API over real HTTP."""

import asyncio
import contextlib
import io
import json
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from skimage import data
from starlette.applications import Starlette

from lookalike.core.errors import PortError
from lookalike.core.http_server import Server
from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import FaceMatch, Match, Outcome, match, to_json
from lookalike.web import app as web
from lookalike.web.app import build_app
from lookalike.workers.pool import WorkerPool
from tests.support.page import (
    LICENCE,
    NAMED_BUT_GONE,
    ONE_FACE,
    OTHER_FACE,
    PEOPLE,
    SHOWN_PHOTO,
    SHOWN_URL,
    green_matcher,
    make_gallery,
    picture,
    probe,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def gallery(home: Path) -> Gallery:
    return make_gallery(home)


@pytest.fixture
def app(gallery: Gallery, home: Path) -> Starlette:
    return build_app(green_matcher(gallery), lambda: gallery, home / "photos")


@contextlib.asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    server = Server("page")
    await server.start(app, "127.0.0.1", 0)
    try:
        async with httpx.AsyncClient(base_url=server.url, timeout=20, trust_env=False) as client:
            yield client
    finally:
        await server.close()


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(app) as client:
        yield client


async def send(client: httpx.AsyncClient, photo: bytes, query: str = "", **headers: str) -> httpx.Response:
    return await client.post(f"/api/match{query}", files={"photo": ("me.jpg", photo)}, headers=headers)


async def raw(client: httpx.AsyncClient, request: bytes, more: bytes = b"", times: int = 0) -> tuple[bytes, int]:
    """Write bytes as they are, then `more` up to so many times; the answer, and how often `more` went out."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    answer = bytearray()

    async def listen() -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(10_000):
                answer.extend(piece)

    listening = asyncio.create_task(listen())
    writer.write(request)
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < times and not listening.done():
            writer.write(more)
            await writer.drain()
            sent += 1
    await asyncio.wait_for(listening, 10)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return bytes(answer), sent


def constant(outcome: Outcome) -> Callable[[bytes], Any]:
    async def matcher(photo: bytes) -> Outcome:
        return outcome

    return matcher


# --- answers ---------------------------------------------------------------------------------------------------------


async def test_a_photo_is_answered_as_the_command_line_answers_it(client: httpx.AsyncClient, gallery: Gallery) -> None:
    response = await send(client, picture(ONE_FACE, OTHER_FACE, kind="PNG"), **{"accept-language": "ru"})
    faces = (FaceMatch(ONE_FACE, gallery.nearest(probe(0), 6)), FaceMatch(OTHER_FACE, gallery.nearest(probe(1), 6)))
    assert response.status_code == 200
    assert response.json() == to_json("me.jpg", Match(faces))
    assert [face["matches"][0]["name"] for face in response.json()["faces"]] == ["Nova Star0", "Nova Star1"]


@pytest.mark.parametrize("reason", Reason)
async def test_a_refusal_is_an_answer(reason: Reason, gallery: Gallery, home: Path) -> None:
    async with serving(build_app(constant(Refusal(reason)), lambda: gallery, home)) as client:
        for query in ("", "?details=1"):
            response = await send(client, b"anything", query)
            assert response.status_code == 200
            assert response.json() == to_json("me.jpg", Refusal(reason))


async def test_details_add_what_the_page_shows_and_nothing_else(client: httpx.AsyncClient) -> None:
    photo = picture(ONE_FACE)
    plain = (await send(client, photo)).json()["faces"][0]["matches"][0]
    detailed = (await send(client, photo, "?details=1")).json()["faces"][0]["matches"][0]
    assert detailed == plain | {
        "percent": 99,
        "url": "https://en.wikipedia.org/wiki/Nova_0",
        "description": "film actress",
        "photo": SHOWN_URL,
        "credit": {
            "author": "A. Photographer",
            "license": "CC BY-SA 4.0",
            "license_url": LICENCE,
            "source_url": "https://commons.wikimedia.org/wiki/File:Zero.png",
        },
    }


async def test_a_star_without_a_photo_on_disk_has_none_and_no_credit(client: httpx.AsyncClient) -> None:
    faces = (await send(client, picture(ONE_FACE, OTHER_FACE), "?details=1")).json()["faces"]
    star = faces[1]["matches"][0]
    assert (star["id"], star["photo"], star["credit"]) == ("Q1", None, None)


@pytest.mark.parametrize(
    ("query", "accept", "name"),
    [
        ("?details=1", "", "Nova Star0"),
        ("?details=1", "ru-RU,ru;q=0.9,en;q=0.8", "Нова Звезда0"),
        ("?details=1", "de-DE,de;q=0.9,en;q=0.8,ru;q=0.5", "Nova Star0"),
        ("?details=1", "de", "Nova Star0"),
        ("?details=1&lang=ru", "en", "Нова Звезда0"),
        ("?details=1&lang=xx", "ru", "Нова Звезда0"),
    ],
)
async def test_details_are_in_the_language_that_is_asked_for(
    client: httpx.AsyncClient, query: str, accept: str, name: str
) -> None:
    response = await send(client, picture(ONE_FACE), query, **{"accept-language": accept})
    assert response.json()["faces"][0]["matches"][0]["name"] == name


async def test_a_file_name_in_any_script_comes_back(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/match", files={"photo": ('я и "мама".jpg', picture(ONE_FACE))})
    assert response.json()["photo"].startswith("я и ")


async def test_other_fields_around_the_photo_do_no_harm(client: httpx.AsyncClient) -> None:
    files: list[tuple[str, tuple[str | None, bytes]]] = [("note", (None, b"hello"))]
    files += [("photo", ("me.jpg", picture(ONE_FACE))), ("photo", ("b.jpg", b"second"))]
    response = await client.post("/api/match", files=files)
    assert (response.json()["photo"], response.json()["outcome"]) == ("me.jpg", "match")


async def test_a_real_photo_is_matched_by_real_workers(gallery: Gallery, home: Path) -> None:
    astronaut, nobody = io.BytesIO(), picture(size=(300, 300))
    portrait = data.astronaut()  # type: ignore[no-untyped-call]
    Image.fromarray(portrait).save(astronaut, "JPEG")
    async with WorkerPool(1) as pool:

        async def real(photo: bytes) -> Outcome:
            return await match(photo, pool.find, gallery)

        async with serving(build_app(real, lambda: gallery, home)) as client:
            found, refused = await asyncio.gather(send(client, astronaut.getvalue()), send(client, nobody))
    left, top, right, bottom = found.json()["faces"][0]["box"]
    assert left < 220 < right  # the middle of Eileen Collins's face in the 512 px picture
    assert top < 120 < bottom
    assert len(found.json()["faces"][0]["matches"]) == 6
    assert refused.json()["outcome"] == "no_face"


# --- wrong use and overload ------------------------------------------------------------------------------------------

POST = b"POST /api/match HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
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
    monkeypatch.setattr(web, "LINGER_S", 0.05)
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
    async with asyncio.timeout(1):
        answer = await reader.readuntil(b"}")
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert json.loads(answer.split(b"\r\n\r\n")[1])["outcome"] == "too_large"


async def test_a_body_without_end_is_cut_off(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_BODY_BYTES", 1_000_000)
    monkeypatch.setattr(web, "LINGER_S", 0.05)
    most = 0
    feed = web._Upload.feed

    def watched(upload: Any, chunk: bytes) -> bool:
        nonlocal most
        fits = feed(upload, chunk)
        most = max(most, len(upload.photo))
        return fits

    monkeypatch.setattr(web._Upload, "feed", watched)
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    part = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="me.jpg"\r\n\r\n'
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    begun = time.monotonic()
    answer, sent = await raw(client, head + b"%x\r\n%b\r\n" % (len(part), part), chunk, 100_000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert most <= 1_000_000
    assert sent < 100_000
    assert time.monotonic() - begun < 5


async def test_a_photo_that_does_not_arrive_is_given_up(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "UPLOAD_S", 0.05)
    monkeypatch.setattr(web, "LINGER_S", 0.05)
    head = POST + b"Content-Length: 1000\r\n\r\n"
    answer, _ = await raw(client, head + b"--b\r\n")
    assert answer.startswith(b"HTTP/1.1 408 ")


async def test_more_photos_than_may_wait_are_told_to_come_back(gallery: Gallery, home: Path) -> None:
    full, release = asyncio.Event(), asyncio.Event()
    here = 0

    async def slow(photo: bytes) -> Outcome:
        nonlocal here
        here += 1
        if here == web.MAX_WAITING:
            full.set()
        await release.wait()
        return Refusal(Reason.NO_FACE)

    async with serving(build_app(slow, lambda: gallery, home)) as client:
        waiting = [asyncio.create_task(send(client, b"photo")) for _ in range(web.MAX_WAITING)]
        await full.wait()
        busy = await send(client, b"photo")
        release.set()
        answered = await asyncio.gather(*waiting)
        after = await send(client, b"photo")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, str(web.RETRY_AFTER_S))
    assert "try again" in busy.json()["error"]
    assert {response.status_code for response in [*answered, after]} == {200}


async def test_nobody_works_for_a_person_who_has_left(gallery: Gallery, home: Path) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def endless(photo: bytes) -> Outcome:
        begun.set()
        try:
            return await asyncio.Future[Outcome]()
        finally:
            stopped.set()

    async with serving(build_app(endless, lambda: gallery, home)) as client:
        sending = asyncio.create_task(send(client, b"photo"))
        await begun.wait()
        sending.cancel()
        async with asyncio.timeout(5):
            await stopped.wait()


# --- privacy ---------------------------------------------------------------------------------------------------------

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
    with caplog.at_level(logging.DEBUG, "uvicorn"), caplog.at_level(logging.DEBUG, "web"):
        await send(client, picture(ONE_FACE))
        await send(client, b"no picture")
    assert not [record for record in caplog.records if record.name.startswith(("uvicorn", "web"))]


# --- the rest of the site --------------------------------------------------------------------------------------------


async def test_health_tells_which_index_serves(client: httpx.AsyncClient, gallery: Gallery) -> None:
    response = await client.get("/healthz")
    built_at = gallery.manifest.built_at
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "celebrities": PEOPLE, "photos": PEOPLE, "built_at": built_at}


async def test_health_fails_when_the_bot_says_so(gallery: Gallery, home: Path) -> None:
    async with serving(build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, lambda: False)) as client:
        response = await client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (503, "unhealthy")


async def test_a_photo_that_the_catalogue_names_is_served(client: httpx.AsyncClient, home: Path) -> None:
    response = await client.get(SHOWN_URL)
    assert response.content == (home / "photos" / SHOWN_PHOTO).read_bytes()
    assert response.headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    "path",
    [
        "not%20in%20the%20catalogue.png", NAMED_BUT_GONE, "catalogue.txt", "", "Q0", "Q0/", "../secret.png",
        "..%2fsecret.png", "%2e%2e/secret.png", "Q0/../not%20in%20the%20catalogue.png", "/etc/passwd", "%00",
    ],
)  # fmt: skip
async def test_no_other_file_is_served(client: httpx.AsyncClient, path: str) -> None:
    answer, _ = await raw(client, f"GET /photos/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")


async def test_a_new_gallery_is_taken_at_once(gallery: Gallery, home: Path, tmp_path: Path) -> None:
    galleries = [gallery]
    async with serving(build_app(green_matcher(gallery), lambda: galleries[-1], home / "photos")) as client:
        before = await client.get(SHOWN_URL)
        other = make_gallery(tmp_path)
        without = tuple(one.model_copy(update={"photos": ()}) for one in other.celebrities)
        galleries.append(Gallery(**{**vars(other), "celebrities": without}))
        after = await client.get(SHOWN_URL)
    assert (before.status_code, after.status_code) == (200, 404)


PATHS = ["/", "/static/page.js", "/static/style.css", "/static/icon.svg", "/healthz", SHOWN_URL]


@pytest.mark.parametrize("path", PATHS)
async def test_head_answers_as_get_does_without_a_body(client: httpx.AsyncClient, path: str) -> None:
    got, head = await client.get(path), await client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


async def broken(photo: bytes) -> Outcome:
    raise RuntimeError("a mistake of ours")


async def test_every_answer_is_guarded_and_sets_no_cookie(gallery: Gallery, home: Path) -> None:
    async with serving(build_app(broken, lambda: gallery, home / "photos")) as client:
        answers = [await client.get(path) for path in [*PATHS, "/nowhere", "/api/match", "/static/nothing"]]
        answers += [await client.post("/api/match"), await send(client, b"photo", origin="https://evil.example")]
        answers += [await send(client, b"x" * (MAX_BYTES + 1))]
    assert [answer.status_code for answer in answers[-6:]] == [404, 405, 404, 400, 500, 413]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "cache-control" in answer.headers or answer.status_code == 500
        assert not {"set-cookie", "access-control-allow-origin", "server"} & set(answer.headers)


async def test_errors_of_the_api_are_json(gallery: Gallery, home: Path) -> None:
    async with serving(build_app(broken, lambda: gallery, home)) as client:
        answers = [await client.get("/api/match"), await client.get("/api/other"), await send(client, b"photo")]
    assert [answer.status_code for answer in answers] == [405, 404, 500]
    assert answers[0].headers["allow"] == "POST"
    assert [list(answer.json()) for answer in answers] == [["error"]] * 3
    assert "mistake" not in answers[2].text


# --- the server ------------------------------------------------------------------------------------------------------


async def test_a_taken_port_is_named(app: Starlette) -> None:
    first, second = Server("page"), Server("page")
    await first.start(app, "127.0.0.1", 0)
    port = int(first.url.rpartition(":")[2])
    with pytest.raises(PortError, match=rf"127\.0\.0\.1:{port}: Address already in use"):
        await second.start(app, "127.0.0.1", port)
    await second.close()
    await first.close()


async def test_an_unknown_host_is_named(app: Starlette) -> None:
    with pytest.raises(PortError, match=r"999\.0\.0\.1:80"):
        await Server("page").start(app, "999.0.0.1", 80)


async def test_the_server_leaves_signals_alone_and_closes_twice(app: Starlette) -> None:
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    server = Server("page")
    await server.start(app, "127.0.0.1", 0)
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == handlers
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{server.url}/healthz")).status_code == 200
    await server.close()
    await server.close()
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{server.url}/healthz")
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == handlers


async def test_the_server_closes_soon_even_if_a_match_never_ends(gallery: Gallery, home: Path) -> None:
    begun = asyncio.Event()

    async def endless(photo: bytes) -> Outcome:
        begun.set()
        return await asyncio.Future[Outcome]()

    server = Server("page")
    await server.start(build_app(endless, lambda: gallery, home), "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=20) as client:
        sending = asyncio.create_task(send(client, b"photo"))
        await begun.wait()
        closing = time.monotonic()
        await server.close()
        assert time.monotonic() - closing < 3
        with contextlib.suppress(httpx.HTTPError):
            await sending


async def test_a_server_that_closes_lets_an_answer_finish(gallery: Gallery, home: Path) -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    async def slow(photo: bytes) -> Outcome:
        begun.set()
        await release.wait()
        return Refusal(Reason.NO_FACE)

    server = Server("page")
    await server.start(build_app(slow, lambda: gallery, home), "127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=20) as client:
        sending = asyncio.create_task(send(client, b"photo"))
        await begun.wait()
        closing = asyncio.create_task(server.close())
        release.set()
        assert (await sending).json()["outcome"] == "no_face"
        await closing
