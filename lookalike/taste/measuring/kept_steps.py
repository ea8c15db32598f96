"""Results of steps on the disk: an evaluation that was interrupted goes on where it stopped."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from lookalike.core.paths import sync
from lookalike.taste.ratings import Ratings

VERSION = 1  # of the models and protocols; results of others are not used

Figures = dict[str, float]


class KeptSteps:
    """Figures by the name of a step, each in a file of its own in `directory` / a digest of ratings and options."""

    def __init__(self, directory: Path, ratings: Ratings, options: str) -> None:
        digest = hashlib.sha256(f"{VERSION} {options}".encode())
        for array in (ratings.users, ratings.items, ratings.values):
            digest.update(array.tobytes())
        self.directory = directory / digest.hexdigest()[:16]

    def get(self, name: str, make: Callable[[], Figures]) -> Figures:
        """The figures of a step, made now if they are not there or cannot be read; written whole or not at all."""
        path = self.directory / f"{name}.json"
        with contextlib.suppress(FileNotFoundError, ValueError):
            found = json.loads(path.read_bytes())
            if isinstance(found, dict):
                return found
        made = make()
        self.directory.mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{name}.", dir=self.directory)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
        sync(Path(unfinished))
        Path(unfinished).replace(path)
        return made
