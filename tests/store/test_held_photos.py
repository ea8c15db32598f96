"""Photos that wait for consent."""

import pytest

from lookalike.store.store import Store
from tests.support.stores import ADA, BOB, held_photo

pytestmark = pytest.mark.fast


async def test_a_held_photo_waits_until_it_is_dropped(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    await store.hold_photo(held_photo(7))
    await store.hold_photo(held_photo(7))
    await store.hold_photo(held_photo(8))
    await store.hold_photo(held_photo(7, BOB))

    assert await store.held_photos(ADA) == [held_photo(7), held_photo(8)]
    assert await store.held_photos(ADA) == [held_photo(7), held_photo(8)]

    await store.drop_held_photo(ADA, 7)

    assert await store.held_photos(ADA) == [held_photo(8)]
    assert await store.held_photos(BOB) == [held_photo(7, BOB)]


async def test_all_held_photos_of_a_user_can_be_dropped(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.hold_photo(held_photo(7))
    await store.hold_photo(held_photo(8))
    await store.drop_held_photos(ADA)

    assert await store.held_photos(ADA) == []


async def test_a_photo_is_held_for_whoever_sent_it_and_nobody_else(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    await store.hold_photo(held_photo(7))

    assert await store.is_held(ADA, ADA, 7)
    assert not await store.is_held(BOB, ADA, 7)
    assert not await store.is_held(ADA, ADA, 8)
