"""What the API answers to a photo."""

import asyncio
import io
from pathlib import Path

import httpx
import pytest
from PIL import Image
from skimage import data

from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import FaceMatch, Match, to_json
from lookalike.web.app import build_app
from lookalike.workers.pool import WorkerPool
from tests.support.web.page import (
    LICENCE,
    ONE_FACE,
    OTHER_FACE,
    SHOWN_URL,
    constant,
    picture,
    probe,
    send,
    serving,
)


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
            "share_alike": True,
        },
        "square": None,
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
    async with WorkerPool(1) as pool, serving(build_app(pool.find, lambda: gallery, home)) as client:
        found, refused = await asyncio.gather(send(client, astronaut.getvalue()), send(client, nobody))
    left, top, right, bottom = found.json()["faces"][0]["box"]
    assert left < 220 < right  # the middle of Eileen Collins's face in the 512 px picture
    assert top < 120 < bottom
    assert len(found.json()["faces"][0]["matches"]) == 6
    assert refused.json()["outcome"] == "no_face"


# Filters and two people.


async def where(client: httpx.AsyncClient, text: str | None) -> httpx.Response:
    fields = {} if text is None else {"where": text}
    return await client.post("/api/match", files={"photo": ("me.jpg", picture(ONE_FACE))}, data=fields)


@pytest.mark.parametrize(("text", "first"), [("women", "Q0"), ("men", "Q1"), ("role=chef", "Q9")])
async def test_only_whom_a_filter_leaves_is_answered(client: httpx.AsyncClient, text: str, first: str) -> None:
    response = await where(client, text)
    found = [int(one["id"][1:]) for one in response.json()["faces"][0]["matches"]]

    assert response.status_code == 200
    if text == "role=chef":
        assert found == [9]
    else:
        assert {number % 2 for number in found} == {0 if text == "women" else 1}


@pytest.mark.parametrize("text", [None, "", "any"])
async def test_without_a_filter_everybody_takes_part(client: httpx.AsyncClient, text: str | None) -> None:
    assert (await where(client, text)).json() == (await send(client, picture(ONE_FACE))).json()


@pytest.mark.parametrize(
    ("text", "reason"),
    [("boys", "'boys' is none of any, men, women"), ("region=africa", "no celebrity of the gallery is left"),
     ("x" * 300, "longer than 200 characters")],
)  # fmt: skip
async def test_a_wrong_filter_is_400_with_the_reason(client: httpx.AsyncClient, text: str, reason: str) -> None:
    response = await where(client, text)

    assert response.status_code == 400
    assert reason in response.json()["error"]


async def two(client: httpx.AsyncClient, one: bytes, other: bytes, query: str = "") -> httpx.Response:
    return await client.post(f"/api/compare{query}", files={"a": ("1.jpg", one), "b": ("2.jpg", other)})


async def test_two_people_are_compared(client: httpx.AsyncClient, gallery: Gallery) -> None:
    response = await two(client, picture(ONE_FACE), picture(ONE_FACE, OTHER_FACE))
    body = response.json()

    assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
    assert body == {
        "photos": ["1.jpg", "2.jpg"],
        "outcome": "compared",
        "distance": 0,
        "similarity": body["similarity"],
    }
    assert body["similarity"] > 0.99


async def test_the_page_learns_where_the_two_faces_are(client: httpx.AsyncClient) -> None:
    body = (await two(client, picture(ONE_FACE), picture(OTHER_FACE), "?details=1")).json()

    assert body["percent"] == 99
    for (left, top, side, turn), (box_left, box_top, box_right, box_bottom) in zip(
        body["squares"], (ONE_FACE, OTHER_FACE), strict=True
    ):
        assert left < box_left < box_right < left + side
        assert top < box_top < box_bottom < top + side
        assert turn == 0
    assert body["turns"] == [0, 0]


async def test_of_two_photos_the_one_without_a_face_is_answered(client: httpx.AsyncClient) -> None:
    body = (await two(client, picture(ONE_FACE), picture(), "?details=1")).json()

    assert body == to_json("2.jpg", Refusal(Reason.NO_FACE))


@pytest.mark.parametrize("missing", ["a", "b"])
async def test_one_photo_of_two_is_told_how_to_send_both(client: httpx.AsyncClient, missing: str) -> None:
    files = {field: ("me.jpg", picture(ONE_FACE)) for field in "ab" if field != missing}
    response = await client.post("/api/compare", files=files)

    assert response.status_code == 400
    assert response.json()["error"] == "Send the photos as fields `a` and `b` of a multipart/form-data body."
