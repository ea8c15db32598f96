"""From the outbox to the user log, on a real server for MongoDB's wire protocol (mongo_server.py)."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import ClassVar

import pytest
from pymongo.errors import NetworkTimeout

from lookalike.store.models import OutboxRow
from lookalike.store.store import Ranked, Store
from lookalike.store.user_log.drain import drain
from lookalike.store.user_log.mongo_log import MongoLog
from tests.store.user_log.conftest import (
    DEADLINE_S,
    ObservedStore,
    draining,
    found,
    opened,
)
from tests.support.mongo_server import MongoServer, close_for_good, free_port
from tests.support.stores import ADA, BOB, RANKING, fill


async def test_a_document_the_server_refuses_is_set_aside_and_the_rest_goes_on(
    store: ObservedStore, user_log: MongoLog, mongo_uri: str, caplog: pytest.LogCaptureFixture
) -> None:
    await store.upsert_user(ADA, "Ada", "en")
    await store.record_answer(ADA, "first", RANKING)
    await store.record_answer(ADA, "broken", [Ranked("Q1", "half a surrogate \ud83d", 0.5)])
    await store.record_answer(ADA, "last", RANKING)
    async with draining(store, user_log):
        await store.emptied.wait()

    assert sorted(answer["outcome"] for answer in (await found(mongo_uri))["answers"]) == ["first", "last"]
    assert [record.levelname for record in caplog.records if record.name == "lookalike.store.outbox"] == ["ERROR"]


async def test_new_rows_are_carried_over_as_they_come(store: ObservedStore, user_log: MongoLog, mongo_uri: str) -> None:
    async with draining(store, user_log):
        for number in range(3):
            store.emptied.clear()
            await store.upsert_user(number, f"User {number}", "en")
            await store.emptied.wait()

    assert [user["name"] for user in (await found(mongo_uri))["people"]] == ["User 0", "User 1", "User 2"]


async def test_concurrent_writes_all_reach_the_log(store: ObservedStore, user_log: MongoLog, mongo_uri: str) -> None:
    users = range(1, 251)  # more than one batch
    async with draining(store, user_log):
        await asyncio.gather(*(fill(store, number, f"User {number}") for number in users))
        store.emptied.clear()
        await store.upsert_user(0, "The last", "en")
        await store.emptied.wait()

    documents = await found(mongo_uri)
    assert [user["_id"] for user in documents["people"]] == [0, *users]
    assert sorted(answer["person"] for answer in documents["answers"]) == list(users)


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_what_happens_while_the_server_is_away_reaches_it_exactly_once(
    store: ObservedStore, mongo_server: MongoServer, caplog: pytest.LogCaptureFixture, end: str
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
        assert await store.outbox_size() == 4

        store.emptied.clear()
        user_log.written.clear()
        mongo_server.start()
        await store.emptied.wait()
        written = sorted(user_log.written)
        documents = await found(mongo_server.uri())

    assert written == ["answer", "delete", "person", "rating"]
    assert [user["_id"] for user in documents["people"]] == [BOB]
    assert [answer["person"] for answer in documents["answers"]] == [BOB]
    said = [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if record.name == "lookalike.store.user_log.drain"
    ]
    assert [level for level, _ in said] == ["WARNING", "INFO"]  # one line when it goes, one when it comes
    assert said[1][1] == "the user log is back"
    assert "Ada" not in caplog.text


async def test_a_server_that_comes_up_later_gets_everything(store: ObservedStore, mongo_server: MongoServer) -> None:
    async with opened(mongo_server.uri()) as user_log, draining(store, user_log):
        await fill(store, ADA, "Ada")
        await user_log.failed.wait()
        mongo_server.start()
        await store.emptied.wait()
        documents = await found(mongo_server.uri())

    assert [len(documents["people"]), len(documents["answers"])] == [1, 1]


@pytest.mark.fast
async def test_a_server_that_never_answers_does_not_block_the_store(store: ObservedStore) -> None:
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

    assert await store.outbox_size() == 3


@pytest.mark.fast
async def test_a_server_too_slow_for_many_rows_gets_few(store: ObservedStore) -> None:
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
async def test_no_log_line_shows_the_password(store: ObservedStore, caplog: pytest.LogCaptureFixture) -> None:
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
async def test_a_cancelled_drainer_leaves_no_task_behind(store: ObservedStore) -> None:
    async with opened(f"mongodb://127.0.0.1:{free_port()}/") as user_log:
        task = asyncio.create_task(drain(store, user_log, asyncio.Event()))
        await user_log.failed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert asyncio.all_tasks() == {asyncio.current_task()}
