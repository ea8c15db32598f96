"""A trained model: what it recommends and why, what is similar to what, and names."""

import numpy as np
import pytest

from lookalike.core.errors import RatingsError, UnknownNames
from lookalike.taste.choices import ITEM_POWER, RIDGE, USER_POWER, choice_values, fit_choices, weighted_ratings
from lookalike.taste.item_names import ItemNames
from lookalike.taste.ratings import Profile, Ratings, ratings_of
from lookalike.taste.similar_items import SHRINKAGE, fit_similar
from lookalike.taste.taste_model import TasteModel
from lookalike.taste.training import train
from tests.support.taste.people import Crowd, crowd

pytestmark = pytest.mark.fast

DRAMAS, COMEDIES = [f"drama {number}" for number in range(12)], [f"comedy {number}" for number in range(12)]


def two_camps() -> Ratings:
    """60 people who love dramas and 60 who love comedies; each rates eight of theirs 8 to 10, two of the others 2."""
    random = np.random.default_rng(0)
    triples = []
    for user in range(120):
        loved, other = (DRAMAS, COMEDIES) if user % 2 else (COMEDIES, DRAMAS)
        triples += [(f"u{user}", str(name), float(random.integers(8, 11))) for name in random.choice(loved, 8, False)]
        triples += [(f"u{user}", str(name), 2.0) for name in random.choice(other, 2, False)]
    return ratings_of(triples)


@pytest.fixture(scope="module")
def camps() -> TasteModel:
    return train(two_camps())


@pytest.fixture(scope="module")
def people() -> Crowd:
    return crowd()


