"""One overall bar that counts requests, with the time left; where there is no terminal, a line every 5 s.

How many requests there will be is known for the people at hand, and estimated for those to come from what the people
before them took. The display runs in a thread, so that it goes on while the program waits or reads the disk.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from lookalike.core.terminal import printable

if TYPE_CHECKING:
    from tqdm import tqdm

EVERY_S = 5.0  # between lines where there is no terminal
BAR_EVERY_S = 0.5


class Progress:
    """What a run has done and has left to do. Use it as a context manager.

    `people`: how many are to be collected; `requests_a_person`: the first estimate.
    """

    def __init__(self, people: int, requests_a_person: float, per_minute: float, every_s: float = EVERY_S) -> None:
        self._people_left, self._a_person, self._per_minute = people, requests_a_person, per_minute
        self._people_done = 0
        self._known = self._done = 0  # requests
        self._of_people = 0  # requests that people took
        self._stage, self._pause, self._pause_until = "start", "", 0.0
        self._began = time.monotonic()
        self._every_s = every_s
        self._ended = threading.Event()
        self._bar: tqdm | None = None
        self._thread = threading.Thread(target=self._show, name="progress", daemon=True)

    def __enter__(self) -> Progress:
        from tqdm import tqdm  # of requirements-build.txt, which only a run needs

        if sys.stderr.isatty():
            self._bar = tqdm(
                total=self.total, unit=" requests", bar_format="{desc}: {percentage:3.0f}%|{bar}| {postfix}"
            )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._bar is not None:
            self._refresh(self._bar)
            self._bar.close()

    @property
    def total(self) -> int:
        """Requests of the whole run, as far as can be said."""
        return self._known + round(self._people_left * self._a_person)

    def begin(self, stage: str, requests: int) -> None:
        """So many requests are to be made now."""
        self._stage = stage
        self._known += requests

    def advance(self) -> None:
        """A request is done."""
        self._done += 1
        self._known = max(self._known, self._done)

    def pause(self, reason: str, seconds: float) -> None:
        """Requests wait."""
        self._pause, self._pause_until = reason, time.monotonic() + seconds

    def expect_people(self, at_most: int) -> None:
        """There are no more people than that to come."""
        self._people_left = min(self._people_left, at_most)

    def begin_people(self, count: int) -> None:
        """The requests of so many people begin: they are announced from now on."""
        self._people_left = max(0, self._people_left - count)
        self._people_done += count
        self._of_people -= self._known

    def end_people(self) -> None:
        """All requests of the people at hand are done: those to come will need as many each."""
        self._known = self._done
        self._of_people += self._known
        self._a_person = self._of_people / max(1, self._people_done)

    def text(self) -> str:
        """`photos: 120 of 4,480 requests, about 22 min to go`."""
        now = time.monotonic()
        waits_s = self._pause_until - now
        waits = f"; waits {waits_s:.0f} s, {self._pause}" if waits_s > 1 else ""
        return f"{self._done:,} of {max(self.total, self._done):,} requests, {self._left(now)}{waits}"

    def _left(self, now: float) -> str:
        elapsed_s = max(now - self._began, 1e-3)
        measured = self._done / elapsed_s * 60
        pace = measured if self._done > 20 and elapsed_s > 30 else self._per_minute
        minutes = max(0, self.total - self._done) / min(pace, self._per_minute)
        return f"about {minutes:.0f} min to go" if minutes < 90 else f"about {minutes / 60:.1f} h to go"

    def _show(self) -> None:
        while not self._ended.wait(self._every_s if self._bar is None else BAR_EVERY_S):
            if self._bar is None:
                print(printable(f"{self._stage}: {self.text()}"), file=sys.stderr, flush=True)
            else:
                self._refresh(self._bar)

    def _refresh(self, bar: tqdm) -> None:
        bar.total, bar.n = max(self.total, self._done), self._done
        bar.set_description_str(self._stage, refresh=False)
        bar.set_postfix_str(self.text())
