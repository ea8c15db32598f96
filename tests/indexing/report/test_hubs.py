"""Who takes too many strangers, and what the report advises."""

import numpy as np
import pytest

from lookalike.indexing.report.commands import MaintainerCommands
from lookalike.indexing.report.hubs import HubView, hub_limit, hub_views
from lookalike.indexing.report.view_models import ViewModels
from tests.support.galleries import star

pytestmark = pytest.mark.fast
PEOPLE = [star(number) for number in range(300)]


def hubs(share: float, of_several: frozenset[str] = frozenset(), photos: int = 2) -> tuple[HubView, ...]:
    """Star 3 takes this share of the strangers."""
    counts = np.full(len(PEOPLE), round((1 - share) * 100_000 / (len(PEOPLE) - 1)), np.int32)
    counts[3] = round(share * 100_000)
    people = list(PEOPLE)
    people[3] = star(3, photos=[{"file": f"Q3/{number}.png"} for number in range(photos)])
    return hub_views(ViewModels(None), people, counts, of_several, MaintainerCommands())


def test_a_celebrity_of_too_many_strangers_comes_with_advice_and_commands() -> None:
    first, second = hubs(0.0201)[:2]

    assert (first.celebrity.id, round(first.bar.share, 4)) == ("Q3", 0.0201)
    assert first.advice
    assert [" --remove Q3 " in remedy.command for remedy in first.remedies] == [False, True]
    assert (second.advice, second.remedies) == ("", ())


def test_a_celebrity_within_the_limit_has_no_advice() -> None:
    assert hubs(0.0199)[0].advice == ""
    assert hub_limit(300) == 0.02
    assert hub_limit(10) == 0.5


def test_the_advice_is_about_what_is_wrong_with_the_photos() -> None:
    assert "several people" in hubs(0.1, of_several=frozenset({"Q3"}))[0].advice
    assert "few photos" in hubs(0.1, photos=1)[0].advice
    assert "deny" in hubs(0.1, photos=5)[0].advice


def test_nobody_is_a_hub_of_nothing() -> None:
    none = hub_views(ViewModels(None), PEOPLE, np.zeros(300, np.int32), frozenset(), MaintainerCommands())

    assert none == ()
