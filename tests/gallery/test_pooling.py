"""Photos of one person, and of others among them, to one embedding."""

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery.pooling import SAME_PERSON, centroid, pooled

pytestmark = pytest.mark.fast


def floats(*rows: tuple[float, ...]) -> npt.NDArray[np.float32]:
    return np.array(rows, np.float32)


def test_the_mean_of_one_photo_is_that_photo() -> None:
    mean, keep = centroid(floats((1, 2)))

    assert (mean.tolist(), keep.tolist()) == ([1, 2], [True])


def test_two_photos_are_both_kept_however_unlike() -> None:
    """Which of two is the wrong one cannot be known."""
    mean, keep = centroid(floats((0, 0), (8, 4)))

    assert (mean.tolist(), keep.tolist()) == ([4, 2], [True, True])


def test_of_three_photos_the_one_of_another_person_is_dropped() -> None:
    mean, keep = centroid(floats((0, 0), (5, 0), (0.5, 0)))

    assert keep.tolist() == [True, False, True]
    np.testing.assert_allclose(mean, [0.25, 0])


def test_photos_as_far_apart_as_one_person_may_be_are_kept() -> None:
    _, keep = centroid(floats((0, 0), (SAME_PERSON - 0.01, 0), (0.01 - SAME_PERSON, 0), (0, 0.1)))

    assert keep.tolist() == [True] * 4


def test_of_many_photos_all_wrong_ones_are_dropped() -> None:
    random = np.random.default_rng(1)
    right, wrong = random.normal(0, 0.01, (6, 128)), random.normal(0.1, 0.01, (4, 128))
    mean, keep = centroid(np.concatenate([wrong[:2], right, wrong[2:]]).astype(np.float32))

    assert keep.tolist() == [False] * 2 + [True] * 6 + [False] * 2
    np.testing.assert_allclose(mean, right.mean(axis=0), atol=1e-6)


def test_equal_photos_are_all_kept() -> None:
    assert centroid(np.ones((5, 128), np.float32))[1].all()


def test_three_photos_of_three_people_leave_one() -> None:
    mean, keep = centroid(floats((0, 0), (5, 0), (11, 0)))

    assert keep.sum() == 1
    assert mean.tolist() == floats((0, 0), (5, 0), (11, 0))[keep][0].tolist()


# Pooled embeddings of probes.


def test_photos_of_one_person_are_pooled_to_their_mean() -> None:
    embedding, count = pooled([*floats((0, 0), (0.3, 0), (0, 0.3))])

    assert count == 3
    assert embedding.dtype == np.float32
    np.testing.assert_allclose(embedding, [0.1, 0.1])


def test_a_photo_of_somebody_else_is_not_pooled() -> None:
    embedding, count = pooled([*floats((0, 0), (5, 0), (0.2, 0))])

    assert count == 2
    np.testing.assert_allclose(embedding, [0.1, 0])


def test_of_two_people_in_two_photos_the_first_counts() -> None:
    embedding, count = pooled([*floats((1, 2), (9, 9))])

    assert (embedding.tolist(), count) == ([1, 2], 1)


def test_no_photos_cannot_be_pooled() -> None:
    with pytest.raises(ValueError, match="no photos"):
        pooled([])
