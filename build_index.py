"""Photos -> index directory, for maintainers.

    .venv/bin/python build_index.py --photos photos --out assets/index
    .venv/bin/python build_index.py --photos photos --catalog celebrities.jsonl --out assets/index
    .venv/bin/python build_index.py --photos photos --out assets/index --deny assets/deny.txt --deny-photos Q42/1.jpg
    .venv/bin/python build_index.py --remove Q42 --deny assets/deny.txt --photos photos --out assets/index

Faces are found by the same code that answers photos. An interrupted build goes on where it stopped, and a build after a
small change takes seconds: what was found in each photo is kept beside the index (`<out>.embeddings`). The index in
place stays until the new one is complete. `<out>/rejects.csv` holds a reason for every photo that was not used, and
`<out>/report.html` shows who is in the gallery and what deserves a look, with the command for each decision; what was
decided about suspects is kept in `<out>.checked`.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from lookalike.core.program import run_program

DENY_LINE = re.compile(r"[^\s#]([^\r\n#]*[^\s#])?")
SUSPECT = re.compile(r"[a-z]+-[0-9a-f]{8}")
SCHEDULER_URL = re.compile(r"(tcp|tls)://[^/\s]+:\d+")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="build_index.py", description="Build the index of celebrities from photos.")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="<Name>.jpg or <Name>/*.jpg")
    parser.add_argument("--catalog", type=Path, metavar="FILE", help="celebrities as JSON Lines, or the flat JSON list")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the index directory")
    parser.add_argument("--deny", type=Path, action="append", default=[], metavar="FILE", help="ids to leave out")
    parser.add_argument(
        "--deny-photos",
        nargs="+",
        default=[],
        metavar="PHOTO",
        help="add these photos (file, or SHA-1) to --deny, then build",
    )
    parser.add_argument(
        "--checked", nargs="+", default=[], metavar="NAME",
        help="the report shows these suspects, by the names that it gives them, as solved",
    )  # fmt: skip
    parser.add_argument("--link-template", metavar="URL", help="link of a flat entry, with {name} or {alias} in it")
    parser.add_argument("--forget-photos", action="store_true", help="name no photo files in the index")
    parser.add_argument("--workers", type=int, metavar="N", help="processes (default: one per core)")
    parser.add_argument("--scheduler", metavar="URL", help="inspect photos on a Dask cluster: tcp://host:8786")
    parser.add_argument("--rehash", action="store_true", help="read every photo, even if size and time are unchanged")
    parser.add_argument(
        "--remove", nargs="+", metavar="ID",
        help="remove these celebrities from the index, add them to --deny, delete their photos in --photos",
    )  # fmt: skip
    parsed = parser.parse_args(arguments)
    if not parsed.photos and not parsed.remove:
        parser.error("--photos is needed, or --remove")
    if parsed.workers is not None and parsed.workers < 1:
        parser.error("--workers takes a whole number from 1")
    if parsed.deny_photos and not parsed.deny:
        parser.error("--deny-photos needs the list that keeps them: --deny")
    if not all(DENY_LINE.fullmatch(photo) for photo in parsed.deny_photos):
        parser.error("--deny-photos takes a file name with '#' or line breaks by its SHA-1 only")
    if not all(SUSPECT.fullmatch(name) for name in parsed.checked):
        parser.error("--checked takes names as the report gives them, such as duplicate-1a2b3c4d")
    if parsed.workers and parsed.scheduler:
        parser.error("--workers is for this machine, --scheduler for a cluster, which has its own")
    if parsed.scheduler and not SCHEDULER_URL.fullmatch(parsed.scheduler):
        parser.error("--scheduler takes the address of a Dask scheduler, such as tcp://127.0.0.1:8786")
    return parsed


def run(parsed: argparse.Namespace) -> int:
    """Build, or remove celebrities; the exit status."""
    # Here, where run_program() can say which package is missing: only building needs requirements-build.txt.
    from lookalike.indexing.build import BuildOptions, build, cache_of
    from lookalike.indexing.takedown import TakedownOptions, take_down

    out: Path = parsed.out.resolve()  # a link to the index stays a link
    if parsed.remove:
        removal = TakedownOptions(out, tuple(parsed.remove), tuple(parsed.deny), parsed.photos)
        return take_down(removal, cache_of(out))
    lists = ("deny", "deny_photos", "checked")
    names = ("photos", "catalog", "link_template", "forget_photos", "workers", "scheduler", "rehash")
    chosen = {name: getattr(parsed, name) for name in names} | {name: tuple(getattr(parsed, name)) for name in lists}
    return build(BuildOptions(out=out, **chosen))


def main(arguments: list[str] | None = None) -> int:
    """0 if the index is in place and usable; 1 if no photo is usable or an id to remove is not there; else 2."""
    parsed = parse(sys.argv[1:] if arguments is None else arguments)
    return run_program(
        "build_index.py", lambda: run(parsed), when_interrupted="stopped; the next run goes on from here"
    )


if __name__ == "__main__":
    sys.exit(main())
