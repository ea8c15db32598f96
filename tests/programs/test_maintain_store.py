"""storage.py as a program: what it prints and how it ends."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.gallery.replacing import hidden
from lookalike.gallery.replacing.hidden import HiddenFile
from lookalike.store.store import Store
from lookalike.telegram_bot import report_file
from lookalike.telegram_bot.report_file import ReportFile
from tests.support.stores import ADA, BOB, ROOT, StoreDir, fill

pytestmark = pytest.mark.fast


ERASED = "erased\nthe log in MongoDB follows when the bot runs\n"


async def run(store_dir: StoreDir, *arguments: str, **settings: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(store_dir.data), **settings}
    command = [sys.executable, str(ROOT / "storage.py"), *arguments]
    done = await asyncio.to_thread(
        subprocess.run, command, env=environment, cwd=store_dir.data.parent, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


async def test_what_reads_works_beside_the_running_bot(store_dir: StoreDir, store: Store, tmp_path: Path) -> None:
    await fill(store, ADA, "Ada Lovelace")
    backup = tmp_path / "backup.sqlite3"

    status, printed, _ = await run(store_dir, "--stats")
    assert status == 0
    assert "people                 1" in printed
    assert (await run(store_dir, "--backup", str(backup)))[0] == 0
    for file in (backup, store_dir.file):
        assert (await run(store_dir, "--check", str(file)))[:2] == (
            0, f"{file}: whole, schema 4, all 15 sealed values open\n",
        )  # fmt: skip
    status, printed, _ = await run(store_dir, "--export", str(ADA))
    assert (status, json.loads(printed)["user"]["name"]) == (0, "Ada Lovelace")
    assert (await run(store_dir, "--export", str(BOB)))[0] == 1


def private_files(directory: Path, pattern: str) -> set[str]:
    """The names of files that their owner alone may read."""
    return {file.name for file in directory.glob(pattern) if file.stat().st_mode & 0o777 == 0o600}


async def test_a_backup_is_put_back_with_what_is_hidden_and_reported(
    store_dir: StoreDir, store: Store, tmp_path: Path
) -> None:
    await fill(store, ADA, "Ada Lovelace")
    HiddenFile(store_dir.data / hidden.FILE_NAME).hide(["Q1"])
    ReportFile(store_dir.data / report_file.FILE_NAME).add("Q2", "", "unkind", 7)
    backup = tmp_path / "backup.sqlite3"
    assert (await run(store_dir, "--backup", str(backup)))[0] == 0
    assert private_files(tmp_path, "backup*") == {
        "backup.sqlite3", "backup.sqlite3.hidden.json", "backup.sqlite3.reports.json",
    }  # fmt: skip

    status, _, said = await run(store_dir, "--restore", str(backup))
    assert (status, "is there: stop the bot and move it away first" in said) == (2, True)
    await store.close()
    for file in store_dir.data.iterdir():
        if file != store_dir.key:
            file.unlink()
    assert (await run(store_dir, "--restore", str(backup)))[0] == 0

    assert HiddenFile(store_dir.data / hidden.FILE_NAME).read().stars == {"Q1"}
    assert [one.star for one in ReportFile(store_dir.data / report_file.FILE_NAME).read()] == ["Q2"]
    assert json.loads((await run(store_dir, "--export", str(ADA)))[1])["user"]["name"] == "Ada Lovelace"


async def test_who_was_hidden_since_a_backup_stays_hidden_and_no_damaged_one_is_put_back(
    store_dir: StoreDir, store: Store, tmp_path: Path
) -> None:
    file = HiddenFile(store_dir.data / hidden.FILE_NAME)
    file.hide(["Q1"])
    backup = tmp_path / "backup"
    await run(store_dir, "--backup", str(backup))
    file.hide(["Q2"])
    await store.close()
    store_dir.file.unlink()
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2])
    status, _, said = await run(store_dir, "--restore", str(backup))
    assert (status, "is not whole" in said, store_dir.file.exists()) == (2, True, False)
    backup.write_bytes(whole)
    assert (await run(store_dir, "--restore", str(backup)))[0] == 0

    assert file.read().stars == {"Q1", "Q2"}


async def test_what_writes_is_refused_beside_the_running_bot(store_dir: StoreDir, store: Store) -> None:
    for arguments in (["--erase", str(ADA)], ["--purge"], ["--rotate-key"]):
        status, printed, said = await run(store_dir, *arguments)
        assert (status, printed) == (2, "")
        assert "another process already uses the data directory" in said


async def test_a_stopped_store_is_purged_its_key_rotated_and_a_user_erased(store_dir: StoreDir, store: Store) -> None:
    await fill(store, ADA, "Ada")
    await fill(store, BOB, "Bob")
    await store.close()
    key = store_dir.key.read_bytes()

    assert (await run(store_dir, "--purge", RETENTION_DAYS="3650"))[0] == 0
    assert (await run(store_dir, "--rotate-key"))[0] == 0
    assert store_dir.key.read_bytes() != key
    assert (await run(store_dir, "--erase", str(ADA)))[:2] == (
        0,
        "erased\nthe log in MongoDB follows when the bot runs\n",
    )
    assert (await run(store_dir, "--erase", str(ADA)))[0] == 1
    assert (await run(store_dir, "--export", str(ADA)))[0] == 1
    assert (await run(store_dir, "--export", str(BOB)))[0] == 0


async def test_damage_found_is_status_1_and_what_is_missing_status_2(store_dir: StoreDir, store: Store) -> None:
    for arguments in (["--stats"], ["--export", "1"], ["--erase", "1"], ["--purge"], ["--rotate-key"]):
        status, printed, said = await run(store_dir, *arguments, DATA_DIR="nowhere")
        assert (status, printed, said) == (2, "", "storage.py: there is no store in nowhere (DATA_DIR)\n")
    assert (await run(store_dir, "--check", "no-file"))[0] == 2
    await fill(store, ADA, "Ada")
    await store.close()
    with store_dir.file.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(b"x" * 4096)
    assert (await run(store_dir, "--check", str(store_dir.file)))[0] == 1
    store_dir.key.unlink()
    status, _, said = await run(store_dir, "--stats")
    assert status == 2
    assert "data.key is missing" in said


@pytest.mark.parametrize("arguments", [[], ["--nonsense"], ["--stats", "--purge"], ["--erase", "Ada"]])
async def test_wrong_usage_is_status_2(store_dir: StoreDir, arguments: list[str]) -> None:
    status, printed, said = await run(store_dir, *arguments)

    assert (status, printed) == (2, "")
    assert "usage: storage.py" in said
