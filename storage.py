"""Looks after what the bot keeps about users, in DATA_DIR.

.venv/bin/python storage.py --stats
.venv/bin/python storage.py --backup FILE     also while the bot runs, like --stats, --check and --export
.venv/bin/python storage.py --restore FILE    the backup, and what is hidden and reported, where there is no store
.venv/bin/python storage.py --erase ID        only while it is stopped, like --purge and --rotate-key
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lookalike.core.own_process import forbid_dumps
from lookalike.core.program import run_program
from lookalike.programs.maintain_store import StoreTask, maintain_store

EPILOG = """The store is where DATA_DIR, DATA_KEY_FILE and RETENTION_DAYS say, as for the bot.
Exit status: 0 done; 1 the check found damage, or nothing is kept of this user; 2 it could not be done."""


def parse(arguments: list[str]) -> StoreTask:
    """The command line; SystemExit on wrong usage."""
    parser = argparse.ArgumentParser(
        prog="storage.py",
        description="Look after what the bot keeps about users.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--stats", action="store_true", help="how much there is of everything")
    group.add_argument(
        "--backup", type=Path, metavar="FILE", help="a consistent copy, with what is hidden; same key file"
    )
    group.add_argument("--restore", type=Path, metavar="FILE", help="put a backup back where there is no store")
    group.add_argument("--check", type=Path, metavar="FILE", help="whether a store or backup is whole and its key fits")
    group.add_argument("--export", type=int, metavar="ID", help="everything kept of a user (Telegram id), as JSON")
    group.add_argument("--erase", type=int, metavar="ID", help="erase a user (Telegram id); the bot must be stopped")
    group.add_argument("--rotate-key", action="store_true", help="seal everything with a new key; bot stopped")
    group.add_argument("--purge", action="store_true", help="erase what is past RETENTION_DAYS; bot stopped")
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value not in (None, False)}
    [(name, value)] = given.items()
    return StoreTask(name, value)


def main(arguments: list[str] | None = None) -> int:
    """0 done, 1 damage found or nothing kept of this user, 2 could not be done."""
    task = parse(sys.argv[1:] if arguments is None else arguments)
    forbid_dumps()
    return run_program("storage.py", lambda: maintain_store(task))


if __name__ == "__main__":
    sys.exit(main())
