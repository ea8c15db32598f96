"""Names and origins that the page does not answer."""

import html
import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from lookalike.core.language.texts import all_texts
from lookalike.core.settings import read_settings
from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.web.app import build_app
from tests.support.web.page import constant, send, serving

HOSTS = read_settings({"WEB_ALLOWED_HOSTS": "Faces.example.org, www.example.org"}).web_allowed_hosts


@pytest.fixture
async def client(gallery: Gallery, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    local = frozenset({"here.example"})
    app = build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, hosts=HOSTS, local_hosts=local)
    async with serving(app) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:8080", "LOCALHOST", "127.0.0.1:8080", "192.168.1.7", "[::1]:8080", "[2001:db8::1]",
        "faces.example.org", "FACES.example.org:443", "www.example.org.", "here.example",
    ],
)  # fmt: skip
async def test_own_names_and_addresses_are_answered(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "example.org", "localhost.evil.example", "127.0.0.1.evil.example", "", "[", "a@b@localhost:x",
        "localhost:123456",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/match"])
async def test_other_names_are_not(client: httpx.AsyncClient, host: str, path: str) -> None:
    answer = await client.request("POST" if path == "/api/match" else "GET", path, headers={"host": host})
    assert answer.status_code == 421
    assert "WEB_ALLOWED_HOSTS" in answer.text
    assert "content-security-policy" in answer.headers


async def test_all_names_can_be_allowed(gallery: Gallery, home: Path) -> None:
    app = build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, hosts=frozenset("*"))
    async with serving(app) as client:
        assert (await client.get("/", headers={"host": "any.example"})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},  # another site on this machine
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://localhost:8080"},
    ],
)
async def test_photos_from_foreign_pages_are_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await send(client, b"photo", host="localhost:8080", **headers)
    assert (answer.status_code, list(answer.json())) == (403, ["error"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost:8080", "sec-fetch-site": "same-origin"},
        {"origin": "https://faces.example.org"},  # a proxy speaks TLS, and another name to the page
        {"sec-fetch-site": "none"},
    ],
)
async def test_photos_from_own_pages_and_programs_are_taken(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await send(client, b"photo", host="localhost:8080", **headers)).status_code == 200


async def test_a_link_from_another_site_opens_the_page(client: httpx.AsyncClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert (await client.get("/", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("Faces.example.org", "https://faces.example.org"), ("www.example.org:443", "https://www.example.org"),
        ("www.example.org:8443", "https://www.example.org:8443"), ("here.example:8080", ""),
        ("localhost", ""), ("127.0.0.1:8080", ""), ("[::1]", ""),
    ],
)  # fmt: skip
async def test_a_link_to_the_page_is_shown_with_its_own_name_title_and_picture(
    client: httpx.AsyncClient, host: str, origin: str
) -> None:
    page = (await client.get("/?lang=de", headers={"host": host})).text
    shown = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)"', page))
    picture = await client.get(shown["og:image"].removeprefix(origin))

    assert shown.get("og:url") == (f"{origin}/?lang=de" if origin else None)
    assert shown["og:image"] == f"{origin}/static/preview.jpg"
    assert shown["og:title"] == html.escape(all_texts()["de"]("page-headline"))
    assert shown["og:description"] == html.escape(all_texts()["de"]("page-lead"))
    assert shown["twitter:card"] == "summary_large_image"
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.size == (int(shown["og:image:width"]), int(shown["og:image:height"]))


async def test_where_any_name_is_allowed_none_is_written_into_the_page(gallery: Gallery, home: Path) -> None:
    app = build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, hosts=frozenset("*"))
    async with serving(app) as client:
        assert "evil" not in (await client.get("/", headers={"host": "evil.example"})).text
