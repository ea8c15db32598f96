"""The clock of everything that is kept: the wall's time at the start, and from then on the time that has passed.

A wall clock that jumps (a wrong time server, a battery that died) must neither erase a history that is not old yet nor
keep one for ever; the time that has passed cannot jump. Corrections of a running clock count from the next start.
"""

import time
from datetime import UTC, datetime, timedelta

JUMP = timedelta(minutes=5)  # a clock that is being corrected moves by less


def wall_clock() -> datetime:
    """The time on the wall, aware, in whole seconds: that is what is kept."""
    return datetime.now(UTC).replace(microsecond=0)


class SteadyClock:
    """Call it for the time, aware, in whole seconds."""

    def __init__(self) -> None:
        self._started_at, self._started_s = datetime.now(UTC), time.monotonic()

    def __call__(self) -> datetime:
        """The time."""
        return (self._started_at + timedelta(seconds=time.monotonic() - self._started_s)).replace(microsecond=0)

    def jump(self) -> timedelta | None:
        """How far the wall clock is from this one, if that is more than JUMP."""
        off = wall_clock() - self()
        return off if abs(off) > JUMP else None
