"""What people reported about celebrities: a small file beside the data. It says nothing of who reported it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from lookalike.core.paths import write_whole

log = logging.getLogger(__name__)

FILE_NAME = "reports.json"  # in DATA_DIR
REASONS = ("unkind", "photo", "unlike")
KEPT = 1000  # the latest
UPDATES_KEPT = 100  # of one report


@dataclass(frozen=True)
class StarReport:
    """What was reported of a celebrity and one of their photos ('': none), how often, and on which day last.

    `updates`: the last updates that were counted, so that none is counted twice.
    """

    star: str
    photo: str
    reason: str
    count: int = 0
    last: str = ""
    updates: tuple[int, ...] = ()


class ReportFile:
    """The file; one that cannot be read is logged, and begun anew."""

    def __init__(self, path: Path, today: Callable[[], date] = date.today) -> None:
        self._path, self._today = path, today

    def read(self) -> list[StarReport]:
        """All reports, the latest first."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return [StarReport(**one | {"updates": tuple(one["updates"])}) for one in found]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("%s cannot be read (%s)", self._path, type(error).__name__)
            return []

    def add(self, star: str, photo: str, reason: str, update_id: int) -> StarReport:
        """Count one more report, unless this update was counted before; OSError if it cannot be written."""
        reports = self.read()
        same = (one for one in reports if (one.star, one.photo, one.reason) == (star, photo, reason))
        known = next(same, StarReport(star, photo, reason))
        if update_id in known.updates:
            return known
        updates = (*known.updates, update_id)[-UPDATES_KEPT:]
        new = replace(known, count=known.count + 1, last=self._today().isoformat(), updates=updates)
        self._write([new, *(one for one in reports if one != known)][:KEPT])
        return new

    def drop(self, star: str) -> None:
        """Forget the reports about a celebrity: they were looked at."""
        self._write([one for one in self.read() if one.star != star])

    def _write(self, reports: list[StarReport]) -> None:
        write_whole(self._path, json.dumps([asdict(one) for one in reports]).encode())
