"""The bot of bot.py, sending QUICKER times faster than Telegram allows: for a stand-in whose clock runs as fast.

python -m tests.support.quick_bot
"""

import sys

from lookalike.programs.serve import main
from lookalike.telegram_bot.delivery.rate_limiter import TELEGRAM_LIMITS

QUICKER = 20.0

if __name__ == "__main__":
    sys.exit(main(TELEGRAM_LIMITS.times(QUICKER)))
