"""One process, one thread, one transaction for all that waits; opening, migrating, closing."""

import asyncio
import contextlib
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from lookalike.core.errors import StoreBusy, StoreClosed, StoreError
from lookalike.store import database as module
from lookalike.store import migrations as schema
from lookalike.store.database import Connection, Database, connect_read_only
from lookalike.store.store import Store
from tests.support.stores import ADA, ROOT, StoreDir

pytestmark = pytest.mark.fast


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "plain.sqlite3")
    await database.run(lambda db: db.execute("CREATE TABLE notes (text TEXT)").rowcount)
    yield database
    await database.close()


def note(text: str) -> Callable[[Connection], int]:
    return lambda db: db.execute("INSERT INTO notes VALUES (?)", (text,)).rowcount


def notes(db: Connection) -> list[str]:
    return [text for (text,) in db.execute("SELECT text FROM notes ORDER BY rowid")]


# One process, one schema, open and closed.


async def test_a_second_store_of_the_same_directory_is_refused(store_dir: StoreDir, store: Store) -> None:
    with pytest.raises(StoreBusy, match="another process"):
        await store_dir.open()


async def test_a_second_process_is_refused(store_dir: StoreDir, store: Store) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from lookalike.store.store import Store;"
        "asyncio.run(Store.open(Path(sys.argv[1]), None, 30))"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(store_dir.data), stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    _, said = await process.communicate()

    assert process.returncode == 1
    assert b"errors.StoreBusy: another process" in said


async def test_a_new_file_is_brought_to_the_newest_schema(store_dir: StoreDir, store: Store) -> None:
    await store.close()

    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


async def test_a_migration_keeps_the_data(store_dir: StoreDir, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    user = await store.upsert_user(ADA, "Ada", "en")
    await store.close()
    newer = (*schema.MIGRATIONS, ("CREATE TABLE more (id INTEGER)",))
    monkeypatch.setattr(schema, "MIGRATIONS", newer)
    store = await store_dir.open()
    kept = await store.get_user(ADA)
    await store.close()

    assert kept == user
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(newer),)
        assert db.execute("SELECT count(*) FROM more").fetchone() == (0,)


async def test_a_failing_migration_changes_nothing(store_dir: StoreDir, monkeypatch: pytest.MonkeyPatch) -> None:
    good = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (*good, ("CREATE TABLE more (id INTEGER)", "NONSENSE")))
    with pytest.raises(StoreError, match="NONSENSE"):
        await store_dir.open()
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)

    monkeypatch.setattr(schema, "MIGRATIONS", good)
    store = await store_dir.open()
    await store.upsert_user(ADA, "Ada", "en")
    await store.close()


async def test_data_of_a_newer_program_are_refused(store_dir: StoreDir, store: Store) -> None:
    await store.close()
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        db.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="schema 99"):
        await store_dir.open()


async def test_a_file_that_is_no_database_is_refused(store_dir: StoreDir) -> None:
    store_dir.data.mkdir()
    store_dir.file.write_bytes(b"not a database at all, " * 100)

    with pytest.raises(StoreError, match="not a database"):
        await store_dir.open()


async def test_a_data_directory_that_is_a_file_is_refused(store_dir: StoreDir) -> None:
    store_dir.data.write_text("in the way")

    with pytest.raises(StoreError, match="data directory"):
        await store_dir.open()


async def test_closing_twice_is_fine_and_every_later_call_says_so(store: Store) -> None:
    await store.close()
    await store.close()

    with pytest.raises(StoreClosed):
        await store.get_user(ADA)
    with pytest.raises(StoreClosed):
        await store.journal_updates([(1, ADA, b"")])


async def test_closing_finishes_what_was_begun(store_dir: StoreDir, store: Store) -> None:
    begun = [asyncio.create_task(store.journal_updates([(number, ADA, b"")])) for number in range(100)]
    await asyncio.sleep(0)  # let each hand in its closure
    await store.close()

    assert await asyncio.gather(*begun) == [[True]] * 100


async def test_a_closed_store_leaves_no_thread_behind(store_dir: StoreDir) -> None:
    before = set(threading.enumerate())
    store = await store_dir.open()
    await store.close()

    for thread in set(threading.enumerate()) - before:
        if thread.name == "store":
            thread.join()
    assert not [thread for thread in threading.enumerate() if thread.name == "store"]


# The database beneath: group commit.


@contextlib.asynccontextmanager
async def thread_kept_busy(database: Database) -> AsyncIterator[None]:
    """Hold up the one thread while the body runs, so that what the body hands in waits together."""
    began, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def wait(_: Connection) -> None:
        loop.call_soon_threadsafe(began.set)
        go_on.wait()

    waiting = asyncio.create_task(database.run(wait))
    await began.wait()
    try:
        yield
        await asyncio.sleep(0)  # let tasks made in the body hand in their closures
    finally:
        go_on.set()
        await waiting


async def test_what_waits_together_is_committed_once(database: Database) -> None:
    statements: list[str] = []
    await database.run(lambda db: db.set_trace_callback(statements.append))
    async with thread_kept_busy(database):
        statements.clear()
        jobs = [asyncio.create_task(database.run(note(f"note {number}"))) for number in range(50)]
    await asyncio.gather(*jobs)
    await database.run(lambda db: db.set_trace_callback(None))

    begun = statements[statements.index("COMMIT") + 1 :]  # after that of the job that held up the thread
    assert begun[: begun.index("COMMIT") + 1].count("SAVEPOINT job") == 50


