"""What the build and the collector left out, by reason: view models of the gallery report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lookalike.gallery.catalogue import Celebrity
from lookalike.indexing.embed_photos import KILLS_ITS_WORKER
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.charts import Bar
from lookalike.indexing.report.collector_rejects import NotCollected
from lookalike.indexing.report.links import is_inside
from lookalike.indexing.report.reject_reasons import beyond, help_for, kind_of, kind_of_collected
from lookalike.indexing.report.view_models import PhotoView, ViewModels, unknown_photo

MAX_REASONS = 16  # that have a group of their own
MAX_IN_GROUP = 240  # rejects shown of one reason
MAX_PICTURES = 24  # of them

Reject = TypeVar("Reject")


@dataclass(frozen=True)
class RejectView:
    """Something left out: a photo or none, whose it is, and what else there is to say of the reason."""

    photo: PhotoView | None
    id: str
    name: str
    detail: str


@dataclass(frozen=True)
class RejectGroup:
    """The first of `bar.count` rejects of one reason, and what the reason means."""

    bar: Bar
    help: str
    rejects: tuple[RejectView, ...]


def reject_groups(
    views: ViewModels, rejects: Sequence[IndexReject], people: Mapping[str, Celebrity]
) -> tuple[RejectGroup, ...]:
    """Rejects of a build by reason, the most frequent first, rare reasons in one group; `people` by id."""

    def view(reject: IndexReject, kind: str, number: int) -> RejectView:
        celebrity = people.get(reject.celebrity)
        name, detail = celebrity.name_in("en") if celebrity else "", beyond(kind, reject.reason)
        if not reject.photo:
            return RejectView(None, reject.celebrity, name, detail)
        named = (photo for photo in (celebrity.photos if celebrity else ()) if photo.file == reject.photo)
        photo = views.photo(
            next(named, None) or unknown_photo(reject.photo),
            name or reject.celebrity,
            with_picture=number < MAX_PICTURES,
            may_be_opened=KILLS_ITS_WORKER not in reject.reason and is_inside(Path(reject.photo)),
        )
        return RejectView(photo, reject.celebrity, name, detail)

    return _groups(rejects, kind_of, view)


def collector_groups(rejects: Sequence[NotCollected]) -> tuple[RejectGroup, ...]:
    """Rejects of the collector by reason, the most frequent first, rare reasons in one group."""

    def view(reject: NotCollected, kind: str, _: int) -> RejectView:
        photo = PhotoView(None, reject.name, "", "", "", "", "", reject.photo, reject.link) if reject.photo else None
        return RejectView(photo, reject.celebrity, reject.name, beyond(kind, reject.reason))

    return _groups(rejects, kind_of_collected, view)


def _groups(
    rejects: Sequence[Reject], kind_of: Callable[[Reject], str], view: Callable[[Reject, str, int], RejectView]
) -> tuple[RejectGroup, ...]:
    by_kind: dict[str, list[Reject]] = {}
    for reject in rejects:
        by_kind.setdefault(kind_of(reject), []).append(reject)
    ranked: list[tuple[str, list[Reject]]] = sorted(by_kind.items(), key=lambda item: -len(item[1]))
    rare: list[Reject] = [reject for _, some in ranked[MAX_REASONS:] for reject in some]
    groups = [*ranked[:MAX_REASONS], *([(f"{len(ranked) - MAX_REASONS} other reasons", rare)] if rare else [])]
    longest = max((len(some) for _, some in groups), default=1)
    return tuple(
        RejectGroup(
            bar=Bar(kind, len(some), len(some) / len(rejects), len(some) / longest),
            help=help_for(kind),
            rejects=tuple(view(reject, kind, number) for number, reject in enumerate(some[:MAX_IN_GROUP])),
        )
        for kind, some in groups
    )
