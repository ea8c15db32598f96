"""Celebrities and photos that are hidden, by whoever runs the bot: a small file beside the data.

It outlives rebuilt indexes and restarts, and every process that matches photos reads it when it changes. A takedown
(takedown.py) removes somebody from the index; hiding is at once, and can be undone.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from lookalike.core.paths import write_whole

log = logging.getLogger(__name__)

FILE_NAME = "hidden.json"  # in DATA_DIR


@dataclass(frozen=True)
class Hidden:
    """Ids of celebrities, and files of photos as the catalogue names them."""

    stars: frozenset[str] = frozenset()
    photos: frozenset[str] = frozenset()


NOTHING = Hidden()


class HiddenFile:
    """The file; one that cannot be read is logged, and what was read before holds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._hidden = NOTHING

    def read(self) -> Hidden:
        """What is hidden now; the same object until the file changes."""
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                self._seen = seen
                fields = json.loads(self._path.read_text(encoding="utf-8"))
                self._hidden = Hidden(frozenset(map(str, fields["stars"])), frozenset(map(str, fields["photos"])))
        except FileNotFoundError:
            self._seen, self._hidden = None, NOTHING
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("%s cannot be read (%s): what was hidden before stays hidden", self._path, type(error).__name__)
        return self._hidden

    def hide(self, stars: Collection[str] = (), photos: Collection[str] = ()) -> None:
        """Hide these as well; OSError if it cannot be written."""
        now = self.read()
        self._write(Hidden(now.stars | set(stars), now.photos | set(photos)))

    def show(self, stars: Collection[str] = (), photos: Collection[str] = ()) -> None:
        """Hide these no longer."""
        now = self.read()
        self._write(Hidden(now.stars - set(stars), now.photos - set(photos)))

    def _write(self, hidden: Hidden) -> None:
        names = {"stars": sorted(hidden.stars), "photos": sorted(hidden.photos)}
        write_whole(self._path, json.dumps(names).encode())
