"""The page beside the bot, in a process that can cost Telegram no answer: with workers and a gallery of its own.

    python -m lookalike.web.page_process FD

FD listens already. Started by page_supervisor.py, with one JSON object a line in both directions. Standard input: the
settings, then `{"bot": "ok"}` every second, and `{"reload": true}` for a new index, `{"reload_tastes": true}` for a new
taste model; its end is the end of this process, so a bot that is killed leaves no page behind. Standard output:
`{"is_well": true, "metrics": "..."}` every second.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass, field

from lookalike.core.logging_setup import set_up_logging
from lookalike.core.metrics import Metrics
from lookalike.core.own_process import forbid_dumps, lower_priority
from lookalike.core.program import run_program
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings
from lookalike.core.watchdog import Watchdog
from lookalike.web.matcher import Matcher
from lookalike.web.page import open_page

log = logging.getLogger(__name__)

NICENESS = 5  # with that of a worker: 10; the bot has 0, its workers 5
OOM_SCORE = 300  # between the bot's 0 and a worker's 500
REPORT_S = 1.0
STALE_S = 10.0  # a bot that has said nothing for so long is not well


@dataclass
class BotStatus:
    """What the bot said last, and when (time.monotonic())."""

    text: str = "unhealthy"
    at_s: float = field(default_factory=time.monotonic)

    def __call__(self) -> str:
        """`ok` or `unhealthy`."""
        return self.text if time.monotonic() - self.at_s < STALE_S else "unhealthy"


def main() -> int:
    """0 when the bot has ended or closes the page; 1 or 2 if the page cannot go on."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    reports_fd = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not spoil the reports
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0) as unbuffered:
        settings = Settings.model_validate_json(unbuffered.readline())
    set_up_logging(settings.log_format, settings.log_level)
    lower_priority(NICENESS, oom_score=OOM_SCORE)
    forbid_dumps()  # from here on, files in /proc/self are root's
    cores = half_of(os.sched_getaffinity(0))
    with contextlib.suppress(OSError):  # a container may forbid it
        os.sched_setaffinity(0, cores)
    listener = socket.socket(fileno=int(sys.argv[1]))

    def work() -> int:
        asyncio.run(serve(settings, listener, reports_fd, min(len(cores), settings.workers or len(cores))))
        return 0

    return run_program("the page", work)


def half_of(cores: set[int]) -> set[int]:
    """The half with the higher numbers, rounded down; one at least."""
    return set(sorted(cores)[-max(1, len(cores) // 2) :])


async def serve(settings: Settings, listener: socket.socket, reports_fd: int, workers: int) -> None:
    """Serve the page until standard input ends."""
    watchdog, metrics, runtime, bot = Watchdog(), Metrics("lookalike_page"), Runtime(), BotStatus()
    opened: list[Matcher] = []
    runtime.stop_at_signals()  # systemd signals all of a service
    async with runtime.opened:

        async def open_it() -> None:
            opened.append(await open_page(runtime, settings, listener, metrics, workers=workers, bot_status=bot))

        runtime.run_beside(obey(runtime, bot, opened))
        if await runtime.unless_stopped(open_it()):
            runtime.run_beside(watchdog.run(opened[0].is_well))
            runtime.run_beside(report(opened[0], metrics, reports_fd))
        await runtime.stop.wait()
        watchdog.stopping()
    if runtime.failure:
        raise runtime.failure


async def obey(runtime: Runtime, bot: BotStatus, opened: list[Matcher]) -> None:
    """Do what the bot says on standard input; its end stops the page."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        message = json.loads(line)
        if "bot" in message:
            bot.text, bot.at_s = message["bot"], time.monotonic()
        if "reload" in message and opened:  # one that is not open yet will read the new index
            runtime.run_beside(opened[0].gallery.reload())
        if "reload_tastes" in message and opened:
            runtime.run_beside(opened[0].tastes.reload())
    runtime.stop.set()


async def report(matcher: Matcher, metrics: Metrics, reports_fd: int) -> None:
    """Say every second how the page is."""
    transport, _ = await asyncio.get_running_loop().connect_write_pipe(asyncio.Protocol, os.fdopen(reports_fd, "wb"))
    while True:
        text = (await metrics.text()).decode()
        transport.write(json.dumps({"is_well": matcher.is_well(), "metrics": text}).encode() + b"\n")
        await asyncio.sleep(REPORT_S)


if __name__ == "__main__":
    sys.exit(main())
