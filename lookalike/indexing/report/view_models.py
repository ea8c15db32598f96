"""View models for the gallery report: celebrities with pictures and credits, hubs, suspects, rejects.

Values for the template, in the order in which they are shown, limited to what a browser can lay out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.indexing.duplicate_check import DuplicatePair, MixedPhotos, SharedFile, Suspects
from lookalike.indexing.embed_photos import KILLS_ITS_WORKER
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.charts import UNKNOWN, Bar, decade, photos_label, word

MAX_SHEET = 10_000  # celebrities: the contact sheet shows all of so many (measured: 20 s of thumbnails, 24 MB)
SHEET_SAMPLE = 2_000  # of a larger gallery, evenly spread over the alphabet: 5 s, 5 MB
STRIP = 16  # pictures at the top of the page
MAX_HUBS = 12
MAX_SUSPECTS = 24  # of each kind
MAX_PICTURES = 6  # on one side of a suspect
MAX_REASONS = 16  # that have a group of their own
MAX_IN_GROUP = 24  # rejects shown of one reason


@dataclass(frozen=True)
class PictureView:
    """A thumbnail (a data URL, or '' for a photo that is missing or broken), whom it shows, its credit and link."""

    source: str
    name: str
    credit: str
    link: str


@dataclass(frozen=True)
class CelebrityView:
    """A celebrity in a list; `words` are searched, `more` counts the photos that are not among the pictures."""

    name: str
    link: str
    about: str
    words: str
    pictures: tuple[PictureView, ...]
    more: int = 0


@dataclass(frozen=True)
class HubView:
    """A celebrity who is the best match of `bar.share` (0..1) of the sampled photos."""

    celebrity: CelebrityView
    bar: Bar


@dataclass(frozen=True)
class SuspectView:
    """Celebrities, or groups of one's photos, to compare side by side; `distance` L2, None for a shared photo."""

    question: str
    distance: float | None
    sides: tuple[CelebrityView, ...]


@dataclass(frozen=True)
class RejectGroup:
    """Rejects of one reason: photos with a line each, and lines without a photo."""

    bar: Bar
    pictures: tuple[tuple[PictureView, str], ...]
    lines: tuple[str, ...]

    @property
    def shown(self) -> int:
        """How many of the `bar.count` rejects are in the group."""
        return len(self.pictures) + len(self.lines)


