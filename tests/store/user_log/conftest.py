"""A user log and a store that set events a test can wait for, on a real server for MongoDB's protocol."""

import asyncio
import contextlib
import gc
import warnings
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
from pymongo import AsyncMongoClient, MongoClient
from pymongo.errors import PyMongoError

from lookalike.store.encryption import Cipher
from lookalike.store.models import OutboxRow
from lookalike.store.store import Store
from lookalike.store.user_log.drain import drain
from lookalike.store.user_log.mongo_log import MongoLog
from tests.support.mongo_server import close_for_good
from tests.support.stores import StoreDir

DEADLINE_S = 60  # only so that a failing test ends; nothing is measured by it
FAST_BACKOFF_S = (0.05, 0.2)


class ObservedUserLog(MongoLog):
    """A user log with an event for failed writes, and the kinds of the rows written."""

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


class ObservedStore(Store):
    """A store with an event for an empty outbox."""

    emptied: asyncio.Event

    async def remove_outbox_rows(self, ids: Sequence[int]) -> None:
        await super().remove_outbox_rows(ids)
        if await self.outbox_size() == 0:
            self.emptied.set()


@pytest.fixture(autouse=True)
def _sockets_of_the_driver() -> Iterator[None]:
    """Collect, when the test's event loop is closed, the sockets that pymongo 4.20 forgets (see close_for_good)."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
async def store(store_dir: StoreDir) -> AsyncIterator[ObservedStore]:
    store = await ObservedStore.open(store_dir.data, None, 30, clock=store_dir.clock)
    store.emptied = asyncio.Event()
    yield store
    await store.close()


@contextlib.asynccontextmanager
async def opened(uri: str, cipher: Cipher | None = None) -> AsyncIterator[ObservedUserLog]:
    user_log = ObservedUserLog.open(uri, cipher)
    try:
        yield user_log
    finally:
        await close_for_good(user_log)


@pytest.fixture
async def user_log(mongo_uri: str) -> AsyncIterator[ObservedUserLog]:
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
