"""The key file: made, missing, wrong, readable by others."""

import errno
import os
from pathlib import Path

import pytest

from lookalike.core.errors import KeyFileError
from lookalike.store.store import Store
from tests.support.stores import StoreDir

pytestmark = pytest.mark.fast


async def test_the_key_is_made_beside_the_data_for_its_owner_alone(store_dir: StoreDir, store: Store) -> None:
    assert store_dir.key.stat().st_mode & 0o777 == 0o600
    assert store_dir.file.stat().st_mode & 0o777 == 0o600
    assert store_dir.key.read_bytes().strip() not in store_dir.bytes()


async def test_a_missing_key_is_named(store_dir: StoreDir, store: Store) -> None:
    await store.close()
    store_dir.key.unlink()

    with pytest.raises(KeyFileError, match=r"data\.key is missing"):
        await store_dir.open()
    assert not store_dir.key.exists()


async def test_a_wrong_key_is_refused(store_dir: StoreDir, store: Store, tmp_path: Path) -> None:
    await store.close()
    await (await Store.open(tmp_path / "other", None, 30)).close()

    with pytest.raises(KeyFileError, match="not the one"):
        await Store.open(store_dir.data, tmp_path / "other.key", 30)
    await (await store_dir.open()).close()  # and the lock is free again


async def test_a_file_that_is_no_key_is_refused(store_dir: StoreDir) -> None:
    store_dir.key.write_text("hunter2\n")

    with pytest.raises(KeyFileError, match="no key file") as caught:
        await store_dir.open()
    assert "hunter2" not in str(caught.value)


async def test_a_key_inside_the_data_directory_is_refused(store_dir: StoreDir) -> None:
    with pytest.raises(KeyFileError, match="must not lie in"):
        await Store.open(store_dir.data, store_dir.data / "key", 30)


async def test_an_existing_key_is_used_for_new_data(store_dir: StoreDir, store: Store, tmp_path: Path) -> None:
    before = store_dir.key.read_bytes()
    other = await Store.open(tmp_path / "other", store_dir.key, 30)
    await other.close()

    assert store_dir.key.read_bytes() == before


async def test_a_key_that_others_can_change_is_refused(store_dir: StoreDir, store: Store) -> None:
    await store.close()
    store_dir.key.chmod(0o666)

    with pytest.raises(KeyFileError, match="chmod 600"):
        await store_dir.open()


@pytest.mark.parametrize(("what", "mode"), [("key", 0o644), ("folder", 0o777)])
async def test_a_key_that_others_can_read_or_replace_is_warned_of(
    store_dir: StoreDir, store: Store, caplog: pytest.LogCaptureFixture, what: str, mode: int
) -> None:
    await store.close()
    caplog.clear()
    (store_dir.key if what == "key" else store_dir.key.parent).chmod(mode)
    await (await store_dir.open()).close()

    assert ["other accounts" in record.message for record in caplog.records] == [True]


async def test_a_key_that_is_not_whole_is_never_in_place(store_dir: StoreDir, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the first start was killed, or the disk was full, while the key was written."""

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(KeyFileError, match="cannot be written: No space left"):
            await store_dir.open()
    assert not store_dir.key.exists()

    await (await store_dir.open()).close()  # and the next start makes one
