"""The outbox: order, deletions, rows set aside, a user log that is switched on, off or sealed."""

import asyncio
import contextlib
import sqlite3

import pytest

from lookalike.store.store import Store
from tests.support.stores import ADA, BOB, RANKING, StoreDir, fill

pytestmark = pytest.mark.fast


async def test_changes_wait_in_order_until_they_are_removed(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.record_answer(ADA, "match", RANKING)
    await store.upsert_user(BOB, "Bob", "en")
    rows = await store.outbox_rows(2)

    assert [(row.kind, row.fields.get("name")) for row in rows] == [("person", "Ada"), ("answer", None)]

    await store.remove_outbox_rows([row.id for row in rows])

    assert [row.fields["name"] for row in await store.outbox_rows(9)] == ["Bob"]
    assert await store.outbox_size() == 1


async def test_a_user_who_writes_a_thousand_times_is_one_row(store: Store) -> None:
    await asyncio.gather(*(store.upsert_user(ADA, f"Ada {number}", "en") for number in range(1000)))

    assert [row.fields["name"] for row in await store.outbox_rows(9)] == ["Ada 999"]


async def test_a_newer_state_of_a_user_is_not_removed_with_the_older_one(store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    sent = await store.outbox_rows(9)
    await store.give_consent(ADA, 1)
    await store.remove_outbox_rows([row.id for row in sent])

    assert [row.fields["consent_version"] for row in await store.outbox_rows(9)] == [1]


async def test_erasing_a_user_removes_their_rows_and_leaves_only_the_deletion(store: Store) -> None:
    await fill(store, ADA, "Ada")
    sent = await store.outbox_rows(9)
    await store.erase_user(ADA)
    await store.remove_outbox_rows([row.id for row in sent])  # the drainer held these rows all the while

    assert [(row.kind, row.fields) for row in await store.outbox_rows(9)] == [("delete", {"user_id": ADA})]


async def test_without_a_user_log_the_outbox_stays_empty(store_dir: StoreDir) -> None:
    store = await store_dir.open(user_log=False)
    await fill(store, ADA, "Ada")
    await store.erase_user(ADA)
    await store.purge(store_dir.clock.now)
    size = await store.outbox_size()
    await store.close()

    assert size == 0


async def test_a_deletion_waits_for_a_user_log_that_was_switched_off(store_dir: StoreDir) -> None:
    store = await store_dir.open()
    await store.upsert_user(ADA, "Ada", "en")
    await store.remove_outbox_rows([row.id for row in await store.outbox_rows(9)])
    await store.close()

    store = await store_dir.open(user_log=False)
    await store.erase_user(ADA)
    rows = await store.outbox_rows(9)
    await store.close()

    assert [row.kind for row in rows] == ["delete"]


async def test_new_rows_set_the_event(store: Store) -> None:
    waiting = asyncio.create_task(store.outbox_changed.wait())
    await store.upsert_user(ADA, "Ada", "en")

    assert await waiting


async def test_an_unreadable_row_is_set_aside_and_the_rest_goes_on(store_dir: StoreDir, store: Store) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    await store.close()
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db, db:
        db.execute("UPDATE outbox SET sealed = zeroblob(99) WHERE id = 1")
    store = await store_dir.open()

    assert [row.fields["name"] for row in await store.outbox_rows(1)] == ["Bob"]
    counts = await store.counts()
    assert (counts["outbox"], counts["set_aside"], await store.outbox_size()) == (1, 1, 1)
    await store.close()


async def test_rows_set_aside_go_with_their_user_and_after_the_days_of_retention(
    store_dir: StoreDir, store: Store
) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.upsert_user(BOB, "Bob", "en")
    await store.set_aside({row.id: "MongoDB's error 2" for row in await store.outbox_rows(9)})
    await store.erase_user(ADA)
    assert (await store.counts())["set_aside"] == 1
    store_dir.clock.move(days=31)
    await store.purge(store_dir.clock.now)

    assert (await store.counts())["set_aside"] == 0


@pytest.mark.parametrize("before", [True, False])
async def test_a_log_that_changes_its_form_is_written_anew(store_dir: StoreDir, before: bool) -> None:
    store = await store_dir.open(seal_log=before)
    await fill(store, ADA, "Ada")
    await store.remove_outbox_rows([row.id for row in await store.outbox_rows(9)])
    await store.close()
    store = await store_dir.open(seal_log=not before)
    rows = await store.outbox_rows(9)
    await store.close()
    store = await store_dir.open(seal_log=not before)
    again = await store.outbox_rows(9)
    await store.close()

    assert [row.kind for row in rows] == ["clear", "person", "answer", "rating"]
    assert [row.fields.get("name") for row in rows] == [None, "Ada", None, None]
    assert again == rows
