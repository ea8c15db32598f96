"""What the report hangs on its walls: people with pictures and credits, hubs, suspicions, what was left out.

Values for a template, in the order in which they are shown, and no more of them than a page can bear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lookalike.faces.thumbnails import thumbnail
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.indexing.duplicate_check import SharedPhoto, Split, Suspects, Twins
from lookalike.indexing.report.charts import UNKNOWN, Bar, decade, photos_label, word

EVERYBODY = 10_000  # people whom the contact sheet shows one and all: 20 s of thumbnails, 24 MB (measured)
SAMPLE = 2_000  # of a larger gallery, evenly spread over the alphabet: 5 s, 5 MB
STRIP = 16  # pictures at the top of the page
MAX_HUBS = 12
MAX_SUSPICIONS = 24  # of a kind
MAX_OF_SIDE = 6  # pictures of one side of a suspicion
MAX_REASONS = 16  # that have a line of their own
MAX_OF_REASON = 24  # photos or lines of one reason
DEADLY = "kills its worker"  # the reason of a photo that is not opened here either


class Reject(Protocol):
    """A photo, a person or a catalogue line that is not in the index, and why; '' where there is no photo or person."""

    @property
    def celebrity(self) -> str:
        """The id."""

    @property
    def photo(self) -> str:
        """The file, relative to the photos directory."""

    @property
    def reason(self) -> str:
        """Why, in a few words."""


@dataclass(frozen=True)
class Picture:
    """A thumbnail (a data URL, or '' for a photo that is missing or broken), whom it shows, its credit and link."""

    source: str
    name: str
    credit: str
    link: str


@dataclass(frozen=True)
class Entry:
    """A person in a list: name, link, one line about them, words to find them by, pictures, photos not shown."""

    name: str
    link: str
    about: str
    words: str
    pictures: tuple[Picture, ...]
    more: int = 0


@dataclass(frozen=True)
class Hub:
    """A star of many strangers, who takes `bar.share` (0..1) of all best matches."""

    entry: Entry
    bar: Bar


@dataclass(frozen=True)
class Suspicion:
    """People, or groups of one person's photos, to be compared side by side; `distance` L2, None for one photo."""

    what: str
    distance: float | None
    sides: tuple[Entry, ...]


@dataclass(frozen=True)
class LeftOut:
    """What was left out for one reason: photos with a line each, and lines without a photo."""

    bar: Bar
    pictures: tuple[tuple[Picture, str], ...]
    lines: tuple[str, ...]

    @property
    def shown(self) -> int:
        """How many of `bar.count` are here."""
        return len(self.pictures) + len(self.lines)


