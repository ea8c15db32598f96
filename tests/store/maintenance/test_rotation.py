"""A new key for a store, and what a process leaves that is killed at any moment of it."""

import asyncio
import contextlib
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.core.errors import StoreBusy, StoreError
from lookalike.store.key_file import next_key_of
from lookalike.store.maintenance.inspection import check_file
from lookalike.store.maintenance.rotation import rotate_key
from lookalike.store.store import Store
from tests.support.stores import ADA, BOB, ROOT, StoreDir, fill, held_photo

pytestmark = pytest.mark.fast

PEOPLE = "SELECT person, sealed FROM "
# Rotates the keys of copies of a store: the process of copy N is killed at its Nth statement, sync or change of a name.
KILLED_ROTATIONS = """
import asyncio, os, shutil, signal, sys
from pathlib import Path
from lookalike.store import database
from lookalike.store.maintenance import rotation

original, copies = map(Path, sys.argv[1:])

def rotate(data, fatal):
    events = 0
    def count(*_):
        nonlocal events
        events += 1
        if events == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    def counted(function):
        def call(*arguments, **named):
            count()
            result = function(*arguments, **named)
            count()
            return result
        return call
    connect = database._connect
    def connect_counted(path):
        connection = connect(path)
        connection.set_trace_callback(count)
        return connection
    database._connect = connect_counted
    os.fsync, Path.replace, Path.unlink = counted(os.fsync), counted(Path.replace), counted(Path.unlink)
    asyncio.run(rotation.rotate_key(data, None, 0))

for fatal in range(1, 10_000):
    shutil.copytree(original, copies / str(fatal))
    child = os.fork()
    if child == 0:
        rotate(copies / str(fatal) / "data", fatal)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        break
    assert os.WIFSIGNALED(status), status
print(fatal)
"""


async def rotate(store_dir: StoreDir) -> int:
    return await rotate_key(store_dir.data, None, int(store_dir.clock.now.timestamp()))


def as_json(document: bytes) -> object:
    found = json.loads(document)
    for answer in found["answers"]:
        answer.pop("id")
    return found


async def test_everything_is_sealed_anew_and_found_again(store_dir: StoreDir, store: Store) -> None:
    for user_id, name in ((ADA, "Ada"), (BOB, "Bob")):
        await fill(store, user_id, name)
    before = [await store.export_user(user_id) for user_id in (ADA, BOB)]
    rows = await store.outbox_rows(9)
    await store.close()
    old_key = store_dir.key.read_bytes()
    old_file = sqlite3_values(store_dir)

    assert await rotate(store_dir) == 1 + 2 * 13
    assert store_dir.key.read_bytes() != old_key
    assert store_dir.key.stat().st_mode & 0o777 == 0o600
    assert not next_key_of(store_dir.key).exists()
    assert not sqlite3_values(store_dir) & old_file
    assert check_file(store_dir.file, store_dir.key).problems == ()
    store = await store_dir.open()
    assert [await store.export_user(user_id) for user_id in (ADA, BOB)] == before
    assert await store.outbox_rows(9) == rows
    await store.hold_photo(held_photo(7))
    assert await store.held_photos(ADA) == [held_photo(7)]  # found under its new hash, so it is there once
    assert await store.times_found("Q13909") == 2
    assert await store.unrate(ADA, "Q13909")
    assert [one.user_id for one in await store.find_links(f"code{ADA}")] == [ADA]
    assert await store.erase_user(ADA)
    await store.close()


def sqlite3_values(store_dir: StoreDir) -> set[bytes]:
    """All sealed values and keyed hashes of users in the file."""
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db:
        tables = ("people", "held", "answers", "found", "ratings", "cards", "links", "broadcasts", "outbox",
                  "conversation")  # fmt: skip
        return {value for name in tables for row in db.execute(PEOPLE + name) for value in row}


async def test_a_process_killed_at_any_moment_leaves_the_old_key_or_the_new_one(
    store_dir: StoreDir, store: Store, tmp_path: Path
) -> None:
    await fill(store, ADA, "Ada")
    expected = as_json(await store.export_user(ADA))
    await store.close()
    original, copies = tmp_path / "original", tmp_path / "copies"
    original.mkdir()
    store_dir.data.rename(original / "data")
    store_dir.key.rename(original / "data.key")
    command = [sys.executable, "-c", KILLED_ROTATIONS, str(original), str(copies)]
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    old_key, found = (original / "data.key").read_text(), {"old": 0, "new": 0}
    for number in range(1, int(done.stdout) + 1):
        copy = StoreDir(copies / str(number))
        reopened = await copy.open()
        assert as_json(await reopened.export_user(ADA)) == expected
        await reopened.close()
        assert not next_key_of(copy.key).exists()
        found["old" if copy.key.read_text() == old_key else "new"] += 1

    assert found["old"] > 20
    assert found["new"] > 5


async def test_a_rotation_waits_for_no_running_bot(store_dir: StoreDir, store: Store) -> None:
    with pytest.raises(StoreBusy):
        await rotate(store_dir)


async def test_an_update_whose_user_cannot_be_named_stops_the_rotation(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(17, ADA, b"no JSON with an id in it")])
    await store.close()
    old_key = store_dir.key.read_bytes()

    with pytest.raises(StoreError, match="1 users in journal cannot be named"):
        await rotate(store_dir)
    assert store_dir.key.read_bytes() == old_key
    await (await store_dir.open()).close()


async def test_a_sealed_user_log_is_written_anew_with_the_new_key(store_dir: StoreDir) -> None:
    store = await store_dir.open(seal_log=True)
    await fill(store, ADA, "Ada")
    await store.remove_outbox_rows([row.id for row in await store.outbox_rows(9)])
    await store.close()
    await rotate(store_dir)
    store = await store_dir.open(seal_log=True)

    assert [row.kind for row in await store.outbox_rows(9)] == ["clear", "person", "answer", "rating"]
    await store.close()
