"""Ratings -> a model of tastes -> recommendations, and what is similar to what.

.venv/bin/python recommend.py train ratings.csv --items items.csv --out taste     user, item, rating; item, name
.venv/bin/python recommend.py top taste "Angelina Jolie=9" "Adam Sandler=4" -n 10
.venv/bin/python recommend.py similar taste "Angelina Jolie" -n 10
.venv/bin/python recommend.py evaluate ratings.csv                                how good it is; goes on after a stop
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lookalike.core.program import run_program
from lookalike.programs.recommend_items import TasteOptions, recommend_items


def parse(arguments: list[str]) -> TasteOptions:
    """The command line; SystemExit on wrong usage."""
    parser = argparse.ArgumentParser(prog="recommend.py", description="Recommend items by people's ratings.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="ratings -> a model")
    top = commands.add_parser("top", help="what somebody who rates like this will like")
    similar = commands.add_parser("similar", help="what is similar to an item")
    evaluate = commands.add_parser("evaluate", help="how good a model of these ratings is")
    for command in (train, evaluate):
        command.add_argument("path", type=Path, metavar="RATINGS", help="CSV or TSV: user, item, rating; also gzipped")
    for command in (top, similar):
        command.add_argument("path", type=Path, metavar="MODEL", help="a directory that train has written")
        command.add_argument("-n", type=int, default=10, dest="count", metavar="N", help="how many (10)")
    train.add_argument("--out", type=Path, required=True, metavar="DIR", help="the directory of the model")
    train.add_argument("--items", type=Path, metavar="FILE", help="names of the items, CSV or TSV: item, name")
    top.add_argument("names", nargs="*", metavar="NAME=RATING", help='such as "Angelina Jolie=9"')
    similar.add_argument("names", nargs=1, metavar="NAME", help="an item")
    evaluate.add_argument("--unknown", type=int, metavar="N", help="so many of the last users are unknown (a fifth)")
    cache = TasteOptions.cache
    evaluate.add_argument("--cache", type=Path, default=cache, metavar="DIR", help=f"where steps are kept ({cache})")
    for command in (train, top, similar, evaluate):
        command.add_argument("--json", action="store_true", dest="as_json", help="JSON, one object a line")
    given = vars(parser.parse_args(arguments))
    if given.get("count", 1) < 1 or (given.get("unknown") or 1) < 1:
        parser.error("-n and --unknown take a whole number from 1")
    return TasteOptions(**{**given, "names": tuple(given.get("names", ()))})


def main(arguments: list[str] | None = None) -> int:
    """0 if it was done, 2 on wrong usage, wrong ratings, unknown names or no model."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    interrupted = "stopped; the next run goes on from here" if options.command == "evaluate" else "stopped"
    return run_program("recommend.py", lambda: recommend_items(options), when_interrupted=interrupted)


if __name__ == "__main__":
    sys.exit(main())
