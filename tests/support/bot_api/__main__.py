"""The stand-in as its own process, alone or playing a load at a bot.

python -m tests.support.bot_api --port 8081
python -m tests.support.bot_api --photos DIR --rate 30 --seconds 60 --users 50 --warm
"""

import argparse
import asyncio
import json
import sys

from tests.support.bot_api.load import Load, play
from tests.support.bot_api.server import TOKEN, BotApi


async def main(arguments: list[str]) -> None:
    """Serve until interrupted, or play a load and print what came of it."""
    parser = argparse.ArgumentParser(description="A stand-in for Telegram's Bot API on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--enforce-limits", action="store_true", help="answer 429 as Telegram's flood limits do")
    Load.add_arguments(parser)
    options = parser.parse_args(arguments)
    load = Load.read(options)
    async with BotApi(
        port=options.port, token=options.token, enforce_limits=options.enforce_limits, remember=load is None
    ) as api:
        print(api.url, flush=True)
        print(f"TELEGRAM_API_URL={api.url} TELEGRAM_TOKEN={api.token}", file=sys.stderr, flush=True)
        if load is None:
            await asyncio.Event().wait()
        else:
            told = await play(api, load, on_start=lambda: print("started", flush=True))
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
