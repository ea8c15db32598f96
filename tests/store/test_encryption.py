"""Sealed values."""

import contextlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.core.errors import StoreError
from lookalike.store.encryption import PAD_BYTES, Cipher
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
    cipher = Cipher(bytes(32))
    first, second = cipher.seal(row, plain), cipher.seal(row, plain)

    assert first != second
    assert cipher.unseal(row, first) == cipher.unseal(row, second) == plain


@given(st.integers(0, 300))
def test_the_length_of_a_sealed_value_tells_no_more_than_a_multiple_of_64(length: int) -> None:
    cipher = Cipher(bytes(32))

    assert (len(cipher.seal("row", bytes(length))) - len(cipher.seal("row", b""))) % PAD_BYTES == 0
    assert len(cipher.seal("row", b"Cher")) == len(cipher.seal("row", b"Arnold Schwarzenegger"))
