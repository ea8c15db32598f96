"""Charts of the gallery report: bars, and the histogram of the best scores with the fitted curve.

Pure functions. Coordinates are those of the SVG view box, y downwards.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from lookalike.gallery.calibration import Calibration, Floats

MAX_BARS = 12  # of one chart; rarer values share a bar
WIDTH, HEIGHT = 720, 240  # of the curve in view box units, without its axis
SPAN = 3.2  # standard deviations drawn on either side of the mean; one photo in 700 is farther out
BINS = 40  # of the histogram
STEPS_PERCENT = (99, 90, 75, 50, 25, 10, 1)
MANY_PHOTOS = 6  # from here on, numbers of photos share a bar
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Bar:
    """A bar: `share` (0..1) of `count` in the total, `length` (0..1) relative to the longest bar.

    `find`: the word that finds these celebrities in the contact sheet, if there is one; `is_rest`: several values
    summed up, or unknown.
    """

    label: str
    count: int
    share: float
    length: float
    find: str = ""
    is_rest: bool = False


@dataclass(frozen=True)
class Curve:
    """Best scores as histogram boxes (left, top, width, height), the fitted normal distribution as an SVG path.

    `steps`: where a percentage begins (x, percent, score); `ticks`: of the axis (x, score).
    """

    boxes: tuple[tuple[float, float, float, float], ...]
    path: str
    steps: tuple[tuple[float, int, float], ...]
    ticks: tuple[tuple[float, str], ...]


def word(kind: str, value: str) -> str:
    """A value as one word that can be searched for: `country:united_kingdom`."""
    return f"{kind}:{'_'.join(value.lower().split())}"


def ranked_bars(kind: str, values: Iterable[str | None], total: int) -> list[Bar]:
    """Bars of each value among `total` celebrities, the most frequent first, rare ones summed up, unknown last."""
    counts = Counter(value or UNKNOWN for value in values)
    unknown = counts.pop(UNKNOWN, 0)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown, rest = ranked[:MAX_BARS], ranked[MAX_BARS:]
    rows = [(label, count, word(kind, label)) for label, count in shown]
    if rest:
        rows.append((f"{len(rest):,} others", sum(count for _, count in rest), ""))
    return _bars(rows + _unknown(kind, unknown), total)


def photo_bars(counts: Iterable[int], total: int) -> list[Bar]:
    """Bars of how many of `total` celebrities have one photo, two, and so on."""
    celebrities = Counter(photos_label(count) for count in counts)
    return _bars([(label, count, word("photos", label)) for label, count in sorted(celebrities.items())], total)


def decade_bars(born: Iterable[str | None], total: int) -> list[Bar]:
    """Bars of how many of `total` celebrities were born in each decade, in order; the earliest summed up."""
    counts = Counter(decade(date) for date in born)
    unknown = counts.pop(None, 0)
    decades = sorted((year, count) for year, count in counts.items() if year is not None)
    early, shown = decades[:-MAX_BARS], decades[-MAX_BARS:]
    rows = [(f"{year}s", count, word("born", f"{year}s")) for year, count in shown]
    if early:
        rows.insert(0, (f"before {shown[0][0]}", sum(count for _, count in early), ""))
    return _bars(rows + _unknown("born", unknown), total)


def decade(born: str | None) -> int | None:
    """The decade of a date: 1946-07-06 -> 1940; None if it has no year."""
    year = re.match(r"\+?(\d{4})(?!\d)", born or "")
    return int(year[1]) // 10 * 10 if year else None


def photos_label(count: int) -> str:
    """The label of a bar of celebrities with `count` photos."""
    return str(count) if count < MANY_PHOTOS else f"{MANY_PHOTOS} or more"


def _unknown(kind: str, count: int) -> list[tuple[str, int, str]]:
    return [(UNKNOWN, count, word(kind, UNKNOWN))] if count else []


def _bars(rows: list[tuple[str, int, str]], total: int) -> list[Bar]:
    longest = max((count for _, count, _ in rows), default=1)
    return [
        Bar(label, count, count / max(1, total), count / longest, find, is_rest=not find or label == UNKNOWN)
        for label, count, find in rows
    ]


def curve(best_scores: Floats, calibration: Calibration) -> Curve:
    """The curve of finite best scores (s,) and the distribution behind the percentages."""
    normal = NormalDist(calibration.mu, calibration.sigma)
    low, high = normal.mean - SPAN * normal.stdev, normal.mean + SPAN * normal.stdev
    counts, _ = np.histogram(np.clip(best_scores, low, high), BINS, (low, high))
    densities = counts / max(1, len(best_scores)) / ((high - low) / BINS)
    tallest = max(float(densities.max()), normal.pdf(normal.mean)) * 1.05
    step = WIDTH / BINS

    def x(score: float) -> float:
        return round((score - low) / (high - low) * WIDTH, 1)

    def y(density: float) -> float:
        return round(HEIGHT * (1 - density / tallest), 1)

    boxes = ((round(n * step, 1), y(d), round(step - 1, 1), round(HEIGHT - y(d), 1)) for n, d in enumerate(densities))
    scores = np.linspace(low, high, 121)
    begins = [(percent, normal.inv_cdf(1 - percent / 100)) for percent in STEPS_PERCENT]
    return Curve(
        boxes=tuple(box for box in boxes if box[3] > 0),
        path="M" + " L".join(f"{x(score)} {y(normal.pdf(score))}" for score in scores),
        steps=tuple((x(score), percent, score) for percent, score in begins),
        ticks=tuple((x(score), f"{score:.2f}") for score in _round_scores(low, high)),
    )


def _round_scores(low: float, high: float) -> npt.NDArray[np.float64]:
    """Three to eight round numbers within a range."""
    rough = (high - low) / 5
    magnitude = 10 ** math.floor(math.log10(rough))
    step = min((m * magnitude for m in (1, 2, 5, 10)), key=lambda size: abs(size - rough))
    scores: npt.NDArray[np.float64] = np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step
    return scores


def percentages(best_scores: Floats, calibration: Calibration) -> npt.NDArray[np.float64]:
    """The similarity (s,), 0..1, of each standardised best score."""
    return np.array([calibration.similarity_of(float(score)) for score in best_scores])


def tenths(similarities: npt.NDArray[np.float64]) -> list[float]:
    """The share of similarities in each tenth, 0-10 % first; 0.1 each if evenly spread."""
    counts, _ = np.histogram(similarities, 10, (0.0, 1.0))
    return [float(count) / max(1, len(similarities)) for count in counts]


def unevenness(similarities: npt.NDArray[np.float64]) -> float:
    """Kolmogorov-Smirnov distance (0..1) of similarities from an even spread; 0 if there are none."""
    if not len(similarities):
        return 0.0
    ordered, count = np.sort(similarities), len(similarities)
    above = np.arange(1, count + 1) / count - ordered
    below = ordered - np.arange(count) / count
    return float(max(above.max(), below.max()))
