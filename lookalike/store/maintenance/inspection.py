"""Backup and check of a store file, and its rows set aside. All of it reads only, so the bot may be running.

A backup copies the pages within one read transaction of a read-only connection. It neither commits nor checkpoints, so
SQLite's WAL-reset bug (database.py) cannot happen; meanwhile the bot goes on writing, but what it erases stays in its
write-ahead log until the backup is done.
"""

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from lookalike.core.errors import KeyFileError, StoreError
from lookalike.core.paths import sync
from lookalike.store.database import Connection, connect_read_only
from lookalike.store.maintenance.sealed_rows import KEYS, sealed_rows
from lookalike.store.migrations import MIGRATIONS, fitting_cipher, schema_version

SHOWN_PROBLEMS = 10


@dataclass(frozen=True, slots=True)
class StoreFileState:
    """What was found in a store file: `problems` in words, none if the file is whole."""

    schema: int
    sealed_rows: int
    problems: tuple[str, ...]


def back_up(store_file: Path, target: Path) -> int:
    """Copy a store file as it is at one moment, for its owner alone, and return the size in bytes.

    StoreError if the target is there already or cannot be written; a copy that was cut off leaves no `target`.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target} is there already: a backup overwrites nothing")
    if target.resolve().is_relative_to(store_file.resolve().parent):
        raise StoreError(f"{target} is in the data directory: a backup belongs somewhere else")
    unfinished = target.with_name(target.name + ".part")
    with contextlib.closing(connect_read_only(store_file)) as source:
        try:
            os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            with contextlib.closing(sqlite3.connect(unfinished)) as copy:
                source.backup(copy)  # all pages in one step, so that commits of the bot do not begin it anew
                copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, with no log beside it
            sync(unfinished)
            unfinished.replace(target)
            sync(target.resolve().parent)
        except sqlite3.Error as error:
            raise StoreError(f"{target} cannot be written: {error}") from error
        except OSError as error:
            raise StoreError(f"{target} cannot be written: {error.strerror}") from error
        finally:
            unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def check_file(store_file: Path, key_path: Path) -> StoreFileState:
    """Check a store file or a backup: its pages, its schema, that the key fits and that every sealed value opens.

    StoreError if the file is missing; KeyFileError if the key is, or does not fit.
    """
    if not store_file.is_file():
        raise StoreError(f"{store_file} is missing")
    try:
        with contextlib.closing(connect_read_only(store_file)) as db:
            return _check(db, key_path)
    except KeyFileError:
        raise
    except (sqlite3.Error, StoreError) as error:
        return StoreFileState(0, 0, (str(error),))


def _check(db: Connection, key_path: Path) -> StoreFileState:
    schema = schema_version(db)
    problems = [report for (report,) in db.execute(f"PRAGMA integrity_check({SHOWN_PROBLEMS})") if report != "ok"]
    if not 1 <= schema <= len(MIGRATIONS):
        problems.append(f"schema {schema}, this program knows 1 to {len(MIGRATIONS)}")
    if problems:
        return StoreFileState(schema, 0, tuple(problems))
    cipher, _ = fitting_cipher(db, key_path)
    count = 0
    for table in KEYS:
        for _, row, sealed in sealed_rows(db, table):
            count += 1
            try:
                cipher.unseal(row, sealed)
            except StoreError as error:
                problems.append(str(error))
    return StoreFileState(schema, count, tuple(problems[:SHOWN_PROBLEMS]))


def rows_set_aside(store_file: Path) -> dict[str, int]:
    """How many rows of the outbox are set aside, by the reason."""
    with contextlib.closing(connect_read_only(store_file)) as db:
        query = "SELECT set_aside, count(*) FROM outbox WHERE set_aside IS NOT NULL GROUP BY set_aside"
        return dict(db.execute(query).fetchall())