class ViewModels:
    """Makes the view models, with pictures from a photos directory, or without pictures if that is None.

    `credits`: by file, of photos that no celebrity of the index names. `thumbnail`: a file -> a data URL, or None for a
    photo that cannot be shown.
    """

    def __init__(
        self,
        photos_dir: Path | None,
        credits: Mapping[str, CelebrityPhoto],
        thumbnail: Callable[[Path], str | None] = lambda file: None,
    ) -> None:
        self._photos_dir, self._credits, self._thumbnail = photos_dir, credits, thumbnail

    def celebrity(self, celebrity: Celebrity, files: Sequence[str] | None = None) -> CelebrityView:
        """A celebrity with these photos; None: with the first one."""
        by_file = {photo.file: photo for photo in celebrity.photos}
        wanted = [*by_file][:1] if files is None else files
        shown = wanted[:MAX_PICTURES] if self._photos_dir else ()
        name = celebrity.name_in("en")
        about = (", ".join(celebrity.roles), celebrity.country, (celebrity.born or "")[:4])
        return CelebrityView(
            name=name,
            link=web_address(celebrity.url_in("en")),
            about=" · ".join(filter(None, about)),
            words=words_of(celebrity),
            pictures=tuple(
                self._picture(by_file.get(file) or CelebrityPhoto.model_construct(file=file), name) for file in shown
            ),
            more=len(wanted) - len(shown),
        )

    def strip(self, celebrities: Sequence[Celebrity]) -> tuple[PictureView, ...]:
        """Pictures of up to STRIP celebrities, evenly spread."""
        spread = np.linspace(0, len(celebrities) - 1, min(STRIP, len(celebrities))).astype(int)
        return tuple(picture for row in spread for picture in self.celebrity(celebrities[row]).pictures)

    def hubs(self, celebrities: Sequence[Celebrity], match_counts: npt.NDArray[np.int32]) -> tuple[HubView, ...]:
        """The celebrities with most of the best matches; `match_counts` (n,): of each celebrity."""
        total, most = max(1, int(match_counts.sum())), max(1, int(match_counts.max(initial=0)))
        rows = [int(row) for row in np.argsort(-match_counts, kind="stable")[:MAX_HUBS] if match_counts[row] > 0]
        counts = [(self.celebrity(celebrities[row]), int(match_counts[row])) for row in rows]
        return tuple(HubView(one, Bar(one.name, count, count / total, count / most)) for one, count in counts)

    def suspects(self, suspects: Suspects) -> tuple[SuspectView, ...]:
        """The most suspicious MAX_SUSPECTS of each kind."""
        some = slice(MAX_SUSPECTS)
        found: list[tuple[str, float | None, Sequence[tuple[Celebrity, Sequence[str]]]]] = [
            *(("One person under two names?", one.distance, _of_pair(one)) for one in suspects.duplicates[some]),
            *(("Two people under one name?", one.distance, _of_groups(one)) for one in suspects.mixed[some]),
            *(("One photo under several names", None, _of_shared(one)) for one in suspects.shared[some]),
        ]
        return tuple(
            SuspectView(question, distance, tuple(self.celebrity(celebrity, files) for celebrity, files in sides))
            for question, distance, sides in found
        )

    def rejects(self, rejects: Sequence[IndexReject]) -> tuple[RejectGroup, ...]:
        """Rejects by reason, the most frequent first, rare reasons in one group."""
        by_kind: dict[str, list[IndexReject]] = {}
        for reject in rejects:
            by_kind.setdefault(kind_of(reject), []).append(reject)
        ranked = sorted(by_kind.items(), key=lambda item: -len(item[1]))
        rare = [reject for _, some in ranked[MAX_REASONS:] for reject in some]
        groups = [*ranked[:MAX_REASONS], *([(f"{len(ranked) - MAX_REASONS} other reasons", rare)] if rare else [])]
        longest = max((len(some) for _, some in groups), default=1)
        return tuple(
            self._group(Bar(kind, len(some), len(some) / len(rejects), len(some) / longest), some)
            for kind, some in groups
        )

    def _group(self, bar: Bar, rejects: Sequence[IndexReject]) -> RejectGroup:
        pictures, lines = [], []
        for reject in rejects[:MAX_IN_GROUP]:
            line = ": ".join(filter(None, (reject.photo or reject.celebrity, _beyond(bar.label, reject.reason))))
            if reject.photo and self._photos_dir:
                credited = self._credits.get(reject.photo)
                photo = credited or CelebrityPhoto.model_construct(file=reject.photo)  # any name, unchecked
                may_be_opened = KILLS_ITS_WORKER not in reject.reason and _is_inside(Path(reject.photo))
                pictures.append((self._picture(photo, reject.celebrity, may_be_opened), line))
            else:
                lines.append(line)
        return RejectGroup(bar, tuple(pictures), tuple(lines))

    def _picture(self, photo: CelebrityPhoto, name: str, may_be_opened: bool = True) -> PictureView:
        file = self._photos_dir / photo.file if self._photos_dir and may_be_opened else None
        credit = " · ".join(filter(None, (photo.author, photo.license)))
        link = web_address(photo.source_url) or web_address(photo.license_url)
        return PictureView((file and self._thumbnail(file)) or "", name, credit, link)


def sample_of(celebrities: Sequence[Celebrity]) -> list[Celebrity]:
    """All celebrities by name; of more than MAX_SHEET, SHEET_SAMPLE of them, evenly spread."""
    ordered = sorted(celebrities, key=lambda one: (plain(one.name_in("en")), one.id))
    if len(ordered) <= MAX_SHEET:
        return ordered
    return [ordered[row] for row in np.linspace(0, len(ordered) - 1, SHEET_SAMPLE).astype(int)]


def kind_of(reject: IndexReject) -> str:
    """The reason without what is particular to one photo or line."""
    if not reject.celebrity and not reject.photo:
        return "wrong line of the catalogue"
    return "same as another photo" if reject.reason.startswith("same as ") else _spaced(reject.reason)


def words_of(celebrity: Celebrity) -> str:
    """What a celebrity can be found by in the contact sheet, as words between spaces."""
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
    """Lower case without accents, as names are searched and sorted."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(letter)
    )


def web_address(url: str | None) -> str:
    """The address if it is http or https, else '': a catalogue may hold `javascript:`."""
    return url if url and re.match(r"https?://", url) else ""


def _of_pair(pair: DuplicatePair) -> list[tuple[Celebrity, Sequence[str]]]:
    first, second = ([file] for file in pair.photos) if pair.photos else ([], [])
    return [(pair.first, first), (pair.second, second)]


def _of_groups(mixed: MixedPhotos) -> list[tuple[Celebrity, Sequence[str]]]:
    return [(mixed.celebrity, group) for group in mixed.groups]


def _of_shared(shared: SharedFile) -> list[tuple[Celebrity, Sequence[str]]]:
    return [(celebrity, [file]) for celebrity, file in zip(shared.celebrities, shared.files, strict=True)]


def _is_inside(file: Path) -> bool:
    return not file.is_absolute() and ".." not in file.parts


def _spaced(reason: str) -> str:
    return reason.replace("_", " ")  # such as `no_face`


def _beyond(label: str, reason: str) -> str:
    """The reason if it says more than the label."""
    return "" if _spaced(reason) == label else reason
