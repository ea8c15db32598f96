"""Homes for stores: a data directory with its key and a clock; and a small life to fill one with.

A pytest plugin: `home` is an empty one, `storage` the open store in it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lookalike.store.store import HeldPhoto, Ranked, Store

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


class Home:
    """A data directory and its key, to be opened as often as a test likes."""

    def __init__(self, directory: Path) -> None:
        self.data = directory / "data"
        self.key = directory / "data.key"
        self.file = self.data / "lookalike.sqlite3"
        self.clock = Clock()

    async def open(self, *, user_log: bool = True) -> Store:
        return await Store.open(self.data, None, 30, user_log=user_log, clock=self.clock)

    def bytes(self) -> bytes:
        """All bytes of all files in the data directory."""
        return b"".join(path.read_bytes() for path in sorted(self.data.rglob("*")) if path.is_file())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
async def storage(home: Home) -> AsyncIterator[Store]:
    storage = await home.open()
    yield storage
    await storage.close()


def photo(message_id: int, user_id: int = ADA) -> HeldPhoto:
    return HeldPhoto(user_id, user_id, message_id, f"AgACAgIAAxkBAAIB{message_id}", 123_456)


async def live_a_little(storage: Store, user_id: int, name: str) -> str:
    """Leave something in every table; return the id of the answer."""
    await storage.upsert_user(user_id, name, "en")
    await storage.give_consent(user_id, 1)
    await storage.set_language(user_id, "eo")
    await storage.journal(user_id % 1000, user_id, f'{{"text": "I am {name}"}}'.encode())
    await storage.hold_photo(photo(7, user_id))
    answer_id = await storage.record_answer(user_id, "match", RANKING, chat_id=user_id, message_id=8)
    assert answer_id
    return answer_id
