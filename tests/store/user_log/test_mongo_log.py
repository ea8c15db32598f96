"""The user log, on a real server for MongoDB's wire protocol (mongo_server.py)."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from lookalike.core.errors import SettingsError
from lookalike.store.store import Store
from lookalike.store.user_log.mongo_log import MongoLog
from tests.store.user_log.conftest import (
    found,
    opened,
)
from tests.support.mongo_server import close_for_good, free_port
from tests.support.stores import ADA, BOB, NOON, StoreDir, fill


async def test_the_log_holds_the_documented_fields_and_nothing_else(
    store: Store, user_log: MongoLog, mongo_uri: str
) -> None:
    answer_id = await fill(store, ADA, "Ada Lovelace")

    assert await user_log.write(await store.outbox_rows(9)) == {}
    assert await found(mongo_uri) == {
        "answers": [
            {
                "_id": answer_id,
                "person": ADA,
                "when": NOON,
                "outcome": "match",
                "ranking": [
                    {"star": "Q13909", "name": "Angelina Jolie", "similarity": 0.87},
                    {"star": "Q2263", "name": "Tom Hanks", "similarity": 0.41},
                ],
                "schema": 1,
            }
        ],
        "people": [
            {
                "_id": ADA,
                "name": "Ada Lovelace",
                "language": "eo",
                "first_seen": NOON,
                "last_seen": NOON,
                "consent": {"version": 1, "at": NOON},
                "schema": 1,
            }
        ],
    }


async def test_the_same_rows_twice_make_the_same_log(store: Store, user_log: MongoLog, mongo_uri: str) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    rows = await store.outbox_rows(9)
    await user_log.write(rows)
    once = await found(mongo_uri)
    await user_log.write(rows)

    assert await found(mongo_uri) == once
    assert len(once["answers"]) == len(once["people"]) == 2


async def test_a_user_changes_but_for_the_day_they_were_first_seen(
    store_dir: StoreDir, store: Store, user_log: MongoLog, mongo_uri: str, tmp_path: Path
) -> None:
    """Also when the data directory was lost: the log knows better."""
    await store.upsert_user(ADA, "Ada", "en")
    await store.give_consent(ADA, 1)
    await user_log.write(await store.outbox_rows(9))
    store_dir.clock.move(days=5)
    anew = await Store.open(tmp_path / "anew", None, 30, clock=store_dir.clock)
    await anew.upsert_user(ADA, "Ada Lovelace", "fr")
    await user_log.write(await anew.outbox_rows(9))
    await anew.close()

    [person] = (await found(mongo_uri))["people"]
    assert (person["name"], person["language"], person["consent"]) == ("Ada Lovelace", "fr", None)
    assert (person["first_seen"], person["last_seen"]) == (NOON, NOON + timedelta(days=5))


async def test_an_erased_user_is_in_no_collection(store: Store, user_log: MongoLog, mongo_uri: str) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    await user_log.write(await store.outbox_rows(9))
    await store.erase_user(ADA)
    await user_log.write(await store.outbox_rows(9))

    assert {name: len(documents) for name, documents in (await found(mongo_uri)).items()} == {"answers": 1, "people": 1}
    assert str(ADA) not in str(await found(mongo_uri))


async def test_a_user_who_comes_back_after_an_erasure_is_logged_anew(
    store: Store, user_log: MongoLog, mongo_uri: str
) -> None:
    await fill(store, ADA, "Ada")
    await user_log.write(await store.outbox_rows(9))
    await store.erase_user(ADA)
    await store.upsert_user(ADA, "A.", "en")
    await user_log.write(await store.outbox_rows(9))

    documents = await found(mongo_uri)
    assert documents["answers"] == []
    assert [(person["name"], person["consent"]) for person in documents["people"]] == [("A.", None)]


async def test_answers_past_the_days_of_retention_leave_the_log_too(
    store_dir: StoreDir, store: Store, user_log: MongoLog, mongo_uri: str
) -> None:
    await fill(store, ADA, "Ada")
    store_dir.clock.move(days=31)
    await store.record_answer(ADA, "no_face")
    await user_log.write(await store.outbox_rows(9))
    await store.purge(store_dir.clock.now)
    await user_log.write(await store.outbox_rows(9))

    assert [answer["outcome"] for answer in (await found(mongo_uri))["answers"]] == ["no_face"]


async def test_a_purge_returns_how_many_answers_it_erased(store: Store, user_log: MongoLog) -> None:
    await fill(store, ADA, "Ada")
    await user_log.write(await store.outbox_rows(9))

    assert await user_log.purge(NOON) == 0
    assert await user_log.purge(NOON + timedelta(seconds=1)) == 1


async def test_indexes_have_names_and_may_be_there_already(user_log: MongoLog, mongo_uri: str) -> None:
    await user_log.prepare()
    async with opened(mongo_uri) as second:
        await second.prepare()

    def names() -> set[str]:
        with MongoClient[dict[str, Any]](mongo_uri) as client:
            return set(client.get_default_database()["answers"].index_information())

    assert await asyncio.to_thread(names) == {"_id_", "answers_by_person", "answers_by_time"}


async def test_what_waited_survives_a_restart_of_the_bot(
    store_dir: StoreDir, user_log: MongoLog, mongo_uri: str
) -> None:
    store = await store_dir.open()
    await fill(store, ADA, "Ada")
    await store.close()

    store = await store_dir.open()
    await user_log.write(await store.outbox_rows(9))
    await store.close()

    assert [person["name"] for person in (await found(mongo_uri))["people"]] == ["Ada"]


@pytest.mark.fast
async def test_opening_asks_for_no_server_and_closing_twice_is_fine(store: Store) -> None:
    user_log = MongoLog.open(f"mongodb://127.0.0.1:{free_port()}/")
    await store.upsert_user(ADA, "Ada", "en")

    with pytest.raises(PyMongoError):
        await user_log.write(await store.outbox_rows(9))
    await user_log.close()
    await close_for_good(user_log)


@pytest.mark.fast
@pytest.mark.parametrize(
    "uri", ["", "http://bot:hunter2@localhost", "mongodb://bot:hun:ter2@localhost", "mongodb://h:port2/"]
)
def test_a_malformed_uri_is_refused_without_repeating_it(uri: str) -> None:
    with pytest.raises(SettingsError, match="MONGODB_URI") as caught:
        MongoLog.open(uri)

    assert "ter2" not in str(caught.value)
    assert caught.value.__suppress_context__
