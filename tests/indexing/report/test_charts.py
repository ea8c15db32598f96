"""The numbers behind the report's charts."""

import numpy as np
import pytest
from scipy.stats import kstest

from lookalike.gallery.calibration import Calibration, Floats
from lookalike.indexing.report import charts
from lookalike.indexing.report.charts import (
    curve,
    decade,
    decade_bars,
    percentages,
    photo_bars,
    ranked_bars,
    tenths,
    unevenness,
    word,
)

pytestmark = pytest.mark.fast
CALIBRATION = Calibration(mu=0.52, sigma=0.03)


def best_scores(count: int = 4000) -> Floats:
    scores = np.random.default_rng(7).normal(CALIBRATION.mu, CALIBRATION.sigma, count)
    return scores.astype(np.float32)


def test_bars_are_in_order_of_frequency_with_unknown_last() -> None:
    bars = ranked_bars("country", ["FR", "US", None, "US", None, "", "US"], 7)

    assert [(bar.label, bar.count) for bar in bars] == [("US", 3), ("FR", 1), ("unknown", 3)]
    assert [bar.is_rest for bar in bars] == [False, False, True]


def test_shares_are_of_everybody_and_lengths_of_the_longest_bar() -> None:
    us, fr = ranked_bars("country", ["US", "US", "FR"], 10)

    assert (us.share, us.length) == (0.2, 1.0)
    assert (fr.share, fr.length) == (0.1, 0.5)


def test_rare_values_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MAX_BARS", 2)

    bars = ranked_bars("role", [*"aaaabbbccd"], 10)

    assert [(bar.label, bar.count, bar.find) for bar in bars] == [
        ("a", 4, "role:a"),
        ("b", 3, "role:b"),
        ("2 others", 3, ""),
    ]


def test_nobody_makes_no_bars() -> None:
    assert ranked_bars("country", [], 0) == []


def test_decades_are_in_the_order_of_time_and_the_earliest_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "MAX_BARS", 2)

    bars = decade_bars(["1977-01-01", "1850", "1946-07-06", None, "1949", "soon"], 6)

    assert [(bar.label, bar.count) for bar in bars] == [("before 1940", 1), ("1940s", 2), ("1970s", 1), ("unknown", 2)]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1946-07-06", 1940),
        ("1950", 1950),
        ("+1999-12-31T00:00:00Z", 1990),
        ("0069", 60),
        ("-0099", None),
        ("19460706", None),
        ("6 July 1946", None),
        ("", None),
        (None, None),
    ],
)
def test_the_decade_of_a_date(born: str | None, expected: int | None) -> None:
    assert decade(born) == expected


def test_numbers_of_photos_are_in_order_and_many_are_many() -> None:
    assert [(bar.label, bar.count) for bar in photo_bars([7, 2, 1, 2, 30], 5)] == [("1", 1), ("2", 2), ("6 or more", 2)]


def test_a_word_that_finds_has_no_spaces_and_no_capitals() -> None:
    assert word("country", "United  Kingdom") == "country:united_kingdom"


def test_each_percentage_begins_where_the_calibration_says() -> None:
    for _, percent, score in curve(best_scores(), CALIBRATION).steps:
        assert CALIBRATION.similarity_of(score) == pytest.approx(percent / 100)


def test_the_curve_is_drawn_to_the_scale_of_its_axis() -> None:
    drawn = curve(best_scores(), CALIBRATION)

    (left, first), (right, last) = drawn.ticks[0], drawn.ticks[-1]
    px_per_score = (right - left) / (float(last) - float(first))
    for x, _, score in drawn.steps:
        assert x == pytest.approx(left + (score - float(first)) * px_per_score, abs=0.2)


def test_bars_of_normal_scores_follow_the_curve() -> None:
    drawn = curve(best_scores(100_000), CALIBRATION)
    points = [tuple(map(float, point.split())) for point in drawn.path[1:].split(" L")]
    xs, ys = np.array(points).T

    for left, top, width, height in drawn.boxes[2:-2]:  # the outermost hold what is beyond them too
        assert top == pytest.approx(np.interp(left + width / 2, xs, ys), abs=8)
        assert top + height == pytest.approx(charts.HEIGHT, abs=0.2)


def test_scores_far_out_are_counted_in_the_outermost_bar() -> None:
    drawn = curve(np.array([0.1, 0.52, 0.9], np.float32), CALIBRATION)

    assert [round(left) for left, *_ in drawn.boxes] == [0, 360, 702]


def test_percentages_of_the_fitted_scores_are_even() -> None:
    shares = tenths(percentages(best_scores(), CALIBRATION))

    assert shares == pytest.approx([0.1] * 10, abs=0.02)
    assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("shift", [0.0, 0.01, -0.02])
def test_unevenness_is_the_distance_of_kolmogorov_and_smirnov(shift: float) -> None:
    similarities = percentages(best_scores() + np.float32(shift), CALIBRATION)

    assert unevenness(similarities) == pytest.approx(kstest(similarities, "uniform").statistic)


def test_of_no_scores_nothing_is_uneven() -> None:
    assert unevenness(np.empty(0)) == 0
