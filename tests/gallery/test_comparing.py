"""How alike two faces are: even for strangers, high for one person, and the same for photos of any camera."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import kstest

from lookalike.gallery.calibration import MIN_SIMILARITY
from lookalike.gallery.comparing import LFW_MU, StrangerPairs

pytestmark = pytest.mark.fast

Floats = npt.NDArray[np.float32]

CHANCE = np.random.default_rng(3)
PEOPLE = CHANCE.normal(0, 0.065, (400, 128))


def photo(person: npt.NDArray[np.float64]) -> Floats:
    """One photo of somebody."""
    return (person + CHANCE.normal(0, 0.03, 128)).astype(np.float32)


@pytest.fixture(scope="module")
def pairs() -> StrangerPairs:
    """Of a gallery of 300 people with three photos each."""
    owners = np.repeat(np.arange(300, dtype=np.int32), 3)
    return StrangerPairs.of(np.array([photo(PEOPLE[owner]) for owner in owners]), owners)


@pytest.fixture(scope="module")
def strangers() -> list[Floats]:
    """Photos of people who are not in the gallery."""
    return [photo(person) for person in PEOPLE[300:]]


def test_percentages_of_pairs_of_strangers_are_even(pairs: StrangerPairs, strangers: list[Floats]) -> None:
    similarities = [
        pairs.compare(one, other).similarity
        for number, one in enumerate(strangers)
        for other in strangers[number + 1 :]
    ]

    assert kstest(similarities, "uniform").statistic < 0.05


def test_two_photos_of_one_person_are_more_alike_than_99_percent(pairs: StrangerPairs) -> None:
    similarities = [pairs.compare(photo(person), photo(person)).similarity for person in PEOPLE[300:]]

    assert np.mean(np.array(similarities) > 0.99) > 0.98


def test_a_distance_is_compared_less_a_part_of_how_far_both_are_from_the_cohort() -> None:
    """By hand: they are 5 apart, and 3 and 4 from the cohort; 5 - 0.8 * 3.5 is 1.2 deviations above the mean."""
    pairs = StrangerPairs(np.zeros((2, 2), np.float32), mu=1, sigma=1)
    found = pairs.compare(np.array([3, 0], np.float32), np.array([0, 4], np.float32))

    assert (found.distance, round(found.similarity, 4)) == (5, 0.1151)


def test_the_order_of_the_two_is_of_no_account(pairs: StrangerPairs, strangers: list[Floats]) -> None:
    one, other = pairs.compare(strangers[0], strangers[1]), pairs.compare(strangers[1], strangers[0])

    assert one.distance == pytest.approx(other.distance)
    assert one.similarity == pytest.approx(other.similarity, abs=1e-5)


def test_a_face_is_at_distance_0_from_itself(pairs: StrangerPairs, strangers: list[Floats]) -> None:
    same = pairs.compare(strangers[0], strangers[0])

    assert (same.distance, round(same.similarity, 3)) == (0, 1)


def test_no_pair_gets_0_percent(pairs: StrangerPairs, strangers: list[Floats]) -> None:
    assert pairs.compare(strangers[0], -5 * strangers[0]).similarity == MIN_SIMILARITY


@pytest.mark.parametrize("photos", [1, 3])
def test_in_a_gallery_of_one_person_distances_of_lfw_are_the_measure(strangers: list[Floats], photos: int) -> None:
    pairs = StrangerPairs.of(np.array(strangers[:photos]), np.zeros(photos, np.int32))
    direction = np.eye(1, 128, dtype=np.float32)[0]

    assert pairs.compare(0 * direction, np.float32(LFW_MU) * direction).similarity == pytest.approx(0.5, abs=1e-5)


def test_two_people_in_a_gallery_are_a_pair() -> None:
    """By hand: one pair at distance 2, of which each is at 2 from the other: 2 - 0.8 * 2."""
    pairs = StrangerPairs.of(np.array([[0, 0], [2, 0]], np.float32), np.array([0, 1], np.int32))

    assert pairs.mu == pytest.approx(0.4)
