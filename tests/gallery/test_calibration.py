"""Corrections and calibration: numbers worked out by hand, plain loops, and random people."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import kstest

from lookalike.gallery import calibration
from lookalike.gallery.calibration import (
    HUB_NEIGHBOURS,
    Calibration,
    best_matches,
    calibrate,
    distance_matrix,
    fame,
    hub_corrections,
    hub_radii,
)

pytestmark = pytest.mark.fast

Floats = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int32]

LFW = Calibration(mu=0.525, sigma=0.04, radius_weight=0.0)


def floats(*rows: tuple[float, ...]) -> Floats:
    return np.array(rows, np.float32)


# Four people on a line, one photo each; each is its own mean.
LINE = floats((0, 0), (1, 0), (3, 0), (10, 0))
EACH = np.arange(4, dtype=np.int32)
NONE = np.zeros(4, np.float32)


class RandomPeople:
    """Clusters of embeddings as photos of people make them: each person a cluster in a larger one."""

    def __init__(self, people: int = 300, photos: int = 5, seed: int = 21) -> None:
        random = np.random.default_rng(seed)
        places = random.normal(0, 0.065, (people, 128))
        self.owners: Owners = np.repeat(np.arange(people, dtype=np.int32), photos)
        self.photos: Floats = (places[self.owners] + random.normal(0, 0.03, (people * photos, 128))).astype(np.float32)
        self.centroids: Floats = self.photos.reshape(people, photos, 128).mean(axis=1)


@pytest.fixture(scope="module")
def crowd() -> RandomPeople:
    return RandomPeople()


# Hubs.


def test_corrections_of_people_on_a_line() -> None:
    """By hand: r = (1+3+10)/3, (1+2+9)/3, (3+2+7)/3, (10+9+7)/3 = 14, 12, 12, 26 thirds; their mean is 16 thirds."""
    expected = -0.5 * (np.array([14, 12, 12, 26]) - 16) / 3

    np.testing.assert_allclose(hub_corrections(LINE, LINE, EACH), expected, rtol=1e-3)


def test_only_the_nearest_photos_of_others_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: the nearest other is at 1, 1, 2, 7; the mean is 2.75."""
    monkeypatch.setattr(calibration, "HUB_NEIGHBOURS", 1)

    np.testing.assert_allclose(hub_corrections(LINE, LINE, EACH), [0.875, 0.875, 0.375, -2.125], rtol=1e-3)


def test_corrections_of_all_people_are_zero_on_average(crowd: RandomPeople) -> None:
    corrections = hub_corrections(crowd.centroids, crowd.photos, crowd.owners)

    assert corrections.mean() == pytest.approx(0, abs=1e-6)
    assert corrections.std() > 1e-4


def naive_corrections(centroids: Floats, photos: Floats, owners: Owners) -> list[float]:
    radii = []
    for person, place in enumerate(centroids.astype(np.float64)):
        others = sorted(float(np.linalg.norm(photo - place)) for photo in photos[owners != person])
        radii.append(sum(others[:HUB_NEIGHBOURS]) / len(others[:HUB_NEIGHBOURS]))
    return [-0.5 * (radius - sum(radii) / len(radii)) for radius in radii]


