"""POST /api/recommend: ratings in, stars out."""

import httpx
import pytest

from lookalike.gallery.gallery import Gallery
from tests.support.web.stars import ACTORS, SINGERS, STARS, recommend

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_who_loves_actors_gets_actors_because_of_actors(with_model: httpx.AsyncClient) -> None:
    response = await recommend(with_model, {"angelina joly": 10, "Q5": 9, "Мадонна": 2}, n=3)

    answer = response.json()
    assert (response.status_code, answer["outcome"], answer["basis"]) == (200, "recommended", "ratings")
    assert response.headers["cache-control"] == "no-store"
    assert answer["rated"] == [
        {"id": "Q1", "name": "Angelina Jolie", "rating": 10.0}, {"id": "Q5", "name": "Keanu Reeves", "rating": 9.0},
        {"id": "Q8", "name": "Madonna", "rating": 2.0},
    ]  # fmt: skip
    assert {one["id"] for one in answer["stars"]} <= set(ACTORS) - {"Q1", "Q5"}
    assert all(one["rating"] > 6 for one in answer["stars"])
    assert {name for one in answer["stars"] for name in one["because"]} <= {"Angelina Jolie", "Keanu Reeves"}


async def test_a_star_of_the_model_that_the_gallery_has_not_is_not_recommended(with_model: httpx.AsyncClient) -> None:
    answer = (await recommend(with_model, {"Madonna": 10, "Beyoncé": 9}, n=50)).json()

    ids = [one["id"] for one in answer["stars"]]
    assert set(ids) == set(STARS) - {"Q8", "Q11", "Q12"}  # Q12 was rated by nobody, "gone" is not in the gallery
    assert set(ids[:3]) == set(SINGERS) - {"Q8", "Q11", "Q12"}


async def test_without_ratings_by_others_it_is_faces_and_fame_and_says_so(
    without_model: httpx.AsyncClient, with_model: httpx.AsyncClient
) -> None:
    answer, unrated = [
        (await recommend(client, {name: 10})).json()
        for client, name in ((without_model, "Angelina Jolie"), (with_model, "Rihanna"))
    ]

    for one in (answer, unrated):
        assert (one["basis"], len(one["stars"])) == ("faces", 10)
        assert "not enough ratings" in one["message"]
    assert answer["stars"][0] == {"id": "Q2", "name": "Scarlett Johansson", "because": ["Angelina Jolie"]}


@pytest.mark.parametrize(
    ("ratings", "field", "why"),
    [
        ({"Jolie": 11}, "ratings.Jolie", "must be a number from 1 to 10"),
        ({"Jolie": 0.9}, "ratings.Jolie", "must be a number from 1 to 10"),
        ({"Jolie": "9"}, "ratings.Jolie", "must be a number from 1 to 10"),
        ({"Jolie": True}, "ratings.Jolie", "must be a number from 1 to 10"),
        ({"Jolie": None}, "ratings.Jolie", "must be a number from 1 to 10"),
        ({"Jolie": 10**400}, "ratings.Jolie", "must be a number from 1 to 10"),
        ({"Smith": 9}, "ratings.Smith", "may be several stars: use an id"),
        ({"Nobody Known": 9}, "ratings.Nobody Known", "is nobody here"),
        ({"Jolie": 9, "Q1": 3}, "ratings.Q1", "Angelina Jolie is rated twice"),
        ({"": 9}, "ratings.", "must be a name of 1 to 200 characters"),
        ({"x" * 201: 9}, f"ratings.{'x' * 60}", "must be a name of 1 to 200 characters"),
        ({"x\ud800": 9}, "ratings.x?", "must be a name of 1 to 200 characters"),
        ({}, "ratings", 'must be an object of names and ratings, as in {"Cher": 9}'),
        ([["Jolie", 9]], "ratings", 'must be an object of names and ratings, as in {"Cher": 9}'),
        (dict.fromkeys(map(str, range(101)), 9), "ratings", "are more than 100"),
    ],
)
async def test_a_wrong_rating_is_named_with_its_field(
    without_model: httpx.AsyncClient, ratings: object, field: str, why: str
) -> None:
    response = await recommend(without_model, ratings)

    assert response.status_code == 422
    assert (response.json()["field"], response.json()["error"]) == (field, f"{field}: {why}")


async def test_who_is_not_clear_comes_with_those_who_may_be_meant(without_model: httpx.AsyncClient) -> None:
    response = await recommend(without_model, {"Smith": 9})

    assert {one["id"] for one in response.json()["suggestions"]} == {"Q3", "Q4"}


@pytest.mark.parametrize("n", [0, 51, -1, 2.0, "ten", None, True, 10**30])
@pytest.mark.parametrize("path", ["/api/recommend", "/api/similar", "/api/stars"])
async def test_a_wrong_number_of_stars_is_refused(without_model: httpx.AsyncClient, path: str, n: object) -> None:
    if path == "/api/recommend":
        response = await recommend(without_model, {"Jolie": 9}, n=n)
    else:
        response = await without_model.get(path, params={"name": "Jolie", "n": str(n)})

    assert response.status_code == 422
    assert response.json() == {"error": "n: must be a whole number from 1 to 50", "field": "n"}


async def test_a_field_that_is_not_known_is_named(without_model: httpx.AsyncClient) -> None:
    response = await recommend(without_model, {"Jolie": 9}, count=5)

    assert response.json() == {"error": "count: is not known; there are ratings and n", "field": "count"}


async def test_recommendations_leave_the_gallery_as_it_was(without_model: httpx.AsyncClient, stars: Gallery) -> None:
    before = stars.centroids.tobytes()
    first = await recommend(without_model, {"Jolie": 9})
    again = await recommend(without_model, {"Jolie": 9})

    assert first.json() == again.json()
    assert stars.centroids.tobytes() == before
