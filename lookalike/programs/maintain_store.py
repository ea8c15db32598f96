"""storage.py: statistics, backup, check, export, erasure, key rotation and purge of the store."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lookalike.core.clock import wall_clock
from lookalike.core.errors import StoreError
from lookalike.core.settings import Settings, from_environment
from lookalike.core.terminal import printable
from lookalike.gallery.replacing import hidden
from lookalike.store.key_file import locate_key
from lookalike.store.maintenance.inspection import back_up, check_file, rows_set_aside
from lookalike.store.maintenance.restoring import back_up_beside, restore
from lookalike.store.maintenance.rotation import rotate_key
from lookalike.store.store import FILE_NAME, Store
from lookalike.telegram_bot import report_file

DONE, NOT_WHOLE = 0, 1
BESIDE = (hidden.FILE_NAME, report_file.FILE_NAME)  # small files of DATA_DIR that a backup has too


@dataclass(frozen=True)
class StoreTask:
    """What to do: the name of an option of storage.py without dashes, and its value."""

    name: str
    value: Path | int | bool = True


def maintain_store(task: StoreTask) -> int:
    """Do it with the store that the environment names; return the exit status."""
    return asyncio.run(TASKS[task.name](from_environment(), task))


async def show_statistics(settings: Settings, task: StoreTask) -> int:
    """Print how much there is of everything, a line each."""
    async with _open_read_only(settings) as store:
        counts = await store.counts()
    file = _file_of(settings)
    for name, count in counts.items():
        print(f"{name:<14}{count:>10}")
    for why, count in rows_set_aside(file).items():
        print(f"  set aside: {count} x {printable(why)}")
    for name in ("", "-wal"):
        path = file.with_name(file.name + name)
        print(f"{printable(str(path))}: {path.stat().st_size if path.exists() else 0} bytes")
    return DONE


async def back_up_store(settings: Settings, task: StoreTask) -> int:
    """Copy the store as it is at one moment."""
    target = Path(str(task.value))
    size = back_up(_file_of(settings), target)
    for copy in back_up_beside(settings.data_dir, target, BESIDE):
        print(f"{printable(str(copy))}: keep it beside the backup")
    print(
        f"{printable(str(target))}: {size} bytes; keep {printable(str(_key_of(settings)))} as well, and apart from it"
    )
    return DONE


async def restore_store(settings: Settings, task: StoreTask) -> int:
    """Put a backup back where there is no store."""
    for file in restore(Path(str(task.value)), _file_of(settings), _key_of(settings), BESIDE):
        print(f"{printable(str(file))}: put back")
    return DONE


async def check_store(settings: Settings, task: StoreTask) -> int:
    """Check a store file or a backup."""
    file = Path(str(task.value))
    found = check_file(file, _key_of(settings))
    for problem in found.problems:
        print(f"{printable(str(file))}: {printable(problem)}")
    if not found.problems:
        print(f"{printable(str(file))}: whole, schema {found.schema}, all {found.sealed_rows} sealed values open")
    return NOT_WHOLE if found.problems else DONE


async def export_user(settings: Settings, task: StoreTask) -> int:
    """Print everything kept of a user."""
    async with _open_read_only(settings) as store:
        document = (await store.export_user(int(str(task.value)))).decode()
    print(document, end="")
    return DONE if any(json.loads(document).values()) else NOT_WHOLE


async def erase_user(settings: Settings, task: StoreTask) -> int:
    """Erase a user."""
    async with _open(settings) as store:
        found = await store.erase_user(int(str(task.value)))
        waiting = await store.outbox_size()
    print("erased" if found else "nothing was kept of this user")
    if waiting:
        print("the log in MongoDB follows when the bot runs")
    return DONE if found else NOT_WHOLE


async def rotate_store_key(settings: Settings, task: StoreTask) -> int:
    """Seal everything with a new key."""
    _require_store(settings)
    count = await rotate_key(settings.data_dir, settings.data_key_file, int(wall_clock().timestamp()))
    print(f"{count} values are sealed with a new key in {printable(str(_key_of(settings)))}; backups need the old one")
    return DONE


async def purge_store(settings: Settings, task: StoreTask) -> int:
    """Erase what is past its days."""
    async with _open(settings) as store:
        print(f"{await store.purge(wall_clock())} rows erased")
    return DONE


TASKS: dict[str, Callable[[Settings, StoreTask], Coroutine[Any, Any, int]]] = {
    "stats": show_statistics,
    "backup": back_up_store,
    "restore": restore_store,
    "check": check_store,
    "export": export_user,
    "erase": erase_user,
    "rotate_key": rotate_store_key,
    "purge": purge_store,
}


def _file_of(settings: Settings) -> Path:
    return settings.data_dir / FILE_NAME


def _key_of(settings: Settings) -> Path:
    return locate_key(settings.data_dir, settings.data_key_file)


def _require_store(settings: Settings) -> None:
    """A store that is not there must not be made, only to find it empty."""
    if not _file_of(settings).is_file():
        raise StoreError(f"there is no store in {settings.data_dir} (DATA_DIR)")


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Store]:
    """The store for writing; StoreBusy while the bot is running."""
    _require_store(settings)
    store = await Store.open(settings.data_dir, settings.data_key_file, settings.retention_days, user_log=False)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _open_read_only(settings: Settings) -> AsyncIterator[Store]:
    _require_store(settings)
    store = await Store.open_read_only(settings.data_dir, settings.data_key_file)
    try:
        yield store
    finally:
        await store.close()