@pytest.mark.parametrize("block", [1, 7, 64, 1024])
def test_corrections_in_blocks_equal_a_plain_loop(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = RandomPeople(people=60, photos=3)
    monkeypatch.setattr(calibration, "BLOCK_CELLS", block)

    np.testing.assert_allclose(
        hub_corrections(crowd.centroids, crowd.photos, crowd.owners),
        naive_corrections(crowd.centroids, crowd.photos, crowd.owners),
        atol=1e-5,
    )


def test_a_corrected_hub_is_the_nearest_of_fewer_people(crowd: RandomPeople) -> None:
    """A celebrity whose photos are nearly the mean of all."""
    hub = crowd.photos.mean(axis=0) * 0.7 + crowd.centroids[0] * 0.3
    centroids = np.vstack([hub, crowd.centroids[1:]])
    photos = crowd.photos.copy()
    photos[crowd.owners == 0] = hub
    corrections = hub_corrections(centroids, photos, crowd.owners)
    strangers = RandomPeople(photos=1, seed=22).photos

    distances = np.linalg.norm(strangers[:, None] - centroids[None], axis=2)
    before = int((distances.argmin(axis=1) == 0).sum())
    after = int(((distances + corrections).argmin(axis=1) == 0).sum())
    assert corrections.argmax() == 0
    assert before > len(strangers) / 2
    assert after < before / 1.2


def test_a_gallery_of_one_is_not_corrected() -> None:
    assert hub_corrections(LINE[:1], LINE[:2], np.zeros(2, np.int32)).tolist() == [0]


# Best scores and their distribution.


def test_best_scores_of_people_on_a_line() -> None:
    np.testing.assert_allclose(best_matches(LINE, NONE, LINE, EACH).scores, [1, 1, 2, 7], rtol=1e-3)


def test_a_best_score_counts_the_correction() -> None:
    """The first is nearer to the third (3 - 2.5) than to the second (1 + 0)."""
    corrections = np.array([0, 0, -2.5, 0], np.float32)

    np.testing.assert_allclose(best_matches(LINE, corrections, LINE, EACH).scores[0], 0.5, rtol=1e-3)


def test_a_photo_of_nobody_here_is_matched_with_everybody() -> None:
    """Owner -1: such as photos of women, where a filter leaves men."""
    found = best_matches(LINE[:3], NONE[:3], LINE, np.array([0, 1, 2, -1], np.int32))

    assert found.rows.tolist() == [1, 0, 1, 2]
    np.testing.assert_allclose(found.scores, [1, 1, 2, 7], rtol=1e-3)


@pytest.mark.parametrize(
    ("neighbours", "radii"), [(1, [1, 1, 2, 7]), (2, [2, 1.5, 2.5, 8]), (3, [14 / 3, 4, 4, 26 / 3])]
)
def test_radii_of_people_on_a_line(neighbours: int, radii: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand, as the corrections above; there are never four others."""
    monkeypatch.setattr(calibration, "RADIUS_NEIGHBOURS", neighbours)

    np.testing.assert_allclose(best_matches(LINE, NONE, LINE, EACH).radii, radii, rtol=1e-3)


def test_a_radius_counts_neither_corrections_nor_the_owner(crowd: RandomPeople) -> None:
    corrections = np.random.default_rng(5).normal(0, 0.05, len(crowd.centroids)).astype(np.float32)
    found = best_matches(crowd.centroids, corrections, crowd.photos[:50], crowd.owners[:50])
    for photo, owner, radius in zip(crowd.photos[:50], crowd.owners[:50], found.radii, strict=True):
        others = np.delete(np.linalg.norm(crowd.centroids - photo, axis=1), owner)

        assert radius == pytest.approx(np.sort(others)[:100].mean(), abs=1e-5)


@pytest.mark.parametrize("block", [1, 7, 64, 1024])
def test_best_scores_in_blocks_equal_a_plain_loop(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = RandomPeople(people=60, photos=3)
    corrections = np.random.default_rng(2).normal(0, 0.05, 60).astype(np.float32)
    monkeypatch.setattr(calibration, "BLOCK_CELLS", block)
    expected = [
        min(
            float(np.linalg.norm(photo - place)) + correction
            for person, (place, correction) in enumerate(zip(crowd.centroids, corrections, strict=True))
            if person != owner
        )
        for photo, owner in zip(crowd.photos, crowd.owners, strict=True)
    ]

    np.testing.assert_allclose(
        best_matches(crowd.centroids, corrections, crowd.photos, crowd.owners).scores, expected, atol=1e-5
    )


def test_a_best_match_is_the_one_with_the_best_score(crowd: RandomPeople) -> None:
    corrections = hub_corrections(crowd.centroids, crowd.photos, crowd.owners)
    best = best_matches(crowd.centroids, corrections, crowd.photos, crowd.owners)
    scores = np.linalg.norm(crowd.photos - crowd.centroids[best.rows], axis=1) + corrections[best.rows]

    assert (best.rows != crowd.owners).all()
    np.testing.assert_allclose(scores, best.scores, atol=1e-5)


def test_radii_of_some_are_those_they_have_among_all(crowd: RandomPeople) -> None:
    rows = np.array([7, 0, 31])
    all_of_them = hub_radii(crowd.centroids, crowd.photos, crowd.owners, np.arange(len(crowd.centroids)))

    np.testing.assert_allclose(
        hub_radii(crowd.centroids, crowd.photos, crowd.owners, rows), all_of_them[rows], atol=1e-6
    )


def test_calibration_of_people_on_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: the percentiles of 1, 1, 2, 7 at 0.1587 and 0.8413 are 1 and 2 + 5 · (4 · 0.8413 - 2.5) = 6.326.

    With one neighbour the radius is the best score itself, of which 0.67 is taken off.
    """
    monkeypatch.setattr(calibration, "RADIUS_NEIGHBOURS", 1)
    found = calibrate(LINE, NONE, LINE, EACH)

    assert found.mu == pytest.approx((6.326 + 1) / 2 * 0.33, rel=1e-3)
    assert found.sigma == pytest.approx((6.326 - 1) / 2 * 0.33, rel=1e-3)


def test_every_person_counts_alike_in_a_calibration() -> None:
    """One photo each of a hundred people, or nine more of one of them."""
    scores = np.linspace(0.4, 0.6, 100, dtype=np.float32)
    radii, people = np.full(109, 0.7, np.float32), np.r_[np.arange(100), np.zeros(9)].astype(np.int32)
    more = np.r_[scores, np.full(9, scores[0])]

    assert calibration.fit(more, radii, people).mu == pytest.approx(
        calibration.fit(scores, radii[:100], people[:100]).mu, abs=1e-3
    )


def test_a_few_photos_under_a_wrong_name_do_not_move_a_calibration() -> None:
    random = np.random.default_rng(6)
    scores, people = random.normal(0.5, 0.04, 1000).astype(np.float32), np.arange(1000, dtype=np.int32)
    radii = np.zeros(1000, np.float32)
    found = calibration.fit(scores, radii, people)
    scores[:10] = 0.0

    assert (found.mu, found.sigma) == pytest.approx((0.5, 0.04), abs=0.003)
    assert calibration.fit(scores, radii, people).sigma == pytest.approx(found.sigma, rel=0.02)


def test_a_gallery_without_others_takes_the_numbers_of_lfw() -> None:
    assert calibrate(LINE[:1], NONE[:1], LINE, np.zeros(4, np.int32)) == LFW


def test_best_matches_of_the_gallerys_photos_are_spread_evenly(crowd: RandomPeople) -> None:
    corrections = hub_corrections(crowd.centroids, crowd.photos, crowd.owners)
    found = calibrate(crowd.centroids, corrections, crowd.photos, crowd.owners)
    best = best_matches(crowd.centroids, corrections, crowd.photos, crowd.owners).standardised(found)

    assert kstest([found.similarity_of(float(score)) for score in best], "uniform").statistic < 0.06


def test_best_matches_of_strangers_are_spread_evenly(crowd: RandomPeople) -> None:
    corrections = hub_corrections(crowd.centroids, crowd.photos, crowd.owners)
    found = calibrate(crowd.centroids, corrections, crowd.photos, crowd.owners)
    strangers = RandomPeople(people=600, photos=1, seed=23).photos
    best = best_matches(crowd.centroids, corrections, strangers, np.full(600, -1, np.int32)).standardised(found)

    assert kstest([found.similarity_of(float(score)) for score in best], "uniform").statistic < 0.1


def test_the_percentage_hardly_depends_on_how_far_a_probe_is_from_all(crowd: RandomPeople) -> None:
    """Strangers whose embeddings a blur has moved a third of the way to the middle."""
    corrections = hub_corrections(crowd.centroids, crowd.photos, crowd.owners)
    found = calibrate(crowd.centroids, corrections, crowd.photos, crowd.owners)
    strangers = RandomPeople(people=600, photos=1, seed=23).photos
    medians = {}
    for name, probes in (("sharp", strangers), ("blurred", strangers * np.float32(0.67))):
        best = best_matches(crowd.centroids, corrections, probes, np.full(600, -1, np.int32))
        medians[name] = float(np.median(best.standardised(found)))
        medians[f"{name}, not standardised"] = float(np.median(best.scores))
    moved = medians["sharp, not standardised"] - medians["blurred, not standardised"]

    assert moved > 0.1
    assert abs(medians["sharp"] - medians["blurred"]) < moved / 2


# Few photos and fame.


def test_corrections_are_for_hubs_few_photos_and_fame() -> None:
    """By hand: 0.1 - 0.03 / 1 - 0.2 · 1, 0 - 0.03 / 3 - 0.2 · 0."""
    owners = np.array([0, 1, 1, 1], np.int32)
    found = calibration.score_corrections(floats((0.1, 0))[0], owners, floats((300, 0))[0], 0.2)

    np.testing.assert_allclose(found, [-0.13, -0.01], atol=1e-7)


def test_fame_is_the_logarithm_of_the_number_of_wikipedias() -> None:
    np.testing.assert_allclose(fame(floats((0, 16.349, 300, 500))[0]), [0, 0.5, 1, 1], atol=1e-4)


def test_unknown_fame_is_the_mean_of_the_others() -> None:
    np.testing.assert_allclose(fame(np.array([0, np.nan, 300], np.float32)), [0, 0.5, 1])
    assert fame(np.full(3, np.nan, np.float32)).tolist() == [0, 0, 0]


# Distances.


def test_distances_equal_a_plain_loop() -> None:
    random = np.random.default_rng(3)
    a, b = (random.normal(size=(n, 128)).astype(np.float32) for n in (7, 11))

    np.testing.assert_allclose(
        distance_matrix(a, b), [[float(np.linalg.norm(one - other)) for other in b] for one in a], rtol=1e-5
    )


def test_a_vector_is_at_no_distance_from_itself() -> None:
    vectors = np.random.default_rng(4).normal(0, 0.1, (50, 128)).astype(np.float32)

    assert np.diagonal(distance_matrix(vectors, vectors)).max() < 2e-3


def test_a_sample_stands_for_a_large_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    photos, owners = np.arange(40, dtype=np.float32).reshape(20, 2), np.arange(20, dtype=np.int32)
    monkeypatch.setattr(calibration, "SAMPLE", 5)
    few, whose = calibration.sample(photos, owners)

    assert whose.tolist() == [0, 4, 9, 14, 19]
    np.testing.assert_array_equal(few, photos[whose])
