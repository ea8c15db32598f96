"""Collections: which stars a user got, and how many users got a star."""

import json
from datetime import timedelta

import pytest

from lookalike.store.store import FoundStar, Ranked, Store
from tests.support.stores import ADA, BOB, NOON, RANKING, StoreDir

pytestmark = pytest.mark.fast

JOLIE, HANKS = "Q13909", "Q2263"


async def got(store: Store, user_id: int, celebrity_id: str, message_id: int, *, collects: bool = True) -> None:
    ranking = (Ranked(celebrity_id, celebrity_id, 0.8), Ranked("Q1", "Somebody else", 0.1))
    await store.upsert_user(user_id, "Ada", "en")
    await store.record_answer(user_id, "match", ranking, chat_id=user_id, message_id=message_id, collects=collects)


async def test_the_first_star_of_each_new_answer_is_collected(store_dir: StoreDir, store: Store) -> None:
    await got(store, ADA, JOLIE, 1)
    await got(store, BOB, JOLIE, 2)
    store_dir.clock.move(days=1)
    await got(store, ADA, HANKS, 3)
    store_dir.clock.move(days=1)
    await got(store, ADA, JOLIE, 4)

    assert await store.found_stars(ADA) == [
        FoundStar(JOLIE, NOON, NOON + timedelta(days=2), 2, 2),
        FoundStar(HANKS, NOON + timedelta(days=1), NOON + timedelta(days=1), 1, 1),
    ]
    assert await store.times_found(JOLIE) == 2
    assert await store.count_found() == 2


async def test_a_retry_or_a_repeated_photo_is_not_counted_twice(store: Store) -> None:
    await got(store, ADA, JOLIE, 1)
    await got(store, ADA, JOLIE, 1)
    await got(store, ADA, JOLIE, 2, collects=False)
    await store.record_answer(ADA, "no_face", (), chat_id=ADA, message_id=3)

    assert [one.times for one in await store.found_stars(ADA)] == [1]


async def test_users_of_the_week_are_counted_by_star(store_dir: StoreDir, store: Store) -> None:
    await got(store, ADA, HANKS, 1)
    store_dir.clock.move(days=8)
    await got(store, ADA, JOLIE, 2)
    await got(store, BOB, JOLIE, 3)
    await got(store, BOB, "Ирина_Иванова (1)", 4)

    week = store_dir.clock.now - timedelta(days=7)
    assert await store.most_found(week, 10) == [(JOLIE, 2), ("Ирина_Иванова (1)", 1)]
    assert await store.most_found(week, 1) == [(JOLIE, 2)]
    assert await store.first_unfound([JOLIE, "Q5", HANKS, "Q6", "Q7"], 2) == ["Q5", "Q6"]


async def test_what_an_erased_user_got_is_taken_out_of_the_counts(store: Store) -> None:
    await got(store, ADA, JOLIE, 1)
    await got(store, BOB, JOLIE, 2)
    await store.erase_user(ADA)

    assert await store.times_found(JOLIE) == 1
    assert await store.found_stars(ADA) == []
    await store.erase_user(BOB)
    assert await store.count_found() == 0


async def test_a_star_stays_in_a_collection_for_a_year(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.record_answer(ADA, "match", RANKING)
    store_dir.clock.move(days=364)
    await store.purge(store_dir.clock.now)
    assert len(json.loads(await store.export_user(ADA))["stars"]) == 1
    store_dir.clock.move(days=2)
    await store.purge(store_dir.clock.now)

    assert await store.found_stars(ADA) == []
