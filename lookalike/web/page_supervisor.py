"""The bot's side of the page's process: starts it, watches it, restarts it; it ends with the bot."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress

from lookalike.core.child_process import start_child, tell
from lookalike.core.settings import Settings

log = logging.getLogger(__name__)

PROGRAM = "lookalike.web.page_process"
SETTINGS = {
    "index_dir", "photos_dir", "card_design", "data_dir", "fame_weight", "web_listen", "web_allowed_hosts",
    "trusted_proxies", "workers", "log_format", "log_level",
}  # fmt: skip # what a page needs: no token, no database
START_S = 90.0  # until the first report; workers may take 60 s
SILENT_S = 30.0  # without a report, which comes every second
TELL_S = 1.0
CLOSE_S = 4.0  # from the end of its standard input to that of the process
STEADY_S = 60.0  # a process that lived so long is restarted after the shortest pause
PAUSES_S = (1.0, 60.0)  # before a restart, doubling
LINE_BYTES = 1_000_000  # of a report; seen: 8,000


class PageSupervisor:
    """Keeps the page's process running during `run()`.

    For whoever watches: `is_well`, `restarts`, and the `metrics` that it last reported.
    """

    def __init__(self, settings: Settings, listener: socket.socket, bot_is_well: Callable[[], bool]) -> None:
        self.is_well, self.restarts, self.metrics = False, 0, b""
        self._settings = settings.model_dump_json(include=SETTINGS).encode()
        self._listener, self._bot_is_well = listener, bot_is_well
        self._process: Process | None = None

    async def run(self) -> None:
        """Start the process and start it again whenever it ends, until cancelled."""
        pause_s = PAUSES_S[0]
        while True:
            began_s = time.monotonic()
            reason = await self._run_once()
            pause_s = PAUSES_S[0] if time.monotonic() - began_s > STEADY_S else min(PAUSES_S[1], pause_s * 2)
            self.is_well, self.metrics = False, b""
            self.restarts += 1
            log.error("the page's process %s; it is started again in %.0f s", reason, pause_s)
            await asyncio.sleep(pause_s)

    def reload(self) -> None:
        """Have the page take the index that is on the disk now."""
        self._say({"reload": True})

    def reload_tastes(self) -> None:
        """Have the page take the taste model that is on the disk now."""
        self._say({"reload_tastes": True})

    async def _run_once(self) -> str:
        """Run the process to its end; how it ended."""
        try:
            listener = self._listener.fileno()
            process = await start_child(PROGRAM, str(listener), pass_fds=(listener,), limit=LINE_BYTES)
        except OSError as error:
            return f"does not start ({error})"
        self._process = process
        telling = asyncio.create_task(self._tell(process))
        try:
            await self._listen(process)
            async with asyncio.timeout(CLOSE_S):
                return f"ended with status {await process.wait()}"
        except TimeoutError:
            return "was silent"
        except Exception as error:  # whatever it is: the bot goes on
            return f"cannot be watched ({error!r:.200})"
        finally:
            self._process = None
            telling.cancel()
            await _end(process)

    async def _listen(self, process: Process) -> None:
        """Take reports until there are no more; TimeoutError if none comes."""
        assert process.stdout is not None  # noqa: S101 - made with PIPE
        wait_s = START_S
        while True:
            async with asyncio.timeout(wait_s):
                line = await process.stdout.readline()
            if not line:
                return
            report = json.loads(line)
            self.is_well, self.metrics = bool(report["is_well"]), str(report["metrics"]).encode()
            wait_s = SILENT_S

    async def _tell(self, process: Process) -> None:
        with suppress(ConnectionError):  # one that has ended is started again
            await tell(process, self._settings + b"\n")
        while True:
            self._say({"bot": "ok" if self._bot_is_well() else "unhealthy"})
            await asyncio.sleep(TELL_S)

    def _say(self, message: dict[str, object]) -> None:
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps(message).encode() + b"\n")


async def _end(process: Process) -> None:
    """Ask the process to end, and end it if it does not."""
    assert process.stdin is not None  # noqa: S101 - made with PIPE
    process.stdin.close()
    try:
        async with asyncio.timeout(CLOSE_S):
            await process.wait()
    except TimeoutError:
        log.warning("the page's process does not end: killed")
    finally:  # also when cancelled here
        if process.returncode is None:
            process.kill()
            await process.wait()
