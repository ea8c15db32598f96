"""What waits for the user log, while nobody fetches it."""

import asyncio

import pytest

from lookalike.store.store import Store
from tests.support.homes import ADA, BOB, RANKING, Home, live_a_little

pytestmark = pytest.mark.fast


async def test_changes_wait_in_the_outbox_in_order_until_they_are_done(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    await storage.record_answer(ADA, "match", RANKING)
    await storage.upsert_user(BOB, "Bob", "en")
    rows = await storage.outbox_rows(2)

    assert [(row.kind, row.fields.get("name")) for row in rows] == [("person", "Ada"), ("answer", None)]

    await storage.remove_outbox_rows([row.id for row in rows])

    assert [row.fields["name"] for row in await storage.outbox_rows(9)] == ["Bob"]
    assert await storage.outbox_size() == 1


async def test_a_person_seen_a_thousand_times_in_an_outage_is_one_row(storage: Store) -> None:
    await asyncio.gather(*(storage.upsert_user(ADA, f"Ada {number}", "en") for number in range(1000)))

    assert [row.fields["name"] for row in await storage.outbox_rows(9)] == ["Ada 999"]


async def test_a_newer_state_of_a_person_is_not_done_with_the_older_one(storage: Store) -> None:
    await storage.upsert_user(ADA, "Ada", "en")
    sent = await storage.outbox_rows(9)
    await storage.give_consent(ADA, 1)
    await storage.remove_outbox_rows([row.id for row in sent])

    assert [row.fields["consent_version"] for row in await storage.outbox_rows(9)] == [1]


async def test_a_deletion_takes_what_waits_and_leaves_only_itself(storage: Store) -> None:
    await live_a_little(storage, ADA, "Ada")
    sent = await storage.outbox_rows(9)
    await storage.erase_user(ADA)
    await storage.remove_outbox_rows([row.id for row in sent])  # the drainer held these rows all the while

    assert [(row.kind, row.fields) for row in await storage.outbox_rows(9)] == [("delete", {"user_id": ADA})]


async def test_without_a_user_log_nothing_waits(home: Home) -> None:
    storage = await home.open(user_log=False)
    await live_a_little(storage, ADA, "Ada")
    await storage.erase_user(ADA)
    await storage.purge(home.clock.now)
    size = await storage.outbox_size()
    await storage.close()

    assert size == 0


async def test_a_deletion_waits_for_a_user_log_that_was_switched_off(home: Home) -> None:
    storage = await home.open()
    await storage.upsert_user(ADA, "Ada", "en")
    await storage.remove_outbox_rows([row.id for row in await storage.outbox_rows(9)])
    await storage.close()

    storage = await home.open(user_log=False)
    await storage.erase_user(ADA)
    rows = await storage.outbox_rows(9)
    await storage.close()

    assert [row.kind for row in rows] == ["delete"]


async def test_whoever_waits_for_the_outbox_hears_of_new_rows(storage: Store) -> None:
    waiting = asyncio.create_task(storage.outbox_changed.wait())
    await storage.upsert_user(ADA, "Ada", "en")

    assert await waiting
