"""Ends a process that can no longer do its work, so that its supervisor starts a new one.

Three things may stop for ever without a word: the event loop (a call that blocks), the closing after a stop signal, and
the connection to Telegram. The first two are watched from a thread, which ends the process at once: what is not
answered is in the journal. The third is `watch_telegram()`. Only time in which the watcher itself ran counts: a
process that was stopped whole (SIGSTOP, a suspended laptop) has not hung. systemd is told that all is well as long as
it is (sd_notify(3)).
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
SILENT_S = 50.0  # without a sign of Telegram: a lost long poll (25 s) and two short ones after it (10 s each)
CLOSE_S = 7.5  # from the stop signal to the end
LAST_LOG_S = 0.5  # for the last log lines
PAUSE_FACTOR = 4  # a watcher that slept so many times longer than it meant to was stopped itself


class Awake:
    """Counts the seconds since something last changed, leaving out those in which the process was paused."""

    def __init__(self, step_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._step_s, self._clock = step_s, clock
        self._looked_at = clock()
        self._last: float | None = None
        self.seconds = 0.0

    def look(self, value: float) -> float:
        """Look once every `step_s` seconds; how long `value` has been what it is."""
        now = self._clock()
        passed_s, self._looked_at = now - self._looked_at, now
        if value != self._last:
            self._last, self.seconds = value, 0.0
        else:
            self.seconds += passed_s if passed_s < PAUSE_FACTOR * self._step_s + 1.0 else self._step_s
        return self.seconds


class Watchdog:
    """Watches from `run()` on while the process lives; `stopping()` starts the time for closing."""

    def __init__(self) -> None:
        self._beats = 0
        self._is_stopping = False
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    async def run(self, is_well: Callable[[], bool]) -> None:
        """Beat; and tell systemd, as long as `is_well()`."""
        while True:
            self._beats += 1
            if is_well():
                notify("WATCHDOG=1")
            await asyncio.sleep(BEAT_S)

    def stopping(self) -> None:
        """From now on the process may take CLOSE_S to end."""
        notify("STOPPING=1")
        self._is_stopping = True

    def _watch(self) -> None:
        beats, closing = Awake(BEAT_S / 2), Awake(BEAT_S / 2)
        while True:
            time.sleep(BEAT_S / 2)
            unchanged_s, closing_s = beats.look(self._beats), closing.look(float(self._is_stopping))
            if self._is_stopping:
                if closing_s > CLOSE_S:
                    self._end("the process does not end; what is not answered is in the journal")
            elif self._beats and unchanged_s > FROZEN_S:
                self._end("the event loop is frozen")

    @staticmethod
    def _end(why: str) -> None:
        logging_thread = threading.Thread(target=_log_end, args=(why,), daemon=True)
        logging_thread.start()
        logging_thread.join(LAST_LOG_S)  # what holds the process up may be the log itself: a pipe that nobody reads
        os._exit(1)


def _log_end(why: str) -> None:
    log.critical("%s: ended by the watchdog", why)
    faulthandler.dump_traceback(sys.stderr, all_threads=True)


async def watch_telegram(last_sign: Callable[[], float]) -> None:
    """Raise TelegramSilent when nothing came from Telegram for SILENT_S.

    `last_sign` is time.monotonic() of the last thing that came; during a flood wait its end, which lies ahead.
    """
    step_s = min(BEAT_S, SILENT_S / 4)
    silence = Awake(step_s)
    while True:
        if silence.look(last_sign()) > SILENT_S and time.monotonic() > last_sign() + SILENT_S:
            raise TelegramSilent(f"nothing at all has come from Telegram for {silence.seconds:.0f} s")
        await asyncio.sleep(step_s)


def notify(state: str) -> None:
    """Tell systemd, if it started us (sd_notify(3): one datagram to $NOTIFY_SOCKET)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify_socket:
            notify_socket.connect("\0" + address[1:] if address.startswith("@") else address)
            notify_socket.sendall(state.encode())
