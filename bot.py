"""Who do I look like? The bot, and the page beside it.

    .venv/bin/python bot.py

With TELEGRAM_TOKEN: the bot and the page. Without: the page alone. Ctrl-C or SIGTERM stops it, SIGHUP takes a new
index. A process that can no longer do its work ends with status 1, for its supervisor to start it again.
"""

import sys

from lookalike.programs.serve import main

if __name__ == "__main__":
    sys.exit(main())
