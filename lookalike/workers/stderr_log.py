"""What a worker writes to its standard error, cut and logged line by line.

A pipe, and not the bot's own standard error: that may be a file, which a worker that has been taken over could fill or
empty. Only the beginning is logged; then the pipe is closed, so that a flood costs nothing further.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os

from lookalike.core.terminal import printable

log = logging.getLogger(__name__)

MAX_BYTES = 8_192  # of one worker, in its life; a traceback of faulthandler has about 2,000


class StderrLog:
    """A pipe for one worker: `write_end` is for it, and ours to close with `started` once it has it."""

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        self._pid = 0
        self._is_open = True
        self._unlogged = b""
        self.size_bytes = 0  # read so far

    def started(self, pid: int) -> None:
        """From now on, log what comes; `pid` names the worker in the log."""
        self._pid = pid
        os.close(self.write_end)
        os.set_blocking(self._read_end, False)
        asyncio.get_running_loop().add_reader(self._read_end, self._read)

    def abandon(self) -> None:
        """Close both ends: no worker could be started."""
        os.close(self.write_end)
        os.close(self._read_end)

    def close(self) -> None:
        """Log what is left in the pipe of a worker that has ended, and close it."""
        while self._is_open and self._read():
            pass
        self._close()

    def _read(self) -> bool:
        """Log the next lines; whether there were any."""
        data = b""
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._read_end, MAX_BYTES - self.size_bytes)
            if not data:
                self._close()
        self.size_bytes += len(data)
        *lines, self._unlogged = (self._unlogged + data).split(b"\n")
        for line in lines:
            self._log(line)
        if self.size_bytes >= MAX_BYTES:
            self._close()
            log.warning("face worker %d: its further messages are not logged", self._pid)
        return bool(data)

    def _log(self, line: bytes) -> None:
        log.warning("face worker %d: %s", self._pid, printable(line.decode(errors="backslashreplace")))

    def _close(self) -> None:
        if self._is_open:
            self._is_open = False
            asyncio.get_running_loop().remove_reader(self._read_end)
            os.close(self._read_end)
            if self._unlogged:
                self._log(self._unlogged)
