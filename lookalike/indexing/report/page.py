"""What is in a gallery, for looking at: one HTML file that needs nothing else. The only file that knows Jinja2.

The page asks nobody for anything: style, script and pictures are inside it, and its content security policy allows
just these. Whatever comes from a catalogue is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.calibration import Calibration, Floats
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.index_format import Manifest
from lookalike.indexing.duplicate_check import Suspects
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
from lookalike.indexing.report.view_models import Exhibits, Reject, sample_of

REPORT = "report.html"
TEMPLATES = ASSETS_DIR / "report"

SHEET_GROUP = 840  # people whom a browser lays out in one go; fills rows of 1 to 8, 10 or 12

# What deserves a look. A hub is a star of more than 2 % of strangers (the starter's top star takes 1.25 %: README,
# "Percentages"), and in a small gallery of five times the even share.
LEAST_RECALL = 0.99
HUB_SHARE, HUB_EVEN_SHARES = 0.02, 5
REJECTED_SHARE = 0.3
COUNTRY_SHARE = 0.6
SINGLE_SHARE = 0.5
UNEVEN, KOLMOGOROV = 0.1, 1.36  # over the root of the count, the latter is what chance exceeds once in 20 times


@dataclass(frozen=True, eq=False)
class Report:
    """All that is shown. `photos_dir` None: no picture at all."""

    celebrities: Sequence[Celebrity]  # (n,) in the order of the index
    manifest: Manifest
    best_scores: Floats  # (s,) of sampled photos against all other people; infinite where there is nobody else
    taken: npt.NDArray[np.int32]  # (n,) how many of those photos have this celebrity as their best match
    suspects: Suspects
    rejects: Sequence[Reject]
    photos_dir: Path | None
    credits: Mapping[str, CelebrityPhoto] = field(default_factory=dict)  # by file, of photos that were rejected


@dataclass(frozen=True)
class Chart:
    """Who is in the gallery, by one property."""

    title: str
    bars: list[Bar]
    note: str = ""


@dataclass(frozen=True)
class Remark:
    """Something that deserves a look, and the section of the page where it is shown."""

    text: str
    section: str


def write_report(report: Report, path: Path) -> None:
    """Write the report as one HTML file, in some 2 ms a picture; a photo that cannot be shown has a placeholder."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"count": "{:,}".format, "percent": percent_text}
    page = environment.get_template("page.html").generate(**_style_and_script(), **_content(report))
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:  # a file's name need not be text
        file.writelines(page)


def _style_and_script() -> dict[str, Any]:
    """The page's style and script, and the policy that allows them, pictures inside the page, and nothing else."""
    texts = [(TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "script.js")]
    style, script = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return {"policy": policy, "style": texts[0], "script": texts[1]}


def _content(report: Report) -> dict[str, Any]:
    """Everything else that the template names."""
    exhibits = Exhibits(report.photos_dir, report.credits)
    calibration, best = _calibration(report), _best(report)
    similarities, sheet = percentages(best, calibration), sample_of(report.celebrities)
    return {
        "manifest": report.manifest,
        "built": datetime.fromisoformat(report.manifest.built_at).astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC"),
        "has_pictures": report.photos_dir is not None,
        "strip": exhibits.strip(sheet),
        "remarks": remarks(report),
        "suspects": _count(report.suspects),
        "rejects": len(report.rejects),
        "rejected_photos": _rejected_photos(report),
        "charts": charts(report.celebrities),
        "sampled": len(best),
        "curve": curve(best, calibration) if len(best) else None,
        "tenths": tenths(similarities),
        "unevenness": unevenness(similarities),
        "hubs": exhibits.hubs(report.celebrities, report.taken),
        "never": int((report.taken == 0).sum()),
        "suspicions": exhibits.suspicions(report.suspects),
        "left_out": exhibits.left_out(report.rejects),
        "group": SHEET_GROUP,
        "sheet_size": len(sheet),
        "sheet": (exhibits.entry(celebrity) for celebrity in sheet),
    }


