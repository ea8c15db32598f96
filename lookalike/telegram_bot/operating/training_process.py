"""Learns tastes from ratings: the process beside the bot that taste_trainer.py starts.

    python -m lookalike.telegram_bot.operating.training_process DIRECTORY

Standard input, JSON, one value a line: lists of [person, star, score], then {star: name} of all stars that the model
may know. The ratings are in this process's memory alone; the model, which has none, replaces the one in DIRECTORY.
Exit status: 0; NOT_ENOUGH, with the reason on standard output; 2 with one line on standard error, such as a full disk.
It has no token, no network and a limit of memory, gives way to everything else, and ends with the bot.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lookalike.core.errors import RatingsError
from lookalike.core.own_process import end_with_parent, forbid_dumps, lower_priority
from lookalike.core.program import run_program
from lookalike.taste.model_directory import save_model
from lookalike.taste.ratings import ratings_of
from lookalike.taste.serving.shared_ratings import NOT_ENOUGH, shared_ratings
from lookalike.taste.training import train
from lookalike.workers.sandbox import refuse_network

NICENESS, OOM_SCORE = 19, 900  # after everything else; short of memory, it goes first
MEMORY_LIMIT_BYTES = 4_000_000_000  # of address space; 400,000 ratings of 2,000 stars by 20,000 people take 1.6 GB

Triples = Iterator[tuple[str, str, float]]


class Received:
    """What standard input holds: the ratings, one by one, and then, once those are taken, `names`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.names: dict[str, str] | None = None

    def ratings(self) -> Triples:
        """The ratings; `names` is None after them if the bot ended before it had sent everything."""
        for line in self._stream:
            value = json.loads(line)
            if isinstance(value, dict):
                self.names = value
                return
            yield from value


def main() -> int:
    """Learn from what standard input holds."""
    end_with_parent()
    forbid_dumps()
    lower_priority(NICENESS, oom_score=OOM_SCORE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    refuse_network()
    return run_program("training", lambda: learn(Received(sys.stdin.buffer), Path(sys.argv[1])))


def learn(received: Received, directory: Path) -> int:
    """Train a model and put it in its place; the exit status."""
    ratings = ratings_of(received.ratings())
    if received.names is None:
        raise EOFError("the bot ended before it had sent all ratings")
    try:
        chosen = shared_ratings(ratings, received.names)
    except RatingsError as reason:
        print(reason)
        return NOT_ENOUGH
    save_model(train(chosen, received.names), directory)
    return 0


if __name__ == "__main__":
    sys.exit(main())
