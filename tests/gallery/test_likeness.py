"""One star and a face, one star and the stars like them."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import kstest

from lookalike.gallery.comparing import StrangerPairs
from lookalike.gallery.gallery import Gallery
from lookalike.indexing.index_writer import write_index
from tests.support.bot_api.conversation import STARTER
from tests.support.web.page import person

pytestmark = pytest.mark.fast


@pytest.fixture(scope="module")
def starter() -> Gallery:
    return Gallery.load(STARTER)


def others(gallery: Gallery, row: int, count: int) -> npt.NDArray[np.float32]:
    """Photos of other people, one of each."""
    rows = [one for one in range(0, len(gallery.celebrities), len(gallery.celebrities) // count) if one != row]
    return gallery.photos[gallery.photo_starts[rows]]


@pytest.mark.parametrize("id", ["Angelina_Jolie", "Will_Smith", "Shakira"])
def test_percentages_of_people_and_a_star_are_even(starter: Gallery, id: str) -> None:
    row = starter.celebrities.row_of_tag(id)
    assert row is not None
    found = [starter.likeness(photo, row).similarity for photo in others(starter, row, 300)]

    assert kstest(found, "uniform").statistic < 0.12


def test_a_photo_of_the_star_is_more_like_them_than_99_percent_of_people(starter: Gallery) -> None:
    rows = range(0, len(starter.celebrities), 31)
    found = [starter.likeness(starter.photos[starter.photo_starts[row]], row).similarity for row in rows]

    assert min(found) > 0.99


def test_the_distance_is_true_and_the_score_has_the_corrections(starter: Gallery) -> None:
    probe = starter.photos[0]
    found = starter.likeness(probe, 7)

    assert found.celebrity == starter.celebrities[7]
    assert found.distance == pytest.approx(float(np.linalg.norm(starter.centroids[7] - probe)), abs=1e-6)
    assert found.score == pytest.approx(found.distance + float(starter.corrections[7]))


def test_without_a_cohort_the_pairs_of_another_set_of_photos_serve() -> None:
    pairs = StrangerPairs.of(np.zeros((1, 4), np.float32), np.zeros(1, np.int32))
    one, other = np.zeros(4, np.float32), np.ones(4, np.float32)

    assert pairs.likeness(one, other, 0) == pairs.compare(one, other)


def test_kin_are_the_nearest_by_a_plain_loop(starter: Gallery) -> None:
    own = starter.centroids[5].astype(np.float64)
    far = [(float(np.linalg.norm(one - own)), row) for row, one in enumerate(starter.centroids) if row != 5]
    found = starter.kin(5, 6)

    assert [one.celebrity for one in found] == [starter.celebrities[row] for _, row in sorted(far)[:6]]
    assert [one.distance for one in found] == pytest.approx([distance for distance, _ in sorted(far)[:6]], abs=1e-3)
    for one, (_, row) in zip(found, sorted(far), strict=False):
        other = starter.centroids[row].astype(np.float64)
        assert one.cosine == pytest.approx(own @ other / np.linalg.norm(own) / np.linalg.norm(other), abs=1e-4)


def test_the_similarity_of_kin_is_that_of_a_match_of_the_most_typical_photo(starter: Gallery) -> None:
    row = 5
    own = starter.photos[starter.photo_starts[row] : starter.photo_starts[row + 1]]
    typical = own[np.linalg.norm(own - starter.centroids[row], axis=1).argmin()]
    far = np.linalg.norm(starter.centroids - typical, axis=1)
    radius = float(np.sort(np.delete(far, row))[:100].mean())  # as for photos of the gallery: of others
    found = starter.kin(row, 6)

    rows = [starter.celebrities.row(one.celebrity.id) for one in found]
    scores = [float(far[other] + starter.corrections[other]) for other in rows]
    expected = [starter.calibration.similarity(score, radius) for score in scores]
    assert [one.similarity for one in found] == pytest.approx(expected, abs=1e-3)


def test_kin_of_all_stars_are_as_similar_as_people_are_to_their_stars(starter: Gallery) -> None:
    best = [max(one.similarity for one in starter.kin(row, 6)) for row in range(0, len(starter.celebrities), 5)]

    assert kstest(best, "uniform").statistic < 0.12


def test_the_only_celebrity_has_no_kin(tmp_path: Path) -> None:
    write_index([person(0)], tmp_path)

    assert Gallery.load(tmp_path).kin(0, 6) == ()
