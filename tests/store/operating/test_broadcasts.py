"""Who gets a broadcast, and that nobody is counted twice."""

import pytest

from lookalike.store.maintenance.rotation import rotate_key
from lookalike.store.store import Broadcast, Store
from tests.support.stores import ADA, BOB, StoreDir

pytestmark = pytest.mark.fast

NUMBER, EVE, DAN = 17, 99, 98


@pytest.fixture
async def crowd(store: Store) -> Store:
    """Ada, who drafts, and Bob can be reached; Eve has blocked the bot, Dan is banned."""
    for user_id in (ADA, BOB, EVE, DAN):
        await store.upsert_user(user_id, "x", "en")
    await store.mark_blocked(EVE)
    await store.ban(DAN)
    assert await store.draft_broadcast(NUMBER, ADA, "News") == 2
    return store


async def deliver(store: Store) -> list[int]:
    """Deliver to everybody who waits."""
    got = []
    while (user_id := await store.next_recipient(NUMBER)) is not None:
        await store.count_delivery(NUMBER, user_id, "sent")
        got.append(user_id)
    return got


async def test_everybody_who_can_be_reached_gets_it_once(crowd: Store) -> None:
    assert await crowd.next_recipient(NUMBER) is None
    assert await crowd.start_broadcast(NUMBER, 5)
    assert not await crowd.start_broadcast(NUMBER, 5)

    assert sorted(await deliver(crowd)) == sorted((ADA, BOB))
    assert await crowd.broadcast(NUMBER) == Broadcast(NUMBER, "running", 5, 2, 0, 0, 0, ADA, "News", None)


async def test_the_same_request_twice_is_one_draft(crowd: Store) -> None:
    await crowd.draft_broadcast(NUMBER, ADA, "Other")

    found = await crowd.broadcast(NUMBER)
    assert found
    assert (found.text, found.state) == ("News", "draft")


async def test_a_paused_broadcast_goes_on_where_it_was(store_dir: StoreDir, crowd: Store) -> None:
    await crowd.start_broadcast(NUMBER, None)
    first = await crowd.next_recipient(NUMBER)
    assert first
    await crowd.count_delivery(NUMBER, first, "sent")
    await crowd.count_delivery(NUMBER, first, "sent")
    assert await crowd.move_broadcast(NUMBER, ("running",), "paused")
    assert await crowd.next_recipient(NUMBER) is None
    assert await crowd.running_broadcast() is None

    assert await crowd.move_broadcast(NUMBER, ("paused",), "running")
    running = await crowd.running_broadcast()
    assert running
    assert (running.sent, running.waiting) == (1, 1)
    assert await deliver(crowd) == [user_id for user_id in (ADA, BOB) if user_id != first]


async def test_a_cancelled_broadcast_reaches_nobody_more(crowd: Store) -> None:
    await crowd.start_broadcast(NUMBER, None)
    assert await crowd.move_broadcast(NUMBER, ("draft", "running", "paused"), "cancelled")

    assert await deliver(crowd) == []
    assert not await crowd.move_broadcast(NUMBER, ("paused",), "running")


async def test_who_wants_none_is_passed_over_and_counted_also_while_one_is_under_way(crowd: Store) -> None:
    await crowd.decline_broadcasts(BOB, True)
    await crowd.start_broadcast(NUMBER, None)
    first = await crowd.broadcast(NUMBER)
    await crowd.decline_broadcasts(ADA, True)
    second = await crowd.broadcast(NUMBER)
    await crowd.decline_broadcasts(ADA, False)

    assert first
    assert second
    assert [(one.declined, one.waiting) for one in (first, second)] == [(1, 1), (2, 0)]
    assert await deliver(crowd) == []
    assert await crowd.draft_broadcast(NUMBER + 1, ADA, "More") == 1


async def test_who_has_blocked_the_bot_is_counted_and_marked(crowd: Store) -> None:
    await crowd.start_broadcast(NUMBER, None)
    await crowd.count_delivery(NUMBER, BOB, "blocked")

    found, bob = await crowd.broadcast(NUMBER), await crowd.get_user(BOB)
    assert found
    assert bob
    assert (found.blocked, found.waiting, bob.blocked) == (1, 1, True)


async def test_erased_users_wait_for_nothing_and_a_new_key_finds_the_others(store_dir: StoreDir, crowd: Store) -> None:
    await crowd.start_broadcast(NUMBER, None)
    await crowd.erase_user(BOB)
    await crowd.close()
    await rotate_key(store_dir.data, None, 0)
    store = await store_dir.open()
    try:
        assert await deliver(store) == [ADA]
    finally:
        await store.close()


async def test_a_broadcast_is_purged_after_the_days_of_retention_unless_it_goes_on(
    store_dir: StoreDir, crowd: Store
) -> None:
    await crowd.draft_broadcast(NUMBER + 1, ADA, "Never sent")
    await crowd.start_broadcast(NUMBER, None)
    store_dir.clock.move(days=31)
    await crowd.purge(store_dir.clock.now)

    assert await crowd.broadcast(NUMBER + 1) is None
    assert await crowd.next_recipient(NUMBER) is not None
