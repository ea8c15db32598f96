"""Deep links: found by their code, until they expire, are taken back or their user is erased."""

import re
from datetime import timedelta

import pytest

from lookalike.store.sharing.links import LINKS_KEPT
from lookalike.store.store import DeepLink, Store
from tests.support.stores import ADA, BOB, StoreDir

pytestmark = pytest.mark.fast

WEEK = timedelta(days=7)


async def test_a_link_is_found_by_its_code_until_it_expires(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    code = await store.make_link(ADA, "star", {"percent": 87}, WEEK)

    assert code
    assert re.fullmatch(r"[0-9A-Za-z_-]{11}", code)
    assert await store.find_links(code) == [DeepLink(code, ADA, "star", {"percent": 87})]
    assert await store.find_links(code[:-1]) == []
    store_dir.clock.move(days=7)
    assert await store.find_links(code) == []
    assert await store.purge(store_dir.clock.now) == 1


async def test_the_same_link_again_has_the_same_code_and_another_one_not(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    codes = [
        await store.make_link(user_id, kind, {"percent": percent}, WEEK)
        for user_id, kind, percent in
        ((ADA, "star", 1), (ADA, "star", 1), (ADA, "star", 2), (ADA, "duel", 1), (BOB, "star", 1))
    ]  # fmt: skip

    assert len(set(codes)) == 4
    assert codes[0] == codes[1]
    assert await store.make_link(77, "star", {}, WEEK) is None


async def test_two_users_share_a_code_and_each_may_take_it_back_for_both(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    code = await store.make_link(ADA, "duel", {"message": 1}, WEEK)
    await store.make_link(BOB, "duel", {"message": 2}, WEEK, code=code)
    await store.make_link(BOB, "duel", {"message": 3}, WEEK, code=code)

    assert code
    assert [(one.user_id, one.fields["message"]) for one in await store.find_links(code)] == [(ADA, 1), (BOB, 3)]
    await store.drop_link(code)
    assert await store.find_links(code) == []


async def test_only_the_last_links_are_kept_and_those_of_a_kind_can_be_dropped(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    codes = [await store.make_link(ADA, "star", {"percent": n}, WEEK) or "" for n in range(LINKS_KEPT + 1)]
    other = await store.make_link(ADA, "duel", {}, WEEK) or ""

    assert not await store.find_links(codes[1])
    assert await store.find_links(codes[2])
    await store.drop_links(ADA, "star")
    assert not await store.find_links(codes[-1])
    assert await store.find_links(other)


async def test_links_of_an_erased_user_lead_nowhere(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    code = await store.make_link(ADA, "star", {}, WEEK) or ""
    await store.erase_user(ADA)

    assert await store.find_links(code) == []
