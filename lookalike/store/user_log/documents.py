"""The documents of the user log, readable or sealed. No photo and no embedding is in them.

Readable, `people`: _id (Telegram's id), name, language, first_seen, last_seen, consent {version, at}, schema;
`answers`: _id (the answer's), person, when, outcome, ranking [{star, name, similarity 0..1}], schema; `ratings`: _id
(person:star), person, when, star, score (1..10), schema.
Sealed, `people`: _id (keyed hash, hex), first_seen and sealed (encrypted), schema; `answers` and `ratings`: _id (of a
rating a keyed hash), person (keyed hash), when, sealed (encrypted), schema. `when` stays readable, for retention; it
says nothing about who somebody is.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from lookalike.store.encryption import Cipher
from lookalike.store.models import parse_time

SCHEMA = 1  # of the documents; is in each

Fields = Mapping[str, Any]
Document = dict[str, Any]


class Documents(Protocol):
    """A form of the documents. Users and answers are returned as (_id, what to set, what to set if it is new).

    All raise KeyError, TypeError or ValueError if `fields` are not what they should be.
    """

    def user_id(self, user_id: int) -> int | str:
        """Return what stands for a user."""
        ...

    def user(self, fields: Fields) -> tuple[int | str, Document, Document]:
        """Return the document of a User in JSON types."""
        ...

    def answer(self, fields: Fields) -> tuple[str, Document, Document]:
        """Return the document of an Answer in JSON types."""
        ...

    def rating_id(self, user_id: int, celebrity_id: str) -> str:
        """Return what stands for a user's rating of a star."""
        ...

    def rating(self, fields: Fields) -> tuple[str, Document, Document]:
        """Return the document of a rating in JSON types."""
        ...


class ReadableDocuments:
    """Plain documents, which the maintainer can query."""

    def user_id(self, user_id: int) -> int:
        """Telegram's id itself."""
        return int(user_id)

    def user(self, fields: Fields) -> tuple[int | str, Document, Document]:
        """Return the document of a User in JSON types."""
        version, at = fields["consent_version"], fields["consented_at"]
        document = {
            "name": fields["name"],
            "language": fields["chosen_language"] or fields["language"],
            "last_seen": parse_time(fields["last_seen"]),
            "consent": version and {"version": version, "at": parse_time(at)},
            "schema": SCHEMA,
        }
        return self.user_id(fields["id"]), document, {"first_seen": parse_time(fields["first_seen"])}

    def answer(self, fields: Fields) -> tuple[str, Document, Document]:
        """Return the document of an Answer in JSON types."""
        document = {
            "person": self.user_id(fields["user_id"]),
            "when": parse_time(fields["answered_at"]),
            "outcome": fields["outcome"],
            "ranking": [
                {"star": star["celebrity_id"], "name": star["name"], "similarity": star["similarity"]}
                for star in fields["ranking"]
            ],
            "schema": SCHEMA,
        }
        return fields["id"], document, {}

    def rating_id(self, user_id: int, celebrity_id: str) -> str:
        """Telegram's id and the star's."""
        return f"{user_id}:{celebrity_id}"

    def rating(self, fields: Fields) -> tuple[str, Document, Document]:
        """Return the document of a rating in JSON types."""
        document = {
            "person": self.user_id(fields["user_id"]),
            "when": parse_time(fields["rated_at"]),
            "star": fields["celebrity_id"],
            "score": fields["score"],
            "schema": SCHEMA,
        }
        return self.rating_id(fields["user_id"], fields["celebrity_id"]), document, {}


class SealedDocuments:
    """Encrypted documents, which only the holder of the store's key can read."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def user_id(self, user_id: int) -> str:
        """The keyed hash of Telegram's id, in hex."""
        return self._cipher.tag("mongo", int(user_id)).hex()

    def user(self, fields: Fields) -> tuple[int | str, Document, Document]:
        """Return the document of a User in JSON types."""
        name, first_seen = self.user_id(fields["id"]), parse_time(fields["first_seen"]).isoformat()
        rest = {key: value for key, value in fields.items() if key != "first_seen"}
        document = {"sealed": self._seal(f"people:{name}", rest), "schema": SCHEMA}
        return name, document, {"first_seen": self._seal(f"first_seen:{name}", first_seen)}

    def answer(self, fields: Fields) -> tuple[str, Document, Document]:
        """Return the document of an Answer in JSON types."""
        rest = {key: fields[key] for key in ("outcome", "ranking")}
        document = {
            "person": self.user_id(fields["user_id"]),
            "when": parse_time(fields["answered_at"]),
            "sealed": self._seal(f"answers:{fields['id']}", rest),
            "schema": SCHEMA,
        }
        return fields["id"], document, {}

    def rating_id(self, user_id: int, celebrity_id: str) -> str:
        """The keyed hash of both, in hex."""
        return self._cipher.tag("mongo-rating", int(user_id), celebrity_id).hex()

    def rating(self, fields: Fields) -> tuple[str, Document, Document]:
        """Return the document of a rating in JSON types."""
        name = self.rating_id(fields["user_id"], fields["celebrity_id"])
        document = {
            "person": self.user_id(fields["user_id"]),
            "when": parse_time(fields["rated_at"]),
            "sealed": self._seal(f"ratings:{name}", {"star": fields["celebrity_id"], "score": fields["score"]}),
            "schema": SCHEMA,
        }
        return name, document, {}

    def _seal(self, row: str, value: object) -> bytes:
        return self._cipher.seal(f"mongo:{row}", json.dumps(value).encode())
