"""The user log in MongoDB: who wrote and what they were answered. It may be away for hours; nobody else notices.

`people`: _id (Telegram's id), name, language, first_seen, last_seen, consent {version, at}, schema.
`answers`: _id (the answer's), person, when, outcome, ranking [{star, name, similarity 0..1}], schema.
No photo and no embedding. Rows come from the outbox of storage.py, in order and perhaps twice after a cut: so `_id` is
always our own key and every write is a `$set`. Old answers go by `purge`, not by a TTL index, which not every server
has (FerretDB v1 answers NotImplemented).
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from bson.errors import BSONError
from pymongo import ASCENDING, AsyncMongoClient, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, InvalidURI
from pymongo.errors import ConfigurationError as PyMongoConfigurationError

from lookalike.core.errors import SettingsError, StoreClosed
from lookalike.store.models import OutboxRow, when
from lookalike.store.store import Store

log = logging.getLogger(__name__)

Document = dict[str, Any]

DATABASE = "lookalike"  # unless the URI names one
SCHEMA = 1  # of the documents; stands in each
TIMEOUT_MS = 2000  # for one operation and all in it; the driver's own default waits 30 s for a server
# Most rows sent at once. FerretDB v1 holds one of its 100 SQLite connections per update of a command until the command
# ends (internal/handler/msg_update.go), so that a command of 100 updates waits for itself for ever.
BATCH_ROWS = 50
# What no repetition cures: BadValue, FailedToParse, TypeMismatch, DocumentValidationFailure, BSONObjectTooLarge
# (https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml). A full disk, say, is not among them.
HOPELESS_CODES = frozenset({2, 9, 14, 121, 10334})
HOPELESS_ERRORS = (BSONError, UnicodeEncodeError, OverflowError)  # the driver cannot even encode it
BACKOFF_S = (1.0, 30.0)  # first and longest wait while the server is away


class MongoLog:
    """The log in one MongoDB database; make it with `open`, and close it."""

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self._client = client
        database = client.get_default_database(DATABASE)
        self._people: AsyncCollection[Document] = database["people"]
        self._answers: AsyncCollection[Document] = database["answers"]
        self._prepared = False

    @classmethod
    def open(cls, uri: str) -> Self:
        """Return the log; nothing is sent yet, so a server that is away is no failure. A malformed URI is."""
        try:
            return cls(
                AsyncMongoClient(
                    uri,
                    tz_aware=True,
                    serverSelectionTimeoutMS=TIMEOUT_MS,
                    timeoutMS=TIMEOUT_MS,
                    w="majority",
                    journal=True,
                    appname="lookalike",
                )
            )
        except (InvalidURI, PyMongoConfigurationError, ValueError):
            raise SettingsError("MONGODB_URI is not a MongoDB URI") from None  # its text may hold the password

    async def close(self) -> None:
        """Close the connections. Twice is fine."""
        await self._client.close()

    async def prepare(self) -> None:
        """Make the indexes, once; that they exist already is fine. Raises PyMongoError if the server is away."""
        if not self._prepared:
            # One command each: FerretDB v1.24.2 panics over a command whose indexes all exist.
            await self._answers.create_index([("person", ASCENDING)], name="answers_by_person")
            await self._answers.create_index([("when", ASCENDING)], name="answers_by_time")
            self._prepared = True

    async def write(self, rows: Sequence[OutboxRow]) -> list[int]:
        """Apply changes in order; what was applied before may come again. Return the ids the server refuses for good.

        Raises PyMongoError if the server is away: then some may be applied, and all should come again.
        """
        await self.prepare()
        refused: list[int] = []
        waiting: list[OutboxRow] = []
        for row in rows:
            if row.kind in ("person", "answer"):
                waiting.append(row)
                continue
            refused += await self._upsert(waiting)
            waiting = []
            if row.kind == "delete":
                await self._answers.delete_many({"person": row.fields["user_id"]})
                await self._people.delete_one({"_id": row.fields["user_id"]})
            else:
                await self.purge(when(row.fields["before"]))
        return refused + await self._upsert(waiting)

    async def purge(self, before: datetime) -> int:
        """Forget answers older than this; return how many."""
        return (await self._answers.delete_many({"when": {"$lt": before}})).deleted_count

    async def _upsert(self, rows: Sequence[OutboxRow]) -> list[int]:
        refused: list[int] = []
        for kind, collection, update in (
            ("person", self._people, _person_update),
            ("answer", self._answers, _answer_update),
        ):
            updates = [(row.id, update(row.fields)) for row in rows if row.kind == kind]
            if not updates:
                continue
            try:
                await collection.bulk_write([one for _, one in updates])
            except (BulkWriteError, *HOPELESS_ERRORS):
                # Something in it is not wanted: one by one, so that the rest gets through and we learn which.
                refused += [row_id for row_id, one in updates if not await _accepts(collection, one)]
        return refused


async def _accepts(collection: AsyncCollection[Document], update: UpdateOne) -> bool:
    """Write one document alone; False if it is this document that the server does not want."""
    try:
        await collection.bulk_write([update])
    except BulkWriteError as error:
        codes = {failure["code"] for failure in error.details["writeErrors"]}
        if not codes or not codes <= HOPELESS_CODES:
            raise  # the server's trouble, or not yet kept by a majority: all of it comes again
        return False
    except HOPELESS_ERRORS:
        return False
    return True


def _person_update(fields: Any) -> UpdateOne:
    """Return the upsert of a person, from records.Person in JSON."""
    consent = fields["consent_version"] and {"version": fields["consent_version"], "at": when(fields["consented_at"])}
    return UpdateOne(
        {"_id": fields["id"]},
        {
            "$set": {
                "name": fields["name"],
                "language": fields["chosen_language"] or fields["language"],
                "last_seen": when(fields["last_seen"]),
                "consent": consent,
                "schema": SCHEMA,
            },
            "$setOnInsert": {"first_seen": when(fields["first_seen"])},
        },
        upsert=True,
    )


def _answer_update(fields: Any) -> UpdateOne:
    """Return the upsert of an answer, from records.Answer in JSON."""
    ranking = [
        {"star": star["celebrity_id"], "name": star["name"], "similarity": star["similarity"]}
        for star in fields["ranking"]
    ]
    return UpdateOne(
        {"_id": fields["id"]},
        {
            "$set": {
                "person": fields["user_id"],
                "when": when(fields["answered_at"]),
                "outcome": fields["outcome"],
                "ranking": ranking,
                "schema": SCHEMA,
            }
        },
        upsert=True,
    )


async def drain(
    storage: Store, userlog: MongoLog, stop: asyncio.Event, *, backoff_s: tuple[float, float] = BACKOFF_S
) -> None:
    """Carry the outbox to the user log until `stop` is set; whatever fails is tried again, and nothing is raised."""
    wait_s, away, batch_rows = backoff_s[0], False, BATCH_ROWS
    while not stop.is_set():
        storage.outbox_changed.clear()  # before reading: what comes after the reading sets it again
        try:
            await userlog.prepare()
            rows = await storage.outbox_rows(batch_rows)
            if rows:
                refused = await userlog.write(rows)
                await storage.remove_outbox_rows([row.id for row in rows])
                if refused:
                    log.error("the user log refuses %d entries for good; they are dropped: %s", len(refused), refused)
        except StoreClosed:
            return
        except Exception as error:  # the log must never be what stops the bot
            if not away:
                # The class alone: an error's text may hold the URI and with it a password.
                log.warning("the user log is away (%s); entries wait in the outbox", type(error).__name__)
            away = True
            await _first_of(stop, timeout_s=wait_s)
            wait_s = min(wait_s * 2, backoff_s[1])
            batch_rows = max(1, batch_rows // 2)  # a server too slow for a whole batch must not get it for ever
            continue
        if away:
            log.info("the user log is back")
        wait_s, away, batch_rows = backoff_s[0], False, min(batch_rows + 1, BATCH_ROWS)
        if not rows:
            await _first_of(stop, storage.outbox_changed)


async def _first_of(*events: asyncio.Event, timeout_s: float | None = None) -> None:
    """Wait until one of these is set."""
    waiters = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiters, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()
        await asyncio.gather(*waiters, return_exceptions=True)
