"""Ratings: given, changed, taken back, counted, and handed out for training without names."""

from datetime import timedelta

import pytest

from lookalike.store.sharing import ratings
from lookalike.store.sharing.ratings import Rated
from lookalike.store.store import Store
from tests.support.stores import ADA, BOB, StoreDir

pytestmark = pytest.mark.fast

JOLIE, HANKS = "Q13909", "Q2263"


async def all_ratings(store: Store) -> list[Rated]:
    return [one async for batch in store.all_ratings() for one in batch]


async def test_a_rating_is_kept_changed_and_taken_back(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    assert await store.rate(ADA, HANKS, 3)
    assert await store.rate(ADA, JOLIE, 9)
    assert await store.rate(ADA, HANKS, 10)

    assert await store.ratings_of(ADA) == {HANKS: 10, JOLIE: 9}
    assert await store.unrate(ADA, HANKS)
    assert not await store.unrate(ADA, HANKS)
    assert await store.ratings_of(ADA) == {JOLIE: 9}
    assert await store.ratings_of(BOB) == {}


@pytest.mark.parametrize("score", [0, 11, -1])
async def test_a_score_is_one_to_ten(store: Store, score: int) -> None:
    await store.upsert_user(ADA, "Ada", "en")

    with pytest.raises(ValueError, match="1 to 10"):
        await store.rate(ADA, JOLIE, score)
    assert await store.ratings_count() == 0


async def test_nothing_is_kept_of_an_unknown_user(store: Store) -> None:
    assert not await store.rate(ADA, JOLIE, 5)
    assert await store.ratings_count() == 0


async def test_ratings_are_counted_all_and_since_a_time(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.rate(ADA, JOLIE, 5)
    await store.rate(ADA, HANKS, 5)
    store_dir.clock.move(days=1)
    await store.rate(ADA, HANKS, 6)

    assert await store.ratings_count() == 2
    assert await store.ratings_since(store_dir.clock.now) == 1
    assert await store.ratings_since(store_dir.clock.now - timedelta(days=1)) == 2


async def test_training_gets_every_rating_in_batches_and_no_telegram_id(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratings, "PAGE_RATINGS", 2)
    for user_id, scores in ((ADA, (1, 2, 3)), (BOB, (4, 5))):
        await store.upsert_user(user_id, "x", "en")
        for number, score in enumerate(scores):
            await store.rate(user_id, f"Q{number}", score)
    batches = [batch async for batch in store.all_ratings()]
    given = await all_ratings(store)

    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert [(item, score) for _, item, score in given] == [("Q0", 1), ("Q1", 2), ("Q2", 3), ("Q0", 4), ("Q1", 5)]
    ada, bob = given[0][0], given[3][0]
    assert [person for person, *_ in given] == [ada] * 3 + [bob] * 2
    assert ada != bob
    assert not {str(ADA), str(BOB)} & {ada, bob}


async def test_ratings_of_an_erased_user_are_in_no_training(store: Store) -> None:
    for user_id in (ADA, BOB):
        await store.upsert_user(user_id, "x", "en")
        await store.rate(user_id, JOLIE, 7)
    await store.erase_user(ADA)

    assert [score for _, _, score in await all_ratings(store)] == [7]
    assert await store.ratings_of(ADA) == {}


async def test_a_rating_goes_a_year_after_it_was_changed_last(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    for celebrity_id in (JOLIE, HANKS):
        await store.rate(ADA, celebrity_id, 5)
    store_dir.clock.move(days=100)
    await store.rate(ADA, JOLIE, 6)
    store_dir.clock.move(days=266)
    await store.purge(store_dir.clock.now)
    assert await store.ratings_of(ADA) == {JOLIE: 6}

    store_dir.clock.move(days=100)
    await store.purge(store_dir.clock.now)
    assert await store.ratings_of(ADA) == {}
