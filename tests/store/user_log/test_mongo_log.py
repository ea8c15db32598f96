"""The user log, on a real server for MongoDB's wire protocol (mongo_server.py)."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pymongo import AsyncMongoClient, MongoClient
from pymongo.errors import NetworkTimeout, PyMongoError

from lookalike.core.errors import SettingsError
from lookalike.store.encryption import Cipher
from lookalike.store.models import OutboxRow
from lookalike.store.store import Ranked, Store
from lookalike.store.user_log.drain import drain
from lookalike.store.user_log.mongo_log import MongoLog
from tests.support.mongo_server import MongoServer, close_for_good, free_port
from tests.support.stores import ADA, BOB, NOON, RANKING, StoreDir, fill

DEADLINE_S = 60  # only so that a failing test ends; nothing is measured by it
FAST_BACKOFF_S = (0.05, 0.2)


class NoticingUserLog(MongoLog):
    """A user log that tells when a write has failed, and counts the rows it got through."""

    def __init__(self, client: AsyncMongoClient[dict[str, Any]], cipher: Cipher | None = None) -> None:
        super().__init__(client, cipher)
        self.failed = asyncio.Event()
        self.written: list[str] = []

    async def prepare(self) -> None:
        try:
            await super().prepare()
        except PyMongoError:
            self.failed.set()
            raise

    async def write(self, rows: Sequence[OutboxRow]) -> dict[int, str]:
        try:
            refused = await super().write(rows)
        except PyMongoError:
            self.failed.set()
            raise
        self.written += [row.kind for row in rows]
        return refused


class NoticingStore(Store):
    """A store that tells when its outbox has been emptied."""

    emptied: asyncio.Event

    async def remove_outbox_rows(self, ids: Sequence[int]) -> None:
        await super().remove_outbox_rows(ids)
        if await self.outbox_size() == 0:
            self.emptied.set()


@pytest.fixture
async def store(store_dir: StoreDir) -> AsyncIterator[NoticingStore]:
    store = await NoticingStore.open(store_dir.data, None, 30, clock=store_dir.clock)
    store.emptied = asyncio.Event()
    yield store
    await store.close()


@contextlib.asynccontextmanager
async def opened(uri: str) -> AsyncIterator[NoticingUserLog]:
    user_log = NoticingUserLog.open(uri)
    try:
        yield user_log
    finally:
        await close_for_good(user_log)


@pytest.fixture
async def user_log(mongo_uri: str) -> AsyncIterator[NoticingUserLog]:
    async with opened(mongo_uri) as user_log:
        yield user_log


@contextlib.asynccontextmanager
async def draining(store: Store, user_log: MongoLog) -> AsyncIterator[None]:
    """Run the drainer while the body runs; it must end by itself when it is told to stop."""
    stop = asyncio.Event()
    task = asyncio.create_task(drain(store, user_log, stop, backoff_s=FAST_BACKOFF_S))
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield
    finally:
        stop.set()
        await task


async def found(uri: str) -> dict[str, list[dict[str, Any]]]:
    """Return all documents of all collections, through another client than the one under test."""

    def read() -> dict[str, list[dict[str, Any]]]:
        with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
            database = client.get_default_database()
            return {name: list(database[name].find().sort("_id")) for name in sorted(database.list_collection_names())}

    return await asyncio.to_thread(read)


async def test_the_log_holds_what_it_says_and_nothing_else(store: Store, user_log: MongoLog, mongo_uri: str) -> None:
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


async def test_a_person_changes_but_for_the_day_they_were_first_seen(
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


async def test_a_deleted_person_is_in_no_collection(store: Store, user_log: MongoLog, mongo_uri: str) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    await user_log.write(await store.outbox_rows(9))
    await store.erase_user(ADA)
    await user_log.write(await store.outbox_rows(9))

    assert {name: len(documents) for name, documents in (await found(mongo_uri)).items()} == {"answers": 1, "people": 1}
    assert str(ADA) not in str(await found(mongo_uri))


async def test_who_comes_back_after_a_deletion_is_logged_anew(store: Store, user_log: MongoLog, mongo_uri: str) -> None:
    await fill(store, ADA, "Ada")
    await user_log.write(await store.outbox_rows(9))
    await store.erase_user(ADA)
    await store.upsert_user(ADA, "A.", "en")
    await user_log.write(await store.outbox_rows(9))

    documents = await found(mongo_uri)
    assert documents["answers"] == []
    assert [(person["name"], person["consent"]) for person in documents["people"]] == [("A.", None)]


async def test_answers_past_their_days_leave_the_log_too(
    store_dir: StoreDir, store: Store, user_log: MongoLog, mongo_uri: str
) -> None:
    await fill(store, ADA, "Ada")
    store_dir.clock.move(days=31)
    await store.record_answer(ADA, "no_face")
    await user_log.write(await store.outbox_rows(9))
    await store.purge(store_dir.clock.now)
    await user_log.write(await store.outbox_rows(9))

    assert [answer["outcome"] for answer in (await found(mongo_uri))["answers"]] == ["no_face"]


async def test_purging_says_how_many_went(store: Store, user_log: MongoLog) -> None:
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


async def test_one_document_nobody_can_store_holds_up_no_other(
    store: NoticingStore, user_log: MongoLog, mongo_uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.record_answer(ADA, "first", RANKING)
    await store.record_answer(ADA, "broken", [Ranked("Q1", "half a surrogate \ud83d", 0.5)])
    await store.record_answer(ADA, "last", RANKING)
    async with draining(store, user_log):
        await store.emptied.wait()

    assert sorted(answer["outcome"] for answer in (await found(mongo_uri))["answers"]) == ["first", "last"]
    assert [record.levelname for record in caplog.records if record.name == "lookalike.store.outbox"] == ["ERROR"]


async def test_new_rows_are_carried_over_as_they_come(store: NoticingStore, user_log: MongoLog, mongo_uri: str) -> None:
    async with draining(store, user_log):
        for number in range(3):
            store.emptied.clear()
            await store.upsert_user(number, f"Person {number}", "en")
            await store.emptied.wait()

    assert [person["name"] for person in (await found(mongo_uri))["people"]] == ["Person 0", "Person 1", "Person 2"]


async def test_concurrent_writes_all_reach_the_log(store: NoticingStore, user_log: MongoLog, mongo_uri: str) -> None:
    people = range(1, 251)  # more than one batch
    async with draining(store, user_log):
        await asyncio.gather(*(fill(store, number, f"Person {number}") for number in people))
        store.emptied.clear()
        await store.upsert_user(0, "The last", "en")
        await store.emptied.wait()

    documents = await found(mongo_uri)
    assert [person["_id"] for person in documents["people"]] == [0, *people]
    assert sorted(answer["person"] for answer in documents["answers"]) == list(people)


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_what_happens_while_the_server_is_away_reaches_it_exactly_once(
    store: NoticingStore, mongo_server: MongoServer, caplog: pytest.LogCaptureFixture, end: str
) -> None:
    caplog.set_level(logging.INFO, "lookalike.store.user_log.drain")
    mongo_server.start()
    async with opened(mongo_server.uri()) as user_log, draining(store, user_log):
        await fill(store, ADA, "Ada Lovelace")
        await store.emptied.wait()

        getattr(mongo_server, end)()
        user_log.failed.clear()
        await fill(store, BOB, "Bob")
        await store.erase_user(ADA)
        await user_log.failed.wait()
        assert await store.outbox_size() == 3

        store.emptied.clear()
        user_log.written.clear()
        mongo_server.start()
        await store.emptied.wait()
        written = sorted(user_log.written)
        documents = await found(mongo_server.uri())

    assert written == ["answer", "delete", "person"]
    assert [person["_id"] for person in documents["people"]] == [BOB]
    assert [answer["person"] for answer in documents["answers"]] == [BOB]
    said = [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == "lookalike.store.user_log.drain"
    ]
    assert [level for level, _ in said] == ["WARNING", "INFO"]  # one line when it goes, one when it comes
    assert said[1][1] == "the user log is back"
    assert "Ada" not in caplog.text


async def test_a_server_that_comes_up_later_gets_everything(store: NoticingStore, mongo_server: MongoServer) -> None:
    async with opened(mongo_server.uri()) as user_log, draining(store, user_log):
        await fill(store, ADA, "Ada")
        await user_log.failed.wait()
        mongo_server.start()
        await store.emptied.wait()
        documents = await found(mongo_server.uri())

    assert [len(documents["people"]), len(documents["answers"])] == [1, 1]


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
async def test_a_server_that_never_answers_holds_up_nobody(store: NoticingStore) -> None:
    """A black hole: it accepts, reads and says nothing."""
    accepted: list[asyncio.StreamWriter] = []

    async def swallow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer)

    async with await asyncio.start_server(swallow, "127.0.0.1", 0) as hole:
        port = hole.sockets[0].getsockname()[1]
        async with opened(f"mongodb://127.0.0.1:{port}/") as user_log, draining(store, user_log):
            await user_log.failed.wait()
            assert accepted  # so it is the silence that failed it
            await fill(store, ADA, "Ada")
            assert (await store.counts())["answers"] == 1
        for writer in accepted:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    assert await store.outbox_size() == 2


@pytest.mark.fast
async def test_a_server_too_slow_for_many_rows_gets_few(store: NoticingStore) -> None:
    class Slow(MongoLog):
        names: ClassVar[list[str]] = []

        async def prepare(self) -> None:
            pass

        async def write(self, rows: Sequence[OutboxRow]) -> dict[int, str]:
            if len(rows) > 3:
                raise NetworkTimeout("too much at once")
            self.names.extend(row.fields["name"] for row in rows)
            return {}

    for number in range(60):
        await store.upsert_user(number, str(number), "en")
    user_log = Slow.open(f"mongodb://127.0.0.1:{free_port()}/")
    stop = asyncio.Event()
    task = asyncio.create_task(drain(store, user_log, stop, backoff_s=(0.0, 0.0)))
    async with asyncio.timeout(DEADLINE_S):
        await store.emptied.wait()
    stop.set()
    await task
    await close_for_good(user_log)

    assert user_log.names == [str(number) for number in range(60)]


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


@pytest.mark.fast
async def test_no_line_tells_the_password(store: NoticingStore, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    uri = f"mongodb://bot:hunter2@127.0.0.1:{free_port()}/"
    async with opened(uri) as user_log, draining(store, user_log):
        await store.upsert_user(ADA, "Ada Lovelace", "en")
        await user_log.failed.wait()

    assert "the user log is away" in caplog.text
    for secret in ("hunter2", "127.0.0.1", "Ada"):
        assert secret not in caplog.text


@pytest.mark.fast
async def test_the_drainer_ends_when_the_store_is_closed(store: Store) -> None:
    class Ready(MongoLog):
        async def prepare(self) -> None:
            pass

    user_log = Ready.open(f"mongodb://127.0.0.1:{free_port()}/")
    await store.close()
    async with asyncio.timeout(DEADLINE_S):
        await drain(store, user_log, asyncio.Event())
    await close_for_good(user_log)


@pytest.mark.fast
async def test_a_cancelled_drainer_leaves_no_task_behind(store: NoticingStore) -> None:
    async with opened(f"mongodb://127.0.0.1:{free_port()}/") as user_log:
        task = asyncio.create_task(drain(store, user_log, asyncio.Event()))
        await user_log.failed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert asyncio.all_tasks() == {asyncio.current_task()}
