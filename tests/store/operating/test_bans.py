"""Bans outlive erasure and a new key."""

import json

import pytest

from lookalike.store.maintenance.rotation import rotate_key
from lookalike.store.store import Store
from tests.support.stores import ADA, BOB, StoreDir, fill

pytestmark = pytest.mark.fast


async def test_a_user_is_banned_once_and_unbanned_once(store: Store) -> None:
    assert (await store.ban(ADA), await store.ban(ADA)) == (True, False)
    await store.mark_ban_told(ADA)
    await store.ban(BOB)

    assert await store.bans() == {ADA: True, BOB: False}
    assert (await store.unban(ADA), await store.unban(ADA)) == (True, False)
    assert await store.bans() == {BOB: False}


async def test_a_ban_forgets_the_photos_that_wait_for_consent(store: Store) -> None:
    await fill(store, ADA, "Ada")
    await store.ban(ADA)

    assert await store.held_photos(ADA) == []


async def test_a_ban_stays_when_its_user_is_erased(store: Store) -> None:
    await fill(store, ADA, "Ada")
    await store.ban(ADA)
    await store.erase_user(ADA)

    assert await store.bans() == {ADA: False}
    assert json.loads(await store.export_user(ADA))["user"] is None


async def test_bans_are_found_under_a_new_key_though_nothing_else_is_kept_of_the_user(
    store_dir: StoreDir, store: Store
) -> None:
    await store.ban(ADA)
    assert str(ADA).encode() not in store_dir.bytes()
    await store.close()
    await rotate_key(store_dir.data, None, 0)
    store = await store_dir.open()
    try:
        assert await store.bans() == {ADA: False}
        assert await store.unban(ADA)
    finally:
        await store.close()
