"""The clock of stored dates: wall time at the start, then time that has passed, whatever the wall clock does."""

from datetime import datetime, timedelta, tzinfo

import pytest

from lookalike.core import clock
from lookalike.core.clock import SteadyClock, wall_clock


class WallClock:
    """`datetime` for clock.py, with a wall clock that can be moved."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self, zone: tzinfo) -> datetime:
        return datetime(2026, 11, 20, 12, tzinfo=zone) + self.offset


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    made = WallClock()
    monkeypatch.setattr(clock, "datetime", made)
    return made


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(hours=-1)])
def test_a_jump_of_the_wall_clock_changes_nothing_and_is_measured(wall: WallClock, jump: timedelta) -> None:
    steady = SteadyClock()
    before = steady()
    wall.offset = jump

    assert abs(steady() - before) < timedelta(minutes=1)
    measured = steady.jump()
    assert measured is not None
    assert abs(measured - jump) < timedelta(minutes=1)


def test_a_small_correction_of_the_wall_clock_is_no_jump(wall: WallClock) -> None:
    steady = SteadyClock()
    wall.offset = timedelta(minutes=4)

    assert steady.jump() is None


def test_both_clocks_give_aware_whole_seconds() -> None:
    for now in (wall_clock(), SteadyClock()()):
        assert now.tzinfo is not None
        assert now.microsecond == 0
