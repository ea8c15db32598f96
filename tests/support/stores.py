"""Directories for stores, each with its key and a clock, and users to fill a store with.

A pytest plugin: `store_dir` is an empty directory, `store` the open store in it.
"""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lookalike.store.store import HeldPhoto, KeptCard, Ranked, Store

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ADA = 5_550_001_234_567
BOB = 5_550_007_654_321
RANKING = (Ranked("Q13909", "Angelina Jolie", 0.87), Ranked("Q2263", "Tom Hanks", 0.41))
ROOT = Path(__file__).parents[2]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: int) -> None:
        self.now += timedelta(**by)


class StoreDir:
    """A data directory and its key, to be opened as often as a test likes."""

    def __init__(self, parent: Path) -> None:
        self.data = parent / "data"
        self.key = parent / "data.key"
        self.file = self.data / "lookalike.sqlite3"
        self.clock = Clock()

    async def open(self, *, user_log: bool = True, seal_log: bool = False) -> Store:
        return await Store.open(self.data, None, 30, user_log=user_log, seal_log=seal_log, clock=self.clock)

    def bytes(self) -> bytes:
        """All bytes of all files in the data directory."""
        return b"".join(path.read_bytes() for path in sorted(self.data.rglob("*")) if path.is_file())


@pytest.fixture
def store_dir(tmp_path: Path) -> StoreDir:
    return StoreDir(tmp_path)


@pytest.fixture
async def store(store_dir: StoreDir) -> AsyncIterator[Store]:
    store = await store_dir.open()
    yield store
    await store.close()


def held_photo(message_id: int, user_id: int = ADA) -> HeldPhoto:
    return HeldPhoto(user_id, user_id, message_id, f"AgACAgIAAxkBAAIB{message_id}", 123_456)


async def fill(store: Store, user_id: int, name: str) -> str:
    """Put something of a user into every table; return the id of the answer."""
    update_id = user_id % 1000
    await store.upsert_user(user_id, name, "en")
    await store.give_consent(user_id, 1)
    await store.set_language(user_id, "eo")
    await store.journal_updates([(update_id, user_id, payload_of(user_id, name).encode())])
    await store.keep_outcome(update_id, user_id, 9, f"outcome of {name}".encode())
    await store.hold_photo(held_photo(7, user_id))
    await store.set_conversation(user_id, {"step": "name", "typed": name}, timedelta(hours=1))
    answer_id = await store.record_answer(user_id, "match", RANKING, chat_id=user_id, message_id=8)
    assert answer_id
    await store.rate(user_id, "Q13909", 9)
    await store.keep_card(user_id, KeptCard("Q13909", 87, f"AgACcard{user_id}"))
    await store.make_link(user_id, "star", {"celebrity_id": "Q13909"}, timedelta(days=7), code=f"code{user_id}")
    await store.draft_broadcast(update_id, user_id, f"News from {name}")
    return answer_id


def payload_of(user_id: int, name: str) -> str:
    """The update that `fill` journals."""
    return json.dumps({"update_id": user_id % 1000, "message": {"from": {"id": user_id}, "text": f"I am {name}"}})
