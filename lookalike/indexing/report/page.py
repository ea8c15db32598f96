"""Write the gallery report: one HTML file with style, script and pictures inside it, made with Jinja2.

Its content security policy allows nothing else, so the page makes no request. All text of a catalogue is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.calibration import Floats
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.index_format import Manifest
from lookalike.indexing.duplicate_check import Suspects
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.charts import (
    UNKNOWN,
    Bar,
    curve,
    decade_bars,
    percentages,
    photo_bars,
    ranked_bars,
    tenths,
    unevenness,
)
from lookalike.indexing.report.collector_rejects import ENDING, NotCollected
from lookalike.indexing.report.commands import MaintainerCommands
from lookalike.indexing.report.hubs import hub_limit, hub_views
from lookalike.indexing.report.namesakes import Namesakes
from lookalike.indexing.report.rejects import collector_groups, reject_groups
from lookalike.indexing.report.suspects import KINDS, SuspectCase, solved_views, suspect_cases, suspect_groups
from lookalike.indexing.report.thumbnails import Thumbnails
from lookalike.indexing.report.view_models import ViewModels, sample_of

REPORT = "report.html"
TEMPLATES = ASSETS_DIR / "report"

SHEET_PAGE = 240  # celebrities shown at a time: fills rows of 1 to 6, 8, 10 or 12
LIST_PAGE = 24  # of every other list

# Limits of the remarks.
MIN_RECALL = 0.99
MAX_REJECTED_SHARE = 0.3
MAX_COUNTRY_SHARE = 0.6
MAX_SINGLE_SHARE = 0.5
MAX_UNEVENNESS = 0.1
KOLMOGOROV_95 = 1.36  # divided by the root of the sample size: chance exceeds it once in 20 times


@dataclass(frozen=True, eq=False)
class Report:
    """What the report shows. `photos_dir` None: no pictures."""

    celebrities: Sequence[Celebrity]  # (n,) in the order of the index
    manifest: Manifest
    best_scores: Floats  # (s,) of sampled photos against all other celebrities, standardised; empty if there are none
    match_counts: npt.NDArray[np.int32]  # (n,) of how many of those photos each celebrity is the best match
    suspects: Suspects
    rejects: Sequence[IndexReject]
    photos_dir: Path | None
    photos_link: str = ""  # the photos directory relative to the report; '': no links to files
    namesakes: Sequence[Namesakes] = ()
    not_collected: Sequence[NotCollected] = ()
    left_out: Mapping[str, Celebrity] = field(default_factory=dict)  # by id, those with rejects and all their photos
    checked: frozenset[str] = frozenset()  # names of suspects that are none
    commands: MaintainerCommands = field(default_factory=MaintainerCommands)

    @cached_property
    def cases(self) -> list[SuspectCase]:
        """All suspects, open and solved."""
        return suspect_cases(self.suspects, self.namesakes, self.celebrities, self.checked, self.commands)

    @cached_property
    def open_cases(self) -> list[SuspectCase]:
        """The suspects that nobody has solved."""
        return [case for case in self.cases if not case.solved]


@dataclass(frozen=True)
class Chart:
    """The celebrities by one property."""

    title: str
    bars: list[Bar]
    note: str = ""


@dataclass(frozen=True)
class Remark:
    """Something that deserves a look, and the id of the section that shows it."""

    text: str
    section: str


def write_report(report: Report, path: Path) -> None:
    """Write the report as one HTML file: about 2 ms per picture; a photo that cannot be shown gets a placeholder."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": "{:,}".format, "percent": percent_text}
    with Thumbnails() as thumbnail, path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        content = _content(report, ViewModels(report.photos_dir, report.photos_link, thumbnail))
        file.writelines(environment.get_template("page.html").generate(**_style_and_script(), **content))


def _style_and_script() -> dict[str, Any]:
    """Style, script, and the content security policy that allows these and data URLs of pictures only."""
    texts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "script.js")]
    style, script = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return {"policy": policy, "style": texts[0], "script": texts[1]}


