"""Backup and check of a store, also beside the process that writes it."""

import asyncio
import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from lookalike.core.errors import KeyFileError, StoreError
from lookalike.store.maintenance.inspection import back_up, check_file, rows_set_aside
from lookalike.store.store import Store
from tests.support.stores import ADA, BOB, RANKING, StoreDir, fill

pytestmark = pytest.mark.fast

BACKUPS = 5
COUNTS = ("SELECT count(*) FROM journal", "SELECT count(*) FROM answers")


async def test_backups_beside_a_busy_writer_are_each_one_moment_of_the_store(
    store_dir: StoreDir, store: Store, tmp_path: Path
) -> None:
    """Every update is journaled and its answer recorded in that order, so no backup has more answers than updates."""
    await fill(store, ADA, "Ada")
    done = asyncio.Event()

    async def write() -> int:
        number = 1000
        while not done.is_set():
            number += 1
            await store.journal_updates([(number, ADA, b"x" * 2000)])
            await store.record_answer(ADA, "match", RANKING, chat_id=ADA, message_id=number)
            if number % 50 == 0:
                await store.purge(store_dir.clock.now)  # empties the write-ahead log, or tries to
        return number

    writing = asyncio.create_task(write())
    files = [tmp_path / f"backup-{number}.sqlite3" for number in range(BACKUPS)]
    for file in files:
        await asyncio.to_thread(back_up, store_dir.file, file)
    done.set()
    last = await writing
    await store.close()

    for file in [*files, store_dir.file]:
        found = check_file(file, store_dir.key)
        assert found.problems == ()
        with contextlib.closing(sqlite3.connect(file)) as db:
            updates, answers = (db.execute(count).fetchone()[0] for count in COUNTS)
        assert updates - 1 <= answers <= updates
    assert updates == last - 1000 + 1


def names_in(directory: Path, pattern: str) -> list[str]:
    return [file.name for file in directory.glob(pattern)]


async def test_a_backup_is_one_private_file_that_can_be_put_in_the_place_of_the_store(
    store_dir: StoreDir, store: Store, tmp_path: Path
) -> None:
    await fill(store, ADA, "Ada")
    before = await store.export_user(ADA)
    size = back_up(store_dir.file, tmp_path / "backup")
    await store.erase_user(ADA)
    await store.close()
    assert names_in(tmp_path, "backup*") == ["backup"]
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    assert size == (tmp_path / "backup").stat().st_size
    (tmp_path / "backup").replace(store_dir.file)
    store = await store_dir.open()

    assert json.loads(await store.export_user(ADA)) == json.loads(before)
    await store.close()


async def test_a_backup_overwrites_nothing_and_leaves_no_half_file(
    store_dir: StoreDir, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "precious").write_text("mine")

    with pytest.raises(StoreError, match="overwrites nothing"):
        back_up(store_dir.file, tmp_path / "precious")
    with pytest.raises(StoreError, match="data directory"):
        back_up(store_dir.file, store_dir.data / "backup")
    with pytest.raises(StoreError, match="cannot be written"):
        back_up(store_dir.file, tmp_path / "nowhere" / "backup")
    with pytest.raises(StoreError, match="is missing"):
        back_up(tmp_path / "no-store" / "file", tmp_path / "backup")
    assert (tmp_path / "precious").read_text() == "mine"
    assert names_in(tmp_path, "backup*") == []


async def test_a_check_finds_what_is_damaged(store_dir: StoreDir, store: Store, tmp_path: Path) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    await store.close()
    whole = check_file(store_dir.file, store_dir.key)
    assert (whole.schema, whole.sealed_rows, whole.problems) == (4, 1 + 2 * 14, ())

    with contextlib.closing(sqlite3.connect(store_dir.file)) as db, db:
        db.execute("UPDATE held SET sealed = zeroblob(99) WHERE place = 1")
    assert check_file(store_dir.file, store_dir.key).problems == (
        "a value in held is damaged, or belongs to another row",
    )

    torn = tmp_path / "torn"
    torn.write_bytes(store_dir.file.read_bytes()[:20_000])
    assert check_file(torn, store_dir.key).problems
    (tmp_path / "text").write_text("not a database at all, " * 100)
    assert "not a database" in check_file(tmp_path / "text", store_dir.key).problems[0]


async def test_a_check_needs_the_key_that_fits(store_dir: StoreDir, store: Store, tmp_path: Path) -> None:
    await (await Store.open(tmp_path / "other", None, 30)).close()

    with pytest.raises(KeyFileError, match="not the one"):
        check_file(store_dir.file, tmp_path / "other.key")
    with pytest.raises(KeyFileError, match="is missing"):
        check_file(store_dir.file, tmp_path / "no.key")


async def test_rows_set_aside_are_counted_by_reason(store_dir: StoreDir, store: Store) -> None:
    await fill(store, ADA, "Ada")
    await store.set_aside({row.id: "KeyError 'name'" for row in await store.outbox_rows(9)})

    assert rows_set_aside(store_dir.file) == {"KeyError 'name'": 3}
