"""The user log, on a real server for MongoDB's wire protocol (mongo_server.py)."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from lookalike.core.errors import SettingsError
from lookalike.store.models import OutboxRow
from lookalike.store.store import Store
from lookalike.store.user_log.mongo_log import MongoLog, is_readable_on_the_network
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
        "ratings": [
            {"_id": f"{ADA}:Q13909", "person": ADA, "when": NOON, "star": "Q13909", "score": 9, "schema": 1},
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

    [user] = (await found(mongo_uri))["people"]
    assert (user["name"], user["language"], user["consent"]) == ("Ada Lovelace", "fr", None)
    assert (user["first_seen"], user["last_seen"]) == (NOON, NOON + timedelta(days=5))


async def test_an_erased_user_is_in_no_collection(store: Store, user_log: MongoLog, mongo_uri: str) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    await user_log.write(await store.outbox_rows(9))
    await store.erase_user(ADA)
    await user_log.write(await store.outbox_rows(9))

    counts = {name: len(documents) for name, documents in (await found(mongo_uri)).items()}
    assert counts == {"answers": 1, "people": 1, "ratings": 1}
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
    assert [(user["name"], user["consent"]) for user in documents["people"]] == [("A.", None)]


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


async def test_a_rating_taken_back_or_a_year_old_leaves_the_log_too(
    store_dir: StoreDir, store: Store, user_log: MongoLog, mongo_uri: str
) -> None:
    await fill(store, ADA, "Ada")
    await store.rate(ADA, "Q2263", 4)
    await store.unrate(ADA, "Q13909")
    await user_log.write(await store.outbox_rows(9))
    left = (await found(mongo_uri))["ratings"]
    store_dir.clock.move(days=366)
    await store.purge(store_dir.clock.now)
    await user_log.write(await store.outbox_rows(9))

    assert [(one["star"], one["score"]) for one in left] == [("Q2263", 4)]
    assert (await found(mongo_uri))["ratings"] == []


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

    assert [user["name"] for user in (await found(mongo_uri))["people"]] == ["Ada"]


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


async def test_a_sealed_log_shows_neither_names_nor_ids_and_opens_with_the_key(store: Store, mongo_uri: str) -> None:
    answer_id = await fill(store, ADA, "Ada Lovelace")
    async with opened(mongo_uri, store.cipher) as sealed_log:
        assert await sealed_log.write(await store.outbox_rows(9)) == {}
    documents = await found(mongo_uri)
    [user], [answer] = documents["people"], documents["answers"]

    for secret in (str(ADA), "Ada", "Lovelace", "Q13909", "Jolie", "match", "score"):
        assert secret not in str(documents)
    assert set(user) == {"_id", "first_seen", "sealed", "schema"}
    assert {key: answer[key] for key in ("_id", "person", "when")} == {
        "_id": answer_id, "person": user["_id"], "when": NOON,
    }  # fmt: skip
    opened_row = store.cipher.unseal(f"mongo:people:{user['_id']}", user["sealed"])
    assert json.loads(opened_row)["name"] == "Ada Lovelace"


async def test_an_erasure_and_a_purge_reach_a_sealed_log(store_dir: StoreDir, store: Store, mongo_uri: str) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    async with opened(mongo_uri, store.cipher) as sealed_log:
        await sealed_log.write(await store.outbox_rows(9))
        await store.remove_outbox_rows(range(99))
        await store.erase_user(ADA)
        store_dir.clock.move(days=31)
        await store.purge(store_dir.clock.now)
        await sealed_log.write(await store.outbox_rows(9))

    documents = await found(mongo_uri)
    assert [user["_id"] for user in documents["people"]] == [store.cipher.tag("mongo", BOB).hex()]
    assert documents["answers"] == []
    assert [one["_id"] for one in documents["ratings"]] == [store.cipher.tag("mongo-rating", BOB, "Q13909").hex()]


async def test_of_a_log_that_is_sealed_from_now_on_nothing_readable_stays(
    store_dir: StoreDir, user_log: MongoLog, mongo_uri: str
) -> None:
    store = await store_dir.open()
    await fill(store, ADA, "Ada Lovelace")
    await user_log.write(await store.outbox_rows(9))
    await store.close()
    store = await store_dir.open(seal_log=True)
    async with opened(mongo_uri, store.cipher) as sealed_log:
        await sealed_log.write(await store.outbox_rows(9))
    await store.close()

    documents = await found(mongo_uri)
    assert [len(documents[name]) for name in ("people", "answers", "ratings")] == [1, 1, 1]
    assert "Ada" not in str(documents)


async def test_malformed_rows_are_refused_and_the_rest_is_applied(store: Store, user_log: MongoLog) -> None:
    await fill(store, ADA, "Ada")
    await store.erase_user(BOB)
    good = await store.outbox_rows(9)
    odd = [
        OutboxRow(101, "person", {"id": 5}),
        OutboxRow(102, "answer", {"user_id": 5, "answered_at": "yesterday", "ranking": []}),
        OutboxRow(103, "delete", {}),
        OutboxRow(104, "purge", {"before": None}),
        OutboxRow(105, "made up", {}),  # type: ignore[arg-type] # a kind of some other version
    ]

    assert set(await user_log.write([*odd, *good])) == {101, 102, 103, 104, 105}


@pytest.mark.fast
@pytest.mark.parametrize(
    ("uri", "is_readable"),
    [
        ("mongodb://127.0.0.1/", False),
        ("mongodb://localhost:27017,[::1]/", False),
        ("mongodb://%2Ftmp%2Fmongodb.sock/", False),
        ("mongodb://db.example.org/", True),
        ("mongodb://127.0.0.1,10.0.0.7/", True),
        ("mongodb://bot:hunter2@db.example.org/?tls=true", False),
        ("mongodb://db.example.org/?ssl=true", False),
        ("mongodb://db.example.org/?tls=false", True),
        ("mongodb+srv://db.example.org/", False),
        ("mongodb+srv://db.example.org/?tls=false", True),
    ],
)
def test_a_connection_without_tls_to_another_host_is_noticed(uri: str, is_readable: bool) -> None:
    assert is_readable_on_the_network(uri) == is_readable


@pytest.mark.fast
async def test_a_log_that_can_be_read_on_the_way_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    user_log = MongoLog.open("mongodb://bot:hunter2@192.0.2.1/", None)
    await close_for_good(user_log)

    assert "without TLS" in caplog.text
    assert "hunter2" not in caplog.text
