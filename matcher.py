"""Photos -> the celebrities most like the faces in them.

.venv/bin/python matcher.py me.jpg                    a table to read
.venv/bin/python matcher.py --json -k 3 *.jpg         JSON Lines, one photo a line, in the order given
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from pathlib import Path

from lookalike.core.errors import LookalikeError
from lookalike.programs.match_photos import print_matches

DEFAULT_INDEX = Path("assets/index")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Which celebrities do the people in these photos look like?")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, one line a photo")
    default = Path(os.environ.get("INDEX_DIR") or DEFAULT_INDEX)
    parser.add_argument("--index", type=Path, default=default, metavar="DIR", help=f"index directory ({default})")
    parser.add_argument("-k", type=int, default=3, metavar="N", help="celebrities a face (3)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one a core)")
    parsed = parser.parse_args(arguments)
    if parsed.k < 1 or (parsed.workers is not None and parsed.workers < 1):
        parser.error("-k and --workers take a whole number from 1")
    return parsed


def main(arguments: list[str] | None = None) -> int:
    """0 if every photo was answered (a refusal is an answer), 2 on wrong usage, no index or no models."""
    parsed = parse(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file name need not be text
    try:
        asyncio.run(print_matches(parsed.photos, parsed.index, k=parsed.k, workers=parsed.workers, as_json=parsed.json))
    except LookalikeError as error:
        print(f"matcher.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, `head` for one, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
