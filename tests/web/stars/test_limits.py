"""What is not answered: other hosts and origins, floods, bodies that are no JSON, too long or too slow."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from lookalike.gallery.gallery import Gallery
from lookalike.web import guards
from lookalike.web.app import build_app
from lookalike.web.stars import endpoints, questions
from lookalike.web.stars.answering import StarAnswers
from lookalike.web.visitors import MAX_UPLOADS, Visitors
from tests.support.web.page import find_green, raw, serving, visitor
from tests.support.web.stars import STARS, recommend, similar

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATHS = ["/api/similar?name=Jolie", "/api/stars?name=Jolie"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"[" * 60_000, b'{"ratings":' + b'{"a":' * 10_000, b'{"ratings": {"Jolie": NaN}}',
        b'{"ratings": {"Jolie": -Infinity}}', b'{"ratings": {"Jolie": 9}', b"Jolie=9", b"9" * 5000,
    ],
)  # fmt: skip
async def test_a_body_that_is_not_json_is_refused(without_model: httpx.AsyncClient, body: bytes) -> None:
    response = await without_model.post("/api/recommend", content=body)

    assert (response.status_code, response.json()) == (400, {"error": "The body is not JSON."})


@pytest.mark.parametrize("body", [b"null", b"3", b'"text"', b"[]"])
async def test_json_that_is_no_object_is_refused(without_model: httpx.AsyncClient, body: bytes) -> None:
    response = await without_model.post("/api/recommend", content=body)

    assert (response.status_code, response.json()["field"]) == (422, "body")


async def test_a_body_that_is_too_long_is_refused_unread(without_model: httpx.AsyncClient) -> None:
    response = await without_model.post("/api/recommend", content=b" " * (questions.MAX_BODY_BYTES + 1))

    assert response.status_code == 413


async def test_a_body_that_does_not_arrive_is_refused(
    without_model: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "BODY_S", 0.01)
    monkeypatch.setattr(guards, "LINGER_S", 0.01)
    head = b"POST /api/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n{"
    answer, _ = await raw(without_model, head)

    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "name", ["\x00\x01\x1b[31m", "🙂" * 200, "a " * 100, "<script>alert(1)</script>", "\u202eeiloJ"]
)
async def test_odd_names_are_nobody(without_model: httpx.AsyncClient, name: str) -> None:
    assert (await similar(without_model, name)).status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
@pytest.mark.parametrize("path", ["/api/similar", "/api/stars"])
async def test_no_name_and_a_long_one_are_refused(without_model: httpx.AsyncClient, path: str, name: str) -> None:
    response = await without_model.get(path, params={"name": name})

    assert (response.status_code, response.json()["field"]) == (422, "name")


@pytest.mark.parametrize("path", [*PATHS, "/api/recommend"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421), ({"origin": "https://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)  # fmt: skip
async def test_other_hosts_and_origins_are_not_answered(
    without_model: httpx.AsyncClient, path: str, headers: dict[str, str], status: int
) -> None:
    method, body = ("POST", b'{"ratings": {"Jolie": 9}}') if path == "/api/recommend" else ("GET", b"")
    response = await without_model.request(method, path, headers=headers, content=body)

    assert response.status_code == status


async def test_one_address_may_ask_so_often_and_others_go_on(stars: Gallery, stars_home: Path) -> None:
    app = build_app(find_green, lambda: stars, stars_home, askers=Visitors(3, clock=lambda: 0.0))
    async with serving(app) as client, visitor(str(client.base_url), "127.0.0.2") as other:
        answers = [await client.get(path) for path in PATHS] + [await recommend(client, {"Jolie": 9})]
        refused = [await client.get(PATHS[0]), await recommend(client, {"Jolie": 9})]
        elsewhere = await other.get(PATHS[0])

    assert [one.status_code for one in [*answers, *refused, elsewhere]] == [200, 200, 200, 429, 429, 200]
    assert refused[0].headers["retry-after"] == "20"
    assert list(refused[0].json()) == ["error"]


async def test_many_ratings_count_as_many_questions(stars: Gallery, stars_home: Path) -> None:
    app = build_app(find_green, lambda: stars, stars_home, askers=Visitors(4, clock=lambda: 0.0))
    async with serving(app) as client:
        answers = [await recommend(client, dict.fromkeys(list(STARS)[:count], 9)) for count in (10, 12, 4)]

    assert [one.status_code for one in answers] == [200, 429, 429]
    assert answers[1].headers["retry-after"] == "30"  # two more of four a minute


async def test_questions_are_bounded_and_the_page_goes_on_meanwhile(
    stars: Gallery, stars_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, release = threading.Event(), threading.Event()

    def wait(*asked: Any) -> dict[str, Any]:
        begun.set()
        assert release.wait(60)
        return {}

    monkeypatch.setattr(endpoints, "MAX_QUESTIONS", MAX_UPLOADS)
    monkeypatch.setattr(StarAnswers, "called", wait)
    async with serving(build_app(find_green, lambda: stars, stars_home)) as client:
        waiting = [asyncio.create_task(client.get(PATHS[1])) for _ in range(MAX_UPLOADS)]
        await asyncio.to_thread(begun.wait, 60)
        while (busy := await client.get(PATHS[1])).status_code == 200:  # the second one is still on its way
            pass
        health = await client.get("/healthz")
        release.set()
        answers = await asyncio.gather(*waiting)

    assert (busy.status_code, health.status_code) == (503, 200)
    assert [one.status_code for one in answers] == [200] * MAX_UPLOADS


async def test_a_question_is_not_logged(without_model: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="lookalike")
    await recommend(without_model, {"Angelina Jolie": 9})
    await without_model.post("/api/recommend", content=json.dumps({"ratings": {"Nobody Known": 3}}))

    assert "Jolie" not in caplog.text
    assert "Nobody" not in caplog.text
