"""Who may be somebody else: made-up points in a plane first, then real people dealt out to other names."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery import calibration
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.vector_index import ExactIndex, HnswIndex, HnswParameters
from lookalike.indexing import duplicate_check as suspects
from lookalike.indexing.duplicate_check import SPLIT, TWINS, SharedPhoto, Suspects, find, near_pairs, parted
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
    """Suspects among people with these photos each."""
    owners = np.repeat(np.arange(len(people), dtype=np.int32), [len(own) for own in photos])
    return find(people, np.stack([own.mean(axis=0) for own in photos]), np.concatenate(photos), owners)


# One person under two names.


def test_two_people_are_twins_where_their_means_are_near() -> None:
    ada, bob, eve = person("ada", "a.jpg"), person("bob", "b.jpg"), person("eve", "e.jpg")
    near = TWINS * 0.9

    one = found([ada, eve, bob], points((0, 0)), points((FAR, 0)), points((near, 0)))

    assert [(twins.first, twins.second, twins.photos) for twins in one.twins] == [(ada, bob, ("a.jpg", "b.jpg"))]
    assert one.twins[0].distance == pytest.approx(near, abs=1e-3)


def test_people_as_far_apart_as_the_limit_are_two() -> None:
    assert found([person("ada"), person("bob")], points((0, 0)), points((TWINS + 0.0005, 0))).twins == ()


def test_the_photos_shown_of_twins_are_those_most_alike() -> None:
    ada, bob = person("ada", "a1.jpg", "a2.jpg"), person("bob", "b1.jpg", "b2.jpg")

    (twins,) = found([ada, bob], points((0, -0.2), (0, 0.2)), points((0.2, 0.2), (0.2, -0.4))).twins

    assert twins.photos == ("a2.jpg", "b1.jpg")


def test_where_no_files_are_named_none_are_shown() -> None:
    (twins,) = found([person("ada"), person("bob")], points((0, 0)), points((0, 0.1))).twins

    assert twins.photos is None


def test_the_nearest_twins_come_first() -> None:
    people = [person(name) for name in ("ada", "bob", "eve", "kim")]

    suspects = found(people, points((0, 0)), points((0.3, 0)), points((FAR, 0)), points((FAR + 0.1, 0)))

    assert [(twins.first.id, twins.second.id) for twins in suspects.twins] == [("eve", "kim"), ("ada", "bob")]


def test_only_the_nearest_are_kept_of_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspects, "MAX_TWINS", 2)

    pairs = near_pairs(points((0, 0), (0.01, 0), (0.03, 0), (0.06, 0)))

    assert [pair[:2] for pair in pairs] == [(0, 1), (1, 2)]


@pytest.mark.parametrize("cells", [1, 7, 2**24])
def test_pairs_are_the_same_in_blocks_of_any_size(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "BLOCK_CELLS", cells)
    means = np.random.default_rng(5).normal(size=(40, 2)).astype(np.float32)
    expected = {(i, j) for i in range(40) for j in range(i + 1, 40) if np.linalg.norm(means[i] - means[j]) < TWINS}

    pairs = near_pairs(means)

    assert len(expected) > 10
    assert {pair[:2] for pair in pairs} == expected
    assert len(pairs) == len(expected)


@pytest.mark.parametrize(
    "make", [ExactIndex, lambda means: HnswIndex.build(means, HnswParameters(m=8, ef_construction=50, ef_search=50))]
)
def test_an_index_finds_the_same_pairs(make, small_gallery: Gallery, small_index: SmallIndex) -> None:  # type: ignore[no-untyped-def]  # either index
    with np.load(small_index.directory / "embeddings.npz") as arrays:
        means = arrays["centroids"]
    means = np.concatenate([means, means[:4] + np.float32(0.01)])  # 0.11 away
    pairs, of_all = near_pairs(means, make(means)), near_pairs(means)

    assert [pair[:2] for pair in pairs] == [pair[:2] for pair in of_all]
    assert len(pairs) >= 4
    np.testing.assert_allclose([pair[2] for pair in pairs], [pair[2] for pair in of_all], atol=1e-3)


# Two people under one name.


def test_photos_that_fall_in_two_groups_are_split() -> None:
    ada = person("ada", "1.jpg", "2.jpg", "3.jpg")
    apart = SPLIT * 1.5

    (split,) = found([ada], points((0, 0), (apart, 0), (0, 0.1))).splits

    assert split.celebrity == ada
    assert sorted(split.groups) == [("1.jpg", "3.jpg"), ("2.jpg",)]
    assert split.distance == pytest.approx(np.hypot(apart, 0.05), abs=1e-3)


def test_photos_no_farther_apart_than_the_limit_are_of_one_person() -> None:
    assert found([person("ada", "1.jpg", "2.jpg")], points((0, 0), (SPLIT * 0.99, 0))).splits == ()


@pytest.mark.parametrize("own", [points((0, 0)), points((0, 0), (0, 0)), points((1, 1), (1, 1), (1, 1))])
def test_one_photo_or_the_same_ones_are_not_split(own: Floats) -> None:
    assert found([person("ada")], own).splits == ()


def test_a_split_without_files_names_none() -> None:
    (split,) = found([person("ada")], points((0, 0), (1, 0))).splits

    assert split.groups == ((), ())


def test_the_widest_split_comes_first() -> None:
    suspects = found([person("ada"), person("bob")], points((0, 0), (1, 0)), points((FAR, 0), (FAR, 2)))

    assert [split.celebrity.id for split in suspects.splits] == ["bob", "ada"]


# One photo under several names.


def test_the_same_photo_under_two_people_is_named_with_both_files() -> None:
    ada, bob = person("ada", "a.jpg", sha1s=["1f"]), person("bob", "b1.jpg", "b2.jpg", sha1s=["2f", "1f"])

    assert found([ada, bob], points((0, 0)), points((FAR, 0), (FAR, 0.1))).shared == (
        SharedPhoto((ada, bob), ("a.jpg", "b2.jpg")),
    )


def test_the_same_photo_twice_under_one_person_is_not_shared() -> None:
    assert found([person("ada", "1.jpg", "2.jpg", sha1s=["1f", "1f"])], points((0, 0), (0, 0))).shared == ()


def test_photos_without_a_hash_are_not_shared() -> None:
    assert found([person("ada", "1.jpg"), person("bob", "1.jpg")], points((0, 0)), points((FAR, 0))).shared == ()


def test_a_gallery_of_nobody_has_no_suspects() -> None:
    none = np.empty((0, 128), np.float32)

    assert find([], none, none, np.empty(0, np.int32)) == Suspects()


# Real people.


@pytest.fixture(scope="module")
def embeddings(small_index: SmallIndex) -> dict[str, tuple[Celebrity, Floats]]:
    """The small index: each person with the photos."""
    celebrities = Gallery.load(small_index.directory).celebrities
    with np.load(small_index.directory / "embeddings.npz") as arrays:
        photos, owners = arrays["photos"], arrays["photo_owner"]
    return {one.id: (one, photos[owners == row]) for row, one in enumerate(celebrities)}


def test_twenty_people_are_twenty_people(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    people, photos = zip(*embeddings.values(), strict=True)

    assert found(people, *photos) == Suspects()


def test_a_person_dealt_out_to_two_names_is_found(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    rest = [one for one in embeddings.values() if len(one[1]) < 4]
    dealt = [(one, own) for one, own in embeddings.values() if len(own) == 4]
    assert len(dealt) >= 3
    people = [one for one, _ in rest]
    photos = [own for _, own in rest]
    for one, own in dealt:
        people += [person(f"{one.id} first"), person(f"{one.id} second")]
        photos += [own[::2], own[1::2]]

    twins = found(people, *photos).twins

    right = sum(two.first.id.rsplit(" ", 1)[0] == two.second.id.rsplit(" ", 1)[0] for two in twins)
    assert right == len(twins)
    assert right >= len(dealt) / 2  # with two photos a name four in five (bench/gates.py)


def test_two_people_under_one_name_are_told_apart(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    every = [own[:2] for _, own in embeddings.values()]
    pairs = list(zip(every[::2], every[1::2], strict=True))
    parts = [parted(np.concatenate(pair)) for pair in pairs]

    assert sum(distance > SPLIT for distance, _ in parts) >= 0.9 * len(pairs)
    for (one, _), (_, first) in zip(pairs, parts, strict=True):
        assert first[: len(one)].all() != first[len(one) :].all()
        assert len(set(first[: len(one)])) == len(set(first[len(one) :])) == 1
