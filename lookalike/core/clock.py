"""The clock of stored dates: wall time at the start of the process, then time that has passed.

A wall clock that jumps (a wrong time server, an empty battery) must neither delete a history that is not old yet nor
keep one for ever; the monotonic clock cannot jump. A correction of the wall clock counts from the next start.
"""

import time
from datetime import UTC, datetime, timedelta

MIN_JUMP = timedelta(minutes=5)  # less is a clock that is being corrected (chrony, ntpd)


def wall_clock() -> datetime:
    """The wall time: aware, UTC, in whole seconds, as dates are stored."""
    return datetime.now(UTC).replace(microsecond=0)


class SteadyClock:
    """Call it for the time: aware, UTC, in whole seconds."""

    def __init__(self) -> None:
        self._started_at, self._started_s = datetime.now(UTC), time.monotonic()

    def __call__(self) -> datetime:
        """The time."""
        return (self._started_at + timedelta(seconds=time.monotonic() - self._started_s)).replace(microsecond=0)

    def jump(self) -> timedelta | None:
        """How far the wall clock has moved away from this one; None below MIN_JUMP."""
        offset = wall_clock() - self()
        return offset if abs(offset) > MIN_JUMP else None
