"""What a button sends back when it is pressed: `verb:value`, at most 64 bytes, as small frozen values.

A card stays in its chat for years, so a shape that has been sent is read for ever. A verb whose value gets another
meaning takes a new version, written `verb.2:value`; the old one keeps its class, or is answered as unknown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from lookalike.telegram_bot.callback import Callback

TAG = "[0-9A-Za-z_-]{1,24}"  # of a celebrity (celebrities.py)
PHOTO_TAG = "[0-9a-f]{8}|"
SCORE = "10|[1-9]"


@dataclass(frozen=True)
class Consent(Callback):
    """Yes or no to the consent card."""

    verb = "consent"
    agreed: bool


@dataclass(frozen=True)
class ComparePhotos(Callback):
    """How alike the people in two photos are; `first` is the message of the earlier one, 0 if it is not there yet."""

    verb = "compare:photos"
    first: int


@dataclass(frozen=True)
class CompareFaces(Callback):
    """How alike two faces of one photo are, by their places from the left, counted from 0."""

    verb = "compare:faces"
    one: int
    other: int


@dataclass(frozen=True)
class Permission(Callback):
    """Whether somebody's photo may be looked at for another one in a group, by Telegram's id of who asks."""

    verb = "compare:allow"
    agreed: bool
    asker: int
    is_pair: bool  # to compare it with a photo of who asks; else for its star


@dataclass(frozen=True)
class Language(Callback):
    """A language was chosen, by its two-letter code; `auto` is the one of the person's Telegram."""

    verb = "language"
    PATTERNS: ClassVar[dict[str, str]] = {"code": "[a-z]{2}|auto"}
    code: str


@dataclass(frozen=True)
class More(Callback):
    """More lookalikes of an earlier answer."""

    verb = "more"
    PATTERNS: ClassVar[dict[str, str]] = {"answer_id": "[0-9A-Za-z_-]+"}
    answer_id: str


@dataclass(frozen=True)
class Star(Callback):
    """The page of a star, by the tag of their id (celebrities.py)."""

    verb = "star"
    PATTERNS: ClassVar[dict[str, str]] = {"tag": "[0-9A-Za-z_-]{1,24}"}
    tag: str


@dataclass(frozen=True)
class MinePage(Callback):
    """A page of the user's stars, from 0."""

    verb = "menu:mine"
    page: int


@dataclass(frozen=True)
class TellFriends(Callback):
    """Whether friends who open a link of the user's hear which star they got."""

    verb = "menu:link"
    tells: bool


@dataclass(frozen=True)
class StarAt(Callback):
    """Another star of the same photo: its place, counted from 0, among those whom a filter's text leaves."""

    verb = "more"
    version = 2
    place: int
    where: str


@dataclass(frozen=True)
class Where(Callback):
    """The same photo again, among those whom a filter's text leaves."""

    verb = "where"
    where: str


@dataclass(frozen=True)
class FilterList(Callback):
    """The regions and years of birth to choose from; `place` and `where` are the star that is shown."""

    verb = "where"
    version = 2
    place: int
    where: str


@dataclass(frozen=True)
class Duel(Callback):
    """How like one celebrity, by the tag of their id, somebody is."""

    verb = "duel"
    PATTERNS: ClassVar[dict[str, str]] = {"tag": "[0-9A-Za-z_-]{1,24}"}
    tag: str


@dataclass(frozen=True)
class Menu(Callback):
    """A choice offered in small talk: what to do, or how somebody is."""

    verb = "menu"
    PATTERNS: ClassVar[dict[str, str]] = {"choice": "[a-z-]+"}
    choice: str


@dataclass(frozen=True)
class BroadcastStep(Callback):
    """What is to be done with a broadcast."""

    verb = "admin:broadcast"
    PATTERNS: ClassVar[dict[str, str]] = {"step": "send|pause|resume|cancel"}
    step: str
    number: int


@dataclass(frozen=True)
class KeepWhere(Callback):
    """Among whom the user's stars are looked for from now on: a filter's text."""

    verb = "where"
    version = 3
    where: str


@dataclass(frozen=True)
class ChallengeFriend(Callback):
    """A link for a friend, about the photo that the answer replies to."""

    verb = "duel:challenge"
    wanted: bool


