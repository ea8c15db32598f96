"""Suspects: made-up points in a plane first, then photos of real people under other names."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery import calibration
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.patched_index import REMOVED
from lookalike.indexing import near_pairs
from lookalike.indexing.duplicate_check import (
    MIXED_DISTANCE,
    SharedFile,
    Suspects,
    find_mixed,
    find_suspects,
    two_groups,
)
from lookalike.indexing.near_pairs import (
    DUPLICATE_DISTANCE,
    NEAR_PAIRS,
    find_near_pairs,
    read_near_pairs,
    update_near_pairs,
)
from tests.conftest import SmallIndex
from tests.support.crowds import crowd, written

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
    pairs = find_near_pairs(np.stack([own.mean(axis=0) for own in photos]))
    return find_suspects(people, pairs, np.concatenate(photos), owners, mixed)


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
    monkeypatch.setattr(near_pairs, "MAX_DUPLICATE_PAIRS", 2)

    pairs = find_near_pairs(points((0, 0), (0.01, 0), (0.03, 0), (0.06, 0)))

    assert [pair[:2] for pair in pairs] == [(0, 1), (1, 2)]


@pytest.mark.parametrize("cells", [1, 7, 2**24])
def test_pairs_are_the_same_in_blocks_of_any_size(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "BLOCK_CELLS", cells)
    means = np.random.default_rng(5).normal(size=(40, 2)).astype(np.float32)
    expected = {
        (i, j) for i in range(40) for j in range(i + 1, 40) if np.linalg.norm(means[i] - means[j]) < DUPLICATE_DISTANCE
    }

    pairs = list(find_near_pairs(means))

    assert len(expected) > 10
    assert {pair[:2] for pair in pairs} == expected
    assert len(pairs) == len(expected)


@pytest.mark.parametrize(
    ("most", "kept"), [(15, 15), (15, 30), (1000, 5000)], ids=["no more are kept", "more are kept", "all are kept"]
)
@pytest.mark.parametrize("cells", [64, 2**24])
def test_pairs_brought_up_to_date_are_those_of_a_comparison_of_everybody(
    most: int, kept: int, cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_pairs, "MAX_DUPLICATE_PAIRS", most)
    monkeypatch.setattr(near_pairs, "KEPT_PAIRS", kept)
    monkeypatch.setattr(calibration, "BLOCK_CELLS", cells)
    random = np.random.default_rng(6)
    means = random.normal(size=(60, 2)).astype(np.float32)
    before = find_near_pairs(means)
    for _ in range(20):  # somebody leaves, some change, somebody comes, and the order is another one
        order = random.permutation(60)[:59]
        new_rows = np.full(60, REMOVED, np.int32)
        new_rows[order] = np.arange(59)
        changed = random.choice(60, 3, replace=False)
        now = np.concatenate([means[order], random.normal(size=(2, 2)).astype(np.float32)])
        now[new_rows[changed][new_rows[changed] != REMOVED]] += np.float32(0.5)
        new_rows[changed] = REMOVED
        updated, expected = update_near_pairs(now, before, new_rows), find_near_pairs(now)

        assert len(list(expected)) == 15 or most == 1000
        assert list(updated) == list(expected)
        everybody = np.arange(len(now), dtype=np.int32)
        assert list(update_near_pairs(now, updated, everybody)) == list(expected)


def test_nobody_who_stayed_as_they_were_is_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    means = np.random.default_rng(7).normal(size=(500, 2)).astype(np.float32)
    before = find_near_pairs(means)
    monkeypatch.setattr(near_pairs, "find_near_pairs", None)
    rows = np.arange(500, dtype=np.int32)

    np.testing.assert_array_equal(update_near_pairs(means, before, rows).rows, before.rows)
    monkeypatch.setattr(near_pairs, "_candidates", lambda _, rows: iter([np.empty((0, 2), np.int64)] * len(rows)))
    np.testing.assert_array_equal(update_near_pairs(means, before, rows).rows, before.rows)


def test_pairs_are_kept_with_the_index_that_they_belong_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near_pairs, "KEPT_FROM", 20)
    people = crowd(range(20))
    manifest = written(people, tmp_path / "index").manifest
    pairs = find_near_pairs(np.stack([one.centroid for one in people]) / np.float32(4))
    assert read_near_pairs(tmp_path / "index", manifest) is None
    pairs.save(tmp_path / "index", manifest)

    again = read_near_pairs(tmp_path / "index", manifest)
    assert again is not None
    assert list(again) == list(pairs)
    assert len(list(pairs)) > 3
    other = written(people[1:], tmp_path / "other", tmp_path / "index").manifest
    assert read_near_pairs(tmp_path / "index", other) is None
    kept = (tmp_path / "index" / NEAR_PAIRS).read_bytes()
    for damaged in (b"", b"PK", kept[: len(kept) // 2]):
        (tmp_path / "index" / NEAR_PAIRS).write_bytes(damaged)
        assert read_near_pairs(tmp_path / "index", manifest) is None


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

    assert find_suspects([], [], none, np.empty(0, np.int32), []) == Suspects()


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
    assert right >= len(dealt) / 2  # with two photos a name four in five (bench/results/gates.json)


def test_two_people_under_one_name_are_put_into_two_groups(embeddings: dict[str, tuple[Celebrity, Floats]]) -> None:
    every = [own[:2] for _, own in embeddings.values()]
    pairs = list(zip(every[::2], every[1::2], strict=True))
    parts = [two_groups(np.concatenate(pair)) for pair in pairs]

    assert sum(distance > MIXED_DISTANCE for distance, _ in parts) >= 0.9 * len(pairs)
    for (one, _), (_, first) in zip(pairs, parts, strict=True):
        assert first[: len(one)].all() != first[len(one) :].all()
        assert len(set(first[: len(one)])) == len(set(first[len(one) :])) == 1