def test_who_loves_dramas_gets_dramas_because_of_dramas(camps: TasteModel) -> None:
    profile = camps.profile({"drama 0": 10, "drama 1": 9, "comedy 0": 2})

    found = camps.recommend(profile, 8)

    assert {camps.items[one.item].split()[0] for one in found} == {"drama"}
    assert {camps.items[item] for one in found for item in one.because} <= {"drama 0", "drama 1"}
    assert all(one.because and one.rating > 7 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_nothing_that_was_rated_is_recommended_and_no_more_than_there_is(camps: TasteModel) -> None:
    profile = camps.profile(dict.fromkeys(DRAMAS, 9.0))

    assert {camps.items[one.item] for one in camps.recommend(profile, 100)} == set(COMEDIES)


def test_who_rated_nothing_gets_what_most_people_rate_and_no_reasons(camps: TasteModel) -> None:
    found = camps.recommend(camps.profile({}), 5)

    assert len(found) == 5
    assert [one.because for one in found] == [()] * 5


def test_a_low_rating_recommends_its_kin_less_than_a_high_one(camps: TasteModel) -> None:
    loved, hated = (camps.scores(camps.profile({"drama 0": rating})) for rating in (10.0, 1.0))
    kin = camps.items.by_id["drama 5"]

    assert loved[kin] > 1.5 * hated[kin]


def test_ratings_of_unknown_items_are_left_out_and_others_kept_on_the_scale(camps: TasteModel) -> None:
    profile = camps.profile({"drama 0": 99.0, "nobody knows": 5.0})

    assert (profile.items.tolist(), profile.values.tolist()) == ([camps.items.by_id["drama 0"]], [10.0])


def test_a_drama_is_similar_to_dramas(camps: TasteModel) -> None:
    found = camps.similar(camps.items.by_id["drama 3"], 8)

    assert {camps.items[one.item].split()[0] for one in found} == {"drama"}
    assert all(0 < one.cosine < 1 for one in found)
    assert [one.cosine for one in found] == sorted((one.cosine for one in found), reverse=True)


def test_cosines_are_those_of_the_columns_of_ratings(people: Crowd) -> None:
    table = people.ratings.matrix().toarray().astype(float)
    similar = fit_similar(people.ratings)

    targets, cosines = similar.of(7)
    for other, cosine in zip(targets, cosines, strict=True):
        a, b = table[:, 7], table[:, other]
        both = ((a > 0) & (b > 0)).sum()
        wanted = a @ b / np.linalg.norm(a) / np.linalg.norm(b) * both / (both + SHRINKAGE)
        assert cosine == pytest.approx(wanted, rel=1e-4)


def test_choices_are_the_ridge_regression_of_each_item_on_all_others(people: Crowd) -> None:
    ratings = people.ratings
    per_user = np.bincount(ratings.users)[:, None] ** -USER_POWER
    sizes = np.bincount(ratings.items) ** -ITEM_POWER
    table = weighted_ratings(ratings).toarray() * per_user * sizes
    gram = table.T @ table
    weights, target = fit_choices(ratings), 11
    others = np.delete(np.arange(80), target)

    penalty = np.eye(79) * RIDGE * np.trace(gram) / 80
    wanted = np.linalg.solve(gram[np.ix_(others, others)] + penalty, gram[others, target])

    found = weights.into(np.array([target], np.int32), others.astype(np.int32))[0] * sizes[target] / sizes[others]
    np.testing.assert_allclose(found, np.maximum(wanted, 0), rtol=1e-2, atol=1e-4)


def test_a_person_folded_in_has_the_choices_of_training(people: Crowd) -> None:
    ratings = people.ratings
    trained, starts = weighted_ratings(ratings), ratings.starts()
    for user in range(0, 300, 17):
        profile = ratings.profile(user, starts)
        found = choice_values(profile, float(ratings.values.mean()), float(ratings.values.std()))
        np.testing.assert_allclose(found, trained[user, profile.items].toarray()[0], rtol=1e-4)


def test_recommendations_are_items_that_people_really_like(people: Crowd) -> None:
    model, starts = train(people.ratings), people.ratings.starts()
    above = []
    for user in range(people.ratings.n_users):
        profile = people.ratings.profile(user, starts)
        unseen = np.delete(people.opinions[user], profile.items)
        above += [people.opinions[user, one.item] - unseen.mean() for one in model.recommend(profile, 5)]

    assert np.mean(above) > 1.0


def test_the_same_ratings_make_the_same_model(people: Crowd) -> None:
    profile = Profile.of({3: 9, 14: 2})
    one, other = train(people.ratings), train(people.ratings)

    np.testing.assert_array_equal(one.predict(profile), other.predict(profile))
    np.testing.assert_array_equal(one.scores(profile), other.scores(profile))


@pytest.mark.parametrize("ratings", [
    [("a", "x", 1.0), ("b", "y", 9.0)],
    [("a", "x", 1.0), ("a", "y", 9.0), ("b", "x", 5.0)],
    [(f"u{user}", f"i{item}", float(user % 5)) for user in range(5) for item in range(4)],
])  # fmt: skip
def test_very_few_ratings_make_a_model_that_answers(ratings: list[tuple[str, str, float]]) -> None:
    model = train(ratings_of(ratings))
    for profile in (Profile.of({}), Profile.of({0: 5.0})):
        assert np.isfinite(model.predict(profile)).all()
        assert np.isfinite(model.scores(profile)).all()
        assert len(model.recommend(profile)) == len(model.items) - len(profile.items)


def test_nothing_to_learn_from_is_said_before_training() -> None:
    with pytest.raises(RatingsError, match="one user"):
        train(ratings_of([("a", "x", 1.0), ("a", "y", 2.0)]))


def test_names_are_found_whatever_their_case_and_by_id() -> None:
    names = ItemNames(["Q1", "Q2"], {"Q1": "Angelina Jolie"})

    assert [names.find(text) for text in ("angelina  JOLIE ", "Q1", "Q2", "Brad")] == [0, 0, 1, None]


def test_similar_names_are_suggested_for_an_unknown_one() -> None:
    names = ItemNames(["Q1", "Q2", "Q3"], {"Q1": "Angelina Jolie", "Q2": "Adam Sandler", "Q3": "Adam Driver"})

    with pytest.raises(UnknownNames) as raised:
        names.require(["Adam Sandler", "Angelina Joly", "Xyz"])

    assert raised.value.names == ("Angelina Joly", "Xyz")
    assert str(raised.value) == "nobody has rated 'Angelina Joly'; similar: Angelina Jolie\nnobody has rated 'Xyz'"
