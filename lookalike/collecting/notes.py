"""What an unfinished run has learned, so that the next one asks no server for it again.

A file of JSON lines that only grows: the date the round began, then `[kind, key, value]`. Whatever ends the run, even
kill -9, leaves at most a last line that is cut off, and that one is dropped. A round ends when everything asked for is
answered: then the file goes, and the next run asks anew, which is how the gallery is kept fresh. Photos are not in it:
a photo that is on the disk under its name is whole.
"""

from __future__ import annotations

import fcntl
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lookalike.core.errors import CollectError

FORMAT = 1  # of what other modules keep in it: raised when that changes
ROUND_DAYS = 7  # older answers are asked for again: people and licences change


class Notes:
    """Answers by kind and key, of one round; CollectError if another process is at work on the same file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.touch()
        self._file = path.open("r+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise CollectError(f"{path} is in use: another collect_photos.py is running") from None
        self._answers: dict[tuple[str, str], Any] = {}
        whole = self._read()
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            self._write({"format": FORMAT, "began": datetime.now(UTC).date().isoformat()})

    def __enter__(self) -> Notes:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, kind: str, key: str) -> Any:
        """What was answered, as JSON values; None if nothing was."""
        return self._answers.get((kind, key))

    def add(self, kind: str, key: str, value: Any) -> None:
        """Keep an answer, which is not None, for this run and the next."""
        self._answers[kind, key] = value
        self._write([kind, key, value])

    def finish(self) -> None:
        """End the round: the next run asks anew."""
        self._path.unlink(missing_ok=True)
        self._file.close()

    def _write(self, value: Any) -> None:
        self._file.write(json.dumps(value, ensure_ascii=True).encode() + b"\n")
        self._file.flush()

    def _read(self) -> int:
        """Take in the lines of a round that is not too old; how many bytes of the file they are."""
        whole = 0
        for line in self._file:
            try:
                if not line.endswith(b"\n"):
                    break
                entry = json.loads(line)
                if not whole:
                    age = datetime.now(UTC).date() - date.fromisoformat(entry["began"])
                    if entry["format"] != FORMAT or age.days > ROUND_DAYS:
                        return 0
                else:
                    kind, key, value = entry
                    self._answers[kind, key] = value
            except (ValueError, TypeError, KeyError):  # damaged: what comes after it is asked for again
                break
            whole += len(line)
        return whole
