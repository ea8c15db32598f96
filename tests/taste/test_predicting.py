"""Predicted ratings: each part against a slow twin, and the whole against what people really think."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.taste.predicting.baselines import fit_baselines
from lookalike.taste.predicting.factors import count_features, packed, unpacked
from lookalike.taste.predicting.fit_factors import fit_factors
from lookalike.taste.predicting.neighbours import POWER, PRIOR, SHRINKAGE, fit_neighbours, predict_residuals
from lookalike.taste.predicting.rating_predictor import RatingPredictor, fit_predictor
from lookalike.taste.ratings import Profile, Ratings, ratings_of
from tests.support.taste.people import Crowd, crowd

pytestmark = pytest.mark.fast

Values = npt.NDArray[np.floating]


@pytest.fixture(scope="module")
def people() -> Crowd:
    return crowd()


@pytest.fixture(scope="module")
def predictor(people: Crowd) -> RatingPredictor:
    return fit_predictor(people.ratings, nothing)


def nothing(share: float) -> None:
    """Nobody watches the progress."""


def rmse(a: Values, b: Values) -> float:
    return float(np.sqrt(np.mean((a - b) ** 2)))


def first_profile(ratings: Ratings, user: int = 0) -> Profile:
    return ratings.profile(user, ratings.starts())


def test_a_person_folded_in_has_the_bias_of_training(people: Crowd) -> None:
    baselines, residuals = fit_baselines(people.ratings)
    starts = people.ratings.starts()

    for user in range(people.ratings.n_users):
        profile = people.ratings.profile(user, starts)
        np.testing.assert_allclose(baselines.residuals(profile), residuals[starts[user] : starts[user + 1]], atol=1e-4)


def test_packed_matrices_are_the_same_again() -> None:
    matrices = np.random.default_rng(0).normal(size=(5, 4, 4)).astype(np.float32)
    symmetric = matrices + matrices.transpose(0, 2, 1)

    np.testing.assert_array_equal(unpacked(packed(symmetric), 4), symmetric)


def test_the_taste_of_a_person_is_the_posterior_written_out(people: Crowd) -> None:
    factors = fit_factors(people.ratings, nothing)
    profile = first_profile(people.ratings)
    prior = count_features(np.array([len(profile.items)]), factors.count_center)[0] @ factors.prior_of_count
    precision, against = factors.precision.astype(float), np.zeros(factors.size)
    for item, value in zip(profile.items, profile.values, strict=True):
        prior = prior + factors.prior_of_item[item] / np.sqrt(len(profile.items))
        one = np.append(factors.traits[item, :-1], 1)
        precision = precision + unpacked(factors.moments[item][None], factors.size)[0] / factors.noise
        against += (one * (value - factors.mean) / factors.spread - factors.offsets[item]) / factors.noise

    wanted = np.linalg.solve(precision, against + factors.precision @ prior)

    np.testing.assert_allclose(factors.taste(profile), wanted, rtol=1e-4, atol=1e-5)


def test_where_everybody_has_rated_the_same_items_a_new_person_with_few_ratings_is_understood() -> None:
    """Who rated what tells nothing there: its singular values are all but one zero, save for rounding."""
    people, items = 60, 11
    triples = [
        (f"u{u}", f"i{i}", 9.0 - u % 2 if (u + i) % 2 else 2.0 + u % 2) for u in range(people) for i in range(items)
    ]
    predictor = fit_predictor(ratings_of(triples), nothing)
    predicted = predictor.predict(Profile.of({0: 9, 2: 8, 1: 2}))

    assert np.abs(predictor.factors.prior_of_item).max() < 10  # hundreds and thousands where rounding is divided by
    assert predicted[4::2].min() > 7
    assert predicted[3::2].max() < 4


def test_the_factors_report_the_noise_that_was_planted() -> None:
    many = crowd(users=600, items=60, each=40)
    factors = fit_factors(many.ratings, nothing)

    assert factors.noise**0.5 * factors.spread == pytest.approx(0.75, abs=0.1)  # 0.7, and rounding to whole numbers


def slow_similarity(ratings: Ratings, residuals: Values, one: int, other: int) -> float:
    rows = list(zip(ratings.users, ratings.items, residuals, strict=True))
    of = [{int(user): float(e) for user, item, e in rows if item == i} for i in (one, other)]
    both = of[0].keys() & of[1].keys()
    if not both:
        return 0.0
    a, b = (np.array([mine[user] for user in sorted(both)]) for mine in of)
    correlation = (a @ b) / np.sqrt((a @ a) * (b @ b)) * (len(both) - 1) / (len(both) - 1 + SHRINKAGE)
    return float(max(correlation, 0) ** POWER)


def test_neighbours_are_weighted_as_their_formula_says(people: Crowd) -> None:
    _, residuals = fit_baselines(people.ratings)
    weights = fit_neighbours(people.ratings, residuals, nothing)

    for one, other in itertools.combinations(range(0, 80, 9), 2):
        found = weights.into(np.array([one], np.int32), np.array([other], np.int32))[0, 0]
        assert found == pytest.approx(slow_similarity(people.ratings, residuals, one, other), rel=1e-3, abs=1e-7)


def test_a_residual_is_predicted_as_the_weighted_mean_of_the_persons_own(people: Crowd) -> None:
    _, residuals = fit_baselines(people.ratings)
    weights = fit_neighbours(people.ratings, residuals, nothing)
    profile, own = Profile.of({3: 9, 14: 2, 15: 7}), np.array([2.0, -3.0, 0.5], np.float32)
    predicted, support = predict_residuals(weights, profile, own)

    for target in range(80):
        of_target = weights.into(np.array([target], np.int32), profile.items)[0]
        assert predicted[target] == pytest.approx((of_target @ own) / (of_target.sum() + PRIOR), rel=1e-3, abs=1e-6)
        assert support[target] == pytest.approx(of_target.sum(), rel=1e-4)


def test_what_people_think_of_items_they_have_not_rated_is_predicted(people: Crowd, predictor: RatingPredictor) -> None:
    hidden = people.hidden()
    starts = people.ratings.starts()
    profiles = [people.ratings.profile(user, starts) for user in range(people.ratings.n_users)]
    found = np.array([predictor.predict(profile) for profile in profiles])
    levels = np.array([predictor.parts(profile)["biases"] for profile in profiles])
    middle = np.full(people.opinions.shape, people.ratings.values.mean())

    ours, biases, mean = (rmse(one[hidden], people.opinions[hidden]) for one in (found, levels, middle))

    assert ours < 0.7 * biases < 0.7 * mean


def test_the_blend_is_better_than_biases_and_than_neighbours_alone() -> None:
    people, errors = crowd(seed=3), dict.fromkeys(("blend", "biases", "factors", "neighbours"), 0.0)
    predictor, hidden = fit_predictor(people.ratings, nothing), people.hidden()
    for user in range(people.ratings.n_users):
        profile = first_profile(people.ratings, user)
        found = {"blend": predictor.predict(profile), **predictor.parts(profile)}
        for name, one in found.items():
            errors[name] += float(((one - people.opinions[user])[hidden[user]] ** 2).sum())

    assert errors["blend"] < min(errors["biases"], errors["neighbours"])


def test_predictions_stay_on_the_scale(people: Crowd, predictor: RatingPredictor) -> None:
    for value in (1.0, 10.0):
        found = predictor.predict(Profile.of(dict.fromkeys(range(60), value)))
        assert found.min() >= 1
        assert found.max() <= 10


def test_who_has_rated_nothing_is_an_average_person(people: Crowd, predictor: RatingPredictor) -> None:
    found = predictor.predict(Profile.of({}))
    sums, counts = (np.bincount(people.ratings.items, weights) for weights in (people.ratings.values, None))

    assert np.corrcoef(found, sums / counts)[0, 1] > 0.9


def test_the_share_of_the_work_done_adds_up_to_one(people: Crowd) -> None:
    shares: list[float] = []
    fit_predictor(people.ratings, shares.append)

    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize(("factor", "shift"), [(0.5, 0.0), (10.0, 0.0), (1.0, -6.0)])
def test_ratings_on_another_scale_are_predicted_alike(people: Crowd, factor: float, shift: float) -> None:
    ratings = people.ratings
    other = Ratings(ratings.users, ratings.items, ratings.values * factor + shift, ratings.user_ids, ratings.item_ids)
    profile, wanted = first_profile(ratings), fit_factors(ratings, nothing)
    found = fit_factors(other, nothing).predict(Profile(profile.items, profile.values * factor + shift))

    np.testing.assert_allclose(found, wanted.predict(profile) * factor + shift, rtol=1e-2, atol=1e-2)
