"""Sealed values."""

import contextlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.core.errors import StoreError
from lookalike.store.encryption import Cipher
from lookalike.store.store import Store
from tests.support.stores import ADA, StoreDir

pytestmark = pytest.mark.fast


async def test_a_value_copied_to_another_row_does_not_open(store_dir: StoreDir, store: Store) -> None:
    await store.journal_updates([(1, ADA, b"one"), (2, ADA, b"two")])
    await store.close()
    with contextlib.closing(sqlite3.connect(store_dir.file)) as db, db:
        db.execute("UPDATE journal SET sealed = (SELECT sealed FROM journal WHERE update_id = 1) WHERE update_id = 2")

    store = await store_dir.open()
    with pytest.raises(StoreError, match="belongs to another row"):
        await store.unfinished_updates()
    await store.close()


@given(st.binary(), st.text())
def test_what_is_sealed_opens_again_and_never_looks_the_same(plain: bytes, row: str) -> None:
    row = row.encode("utf-8", "replace").decode()
    vault = Cipher(bytes(32))
    first, second = vault.seal(row, plain), vault.seal(row, plain)

    assert first != second
    assert vault.unseal(row, first) == vault.unseal(row, second) == plain
