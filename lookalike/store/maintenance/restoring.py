"""A backup put back where there is no store, and the small files that are kept beside a store and its backups.

They are JSON that the bot replaces as a whole: what operators hid, what was reported. Beside a backup FILE they are
FILE.hidden.json and FILE.reports.json.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from lookalike.core.errors import StoreError
from lookalike.core.paths import sync
from lookalike.store.maintenance.inspection import check_file


def beside(backup: Path, name: str) -> Path:
    """Where the copy of a small file is, beside a backup."""
    return backup.with_name(f"{backup.name}.{name}")


def back_up_beside(data_dir: Path, backup: Path, names: Iterable[str]) -> list[Path]:
    """Copy those of the small files that are there, for their owner alone; StoreError if a copy is there already."""
    found = [(data_dir / name, beside(backup, name)) for name in names if (data_dir / name).is_file()]
    for _, copy in found:
        if copy.exists() or copy.is_symlink():
            raise StoreError(f"{copy} is there already: a backup overwrites nothing")
    for file, copy in found:
        _copy(file, copy)
    return [copy for _, copy in found]


def restore(backup: Path, store_file: Path, key_path: Path, names: Iterable[str]) -> list[Path]:
    """Put a backup and the small files beside it into the data directory; the files that were put there.

    StoreError if the backup is not whole or its key does not fit, or if there is a store. A small file that is there
    stays: it is newer, and somebody hidden since stays hidden.
    """
    found = check_file(backup, key_path)
    if found.problems:
        raise StoreError(f"{backup} is not whole: {found.problems[0]}")
    for file in (store_file, store_file.with_name(f"{store_file.name}-wal")):
        if file.exists() or file.is_symlink():
            raise StoreError(f"{file} is there: stop the bot and move it away first")
    copies = [(beside(backup, name), store_file.with_name(name)) for name in names]
    wanted = [(copy, file) for copy, file in copies if copy.is_file() and not file.exists()]
    for copy, file in [*wanted, (backup, store_file)]:  # the store last: without it nothing is put back
        _copy(copy, file)
    return [store_file, *(file for _, file in wanted)]


def _copy(source: Path, target: Path) -> None:
    """Copy a file as a whole, on the disk when this returns; what was cut off leaves no `target`."""
    unfinished = target.with_name(target.name + ".part")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with source.open("rb") as old, unfinished.open("wb") as new:
            while piece := old.read(1 << 20):
                new.write(piece)
            new.flush()
            os.fsync(new.fileno())
        unfinished.replace(target)
        sync(target.resolve().parent)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
