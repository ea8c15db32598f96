"""The site besides its answers: health, photos of stars, headers, errors."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.gallery import Gallery
from lookalike.web.app import PageHealth, build_app
from tests.support.web.page import (
    NAMED_BUT_GONE,
    PEOPLE,
    SHOWN_PHOTO,
    SHOWN_URL,
    broken,
    constant,
    find_green,
    make_gallery,
    raw,
    send,
    serving,
)


async def test_health_says_which_index_serves(client: httpx.AsyncClient, gallery: Gallery) -> None:
    response = await client.get("/healthz")
    built_at = gallery.manifest.built_at
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok", "page": "ok", "bot": "off", "celebrities": PEOPLE, "photos": PEOPLE, "built_at": built_at,
    }  # fmt: skip


@pytest.mark.parametrize("health", [PageHealth("unhealthy", "ok"), PageHealth("ok", "unhealthy")])
async def test_health_fails_when_the_page_or_the_bot_is_unhealthy(
    gallery: Gallery, home: Path, health: PageHealth
) -> None:
    async with serving(build_app(constant(Refusal(Reason.NO_FACE)), lambda: gallery, home, lambda: health)) as client:
        response = await client.get("/healthz")
    assert response.status_code == 503
    assert (response.json()["status"], response.json()["page"], response.json()["bot"]) == (
        "unhealthy", health.page, health.bot,
    )  # fmt: skip


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
    answer, _ = await raw(
        client, f"GET /photos/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith(b"HTTP/1.1 404 ")


async def test_a_new_gallery_is_taken_at_once(gallery: Gallery, home: Path, tmp_path: Path) -> None:
    galleries = [gallery]
    async with serving(build_app(find_green, lambda: galleries[-1], home / "photos")) as client:
        before = await client.get(SHOWN_URL)
        other = make_gallery(tmp_path)
        without = Celebrities.of(one.model_copy(update={"photos": ()}) for one in other.celebrities)
        galleries.append(replace(other, celebrities=without))
        after = await client.get(SHOWN_URL)
    assert (before.status_code, after.status_code) == (200, 404)


PATHS = ["/", "/texts/en", "/static/page.js", "/static/style.css", "/static/icon.svg", "/healthz", SHOWN_URL]


@pytest.mark.parametrize("path", PATHS)
async def test_head_answers_as_get_does_without_a_body(client: httpx.AsyncClient, path: str) -> None:
    got, head = await client.get(path), await client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


async def test_every_answer_is_guarded_and_sets_no_cookie(gallery: Gallery, home: Path) -> None:
    async with serving(build_app(broken, lambda: gallery, home / "photos")) as client:
        answers = [
            await client.get(path) for path in [*PATHS, "/texts/xx", "/nowhere", "/api/match", "/static/nothing"]
        ]
        answers += [await client.post("/api/match"), await send(client, b"photo")]
        answers += [await send(client, b"x" * (MAX_BYTES + 1))]
    assert [answer.status_code for answer in answers[-6:]] == [404, 405, 404, 400, 500, 413]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "media-src blob:;" in policy
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
