"""From a score and a radius to a similarity."""

from math import erf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.gallery.calibration import MIN_SIMILARITY, Calibration

pytestmark = pytest.mark.fast

LFW = Calibration(mu=0.525, sigma=0.04, radius_weight=0.0)


def test_the_mean_of_best_scores_is_fifty_percent() -> None:
    assert LFW.similarity_of(0.525) == pytest.approx(0.5)


def test_a_similarity_is_that_of_the_score_less_a_part_of_the_radius() -> None:
    half = Calibration(mu=0.525, sigma=0.04, radius_weight=0.5)

    assert half.similarity(0.525 + 0.35, 0.7) == pytest.approx(0.5)
    assert LFW.similarity(0.5, 0.7) == LFW.similarity_of(0.5)


@pytest.mark.parametrize(
    ("deviations", "similarity"),
    [(-2, 0.97725), (-1, 0.84134), (-0.5, 0.69146), (0.5, 0.30854), (1, 0.15866), (2, 0.02275)],
)
def test_a_similarity_is_the_upper_tail_of_the_normal_distribution(deviations: float, similarity: float) -> None:
    """From a table of the normal distribution."""
    assert LFW.similarity_of(0.525 + deviations * 0.04) == pytest.approx(similarity, abs=1e-5)


@given(st.floats(-10, 10))
def test_a_similarity_is_what_the_contract_says(score: float) -> None:
    phi = (1 + erf((score - 0.525) / 0.04 / sqrt(2))) / 2

    assert LFW.similarity_of(score) == pytest.approx(max(MIN_SIMILARITY, 1 - phi), abs=1e-12)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_nearer_is_never_less_alike(one: float, other: float) -> None:
    assert LFW.similarity_of(min(one, other)) >= LFW.similarity_of(max(one, other))


@given(st.floats(allow_nan=False))
def test_a_similarity_is_never_under_the_least_and_never_over_one(score: float) -> None:
    assert MIN_SIMILARITY <= LFW.similarity_of(score) <= 1
