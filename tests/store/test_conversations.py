"""Conversations of several steps."""

from datetime import timedelta

import pytest

from lookalike.core.errors import UpdateClosed
from lookalike.store.store import Store
from tests.support.stores import ADA, StoreDir

pytestmark = pytest.mark.fast

HOUR = timedelta(hours=1)


async def test_a_conversation_has_one_state_until_it_is_cleared(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.set_conversation(ADA, {"step": 1}, HOUR)
    assert await store.set_conversation(ADA, {"step": 2, "person_id": "kept as it is"}, HOUR)

    assert await store.get_conversation(ADA) == {"step": 2, "person_id": "kept as it is"}

    await store.clear_conversation(ADA)

    assert await store.get_conversation(ADA) is None


async def test_a_conversation_expires_and_is_purged(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.set_conversation(ADA, {"step": 1}, HOUR)
    store_dir.clock.move(minutes=59)
    assert await store.get_conversation(ADA) == {"step": 1}
    store_dir.clock.move(minutes=1)

    assert await store.get_conversation(ADA) is None
    assert (await store.counts())["conversations"] == 1
    await store.purge(store_dir.clock.now)
    assert (await store.counts())["conversations"] == 0


async def test_no_conversation_is_kept_of_an_unknown_or_erased_user(store: Store) -> None:
    assert not await store.set_conversation(ADA, {"step": 1}, HOUR)
    await store.journal_updates([(17, ADA, b""), (18, ADA, b"/delete")])
    await store.upsert_user(ADA, "Ada", "en", update_id=17)
    await store.erase_user(ADA, answering=18)

    with pytest.raises(UpdateClosed):
        await store.set_conversation(ADA, {"step": 1}, HOUR, update_id=17)


async def test_a_conversation_outlives_a_restart(store_dir: StoreDir) -> None:
    store = await store_dir.open()
    await store.upsert_user(ADA, "Ada", "en")
    assert await store.get_conversation(ADA) is None
    await store.set_conversation(ADA, {"step": 1}, HOUR)
    await store.close()

    store = await store_dir.open()
    assert await store.get_conversation(ADA) == {"step": 1}
    await store.close()


async def test_a_conversation_outlives_a_purge(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.set_conversation(ADA, {"step": 1}, HOUR)
    await store.purge(store_dir.clock.now)

    assert await store.get_conversation(ADA) == {"step": 1}
