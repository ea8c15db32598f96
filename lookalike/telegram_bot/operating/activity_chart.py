"""Draws the chart of /stats: JSON on standard input, PNG on standard output. It runs alone (chart_process.py)."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from matplotlib import font_manager, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lookalike.core.own_process import lower_priority
from lookalike.core.paths import ASSETS_DIR

SIZE_INCHES, DPI = (10.0, 8.0), 120
NIGHT, PANEL, INK, FAINT = "#181630", "#221f42", "#ffffff", "#b9b2cc"
GOLD, ROSE, MINT, VIOLET = "#ffc454", "#e25886", "#6ed3b0", "#a06ee1"
DATES = 10  # written under the bars of days, at most
BARS = 6  # of a list; the rest is one bar
# For what Matplotlib's own font lacks, of the languages that the bot speaks.
FONTS = {"Noto Sans Arabic": "NotoSansArabic", "Noto Sans Devanagari": "NotoSansDevanagari"}
NICENESS, OOM_SCORE = 10, 800  # after the face workers; short of memory, it goes first


def main() -> None:
    """Draw what standard input describes."""
    lower_priority(NICENESS, oom_score=OOM_SCORE)
    draw(json.load(sys.stdin)).savefig(sys.stdout.buffer, format="png")


def draw(fields: dict[str, Any]) -> Figure:
    """The chart of the fields that `chart_fields` makes."""
    rcParams.update({"text.color": INK, "axes.labelcolor": FAINT, "xtick.color": FAINT, "ytick.color": FAINT})
    for path in (ASSETS_DIR / "fonts" / "noto").glob("*"):
        if path.name.startswith(tuple(FONTS.values())):
            font_manager.fontManager.addfont(path)
    rcParams["font.family"] = ["DejaVu Sans", *FONTS]
    figure = Figure(SIZE_INCHES, DPI, facecolor=NIGHT, layout="constrained")
    answers, people, reasons, languages = figure.subplot_mosaic([["a", "a"], ["p", "p"], ["r", "l"]]).values()
    days, labels = [date.fromisoformat(day) for day in fields["days"]], fields["labels"]
    outcomes = {labels["matches"]: fields["matches"], labels["refusals"]: fields["refusals"]}
    _by_day(answers, labels["answers"], days, outcomes)
    _by_day(people, labels["people"], days, {labels["people"]: fields["joined"]})
    _ranked(reasons, labels["refusals"], fields["reasons"], ROSE)
    _ranked(languages, labels["languages"], fields["languages"], VIOLET)
    return figure


def _by_day(axes: Axes, title: str, days: list[date], series: dict[str, list[int]]) -> None:
    """Bars of each day, one series on top of the other."""
    _style(axes, title)
    places, below = list(range(len(days))), [0] * len(days)
    for (name, counts), colour in zip(series.items(), (GOLD, ROSE) if len(series) > 1 else (MINT,), strict=True):
        axes.bar(places, counts, bottom=below, color=colour, label=f"{name}: {sum(counts)}", width=0.8)
        below = [low + count for low, count in zip(below, counts, strict=True)]
    step = len(days) // DATES + 1
    axes.set_xticks(places[::step], [f"{day:%d.%m}" for day in days[::step]])
    axes.margins(x=0.02)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_ylim(0, max([*below, 1]) * 1.25)
    axes.grid(axis="y", color=FAINT, alpha=0.2)
    axes.legend(loc="upper left", ncols=2, frameon=False, labelcolor=INK)


def _ranked(axes: Axes, title: str, counts: dict[str, int], colour: str) -> None:
    """The largest counts as bars that lie, largest on top, with the rest as one."""
    _style(axes, title)
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    shown = ranked[:BARS]
    if rest := sum(count for _, count in ranked[BARS:]):
        shown.append(("…", rest))
    bars = axes.barh([name.replace("_", " ") for name, _ in shown], [count for _, count in shown], color=colour)
    axes.bar_label(bars, color=INK, padding=4)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.margins(x=0.15)
    if not shown:
        axes.set_yticks([])


def _style(axes: Axes, title: str) -> None:
    axes.set_facecolor(PANEL)
    axes.set_title(title, loc="left", color=INK, fontweight="bold")
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


if __name__ == "__main__":
    main()
