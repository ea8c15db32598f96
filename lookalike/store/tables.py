"""What all tables share: verbs that run in one transaction, sealed values, and rows found by keyed hashes.

A verb is written once, as a method of (self, connection, ...); `verb` makes it a coroutine that runs in the database's
thread and returns when it is on the disk. Methods that begin with an underscore run inside such a transaction.
"""

import functools
import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from lookalike.store.database import Connection, Database
from lookalike.store.encryption import Cipher

P = ParamSpec("P")
T = TypeVar("T")
TablesT = TypeVar("TablesT", bound="Tables")


class Tables:
    """The database, the cipher and the clock; base of the classes that hold the verbs."""

    def __init__(self, database: Database, cipher: Cipher, clock: Callable[[], datetime]) -> None:
        self.cipher = cipher
        self._database = database
        self._clock = clock

    def _now(self) -> int:
        """The time in Unix seconds."""
        return int(self._clock().timestamp())

    def _user_tag(self, user_id: int) -> bytes:
        """The keyed hash in the columns called `person`."""
        return self.cipher.tag("person", user_id)

    def _seal(self, row: str, value: object) -> bytes:
        return self.cipher.seal(row, json.dumps(value).encode())

    def _unseal(self, row: str, sealed: bytes) -> Any:
        return json.loads(self.cipher.unseal(row, sealed))


def verb(
    work: Callable[Concatenate[TablesT, Connection, P], T], *, scrub: bool = False
) -> Callable[Concatenate[TablesT, P], Coroutine[Any, Any, T]]:
    """Make a method of (self, connection, ...) a coroutine of (self, ...); `scrub` as Database.run says."""

    async def run(self: TablesT, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._database.run(lambda db: work(self, db, *args, **kwargs), scrub=scrub)

    functools.update_wrapper(run, work)
    return run


def scrubbing_verb(
    work: Callable[Concatenate[TablesT, Connection, P], T],
) -> Callable[Concatenate[TablesT, P], Coroutine[Any, Any, T]]:
    """The same for a verb that erases: afterwards no file holds what it erased, not even sealed."""
    return verb(work, scrub=True)


def renamed(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a sealed row under the names of today: schema 1 said `person_id`."""
    return {"user_id" if name == "person_id" else name: value for name, value in fields.items()}