def _content(report: Report, views: ViewModels) -> dict[str, Any]:
    """All other variables of the template."""
    calibration, best = report.manifest.calibration, report.best_scores
    similarities, sheet = percentages(best, calibration), sample_of(report.celebrities)
    of_several = {one.id for case in report.open_cases if case.kind in ("mixed", "shared") for one, _ in case.sides}
    return {
        "manifest": report.manifest,
        "built": datetime.fromisoformat(report.manifest.built_at).astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC"),
        "has_pictures": report.photos_dir is not None,
        "strip": views.strip(sheet),
        "remarks": remarks(report),
        "limits": {"recall": MIN_RECALL, "unevenness": MAX_UNEVENNESS, "hub": hub_limit(len(report.celebrities))},
        "suspects": suspect_groups(views, report.cases),
        "open_count": len(report.open_cases),
        "kinds": KINDS,
        "solved": solved_views(views, report.cases),
        "solved_count": len(report.cases) - len(report.open_cases),
        "rejects": reject_groups(views, report.rejects, report.left_out),
        "reject_count": len(report.rejects),
        "rejected_photos": _rejected_photos(report),
        "not_collected": collector_groups(report.not_collected),
        "not_collected_file": f"<catalogue>{ENDING}",
        "not_collected_count": len(report.not_collected),
        "charts": charts(report.celebrities),
        "sampled": len(best),
        "curve": curve(best, calibration) if len(best) else None,
        "tenths": tenths(similarities),
        "unevenness": unevenness(similarities),
        "hubs": hub_views(views, report.celebrities, report.match_counts, of_several, report.commands),
        "never_matched": int((report.match_counts == 0).sum()),
        "list_page": LIST_PAGE,
        "sheet_page": SHEET_PAGE,
        "sheet_size": len(sheet),
        "sheet": views.sheet(sheet, len(report.celebrities)),
    }


def charts(celebrities: Sequence[Celebrity]) -> list[Chart]:
    """Bar charts of the celebrities."""
    total = len(celebrities)
    roles = [role for one in celebrities for role in one.roles or (UNKNOWN,)]
    found = [
        Chart("Country", ranked_bars("country", (one.country for one in celebrities), total)),
        Chart("Gender", ranked_bars("gender", (one.gender for one in celebrities), total)),
        Chart("Occupation", ranked_bars("role", roles, total), "One celebrity may have several."),
    ]
    if any(one.photos for one in celebrities):
        found.append(Chart("Photos a person", photo_bars((len(one.photos) for one in celebrities), total)))
    return [*found, Chart("Born", decade_bars((one.born for one in celebrities), total))]


def remarks(report: Report) -> list[Remark]:
    """What deserves a look; empty for a good gallery."""
    looks = (_on_recall, _on_percentages, _on_hubs, _on_suspects, _on_rejects, _on_countries, _on_single_photos)
    return [remark for remark in (look(report) for look in looks) if remark]


def _on_recall(report: Report) -> Remark | None:
    recall = report.manifest.recall_at_10
    if recall >= MIN_RECALL:
        return None
    return Remark(f"The search misses {percent_text(1 - recall)} of the ten nearest people.", "top")


def _on_percentages(report: Report) -> Remark | None:
    best = report.best_scores
    distance = unevenness(percentages(best, report.manifest.calibration))
    if not len(best) or distance <= max(MAX_UNEVENNESS, KOLMOGOROV_95 / len(best) ** 0.5):
        return None
    return Remark(f"Percentages are not even: {distance:.2f} off at the worst place.", "percentages")


def _on_hubs(report: Report) -> Remark | None:
    total = int(report.match_counts.sum())
    if not total or len(report.celebrities) < 2:
        return None
    row = int(report.match_counts.argmax())
    share = report.match_counts[row] / total
    if share <= hub_limit(len(report.celebrities)):
        return None
    name = report.celebrities[row].name_in("en")
    return Remark(f"{name} is the star of {percent_text(share)} of strangers.", "hubs")


def _on_suspects(report: Report) -> Remark | None:
    count = len(report.open_cases)
    return Remark(f"{count:,} may be somebody else, or in it twice.", "suspects") if count else None


def _on_rejects(report: Report) -> Remark | None:
    rejected = _rejected_photos(report)
    share = rejected / (rejected + report.manifest.photos)
    if share <= MAX_REJECTED_SHARE:
        return None
    return Remark(f"{percent_text(share)} of the photos are left out.", "left-out")


def _on_countries(report: Report) -> Remark | None:
    bars = ranked_bars("country", (one.country for one in report.celebrities), len(report.celebrities))
    known = sum(bar.count for bar in bars if bar.label != UNKNOWN)
    if not known or bars[0].label == UNKNOWN or bars[0].count <= MAX_COUNTRY_SHARE * known:
        return None
    return Remark(f"{percent_text(bars[0].count / known)} of those whose country is known are {bars[0].label}.", "who")


def _on_single_photos(report: Report) -> Remark | None:
    singles = sum(len(one.photos) == 1 for one in report.celebrities)
    if singles <= MAX_SINGLE_SHARE * len(report.celebrities):
        return None
    return Remark(f"{singles:,} people have one photo only: with several, more are recognised.", "who")


def _rejected_photos(report: Report) -> int:
    return sum(bool(reject.photo) for reject in report.rejects)


def percent_text(share: float) -> str:
    """A share (0..1) as text: 35%, 1.3%, <0.1%."""
    percent = share * 100
    if 0 < percent < 0.1:
        return "<0.1%"
    return f"{percent:.0f}%" if percent >= 10 or percent == 0 else f"{percent:.1f}%"
