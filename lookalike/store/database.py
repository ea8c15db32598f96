"""The database: one SQLite connection in one thread. What waits together is committed together.

One connection, because SQLite 3.7.0 to 3.51.2 can corrupt a WAL file that two connections write or checkpoint at once
(https://sqlite.org/wal.html#walresetbug); a lock file keeps a second process out for the same reason. Nothing waits
on purpose: while one commit is being synced to the disk the next ones gather, so the busier, the fewer syncs each.
"""

import asyncio
import contextlib
import fcntl
import os
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Self, TypeVar

from lookalike.core.errors import StoreBusy, StoreClosed, StoreError

__all__ = ["Connection", "Database"]

T = TypeVar("T")

BATCH_JOBS = 256  # most jobs in one transaction: bounds how long the first waits for the last
BUSY_TIMEOUT_MS = 5000  # a person's sqlite3 shell may hold the file for a moment
SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit survives a power cut, not only a crash
    "PRAGMA secure_delete = ON",  # deleted bytes are overwritten with zeros
    "PRAGMA temp_store = MEMORY",  # nothing about people in temporary files
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
)


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: Future[Any]
    scrub: bool


class _UndoneError(Exception):
    """SQLite gave up the whole transaction, as it may when the disk is full."""


class Database:
    """Runs closures on the one connection; make it with `open`."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path = path
        self._lock = lock
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._ready: Future[None] = Future()
        self._ended: Future[None] = Future()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="storage", daemon=True)

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open or make the file; StoreBusy if another process has it."""
        database = cls(path, await asyncio.to_thread(_lock, path.with_suffix(".lock")))
        database._thread.start()
        await asyncio.wrap_future(database._ready)
        return database

    async def run(self, work: Callable[[Connection], T], *, scrub: bool = False) -> T:
        """Return what `work(connection)` returns, once it is on the disk; if it raises, all it did is undone.

        It must not begin, commit or keep the connection. `scrub` empties the write-ahead log after the commit, so that
        what was deleted is in no file any more.
        """
        if self._closing:
            raise StoreClosed("the store is closed")
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future, scrub))
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Finish what waits, then close the file. Twice is fine."""
        if not self._closing:
            self._closing = True
            self._jobs.put(None)
        await asyncio.shield(asyncio.wrap_future(self._ended))

    # Everything below runs in the thread.

    def _serve(self) -> None:
        try:
            connection = _connect(self._path)
        except Exception as error:
            os.close(self._lock)
            self._ready.set_exception(error)
            return
        self._ready.set_result(None)
        try:
            while batch := self._next_batch():
                self._commit(connection, batch)
        finally:
            connection.close()
            os.close(self._lock)
            self._ended.set_result(None)

    def _next_batch(self) -> list[_Job]:
        """Wait for a job and take all that wait with it; empty at the end."""
        batch: list[_Job] = []
        while (job := self._jobs.get()) is not None:
            if job.future.set_running_or_notify_cancel():  # a caller that has gone away is not served
                batch.append(job)
            if len(batch) == BATCH_JOBS or (batch and self._jobs.empty()):
                return batch
        if batch:
            self._jobs.put(None)  # the end is seen again, after these
        return batch

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        """Do a batch in one transaction, and answer each job when its outcome is certain."""
        outcomes: list[tuple[_Job, Any, Exception | None]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [(job, *_do(connection, job)) for job in batch]
            connection.execute("COMMIT")
        except (sqlite3.Error, _UndoneError) as error:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            outcomes = [(job, None, _translated(error)) for job in batch]
        if any(job.scrub for job in batch):
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:  # committed all the same: only who asked for it must know
                outcomes = [(job, r, _translated(error) if job.scrub else failure) for job, r, failure in outcomes]
        for job, result, failure in outcomes:
            if failure is None:
                job.future.set_result(result)
            else:
                job.future.set_exception(failure)


def _do(connection: Connection, job: _Job) -> tuple[Any, Exception | None]:
    """Do one job inside a savepoint, so that its failure undoes nothing but itself."""
    outcome: tuple[Any, Exception | None]
    connection.execute("SAVEPOINT job")
    try:
        outcome = (job.work(connection), None)
    except Exception as error:
        if not connection.in_transaction:
            raise _UndoneError(str(error)) from error
        connection.execute("ROLLBACK TO job")
        outcome = (None, _translated(error))
    connection.execute("RELEASE job")
    return outcome


def _translated(error: Exception) -> Exception:
    """Return the error for the outside, where nobody knows sqlite3."""
    if not isinstance(error, (sqlite3.Error, _UndoneError)):
        return error
    translated = StoreError(f"the store failed: {error}")
    translated.__cause__ = error
    return translated


def _lock(path: Path) -> int:
    """Take the lock file, for as long as its descriptor is open."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"the data directory {path.parent} cannot be used: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StoreBusy(f"another process already uses the data directory {path.parent}") from None
    return descriptor


def _connect(path: Path) -> Connection:
    """Open the file with our settings, and look it over if the last process did not close it."""
    unclean = path.with_name(path.name + "-wal").exists()
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite alone would let the umask decide
        connection = sqlite3.connect(path, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be opened: {error}") from error
    try:
        for setting in SETTINGS:
            connection.execute(setting)
        if unclean and (report := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise StoreError(f"{path} is damaged: {report}")
    except sqlite3.Error as error:
        connection.close()
        raise StoreError(f"{path} cannot be used: {error}") from error
    except StoreError:
        connection.close()
        raise
    return connection
