"""Who takes too many strangers: the celebrities with most of the best matches, and what helps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.gallery.catalogue import Celebrity
from lookalike.indexing.report.charts import Bar
from lookalike.indexing.report.commands import MaintainerCommands
from lookalike.indexing.report.suspects import Remedy
from lookalike.indexing.report.view_models import CelebrityView, ViewModels

# A hub is the best match of more than 2 % of strangers (in the starter at most 1.25 %: README, "Percentages"), and in a
# small gallery of five times the even share.
HUB_SHARE, HUB_EVEN_SHARES = 0.02, 5
FEW_PHOTOS = 3  # with fewer, one odd photo is most of the mean
MAX_HUBS = 12


@dataclass(frozen=True)
class HubView:
    """A celebrity who is the best match of `bar.share` (0..1) of the sampled photos.

    `advice`: why that may be and what helps, '' if it is not too much; `remedies`: the commands.
    """

    celebrity: CelebrityView
    bar: Bar
    advice: str
    remedies: tuple[Remedy, ...]


def hub_limit(celebrities: int) -> float:
    """The share (0..1) of strangers that is too much for one of so many celebrities."""
    return max(HUB_SHARE, HUB_EVEN_SHARES / max(1, celebrities))


def hub_views(
    views: ViewModels,
    celebrities: Sequence[Celebrity],
    match_counts: npt.NDArray[np.int32],
    of_several: Collection[str],
    commands: MaintainerCommands,
) -> tuple[HubView, ...]:
    """The celebrities with most of the best matches; `match_counts` (n,): of each celebrity.

    `of_several`: ids of those whose photos may show several people.
    """
    total, most = max(1, int(match_counts.sum())), max(1, int(match_counts.max(initial=0)))
    found = []
    for row in np.argsort(-match_counts, kind="stable")[:MAX_HUBS].tolist():
        one, count = celebrities[row], int(match_counts[row])
        bar = Bar(one.name_in("en"), count, count / total, count / most)
        is_hub = len(celebrities) > 1 and bar.share > hub_limit(len(celebrities))
        advice = _advice(one, one.id in of_several) if is_hub else ""
        remedies = (
            Remedy("When its photos are better: build again", commands.build),
            Remedy("If nothing helps: remove it, with its photos", commands.remove(one.id)),
        )
        if count:
            found.append(HubView(views.celebrity(one), bar, advice, remedies if is_hub else ()))
    return tuple(found)


def _advice(celebrity: Celebrity, is_of_several: bool) -> str:
    if is_of_several:
        return "Its photos may show several people (see the suspects): their mean is near to everybody."
    if 0 < len(celebrity.photos) < FEW_PHOTOS:
        return "It has few photos: one that is blurred or odd is near to many faces. Add two or three sharp ones."
    return "Look through its photos for blurred, dark or wrong ones and deny them; add sharp ones, seen from the front."