async def test_one_failing_closure_undoes_nothing_but_itself(database: Database) -> None:
    def fail(db: Connection) -> None:
        note("never")(db)
        raise LookupError("on purpose")

    async with thread_kept_busy(database):
        jobs = [asyncio.create_task(database.run(work)) for work in (note("before"), fail, note("after"))]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [int, LookupError, int]
    assert await database.run(notes) == ["before", "after"]


async def test_a_failure_of_sqlite_is_an_error_of_ours(database: Database) -> None:
    with pytest.raises(StoreError, match="no such table"):
        await database.run(lambda db: db.execute("SELECT * FROM nowhere").fetchall())


async def test_a_full_disk_fails_the_writes_and_no_more(database: Database) -> None:
    pages = await database.run(lambda db: int(db.execute("PRAGMA page_count").fetchone()[0]))
    await database.run(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone())

    with pytest.raises(StoreError, match="full"):
        await database.run(note("x" * 100_000))
    assert await database.run(notes) == []

    await database.run(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone())
    await database.run(note("room again"))

    assert await database.run(notes) == ["room again"]


async def test_a_transaction_sqlite_gave_up_fails_all_that_was_in_it(database: Database) -> None:
    """As with some full disks: no job of that batch may report success."""

    def give_up(db: Connection) -> None:
        db.execute("ROLLBACK")  # SQLite does it by itself, then raises
        raise sqlite3.OperationalError("database or disk is full")

    async with thread_kept_busy(database):
        jobs = [asyncio.create_task(database.run(work)) for work in (note("before"), give_up, note("after"))]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert await database.run(notes) == []
    assert [type(outcome) for outcome in outcomes] == [StoreError, StoreError, StoreError]


async def test_a_caller_that_went_away_is_not_served(database: Database) -> None:
    async with thread_kept_busy(database):
        job = asyncio.create_task(database.run(note("too late")))
        await asyncio.sleep(0)
        job.cancel()
        await asyncio.wait([job])

    assert await database.run(notes) == []


async def test_writes_from_many_tasks_all_arrive(store: Store) -> None:
    await asyncio.gather(*(store.upsert_user(number, f"User {number}", "en") for number in range(200)))

    assert (await store.counts())["people"] == 200


async def test_commits_are_made_to_survive_a_power_cut(database: Database) -> None:
    def settings(db: Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "secure_delete")
        return [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await database.run(settings) == ["wal", 2, 1]  # 2 is FULL


# Emptying the write-ahead log.


def sealed_log(database_file: Path) -> bytes:
    return database_file.with_name(database_file.name + "-wal").read_bytes()


async def test_while_a_reader_uses_the_log_it_is_emptied_later_and_the_thread_is_free(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "SCRUB_WAIT_S", 0.0)
    await database.run(note("secret"))
    reader = connect_read_only(tmp_path / "plain.sqlite3")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM notes").fetchall()  # from here on it needs the pages as they are
    await database.run(lambda db: db.execute("DELETE FROM notes").rowcount, scrub=True)
    assert b"secret" in sealed_log(tmp_path / "plain.sqlite3")
    assert await database.run(notes) == []  # the thread serves others meanwhile
    assert "another process reads the store" in caplog.text

    monkeypatch.setattr(module, "SCRUB_WAIT_S", 60.0)
    scrubbed = asyncio.create_task(database.run(lambda db: None, scrub=True))
    await database.run(notes)
    assert not scrubbed.done()
    reader.close()
    await scrubbed
    assert sealed_log(tmp_path / "plain.sqlite3") == b""


async def test_after_an_attempt_that_sqlite_refuses_the_patience_with_other_connections_is_as_before(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def patience_ms(db: Connection) -> int:
        return int(db.execute("PRAGMA busy_timeout").fetchone()[0])

    monkeypatch.setattr(module, "SCRUB_WAIT_S", 60.0)
    unread: list[sqlite3.Cursor] = []  # no checkpoint works while a statement of the same connection is being read
    await database.run(lambda db: db.executemany("INSERT INTO notes VALUES (?)", [("a",), ("b",)]).rowcount)
    scrubbed = asyncio.create_task(
        database.run(lambda db: unread.append(db.execute("SELECT text FROM notes")), scrub=True)
    )
    while "is not emptied" not in caplog.text:
        assert await database.run(patience_ms) == module.BUSY_TIMEOUT_MS
    assert await database.run(patience_ms) == module.BUSY_TIMEOUT_MS
    await database.run(lambda _: unread.pop().close())
    await scrubbed


async def test_a_log_that_was_not_emptied_is_emptied_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "plain.sqlite3"
    first = await Database.open(file)
    await first.run(lambda db: db.execute("CREATE TABLE notes (text TEXT)").rowcount)
    await first.run(note("secret"))
    reader = connect_read_only(file)
    reader.execute("SELECT * FROM notes").fetchall()
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM notes").fetchall()
    await first.run(lambda db: db.execute("DELETE FROM notes").rowcount)
    await first.close()
    assert b"secret" in sealed_log(file)
    reader.close()
    second = await Database.open(file)
    await second.run(lambda db: None, scrub=True)

    assert sealed_log(file) == b""
    await second.close()


async def test_a_reader_reads_beside_the_writer_and_cannot_write(database: Database, tmp_path: Path) -> None:
    await database.run(note("one"))
    reader = await Database.open(tmp_path / "plain.sqlite3", read_only=True)

    assert await reader.run(notes) == ["one"]
    with pytest.raises(StoreError, match="readonly"):
        await reader.run(note("two"))
    await database.run(note("two"))
    assert await reader.run(notes) == ["one", "two"]
    await reader.close()
