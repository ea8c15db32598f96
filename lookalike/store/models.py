"""What is kept: small frozen values and their JSON forms. No photo and no embedding is ever among them.

Times are aware datetimes in UTC. Names and file ids stay out of `repr`, so that no log line shows them by accident.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

OutboxKind = Literal["person", "answer", "rating", "unrating", "delete", "purge", "clear"]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who writes to the bot; `id` is Telegram's."""

    id: int
    name: str = field(repr=False)
    language: str | None  # Telegram's, as the app reports it
    chosen_language: str | None  # the user's own choice; it wins
    first_seen: datetime
    last_seen: datetime
    consent_version: int | None = None
    consented_at: datetime | None = None
    blocked: bool = False  # the user blocked the bot: nothing can be sent
    tells_friends: bool = False  # whoever opens a link of theirs hears which star they got
    no_news: bool = False  # wants none of the messages that go to everybody
    where: str = ""  # among whom their stars are looked for, the text of a filter; '': among all


@dataclass(frozen=True, slots=True)
class HeldPhoto:
    """A photo waiting for consent; nothing of it has been downloaded."""

    user_id: int
    chat_id: int
    message_id: int
    file_id: str = field(repr=False)
    file_size: int  # bytes; 0 if Telegram did not say
    purpose: str = ""  # what was asked of it, as callback data
    album: str = ""  # Telegram's id of the album that it is in
    is_file: bool = False  # sent as a file


@dataclass(frozen=True, slots=True)
class Ranked:
    """A celebrity in an answer; `similarity` is 0..1."""

    celebrity_id: str
    name: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What one photo was answered with; `outcome` is a word such as `match` or `no_face`."""

    id: str
    user_id: int
    answered_at: datetime
    outcome: str
    ranking: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class FoundStar:
    """A celebrity in a user's collection: met first and last when, how often, and how many users got them."""

    celebrity_id: str
    first_at: datetime
    last_at: datetime
    times: int
    people: int


@dataclass(frozen=True, slots=True)
class StarRating:
    """How much a user likes a celebrity, 1 to 10, and when they said so."""

    celebrity_id: str
    score: int
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card that was sent; `file_id` is Telegram's id of the picture, None of words alone; `percent` is 1..99."""

    celebrity_id: str
    percent: int
    file_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DeepLink:
    """What a link leads to: `fields` (JSON types) are defined by those who handle links of this `kind`."""

    code: str
    user_id: int
    kind: str
    fields: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An update that is not finished; `attempts` counts how often handling it was begun."""

    update_id: int
    payload: bytes = field(repr=False)
    attempts: int


@dataclass(frozen=True, slots=True)
class KeptOutcome:
    """What a photo was matched with, kept while its answer is being sent; `sends`: how often it may have been."""

    outcome: bytes = field(repr=False)
    sends: int


BroadcastState = Literal["draft", "running", "paused", "done", "cancelled"]
BroadcastResult = Literal["sent", "blocked", "failed"]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A message to all users: `text`, or a copy of a message in the chat with the admin; counts of what came of it."""

    number: int
    state: BroadcastState
    card_message: int | None  # shows the progress, in the chat with the admin
    sent: int
    blocked: int
    failed: int
    waiting: int
    admin_id: int
    text: str = field(repr=False)
    copied_message: int | None
    declined: int = 0  # who want no such messages


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts by day: of each of `days` its answers by outcome, and the people who wrote for the first time.

    `languages`: all people by language, as two letters; `?` where Telegram did not say.
    """

    days: tuple[date, ...]
    outcomes: tuple[dict[str, int], ...]
    joined: tuple[int, ...]
    languages: dict[str, int]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A change that the user log does not have yet.

    `fields` is JSON-ready: of a User (`person`), an Answer (`answer`) or a StarRating with the "user_id" (`rating`),
    {"user_id", "celebrity_id"} (`unrating`), {"user_id"} (`delete`), {"before", "rated_before"} (`purge`), or nothing
    (`clear`: the whole log, which is written anew by the rows behind).
    """

    id: int
    kind: OutboxKind
    fields: Mapping[str, Any] = field(repr=False)


def to_json(value: User | HeldPhoto | Answer | KeptCard) -> dict[str, Any]:
    """Return a dictionary of JSON types; times become ISO 8601."""
    return {name: item.isoformat() if isinstance(item, datetime) else item for name, item in asdict(value).items()}


def user_from_json(fields: Mapping[str, Any]) -> User:
    """Return the user that `to_json` was given."""
    times = {name: parse_time(fields[name]) for name in ("first_seen", "last_seen")}
    consented_at = fields["consented_at"]
    return User(**{**fields, **times, "consented_at": parse_time(consented_at) if consented_at else None})


def ranking_from_json(items: list[dict[str, Any]]) -> tuple[Ranked, ...]:
    """Return the ranking of an answer."""
    return tuple(Ranked(**item) for item in items)


def parse_time(text: str) -> datetime:
    """Read a time that `to_json` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)
