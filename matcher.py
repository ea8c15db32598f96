"""Photos -> the celebrities most like the faces in them.

.venv/bin/python matcher.py me.jpg                    a table to read
.venv/bin/python matcher.py --json -k 3 photos/       JSON Lines, one photo a line, in the order given
.venv/bin/python matcher.py --where women me.jpg      only women; also region=asia,born=1970-1999,role=singer
.venv/bin/python matcher.py --compare me.jpg you.jpg  how alike two people are
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from lookalike.core.program import run_program
from lookalike.programs.match_photos import MatchOptions, match_photos

DEFAULT_INDEX, DEFAULT_DATA = Path("assets/index"), Path("data")


def parse(arguments: list[str]) -> MatchOptions:
    """The command line; SystemExit on wrong usage."""
    parser = argparse.ArgumentParser(description="Which celebrities do the people in these photos look like?")
    parser.add_argument("photos", nargs="*", type=Path, metavar="PHOTO", help="a photo, or a folder of photos")
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("A", "B"), help="how alike are these two people?")
    where = "men, women, or region=asia,born=1970-1999,role=singer: any of them"
    parser.add_argument("--where", default="any", metavar="FILTER", help=where)
    fame = os.environ.get("FAME_WEIGHT") or None
    fame_help = "how much famous stars are preferred, 0 to 1 (FAME_WEIGHT, else as the index was built)"
    parser.add_argument("--fame", type=float, default=fame, metavar="W", help=fame_help)
    parser.add_argument("--json", action="store_true", help="one JSON object a line, one line a photo")
    default = Path(os.environ.get("INDEX_DIR") or DEFAULT_INDEX)
    parser.add_argument("--index", type=Path, default=default, metavar="DIR", help=f"index directory ({default})")
    parser.add_argument("-k", type=int, default=3, metavar="N", help="celebrities a face (3)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one a core)")
    parsed = parser.parse_args(arguments)
    if parsed.k < 1 or (parsed.workers is not None and parsed.workers < 1):
        parser.error("-k and --workers take a whole number from 1")
    if bool(parsed.photos) == bool(parsed.compare):
        parser.error("give photos, or two with --compare")
    if parsed.fame is not None and not 0 <= parsed.fame <= 1:
        parser.error("--fame takes a number from 0 to 1")
    return MatchOptions(
        tuple(parsed.compare or parsed.photos), parsed.index, parsed.k, parsed.workers, parsed.json,
        parsed.where, parsed.fame, is_comparison=bool(parsed.compare),
        data_dir=Path(os.environ.get("DATA_DIR") or DEFAULT_DATA),
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """0 if every photo was answered (a refusal is an answer), 2 if one is missing, on wrong usage, or no index."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    return run_program("matcher.py", lambda: match_photos(options))


if __name__ == "__main__":
    sys.exit(main())