def charts(people: Sequence[Celebrity]) -> list[Chart]:
    """Who is in the gallery."""
    total = len(people)
    roles = [role for one in people for role in one.roles or (UNKNOWN,)]
    found = [
        Chart("Country", ranked_bars("country", (one.country for one in people), total)),
        Chart("Gender", ranked_bars("gender", (one.gender for one in people), total)),
        Chart("Occupation", ranked_bars("role", roles, total), "One person may have several."),
    ]
    if any(one.photos for one in people):
        found.append(Chart("Photos a person", photo_bars((len(one.photos) for one in people), total)))
    return [*found, Chart("Born", decade_bars((one.born for one in people), total))]


def remarks(report: Report) -> list[Remark]:
    """What deserves a look; of a good gallery, nothing."""
    found = (_on_recall, _on_percentages, _on_hubs, _on_suspects, _on_rejects, _on_countries, _on_single_photos)
    return [remark for remark in (look(report) for look in found) if remark]


def _on_recall(report: Report) -> Remark | None:
    recall = report.manifest.recall_at_10
    if recall >= LEAST_RECALL:
        return None
    return Remark(f"The search misses {percent_text(1 - recall)} of the ten nearest people.", "top")


def _on_percentages(report: Report) -> Remark | None:
    best = _best(report)
    distance = unevenness(percentages(best, _calibration(report)))
    if not len(best) or distance <= max(UNEVEN, KOLMOGOROV / len(best) ** 0.5):
        return None
    return Remark(f"Percentages are not even: {distance:.2f} off at the worst place.", "percentages")


def _on_hubs(report: Report) -> Remark | None:
    total = int(report.taken.sum())
    if not total or len(report.celebrities) < 2:
        return None
    row, limit = int(report.taken.argmax()), max(HUB_SHARE, HUB_EVEN_SHARES / len(report.celebrities))
    share = report.taken[row] / total
    if share <= limit:
        return None
    name = report.celebrities[row].name_in("en")
    return Remark(f"{name} is the star of {percent_text(share)} of strangers.", "hubs")


def _on_suspects(report: Report) -> Remark | None:
    count = _count(report.suspects)
    return Remark(f"{count:,} may be somebody else, or in it twice.", "suspects") if count else None


def _on_rejects(report: Report) -> Remark | None:
    rejected = _rejected_photos(report)
    share = rejected / (rejected + report.manifest.photos)
    if share <= REJECTED_SHARE:
        return None
    return Remark(f"{percent_text(share)} of the photos are left out.", "left-out")


def _on_countries(report: Report) -> Remark | None:
    bars = ranked_bars("country", (one.country for one in report.celebrities), len(report.celebrities))
    known = sum(bar.count for bar in bars if bar.label != UNKNOWN)
    if not known or bars[0].label == UNKNOWN or bars[0].count <= COUNTRY_SHARE * known:
        return None
    return Remark(f"{percent_text(bars[0].count / known)} of those whose country is known are {bars[0].label}.", "who")


def _on_single_photos(report: Report) -> Remark | None:
    singles = sum(len(one.photos) == 1 for one in report.celebrities)
    if singles <= SINGLE_SHARE * len(report.celebrities):
        return None
    return Remark(f"{singles:,} people have one photo only: with several, more are recognised.", "who")


def _calibration(report: Report) -> Calibration:
    return Calibration(report.manifest.mu, report.manifest.sigma, report.manifest.min_similarity)


def _best(report: Report) -> Floats:
    return report.best_scores[np.isfinite(report.best_scores)]


def _count(suspects: Suspects) -> int:
    return len(suspects.twins) + len(suspects.splits) + len(suspects.shared)


def _rejected_photos(report: Report) -> int:
    return sum(bool(reject.photo) for reject in report.rejects)


def percent_text(share: float) -> str:
    """A share (0..1) as it is read: 35%, 1.3%, <0.1%."""
    percent = share * 100
    if 0 < percent < 0.1:
        return "<0.1%"
    return f"{percent:.0f}%" if percent >= 10 or percent == 0 else f"{percent:.1f}%"
