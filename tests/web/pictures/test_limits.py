"""Pictures cost more than photos: limits of a visitor, and what others wait for meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from lookalike.faces.drawing.card.card import CardFormat
from lookalike.faces.types import Face
from lookalike.web.app import build_app
from lookalike.web.pictures.endpoints import COST, MAX_WAITING
from lookalike.web.pictures.orders import PictureKind
from lookalike.web.visitors import PHOTOS_PER_MINUTE, Visitors
from tests.support.web.page import picture, raw, send, serving, visitor
from tests.support.web.portraits import HeldDraws, Home


@pytest.fixture
def draws(face: Face) -> HeldDraws:
    return HeldDraws(face)


@pytest.fixture
async def held(draws: HeldDraws, portraits: Home) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a page whose one worker makes no picture until it is released."""
    app = build_app(draws.find, lambda: portraits.gallery, portraits.photos, draws=draws)
    async with serving(app) as client:
        yield client


async def morph(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/api/pictures/morph", files={"photo": ("me.jpg", picture())})


async def test_an_answer_all_cards_a_morph_in_both_ways_and_a_drawing_are_within_the_limit_of_a_minute() -> None:
    cards = len(CardFormat) * COST[PictureKind.CARD]
    assert 1 + cards + 2 * COST[PictureKind.MORPH] + COST[PictureKind.AVATAR] <= PHOTOS_PER_MINUTE


async def test_a_morph_counts_as_more_than_one_photo(draws: HeldDraws, portraits: Home) -> None:
    draws.held.release.set()
    limits = Visitors(per_minute=2 * COST[PictureKind.MORPH], clock=lambda: 0)
    app = build_app(draws.find, lambda: portraits.gallery, portraits.photos, draws=draws, visitors=limits)
    async with serving(app) as client:
        answers = [await morph(client) for _ in range(3)] + [await send(client, picture())]

    assert [answer.status_code for answer in answers] == [422, 422, 429, 429]
    assert answers[2].headers["retry-after"] == "30"
    assert answers[3].headers["retry-after"] == "6"


async def test_of_many_morphs_few_wait_and_photos_and_cards_are_answered(
    held: httpx.AsyncClient, draws: HeldDraws
) -> None:
    async with contextlib.AsyncExitStack() as others:
        addresses = [f"127.0.0.{number}" for number in range(2, 2 + MAX_WAITING)]
        url = str(held.base_url)
        many = [await others.enter_async_context(visitor(url, address)) for address in addresses]
        asked = [asyncio.create_task(morph(one)) for one in many]
        await draws.held.has(MAX_WAITING)
        refused = await morph(held)
        photo = await send(held, picture())
        card = await held.post("/api/pictures/card", files={"photo": ("me.jpg", picture())})
        draws.held.release.set()
        answered = await asyncio.gather(*asked)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "try again" in refused.json()["error"]
    assert (photo.status_code, photo.json()["outcome"]) == (200, "match")
    assert (card.status_code, card.content) == (200, b"a card")
    assert {answer.status_code for answer in answered} == {422}


async def test_nobody_makes_a_picture_for_a_visitor_who_has_left(held: httpx.AsyncClient, draws: HeldDraws) -> None:
    asking = asyncio.create_task(morph(held))
    await draws.held.has(1)
    asking.cancel()
    async with asyncio.timeout(60):
        await draws.held.ended.wait()
    draws.held.release.set()

    assert (await morph(held)).status_code == 422


@pytest.mark.parametrize("kind", ["morph", "avatar"])
async def test_a_foreign_page_may_not_ask_for_pictures(held: httpx.AsyncClient, kind: str) -> None:
    answer = await held.post(f"/api/pictures/{kind}", headers={"origin": "https://evil.example"})

    assert (answer.status_code, list(answer.json())) == (403, ["error"])


@pytest.mark.parametrize("path", ["/api/pictures/", "/api/pictures/film", "/api/pictures"])
async def test_nothing_else_is_made(held: httpx.AsyncClient, path: str) -> None:
    answer = await held.post(path, files={"photo": ("me.jpg", b"photo")})

    assert (answer.status_code, list(answer.json())) == (404, ["error"])


async def test_a_body_of_no_known_length_is_refused_at_the_headers(held: httpx.AsyncClient) -> None:
    head = b"POST /api/pictures/morph HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer, _ = await raw(held, head, b"1\r\n-\r\n" * 1000, 1000)

    assert answer.startswith(b"HTTP/1.1 411 ")