@dataclass(frozen=True)
class FriendDuel(Callback):
    """What is asked of the photo of whoever opened a challenge, by its code."""

    verb = "duel:friend"
    code: str


@dataclass(frozen=True)
class TakeBack(Callback):
    """A challenge, or the card that came of it, is taken back or declined."""

    verb = "duel:back"
    code: str


@dataclass(frozen=True)
class ReportStar(Callback):
    """Something is not right about a star (by tag) and the photo that was shown (by `photo_tag`; '': none)."""

    verb = "report"
    PATTERNS: ClassVar[dict[str, str]] = {"star": TAG, "photo": PHOTO_TAG}
    star: str
    photo: str


@dataclass(frozen=True)
class ReportReason(Callback):
    """What is not right."""

    verb = "report"
    version = 2
    PATTERNS: ClassVar[dict[str, str]] = {"star": TAG, "photo": PHOTO_TAG, "reason": "unkind|photo|unlike|none"}
    star: str
    photo: str
    reason: str


@dataclass(frozen=True)
class HideStar(Callback):
    """What whoever runs the bot does with a star, or with the photo of a tag."""

    verb = "admin:hide"
    PATTERNS: ClassVar[dict[str, str]] = {"what": "star|photo|none|undo", "star": TAG, "photo": PHOTO_TAG}
    what: str
    star: str
    photo: str


@dataclass(frozen=True)
class News(Callback):
    """Whether messages that go to everybody are wanted; pressed in /settings, or under such a message."""

    verb = "menu:news"
    wanted: bool
    in_settings: bool


@dataclass(frozen=True)
class AllCards(Callback):
    """A card for everybody in the photo of an answer, among those whom a filter's text leaves."""

    verb = "card:all"
    where: str


@dataclass(frozen=True)
class RateStar(Callback):
    """A score for a star (by tag) in the message of the button: asked for, given, taken back, or left as it is."""

    verb = "rate"
    PATTERNS: ClassVar[dict[str, str]] = {"what": f"{SCORE}|ask|back|close", "star": TAG}
    what: str
    star: str


@dataclass(frozen=True)
class RateNext(Callback):
    """A score for the star (by tag) that is asked about in a run of stars, or how the run goes on."""

    verb = "rate:run"
    PATTERNS: ClassVar[dict[str, str]] = {"what": f"{SCORE}|start|skip|stop", "star": f"{TAG}|"}
    what: str
    star: str


@dataclass(frozen=True)
class MorphAt(Callback):
    """The face of a photo turns into a star's, a video: the star as StarAt has it."""

    verb = "card:morph"
    place: int
    where: str


@dataclass(frozen=True)
class StripAt(Callback):
    """The same as five pictures."""

    verb = "card:strip"
    place: int
    where: str


@dataclass(frozen=True)
class CardAs(Callback):
    """The card of an answer in another format: the star as StarAt has it."""

    verb = "card"
    PATTERNS: ClassVar[dict[str, str]] = {"format": "story|square"}
    format: str
    place: int
    where: str


@dataclass(frozen=True)
class AvatarAs(Callback):
    """The person of a photo as a drawing: in a new message, instead of the one it is under, or as a sticker."""

    verb = "card:avatar"
    PATTERNS: ClassVar[dict[str, str]] = {"style": "comic|ink|poster", "form": "new|instead|sticker|round"}
    style: str
    form: str


SHAPES: tuple[type[Callback], ...] = (
    ComparePhotos, CompareFaces, Permission,
    Consent, Language, More, Star, MinePage, TellFriends, StarAt, Where, FilterList, KeepWhere,
    ReportStar, ReportReason, HideStar, Duel, Menu,
    ChallengeFriend, FriendDuel, TakeBack, AllCards, MorphAt, StripAt, CardAs, AvatarAs, News,
    BroadcastStep, RateStar, RateNext,
)  # fmt: skip


def photo_tag(file: str) -> str:
    """The name of a star's photo file in 8 hex digits, to find it again among the photos of the star."""
    return hashlib.sha256(file.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def unpack(data: str, shapes: tuple[type[Callback], ...] = SHAPES) -> Callback | None:
    """Read what a button sent; None for what no shape of ours can have written."""
    for shape in shapes:
        prefix = f"{shape.prefix()}:"
        if data.startswith(prefix) and (found := shape.parse(data.removeprefix(prefix))):
            return found
    return None
