"""Who do I look like? The bot, and the page beside it.

.venv/bin/python bot.py

With TELEGRAM_TOKEN: the bot and the page. Without: the page alone. Ctrl-C or SIGTERM stops it, SIGHUP takes a new
index. A process that can no longer do its work ends with status 1, for its supervisor to start it again.
"""

import argparse
import sys

from lookalike.programs.serve import main

DESCRIPTION = """\
The bot with the page beside it; without TELEGRAM_TOKEN the page alone, at http://127.0.0.1:8080.
All settings are environment variables; the README lists them.
SIGINT or SIGTERM stops it, SIGHUP takes a new index."""


def parse(arguments: list[str]) -> None:
    """Take no argument but --help."""
    parser = argparse.ArgumentParser(
        prog="bot.py", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(arguments)


if __name__ == "__main__":
    parse(sys.argv[1:])
    sys.exit(main())
