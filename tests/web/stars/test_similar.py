"""GET /api/similar and /api/stars: whom a name means, and who is like them."""

from pathlib import Path

import httpx
import pytest

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.replacing.hidden import Hidden
from lookalike.taste.taste_model import TasteModel
from lookalike.web.app import build_app
from tests.support.web.page import find_green, serving
from tests.support.web.stars import ACTORS, NEAREST_TO_JOLIE, PHOTO, similar

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("name", ["Angelina Jolie", "angelina joly", "джоли", "Анджелина Джоли", " JOLIE ", "Q1"])
async def test_a_star_is_found_by_name_however_it_is_typed(without_model: httpx.AsyncClient, name: str) -> None:
    answer = (await similar(without_model, name)).json()

    assert (answer["outcome"], answer["name"], answer["star"]) == (
        "similar", name.strip(), {"id": "Q1", "name": "Angelina Jolie"},
    )  # fmt: skip


async def test_the_faces_most_like_it_come_first_with_all_measures(
    without_model: httpx.AsyncClient, stars: Gallery
) -> None:
    response = await similar(without_model, "Angelina Jolie", n=3)

    found, kin = response.json()["similar"], stars.kin(stars.celebrities.row("Q1"), 3)
    assert response.headers["cache-control"] == "no-store"
    assert found == [
        {
            "id": one.celebrity.id, "name": one.celebrity.name["en"], "distance": round(one.distance, 4),
            "cosine": round(one.cosine, 4), "similarity": round(one.similarity, 4),
        }
        for one in kin
    ]  # fmt: skip
    assert found[0]["id"] == NEAREST_TO_JOLIE


async def test_names_are_in_the_language_that_is_asked_for(without_model: httpx.AsyncClient) -> None:
    for response in (
        await similar(without_model, "Jolie", lang="ru"),
        await without_model.get("/api/similar?name=Jolie", headers={"accept-language": "ru-RU, en;q=0.5"}),
    ):
        assert response.json()["star"]["name"] == "Анджелина Джоли"


async def test_details_are_what_the_page_shows(without_model: httpx.AsyncClient) -> None:
    answer = (await similar(without_model, "Jolie", n=1, details=1)).json()

    [one] = answer["similar"]
    assert one["photo"] == f"/photos/{PHOTO}"
    assert one["credit"]["author"] == "A. Photographer"
    assert one["description"] == "actor"
    assert answer["star"]["photo"] is None
    assert answer["star"]["url"] == "https://en.wikipedia.org/wiki/Q1"


async def test_several_of_that_name_are_said_with_their_names(without_model: httpx.AsyncClient) -> None:
    response = await similar(without_model, "Smith")

    answer = response.json()
    assert (response.status_code, answer["outcome"]) == (200, "several")
    assert {(one["id"], one["name"]) for one in answer["stars"]} == {("Q3", "Will Smith"), ("Q4", "Maggie Smith")}


async def test_a_name_of_nobody_brings_suggestions_and_none_where_nothing_is_near(
    without_model: httpx.AsyncClient,
) -> None:
    near, far = await similar(without_model, "Shaki"), await similar(without_model, "?!")

    assert (near.status_code, far.status_code) == (404, 404)
    assert near.json()["error"] == "No star here is called 'Shaki'."
    assert "Shakira" in [one["name"] for one in near.json()["suggestions"]]
    assert far.json()["suggestions"] == []


async def test_who_likes_a_star_likes_others_too_as_the_model_says(with_model: httpx.AsyncClient) -> None:
    liked = (await similar(with_model, "Angelina Jolie", n=5)).json()["also_liked"]

    assert {one["id"] for one in liked} == set(ACTORS) - {"Q1"}
    assert [one["cosine"] for one in liked] == sorted((one["cosine"] for one in liked), reverse=True)


async def test_without_a_model_and_of_a_star_that_nobody_rated_nothing_is_said_of_taste(
    with_model: httpx.AsyncClient, without_model: httpx.AsyncClient
) -> None:
    assert (await similar(without_model, "Rihanna")).json()["also_liked"] is None
    assert (await similar(with_model, "Rihanna")).json()["also_liked"] == []


async def test_a_hidden_star_is_nowhere(stars: Gallery, stars_home: Path, model: TasteModel) -> None:
    hidden = stars.without(Hidden(frozenset({"Q2"})))
    app = build_app(find_green, lambda: hidden, stars_home / "photos", take_model=lambda: model)
    async with serving(app) as client:
        answers = [await similar(client, name, n=50, details=1) for name in ("Scarlett Johansson", "Q2", "Jolie")]
        answers += [await client.get("/api/stars", params={"name": name, "n": 50}) for name in ("Scarl", "Johansson")]
        rated = await client.post("/api/recommend", json={"ratings": {"Jolie": 10, "Keanu Reeves": 9}, "n": 50})
        named = await client.post("/api/recommend", json={"ratings": {"Q2": 10}})

    assert [one.status_code for one in answers] == [404, 404, 200, 200, 200]
    assert len(answers[2].json()["similar"]) == len(stars.celebrities) - 2
    assert (rated.status_code, named.status_code) == (200, 422)
    assert rated.json()["stars"]
    for one in [*answers[2:], rated]:
        assert "Q2" not in one.text.replace('"name":"Q2"', "")


async def test_a_name_that_is_being_typed_brings_those_that_begin_so(without_model: httpx.AsyncClient) -> None:
    answer = (await without_model.get("/api/stars", params={"name": "ange"})).json()

    assert answer == {"name": "ange", "stars": [{"id": "Q1", "name": "Angelina Jolie", "description": "actor"}]}