class Exhibits:
    """Makes what is shown, with pictures from a photos directory, or with none at all.

    `credits`, by file, are of photos that no celebrity of the index names.
    """

    def __init__(self, photos_dir: Path | None, credits: Mapping[str, CelebrityPhoto]) -> None:
        self._photos_dir, self._credits = photos_dir, credits

    def entry(self, celebrity: Celebrity, files: Sequence[str] | None = None) -> Entry:
        """A person with these photos, or with the first one."""
        by_file = {photo.file: photo for photo in celebrity.photos}
        wanted = [*by_file][:1] if files is None else files
        shown = wanted[:MAX_OF_SIDE] if self._photos_dir else ()
        name = celebrity.name_in("en")
        about = (", ".join(celebrity.roles), celebrity.country, (celebrity.born or "")[:4])
        return Entry(
            name=name,
            link=web_address(celebrity.url),
            about=" · ".join(filter(None, about)),
            words=words_of(celebrity),
            pictures=tuple(
                self._picture(by_file.get(file) or CelebrityPhoto.model_construct(file=file), name) for file in shown
            ),
            more=len(wanted) - len(shown),
        )

    def strip(self, celebrities: Sequence[Celebrity]) -> tuple[Picture, ...]:
        """A few pictures of a few people, evenly spread."""
        spread = np.linspace(0, len(celebrities) - 1, min(STRIP, len(celebrities))).astype(int)
        return tuple(picture for row in spread for picture in self.entry(celebrities[row]).pictures)

    def hubs(self, celebrities: Sequence[Celebrity], taken: npt.NDArray[np.int32]) -> tuple[Hub, ...]:
        """Those who take most: `taken` (n,) best matches of other people's photos each."""
        total, most = max(1, int(taken.sum())), max(1, int(taken.max(initial=0)))
        rows = [int(row) for row in np.argsort(-taken, kind="stable")[:MAX_HUBS] if taken[row] > 0]
        counts = [(self.entry(celebrities[row]), int(taken[row])) for row in rows]
        return tuple(Hub(entry, Bar(entry.name, count, count / total, count / most)) for entry, count in counts)

    def suspicions(self, suspects: Suspects) -> tuple[Suspicion, ...]:
        """Twins, splits and shared photos, the most suspicious MAX_SUSPICIONS of each."""
        found: list[tuple[str, float | None, Sequence[tuple[Celebrity, Sequence[str]]]]] = [
            *(("One person under two names?", one.distance, _both(one)) for one in suspects.twins[:MAX_SUSPICIONS]),
            *(("Two people under one name?", one.distance, _groups(one)) for one in suspects.splits[:MAX_SUSPICIONS]),
            *(("One photo under several names", None, _owners(one)) for one in suspects.shared[:MAX_SUSPICIONS]),
        ]
        return tuple(
            Suspicion(what, distance, tuple(self.entry(celebrity, files) for celebrity, files in sides))
            for what, distance, sides in found
        )

    def left_out(self, rejects: Sequence[Reject]) -> tuple[LeftOut, ...]:
        """Rejects by reason, the most frequent first, rare reasons in one."""
        by_kind: dict[str, list[Reject]] = {}
        for reject in rejects:
            by_kind.setdefault(kind_of(reject), []).append(reject)
        ranked = sorted(by_kind.items(), key=lambda item: -len(item[1]))
        rare = [reject for _, some in ranked[MAX_REASONS:] for reject in some]
        groups = [*ranked[:MAX_REASONS], *([(f"{len(ranked) - MAX_REASONS} other reasons", rare)] if rare else [])]
        longest = max((len(some) for _, some in groups), default=1)
        return tuple(
            self._of_reason(Bar(kind, len(some), len(some) / len(rejects), len(some) / longest), some)
            for kind, some in groups
        )

    def _of_reason(self, bar: Bar, rejects: Sequence[Reject]) -> LeftOut:
        pictures, lines = [], []
        for reject in rejects[:MAX_OF_REASON]:
            line = ": ".join(filter(None, (reject.photo or reject.celebrity, _unless(bar.label, reject.reason))))
            if reject.photo and self._photos_dir:
                credited = self._credits.get(reject.photo)
                photo = credited or CelebrityPhoto.model_construct(file=reject.photo)  # whatever it is called
                may_be_opened = DEADLY not in reject.reason and _is_inside(Path(reject.photo))
                pictures.append((self._picture(photo, reject.celebrity, may_be_opened), line))
            else:
                lines.append(line)
        return LeftOut(bar, tuple(pictures), tuple(lines))

    def _picture(self, photo: CelebrityPhoto, name: str, may_be_opened: bool = True) -> Picture:
        file = self._photos_dir / photo.file if self._photos_dir and may_be_opened else None
        credit = " · ".join(filter(None, (photo.author, photo.license)))
        link = web_address(photo.source_url) or web_address(photo.license_url)
        return Picture((file and thumbnail(file)) or "", name, credit, link)


def sample_of(celebrities: Sequence[Celebrity]) -> list[Celebrity]:
    """Everybody by name; of a gallery of more than EVERYBODY, SAMPLE of them, evenly spread."""
    ordered = sorted(celebrities, key=lambda one: (plain(one.name_in("en")), one.id))
    if len(ordered) <= EVERYBODY:
        return ordered
    return [ordered[row] for row in np.linspace(0, len(ordered) - 1, SAMPLE).astype(int)]


def kind_of(reject: Reject) -> str:
    """The reason without what is particular to one photo or line."""
    if not reject.celebrity and not reject.photo:
        return "wrong line of the catalogue"
    return "same as another photo" if reject.reason.startswith("same as ") else _spaced(reject.reason)


def words_of(celebrity: Celebrity) -> str:
    """Everything a person can be found by in the contact sheet, as words between spaces."""
    year = decade(celebrity.born)
    facets = [
        word("country", celebrity.country or UNKNOWN),
        *(word("role", role) for role in celebrity.roles or (UNKNOWN,)),
        word("gender", celebrity.gender or UNKNOWN),
        word("born", UNKNOWN if year is None else f"{year}s"),
        word("photos", photos_label(len(celebrity.photos))),
    ]
    return f" {' '.join([*map(plain, celebrity.name.values()), plain(celebrity.id), *facets])} "


def plain(text: str) -> str:
    """Small letters without accents, as names are searched for and sorted."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )


def web_address(url: str | None) -> str:
    """The address if it is one of the web, else '': a catalogue may say `javascript:`."""
    return url if url and re.match(r"https?://", url) else ""


def _both(twins: Twins) -> list[tuple[Celebrity, Sequence[str]]]:
    first, second = ([file] for file in twins.photos) if twins.photos else ([], [])
    return [(twins.first, first), (twins.second, second)]


def _groups(split: Split) -> list[tuple[Celebrity, Sequence[str]]]:
    return [(split.celebrity, group) for group in split.groups]


def _owners(shared: SharedPhoto) -> list[tuple[Celebrity, Sequence[str]]]:
    return [(celebrity, [file]) for celebrity, file in zip(shared.celebrities, shared.files, strict=True)]


def _is_inside(file: Path) -> bool:
    return not file.is_absolute() and ".." not in file.parts


def _spaced(reason: str) -> str:
    return reason.replace("_", " ")  # as in `no_face`


def _unless(label: str, reason: str) -> str:
    return "" if _spaced(reason) == label else reason
