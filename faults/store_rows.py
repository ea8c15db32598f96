"""Counts rows in the store of a running bot, from outside."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from pathlib import Path

LOOK_S = 0.1


def count(store: Path, rows: str) -> int:
    """How many rows match, e.g. "journal WHERE state = 'new'"."""
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        return int(db.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])  # noqa: S608 - names of this project


async def empties(store: Path, rows: str, at_most_s: float) -> bool:
    """Wait until there are no such rows; False if that takes too long."""
    deadline = time.monotonic() + at_most_s
    while await asyncio.to_thread(count, store, rows):  # another process's file has no event to wait for
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(LOOK_S)
    return True
