"""A directory is written beside the one in place and swapped with it, so that there is always a whole one."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lookalike.core.paths import sync

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


@contextlib.contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """An empty directory beside `target`, on the same file system; deleted afterwards unless it was put in place.

    What a killed process left is deleted first: after a takedown that may be an index that still has the celebrity.
    """
    prefix = f".{target.name}.unfinished."
    for leftover in target.parent.glob(f"{prefix}*"):
        with contextlib.suppress(FileNotFoundError), _locked(leftover) as is_ours:
            if is_ours:  # else another process is using it
                shutil.rmtree(leftover, ignore_errors=True)
    directory = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    directory.chmod(0o755)
    try:
        with _locked(directory):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[bool]:
    """Lock a directory until the end of the block or of the process; False if another has it or it cannot be locked."""
    descriptor = os.open(directory, os.O_RDONLY)
    is_ours = False
    try:
        with contextlib.suppress(OSError):  # locked by another, or a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        yield is_ours
    finally:
        os.close(descriptor)


def put_in_place(new: Path, target: Path) -> None:
    """Put the directory `new` in the place of `target` atomically and durably; what was there is deleted afterwards."""
    for path in [*new.iterdir(), new]:
        sync(path)
    if not target.exists():
        new.rename(target)
    else:
        _exchange(new, target)
        shutil.rmtree(new)
    sync(target.parent)


def _exchange(a: Path, b: Path) -> None:
    """Swap two directories atomically: renameat2(2), which Python does not wrap."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(b))
