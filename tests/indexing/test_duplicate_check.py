"""Suspects: made-up points in a plane first, then photos of real people under other names."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery import calibration
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.indexing import duplicate_check
from lookalike.indexing.duplicate_check import (
    DUPLICATE_DISTANCE,
    MIXED_DISTANCE,
    SharedFile,
    Suspects,
    find_mixed,
    find_suspects,
    near_pairs,
    two_groups,
)
from tests.conftest import SmallIndex

Floats = npt.NDArray[np.float32]
FAR = 10.0  # nobody is as near as that by chance


def person(id: str, *files: str, sha1s: Sequence[str] = ()) -> Celebrity:
    sha1_of = dict(zip(files, sha1s, strict=False))
    photos = tuple(CelebrityPhoto(file=file, sha1=sha1_of.get(file)) for file in files)
    return Celebrity(id=id, name={"en": id}, photos=photos)


def points(*pairs: tuple[float, float]) -> Floats:
    return np.array(pairs, dtype=np.float32)


def found(people: Sequence[Celebrity], *photos: Floats) -> Suspects:
    """Suspects among celebrities with these photos each."""
    owners = np.repeat(np.arange(len(people), dtype=np.int32), [len(own) for own in photos])
    mixed = [
        one
        for celebrity, own in zip(people, photos, strict=True)
        for one in find_mixed(celebrity, own, [photo.file for photo in celebrity.photos])
    ]
    return find_suspects(people, np.stack([own.mean(axis=0) for own in photos]), np.concatenate(photos), owners, mixed)


# One person under two names.


def test_two_celebrities_with_near_centroids_are_a_duplicate_pair() -> None:
    ada, bob, eve = person("ada", "a.jpg"), person("bob", "b.jpg"), person("eve", "e.jpg")
    near = DUPLICATE_DISTANCE * 0.9

    one = found([ada, eve, bob], points((0, 0)), points((FAR, 0)), points((near, 0)))

    assert [(pair.first, pair.second, pair.photos) for pair in one.duplicates] == [(ada, bob, ("a.jpg", "b.jpg"))]
    assert one.duplicates[0].distance == pytest.approx(near, abs=1e-3)


def test_celebrities_as_far_apart_as_the_limit_are_no_pair() -> None:
    assert (
        found([person("ada"), person("bob")], points((0, 0)), points((DUPLICATE_DISTANCE + 0.0005, 0))).duplicates == ()
    )


def test_the_photos_shown_of_a_pair_are_those_most_alike() -> None:
    ada, bob = person("ada", "a1.jpg", "a2.jpg"), person("bob", "b1.jpg", "b2.jpg")

    (pair,) = found([ada, bob], points((0, -0.2), (0, 0.2)), points((0.2, 0.2), (0.2, -0.4))).duplicates

    assert pair.photos == ("a2.jpg", "b1.jpg")


def test_a_pair_without_files_names_none() -> None:
    (pair,) = found([person("ada"), person("bob")], points((0, 0)), points((0, 0.1))).duplicates

    assert pair.photos is None


def test_the_nearest_pair_comes_first() -> None:
    people = [person(name) for name in ("ada", "bob", "eve", "kim")]

    suspects = found(people, points((0, 0)), points((0.3, 0)), points((FAR, 0)), points((FAR + 0.1, 0)))

    assert [(pair.first.id, pair.second.id) for pair in suspects.duplicates] == [("eve", "kim"), ("ada", "bob")]


def test_only_the_nearest_of_many_pairs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicate_check, "MAX_DUPLICATE_PAIRS", 2)

    pairs = near_pairs(points((0, 0), (0.01, 0), (0.03, 0), (0.06, 0)))

    assert [pair[:2] for pair in pairs] == [(0, 1), (1, 2)]


@pytest.mark.parametrize("cells", [1, 7, 2**24])
def test_pairs_are_the_same_in_blocks_of_any_size(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "BLOCK_CELLS", cells)
    means = np.random.default_rng(5).normal(size=(40, 2)).astype(np.float32)
    expected = {
        (i, j) for i in range(40) for j in range(i + 1, 40) if np.linalg.norm(means[i] - means[j]) < DUPLICATE_DISTANCE
    }

    pairs = near_pairs(means)

    assert len(expected) > 10
    assert {pair[:2] for pair in pairs} == expected
    assert len(pairs) == len(expected)


# Two people under one name.


def test_photos_in_two_groups_are_mixed() -> None:
    ada = person("ada", "1.jpg", "2.jpg", "3.jpg")
    apart = MIXED_DISTANCE * 1.5

    (one,) = found([ada], points((0, 0), (apart, 0), (0, 0.1))).mixed

    assert one.celebrity == ada
    assert sorted(one.groups) == [("1.jpg", "3.jpg"), ("2.jpg",)]
    assert one.distance == pytest.approx(np.hypot(apart, 0.05), abs=1e-3)


def test_photos_no_farther_apart_than_the_limit_are_of_one_person() -> None:
    assert found([person("ada", "1.jpg", "2.jpg")], points((0, 0), (MIXED_DISTANCE * 0.99, 0))).mixed == ()


@pytest.mark.parametrize("own", [points((0, 0)), points((0, 0), (0, 0)), points((1, 1), (1, 1), (1, 1))])
def test_one_photo_or_equal_ones_are_not_mixed(own: Floats) -> None:
    assert found([person("ada")], own).mixed == ()


def test_mixed_photos_without_files_name_none() -> None:
    (one,) = found([person("ada")], points((0, 0), (1, 0))).mixed

    assert one.groups == ((), ())


def test_the_widest_groups_come_first() -> None:
    suspects = found([person("ada"), person("bob")], points((0, 0), (1, 0)), points((FAR, 0), (FAR, 2)))

    assert [one.celebrity.id for one in suspects.mixed] == ["bob", "ada"]


# One photo under several names.


def test_the_same_photo_under_two_people_is_named_with_both_files() -> None:
    ada, bob = person("ada", "a.jpg", sha1s=["1f"]), person("bob", "b1.jpg", "b2.jpg", sha1s=["2f", "1f"])

    assert found([ada, bob], points((0, 0)), points((FAR, 0), (FAR, 0.1))).shared == (
        SharedFile((ada, bob), ("a.jpg", "b2.jpg")),
    )


def test_the_same_photo_twice_under_one_person_is_not_shared() -> None:
    assert found([person("ada", "1.jpg", "2.jpg", sha1s=["1f", "1f"])], points((0, 0), (0, 0))).shared == ()


def test_photos_without_a_hash_are_not_shared() -> None:
    assert found([person("ada", "1.jpg"), person("bob", "1.jpg")], points((0, 0)), points((FAR, 0))).shared == ()


def test_an_empty_gallery_has_no_suspects() -> None:
    none = np.empty((0, 128), np.float32)

    assert find_suspects([], none, none, np.empty(0, np.int32), []) == Suspects()


# Real people.


@pytest.fixture(scope="module")
def embeddings(small_index: SmallIndex) -> dict[str, tuple[Celebrity, Floats]]:
    """The small index: each person with the photos."""
    celebrities = Gallery.load(small_index.directory).celebrities
    with np.load(small_index.directory / "embeddings.npz") as arrays:
        photos, owners = arrays["photos"], arrays["photo_owner"]
    return {one.id: (one, photos[owners == row]) for row, one in enumerate(celebrities)}


def test_twenty_real_people_have_no_suspects(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    people, photos = zip(*embeddings.values(), strict=True)

    assert found(people, *photos) == Suspects()


def test_one_person_under_two_names_is_found(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    rest = [one for one in embeddings.values() if len(one[1]) < 4]
    dealt = [(one, own) for one, own in embeddings.values() if len(own) == 4]
    assert len(dealt) >= 3
    people = [one for one, _ in rest]
    photos = [own for _, own in rest]
    for one, own in dealt:
        people += [person(f"{one.id} first"), person(f"{one.id} second")]
        photos += [own[::2], own[1::2]]

    pairs = found(people, *photos).duplicates

    right = sum(two.first.id.rsplit(" ", 1)[0] == two.second.id.rsplit(" ", 1)[0] for two in pairs)
    assert right == len(pairs)
    assert right >= len(dealt) / 2  # with two photos a name four in five (bench/gates.py)


def test_two_people_under_one_name_are_put_into_two_groups(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    every = [own[:2] for _, own in embeddings.values()]
    pairs = list(zip(every[::2], every[1::2], strict=True))
    parts = [two_groups(np.concatenate(pair)) for pair in pairs]

    assert sum(distance > MIXED_DISTANCE for distance, _ in parts) >= 0.9 * len(pairs)
    for (one, _), (_, first) in zip(pairs, parts, strict=True):
        assert first[: len(one)].all() != first[len(one) :].all()
        assert len(set(first[: len(one)])) == len(set(first[len(one) :])) == 1
