"""Records of one size in a file that only grows, found by the key they begin with: what an interrupted build keeps.

The file begins with a hash of what its records are made of and look like; with any other beginning it is made anew. A
record that was cut off is dropped. Where a key was kept twice, the later record counts. Only the keys are in memory,
16 bytes a record and its key; records are read where they are asked for, so a file of any size stays on disk.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import BuildRunning

Keys = npt.NDArray[np.uint8]  # (n, bytes of a key)
Rows = npt.NDArray[np.int64]  # numbers of records; NONE where there is none

NONE = -1
HEADER_BYTES = 32
SORT_AFTER = 2**16  # fresh records in a dictionary, before they are sorted in among the others: bounds memory
BLOCK = 2**14  # records read at a time


class RecordFile:
    """Records of `dtype`, whose first field is the key, bytes; `made_by` says how they were made.

    One process at a time: BuildRunning where another has the file open. Not for several threads at once.
    """

    def __init__(self, path: Path, dtype: np.dtype[Any], made_by: str) -> None:
        self._path = path
        self._dtype = dtype
        self._key_name = (dtype.names or ("",))[0]
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise BuildRunning(f"another build is running: it has {path}") from None
        header = hashlib.sha256(f"{made_by} {dtype.descr}".encode()).digest()
        if os.pread(self._file, HEADER_BYTES, 0) != header:  # new, or made in another way
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, header, 0)
        self._count = (os.fstat(self._file).st_size - HEADER_BYTES) // dtype.itemsize
        os.ftruncate(self._file, self._place(self._count))
        self._fresh: dict[bytes, int] = {}  # added since the last sorting: key -> row, and all keys in order
        self._fresh_keys = bytearray()
        self._keys = self._read_keys()
        self._sort()

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, keys: Keys) -> Rows:
        """Numbers (n,) of the records with these keys (n, bytes), NONE where there is none."""
        rows = np.full(len(keys), NONE, np.int64)
        if len(self._sorted):
            places = np.searchsorted(self._sorted, _numbers(keys), side="right") - 1
            found = self._order[places]  # place -1 is the last one, whose key is another
            is_it = (self._keys[found] == keys).all(axis=1)
            rows[is_it] = found[is_it]
        if self._fresh:
            for place, key in enumerate(keys):
                rows[place] = self._fresh.get(key.tobytes(), rows[place])
        return rows

    def read(self, rows: Rows) -> npt.NDArray[Any]:
        """The records (n,) with these numbers."""
        size = self._dtype.itemsize
        data = b"".join(os.pread(self._file, size, self._place(row)) for row in rows.tolist())
        return np.frombuffer(data, self._dtype)

    def append(self, record: npt.NDArray[Any]) -> int:
        """Keep a record (); its number. It outlives this process at once, a power cut after some seconds."""
        row = self._count
        if os.pwrite(self._file, record.tobytes(), self._place(row)) < self._dtype.itemsize:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        self._count += 1
        key = record[self._key_name].tobytes()
        self._fresh[key] = row
        self._fresh_keys += key
        if len(self._fresh) >= SORT_AFTER:
            self._sort()
        return row

    def erase(self, keys: Keys) -> int:
        """Overwrite every record with one of these keys by zeros, on disk when this returns; how many there were."""
        self._sort()
        erased = np.flatnonzero(np.isin(_numbers(self._keys), _numbers(keys)))
        erased = erased[[(self._keys[row] == keys).all(axis=1).any() for row in erased]]
        for row in erased.tolist():
            os.pwrite(self._file, bytes(self._dtype.itemsize), self._place(row))
        self._keys[erased] = 0
        self._sort()
        os.fsync(self._file)
        return len(erased)

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = NONE

    def _place(self, row: int) -> int:
        return HEADER_BYTES + row * self._dtype.itemsize

    def _read_keys(self) -> Keys:
        """The keys of all records, read in blocks."""
        size = self._dtype.itemsize
        keys = np.zeros((self._count, self._dtype[self._key_name].itemsize), np.uint8)
        for start in range(0, self._count, BLOCK):
            data = os.pread(self._file, BLOCK * size, self._place(start))
            records = np.frombuffer(data, self._dtype)
            keys[start : start + len(records)] = records[self._key_name]
        return keys

    def _sort(self) -> None:
        """Put the fresh keys among the others, ordered by their first eight bytes, of equal ones the later last."""
        fresh = np.frombuffer(bytes(self._fresh_keys), np.uint8).reshape(-1, self._keys.shape[1])
        self._keys = np.concatenate([self._keys, fresh])
        self._fresh.clear()
        self._fresh_keys.clear()
        numbers = _numbers(self._keys)
        self._order = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._order]


def _numbers(keys: Keys) -> npt.NDArray[np.uint64]:
    """The first eight bytes of each key as a number; two different keys share it once in 2^64 pairs."""
    numbers: npt.NDArray[np.uint64] = np.ascontiguousarray(keys[:, :8]).view("<u8")[:, 0]
    return numbers
