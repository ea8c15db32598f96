"""What ends a process that can no longer do its work, so that its supervisor starts a new one.

Three things may stop for ever without a word: the event loop (a call that blocks), the closing after a stop signal, and
the connection to Telegram. The first two are watched from a thread, which ends the process at once: what is not
answered is in the journal. The third is `hear()`. systemd is told that all is well as long as it is
(sd_notify(3)), and restarts a process that is frozen whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable

from lookalike.core.errors import TelegramSilent

log = logging.getLogger(__name__)

BEAT_S = 1.0
FROZEN_S = 30.0  # without a beat of the event loop; its longest honest work, a large index swapped in, takes under 1 s
DEAF_S = 50.0  # without a sign of Telegram: a lost long poll (25 s) and two short ones after it (10 s each)
CLOSE_S = 7.5  # from the stop signal to the end
TELL_S = 0.5  # for the last words


class Watchdog:
    """Watches from `run()` on while the process lives; `stopping()` starts the clock of the closing."""

    def __init__(self) -> None:
        self._beat = float("inf")  # time.monotonic() of the last one
        self._end_by = float("inf")
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    async def run(self, is_well: Callable[[], bool]) -> None:
        """Beat; and tell systemd, as long as `is_well()`."""
        while True:
            self._beat = time.monotonic()
            if is_well():
                notify("WATCHDOG=1")
            await asyncio.sleep(BEAT_S)

    def stopping(self) -> None:
        """From now on the process may take CLOSE_S to end."""
        notify("STOPPING=1")
        self._end_by = time.monotonic() + CLOSE_S

    def _watch(self) -> None:
        while True:
            time.sleep(BEAT_S / 2)
            now = time.monotonic()
            if now > self._end_by:
                self._end("the process does not end; what is not answered is in the journal")
            elif now - self._beat > FROZEN_S and self._end_by == float("inf"):
                self._end("the event loop is frozen")

    @staticmethod
    def _end(why: str) -> None:
        telling = threading.Thread(target=_tell, args=(why,), daemon=True)
        telling.start()
        telling.join(TELL_S)  # what holds the process up may be the log itself: a pipe that nobody reads
        os._exit(1)


def _tell(why: str) -> None:
    log.critical("%s: ended by the watchdog", why)
    faulthandler.dump_traceback(sys.stderr, all_threads=True)


async def hear(last_sign: Callable[[], float]) -> None:
    """Raise Deaf when nothing came from Telegram for DEAF_S; `last_sign` is time.monotonic() of anything that came."""
    silence_s = 0.0
    while silence_s < DEAF_S:
        await asyncio.sleep(DEAF_S - silence_s)
        silence_s = time.monotonic() - last_sign()
    raise TelegramSilent(f"nothing at all has come from Telegram for {silence_s:.0f} s")


def notify(state: str) -> None:
    """Tell systemd, if it started us (sd_notify(3): one datagram to $NOTIFY_SOCKET)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.connect("\0" + address[1:] if address.startswith("@") else address)
            door.sendall(state.encode())
