"""Charts of what was measured, as SVG under bench/charts/.

.venv/bin/python bench/charts.py
"""

import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot
from readme import result

CHARTS = Path(__file__).parent / "charts"
COLOURS = ["#4a2a7a", "#8f5bd6", "#ffc454", "#e5793f", "#3c8c7c", "#9aa0b4"]


def stages() -> Any:
    """Stacked bars: where the time of a photo goes, published, face_recognition's calls and ours."""
    found = result("stages")
    pipelines = {
        "published": found["published_ms"],
        "face_recognition": found["face_recognition_ms"],
        "ours": {name: value for name, value in found["ours_ms"].items() if name != "share card"},
    }
    figure, axes = pyplot.subplots(figsize=(8, 2.6))
    names = list(dict.fromkeys(name for times in pipelines.values() for name in times))
    left = dict.fromkeys(pipelines, 0.0)
    for name, colour in zip(names, COLOURS, strict=False):
        values = [times.get(name, 0.0) for times in pipelines.values()]
        axes.barh(list(pipelines), values, left=list(left.values()), color=colour, label=name)
        left = {pipeline: left[pipeline] + value for pipeline, value in zip(pipelines, values, strict=True)}
    for number, total in enumerate(left.values()):
        axes.text(total, number, f" {total:.0f} ms", va="center")
    axes.invert_yaxis()
    axes.set_xlabel("CPU milliseconds a photo, one core")
    axes.legend(frameon=False, ncols=3, loc="lower right", fontsize=8)
    axes.margins(x=0.12)
    return figure


def search() -> Any:
    """Lines: time of the 100 nearest against the number of celebrities, a library each."""
    rows = result("search")["rows"]
    figure, axes = pyplot.subplots(figsize=(8, 3.2))
    for library, colour in zip(dict.fromkeys(row["library"] for row in rows), COLOURS, strict=False):
        own = sorted((row["size"], row["k100"]["p50_us"]) for row in rows if row["library"] == library)
        axes.plot(*zip(*own, strict=True), marker="o", color=colour, label=library)
    axes.set(xscale="log", yscale="log", xlabel="celebrities", ylabel="µs for the 100 nearest, p50")
    axes.legend(frameon=False)
    return figure


def main() -> int:
    """Draw all that has results."""
    CHARTS.mkdir(exist_ok=True)
    mpl.rcParams.update({"svg.hashsalt": "lookalike", "axes.spines.top": False, "axes.spines.right": False})
    for draw in (stages, search):
        figure = draw()
        figure.savefig(CHARTS / f"{draw.__name__}.svg", bbox_inches="tight", metadata={"Date": None})
        pyplot.close(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
