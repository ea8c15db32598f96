"""The clock of what is kept: the wall's at the start, then the time that has passed, whatever the wall says."""

from datetime import datetime, timedelta, tzinfo

import pytest

from lookalike.core import clock
from lookalike.core.clock import SteadyClock, wall_clock


class Wall:
    """`datetime` for clock.py, with a wall clock that can be moved."""

    def __init__(self) -> None:
        self.off = timedelta()

    def now(self, zone: tzinfo) -> datetime:
        return datetime(2026, 11, 20, 12, tzinfo=zone) + self.off


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    made = Wall()
    monkeypatch.setattr(clock, "datetime", made)
    return made


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(hours=-1)])
def test_a_jump_of_the_wall_clock_moves_nothing_and_is_told(wall: Wall, jump: timedelta) -> None:
    steady = SteadyClock()
    before = steady()
    wall.off = jump

    assert abs(steady() - before) < timedelta(minutes=1)
    told = steady.jump()
    assert told is not None
    assert abs(told - jump) < timedelta(minutes=1)


def test_a_clock_that_is_being_corrected_is_no_jump(wall: Wall) -> None:
    steady = SteadyClock()
    wall.off = timedelta(minutes=4)

    assert steady.jump() is None


def test_both_clocks_give_aware_whole_seconds() -> None:
    for now in (wall_clock(), SteadyClock()()):
        assert now.tzinfo is not None
        assert now.microsecond == 0
