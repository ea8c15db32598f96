"""The user log in one MongoDB database. Every write may be repeated: `_id` is always our own, every change a `$set`.

Rows come from the outbox of the store in order, and perhaps twice after a broken connection. Old answers and ratings
are erased by rows of the kind `purge` and not by a TTL index, which not every server has (FerretDB v1 answers
NotImplemented).
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Self

from bson.errors import BSONError
from pymongo import ASCENDING, AsyncMongoClient, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, InvalidURI, PyMongoError
from pymongo.errors import ConfigurationError as PyMongoConfigurationError
from pymongo.uri_parser import parse_uri

from lookalike.core.errors import SettingsError
from lookalike.store.encryption import Cipher
from lookalike.store.models import OutboxRow, parse_time
from lookalike.store.user_log.documents import Document, ReadableDocuments, SealedDocuments

log = logging.getLogger(__name__)

DATABASE = "lookalike"  # unless the URI names one
TIMEOUT_MS = 2000  # for one operation and all in it; the driver's own default waits 30 s for a server
# What no repetition cures: BadValue, FailedToParse, TypeMismatch, DocumentValidationFailure, BSONObjectTooLarge
# (https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml). A full disk, say, is not among them.
HOPELESS_CODES = frozenset({2, 9, 14, 121, 10334})
HOPELESS_ERRORS = (BSONError, UnicodeEncodeError, OverflowError)  # the driver cannot even encode it
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)  # of a row whose fields are not what they should be


class MongoLog:
    """The log in one MongoDB database; make it with `open`, and close it."""

    def __init__(self, client: AsyncMongoClient[Document], cipher: Cipher | None = None) -> None:
        self._client = client
        self._documents = SealedDocuments(cipher) if cipher else ReadableDocuments()
        database = client.get_default_database(DATABASE)
        self._people: AsyncCollection[Document] = database["people"]
        self._answers: AsyncCollection[Document] = database["answers"]
        self._ratings: AsyncCollection[Document] = database["ratings"]
        self._prepared = False

    @classmethod
    def open(cls, uri: str, cipher: Cipher | None = None) -> Self:
        """Return the log, sealed if there is a `cipher`. Nothing is sent yet: a server that is away is no failure.

        SettingsError for a malformed URI; a warning if the log would travel over a network without TLS.
        """
        try:
            client: AsyncMongoClient[Document] = AsyncMongoClient(
                uri,
                tz_aware=True,
                serverSelectionTimeoutMS=TIMEOUT_MS,
                timeoutMS=TIMEOUT_MS,
                w="majority",
                journal=True,
                appname="lookalike",
            )
        except (InvalidURI, PyMongoConfigurationError, ValueError):
            raise SettingsError("MONGODB_URI is not a MongoDB URI") from None  # its text may hold the password
        if is_readable_on_the_network(uri):
            log.warning(
                "MONGODB_URI leads to another host without TLS: add tls=true, or the log can be read on the way"
            )
        return cls(client, cipher)

    async def close(self) -> None:
        """Close the connections. Twice is fine."""
        await self._client.close()

    async def prepare(self) -> None:
        """Make the indexes, once; that they exist already is fine. Raises PyMongoError if the server is away."""
        if not self._prepared:
            # One command each: FerretDB v1.24.2 panics over a command whose indexes all exist.
            for collection in (self._answers, self._ratings):
                await collection.create_index([("person", ASCENDING)], name=f"{collection.name}_by_person")
                await collection.create_index([("when", ASCENDING)], name=f"{collection.name}_by_time")
            self._prepared = True

    async def write(self, rows: Sequence[OutboxRow]) -> dict[int, str]:
        """Apply changes in order; they may have been applied before. Return those that can never be, with the reason.

        Raises PyMongoError if the server is away: then some may be applied, and all should come again.
        """
        await self.prepare()
        refused: dict[int, str] = {}
        waiting: list[OutboxRow] = []
        for row in rows:
            if row.kind in ("person", "answer", "rating"):
                waiting.append(row)
                continue
            refused |= await self._upsert(waiting)
            waiting = []
            try:
                await self._erase(row)
            except MALFORMED as error:
                refused[row.id] = _why(error)
        return refused | await self._upsert(waiting)

    async def purge(self, before: datetime) -> int:
        """Erase answers older than this; return how many."""
        return (await self._answers.delete_many({"when": {"$lt": before}})).deleted_count

    async def _erase(self, row: OutboxRow) -> None:
        if row.kind == "delete":
            user_id = self._documents.user_id(row.fields["user_id"])
            await self._answers.delete_many({"person": user_id})
            await self._ratings.delete_many({"person": user_id})
            await self._people.delete_one({"_id": user_id})
        elif row.kind == "purge":
            await self.purge(parse_time(row.fields["before"]))
            if rated_before := row.fields.get("rated_before"):  # older versions had no ratings
                await self._ratings.delete_many({"when": {"$lt": parse_time(rated_before)}})
        elif row.kind == "unrating":
            rating_id = self._documents.rating_id(row.fields["user_id"], row.fields["celebrity_id"])
            await self._ratings.delete_one({"_id": rating_id})
        elif row.kind == "clear":
            await self._answers.delete_many({})
            await self._ratings.delete_many({})
            await self._people.delete_many({})
        else:
            raise ValueError(f"unknown kind {row.kind}")

    async def _upsert(self, rows: Sequence[OutboxRow]) -> dict[int, str]:
        refused: dict[int, str] = {}
        for kind, collection, document_of in (
            ("person", self._people, self._documents.user),
            ("answer", self._answers, self._documents.answer),
            ("rating", self._ratings, self._documents.rating),
        ):
            updates: dict[int, UpdateOne] = {}
            for row in rows:
                if row.kind != kind:
                    continue
                try:
                    updates[row.id] = _update(*document_of(row.fields))
                except MALFORMED as error:
                    refused[row.id] = _why(error)
            try:
                if updates:
                    await collection.bulk_write(list(updates.values()))
            except (BulkWriteError, *HOPELESS_ERRORS):
                # One of them is refused: one by one, so that the rest gets through and we learn which.
                for row_id, update in updates.items():
                    if why := await _refusal(collection, update):
                        refused[row_id] = why
        return refused


def is_readable_on_the_network(uri: str) -> bool:
    """Whether a host of this URI is not this machine, and the connection to it is not encrypted."""
    if uri.startswith("mongodb+srv:"):  # TLS unless it is switched off; its hosts are in the DNS
        return "tls=false" in uri.lower() or "ssl=false" in uri.lower()
    try:
        parsed = parse_uri(uri)
    except (PyMongoError, ValueError):
        return False
    return not parsed["options"].get("tls") and not all(_is_local(host) for host, _ in parsed["nodelist"])


def _is_local(host: str) -> bool:
    if host == "localhost" or host.startswith("/"):  # a socket of this machine
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _update(document_id: int | str, document: Document, if_new: Document) -> UpdateOne:
    return UpdateOne(
        {"_id": document_id}, {"$set": document} | ({"$setOnInsert": if_new} if if_new else {}), upsert=True
    )


async def _refusal(collection: AsyncCollection[Document], update: UpdateOne) -> str | None:
    """Write one document alone; return why the server can never take it, None if it did."""
    try:
        await collection.bulk_write([update])
    except BulkWriteError as error:
        codes = {failure["code"] for failure in error.details["writeErrors"]}
        if not codes or not codes <= HOPELESS_CODES:
            raise  # the server's trouble, or not yet kept by a majority: all of it comes again
        return f"MongoDB's error {min(codes)}"
    except HOPELESS_ERRORS as error:
        return _why(error)
    return None


def _why(error: Exception) -> str:
    """The class of an error, and the field it is about if that is all it says: its text may hold a user's data."""
    return f"KeyError {error}" if isinstance(error, KeyError) else type(error).__name__
