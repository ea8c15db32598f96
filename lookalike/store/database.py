"""The database: one SQLite connection in one thread. Jobs that wait together are committed together.

One connection, because SQLite 3.7.0 to 3.51.2 can corrupt a WAL file that two connections write or checkpoint at once
(https://sqlite.org/wal.html#walresetbug); a lock file keeps a second process out for the same reason. A read-only
connection of another process does neither, so any number of them is safe. There is no delay to collect a batch: while
one commit is being synced to the disk the next jobs gather, so the busier the store, the fewer syncs per job.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Self, TypeVar

from lookalike.core.errors import StoreBusy, StoreClosed, StoreError

__all__ = ["Connection", "Database", "connect_read_only"]

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH_JOBS = 256  # most jobs in one transaction: bounds how long the first waits for the last
OPEN_TIMEOUT_MS = 5000  # at the start, while another process may be reading the last pages of the log
BUSY_TIMEOUT_MS = 100  # later: another connection that locks the file must not hold up everybody's answers
SCRUB_RETRY_S = 0.2  # between two attempts to empty the write-ahead log while a reader uses it
SCRUB_WAIT_S = 2.0  # how long a caller waits for that; the attempts go on after it
SETTINGS = (
    f"PRAGMA busy_timeout = {OPEN_TIMEOUT_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit survives a power cut, not only a crash
    "PRAGMA secure_delete = ON",  # deleted bytes are overwritten with zeros
    "PRAGMA temp_store = MEMORY",  # nothing about users in temporary files
    "PRAGMA foreign_keys = ON",
)


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: Future[Any]
    scrub: bool


@dataclass(frozen=True, slots=True)
class _Scrub:
    """A committed job whose caller waits for the write-ahead log to be emptied."""

    future: Future[Any]
    result: Any
    deadline_s: float  # of time.monotonic()


class _RolledBack(Exception):
    """SQLite rolled back the whole transaction, as it may when the disk is full."""


class Database:
    """Runs functions of the one connection as jobs; make it with `open`."""

    def __init__(self, connect: Callable[[], Connection], lock: int | None) -> None:
        self._connect = connect
        self._lock = lock
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._scrubs: list[_Scrub] = []
        # None: the log is empty. At the start it may hold what an earlier process deleted.
        self._next_scrub_s: float | None = None if lock is None else 0.0
        self._ready: Future[None] = Future()
        self._ended: Future[None] = Future()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="store", daemon=True)

    @classmethod
    async def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open or make the file; StoreBusy if another process has it. `read_only`: beside that process, for reading."""
        if read_only:
            database = cls(lambda: connect_read_only(path), None)
        else:
            lock = await asyncio.to_thread(_lock, path.with_suffix(".lock"))
            database = cls(lambda: _connect(path), lock)
        database._thread.start()
        await asyncio.wrap_future(database._ready)
        return database

    async def run(self, work: Callable[[Connection], T], *, scrub: bool = False) -> T:
        """Return what `work(connection)` returns, once it is on the disk; if it raises, all it did is undone.

        It must not begin, commit or keep the connection. With `scrub` the write-ahead log is emptied after the commit,
        so that no file holds deleted bytes any more. While another process reads the log, that is not possible: then
        this returns after SCRUB_WAIT_S, and the log is emptied as soon as that reader is done, or at the next start.
        """
        if self._closing:
            raise StoreClosed("the store is closed")
        future: Future[T] = Future()
        self._jobs.put(_Job(work, future, scrub))
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Finish the jobs that wait, then close the file. Twice is fine."""
        if not self._closing:
            self._closing = True
            self._jobs.put(None)
        await asyncio.shield(asyncio.wrap_future(self._ended))

    # Everything below runs in the thread.

    def _serve(self) -> None:
        try:
            connection = self._connect()
        except Exception as error:
            self._unlock()
            self._ready.set_exception(error)
            return
        self._ready.set_result(None)
        try:
            while (batch := self._next_batch()) is not None:
                if batch:
                    self._commit(connection, batch)
                if self._scrub_pause_s() == 0.0:
                    self._scrub(connection)
        finally:
            self._resolve_scrubs()
            connection.close()
            self._unlock()
            self._ended.set_result(None)

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)

    def _scrub_pause_s(self) -> float | None:
        """How long until the next attempt to empty the write-ahead log; None if there is no need."""
        return None if self._next_scrub_s is None else max(0.0, self._next_scrub_s - time.monotonic())

    def _next_batch(self) -> list[_Job] | None:
        """Wait for a job and take all that wait with it; [] if it is time to scrub, None at the end."""
        batch: list[_Job] = []
        try:
            while (job := self._jobs.get(timeout=None if batch else self._scrub_pause_s())) is not None:
                if job.future.set_running_or_notify_cancel():  # not if its caller was cancelled
                    batch.append(job)
                if len(batch) == BATCH_JOBS or self._jobs.empty():
                    return batch
        except queue.Empty:
            return []
        if batch:
            self._jobs.put(None)  # the end is seen again, after these
        return batch or None

    def _commit(self, connection: Connection, batch: list[_Job]) -> None:
        """Do a batch in one transaction, and resolve each job when its outcome is certain."""
        outcomes: list[tuple[_Job, Any, Exception | None]] = []
        try:
            connection.execute("BEGIN IMMEDIATE" if self._lock is not None else "BEGIN")
            outcomes = [(job, *_do(connection, job)) for job in batch]
            connection.execute("COMMIT")
        except (sqlite3.Error, _RolledBack) as error:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            outcomes = [(job, None, _translated(error)) for job in batch]
        for job, result, failure in outcomes:
            if failure is not None:
                job.future.set_exception(failure)
            elif job.scrub and self._lock is not None:
                self._next_scrub_s = 0.0
                self._scrubs.append(_Scrub(job.future, result, time.monotonic() + SCRUB_WAIT_S))
            else:
                job.future.set_result(result)

    def _scrub(self, connection: Connection) -> None:
        """Try to empty the write-ahead log, without waiting for a reader."""
        try:
            connection.execute("PRAGMA busy_timeout = 0")
            # Not an exception but a column says that a reader was in the way (https://sqlite.org/pragma.html#pragma_wal_checkpoint)
            try:
                is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        except sqlite3.Error as error:
            log.warning("the write-ahead log is not emptied: %s; deleted data may still be in it", error)
            is_busy = True
        self._next_scrub_s = time.monotonic() + SCRUB_RETRY_S if is_busy else None
        if not is_busy:
            self._resolve_scrubs()
        elif late := [scrub for scrub in self._scrubs if time.monotonic() > scrub.deadline_s]:
            log.warning("another process reads the store: deleted data stay in its write-ahead log until it ends")
            self._scrubs = [scrub for scrub in self._scrubs if scrub not in late]
            for scrub in late:
                scrub.future.set_result(scrub.result)

    def _resolve_scrubs(self) -> None:
        for scrub in self._scrubs:
            scrub.future.set_result(scrub.result)
        self._scrubs = []


def _do(connection: Connection, job: _Job) -> tuple[Any, Exception | None]:
    """Do one job inside a savepoint, so that its failure undoes nothing but itself."""
    outcome: tuple[Any, Exception | None]
    connection.execute("SAVEPOINT job")
    try:
        outcome = (job.work(connection), None)
    except Exception as error:
        if not connection.in_transaction:
            raise _RolledBack(str(error)) from error
        connection.execute("ROLLBACK TO job")
        outcome = (None, _translated(error))
    connection.execute("RELEASE job")
    return outcome


def _translated(error: Exception) -> Exception:
    """Return the error for callers, who do not know sqlite3."""
    if not isinstance(error, (sqlite3.Error, _RolledBack)):
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
    """Open the file with our settings, and check it if the last process did not close it."""
    wal = path.with_name(path.name + "-wal")
    unclean = wal.exists() and wal.stat().st_size > 0  # an empty one is what a read-only connection leaves behind
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite alone would let the umask decide
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}") from error
    return _checked(path, str(path), SETTINGS, "PRAGMA quick_check(1)" if unclean else "SELECT 'ok'")


def connect_read_only(path: Path) -> Connection:
    """Open a database file for reading alone: it never writes or checkpoints, so it is safe beside the bot."""
    if not path.is_file():
        raise StoreError(f"{path} is missing")
    address = f"{path.resolve().as_uri()}?mode=ro"
    return _checked(path, address, (f"PRAGMA busy_timeout = {OPEN_TIMEOUT_MS}", "PRAGMA temp_store = MEMORY"))


def _checked(path: Path, address: str, settings: tuple[str, ...], check: str = "SELECT 'ok'") -> Connection:
    """Return a connection on which `settings` took effect and `check` said ok."""
    connection = None
    try:
        connection = sqlite3.connect(address, isolation_level=None, uri=address != str(path))
        for setting in settings:
            connection.execute(setting)
        if (report := connection.execute(check).fetchone()[0]) != "ok":
            raise StoreError(f"{path} is damaged: {report}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # reads the header
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    except (sqlite3.Error, StoreError) as error:
        if connection:
            connection.close()
        raise error if isinstance(error, StoreError) else StoreError(f"{path} cannot be used: {error}") from error
    return connection
