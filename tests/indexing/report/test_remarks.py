"""What the report says deserves a look, and from which limit on."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery.catalogue import Celebrity
from lookalike.indexing.duplicate_check import MixedPhotos, Suspects
from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.page import remarks
from tests.support.galleries import manifest, page_of, report, star

pytestmark = pytest.mark.fast
PEOPLE = [star(number) for number in range(12)]


def hub_of(people: int, share: float) -> npt.NDArray[np.int32]:
    counts = np.full(people, round((1 - share) * 100_000 / (people - 1)), np.int32)
    counts[3] = round(share * 100_000)
    return counts


def many(count: int, **changes: Any) -> list[Celebrity]:
    return [star(number, **changes) for number in range(count)]


@pytest.mark.parametrize(
    ("changes", "section", "text"),
    [
        ({"manifest": manifest(12, 24, recall=0.98)}, "top", "The search misses 2.0%"),
        ({"best_scores": np.full(1000, 0.51, np.float32)}, "percentages", "not even: 0.63"),
        ({"match_counts": hub_of(12, 0.5)}, "hubs", "Star 3 is the star of 50% of strangers."),
        ({"suspects": Suspects(mixed=(MixedPhotos(star(0), 0.7, ((), ())),))}, "suspects", "1 may be somebody else"),
        ({"rejects": [IndexReject("Q1", f"{n}.png", "blurred") for n in range(11)]}, "left-out", "31% of the photos"),
        ({"people": many(12, country="US")}, "who", "100% of those whose country is known are US."),
        ({"people": many(12, photos=[{"file": "1.png"}])}, "who", "12 people have one photo only"),
    ],
)
def test_remarks_come_first(changes: dict[str, Any], section: str, text: str, tmp_path: Path) -> None:
    one = report(**({"people": PEOPLE} | changes))
    page = page_of(one, tmp_path / "report.html")
    (remark,) = remarks(one)

    assert remark.section == section
    assert text in remark.text
    assert "deserves a second look" not in page.text
    assert re.search(rf'<li><a href="#{section}"><bdi>{re.escape(remark.text)}</bdi>', page.html)
    assert [found for _, found in page.elements if found.get("id") == section]


@pytest.mark.parametrize(
    "changes",
    [
        {"manifest": manifest(12, 24, recall=0.99)},
        {"people": many(300), "match_counts": hub_of(300, 0.0199)},
        {"match_counts": hub_of(12, 0.4)},  # even would be 8 %
        {"rejects": [IndexReject("Q1", f"{n}.png", "blurred") for n in range(10)]},
        {"rejects": [IndexReject("Q1", "", "no usable photo") for n in range(100)]},
        {"people": many(6, country="US") + many(4, country="FR")},
        {"people": many(12, country=None)},
        {"people": many(6, photos=[{"file": "1.png"}]) + many(6)},
        {"best_scores": np.full(2, 0.5, np.float32)},  # two photos say nothing
    ],
)
def test_values_within_the_limits_make_no_remark(changes: dict[str, Any]) -> None:
    assert remarks(report(**({"people": PEOPLE} | changes))) == []


def test_a_large_gallery_has_a_hub_from_two_percent_on() -> None:
    (remark,) = remarks(report(many(300), match_counts=hub_of(300, 0.0201)))

    assert remark.text == "Star 3 is the star of 2.0% of strangers."
