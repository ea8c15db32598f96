"""The bot as a real process, against the stand-in for Telegram."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Self

from tests.support.bot_api.server import TOKEN, BotApi

ROOT = Path(__file__).parents[2]


class RunningBot:
    """`bot.py` with a data directory of its own; its log lines are in `log`."""

    program: tuple[str, ...] = ("bot.py",)

    def __init__(self, api: BotApi, home: Path, index: Path, photos: Path, **settings: str) -> None:
        self.data = home / "data"
        self._log = home / "bot.log"
        self.environment = {
            "PATH": os.defpath,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": api.url,
            "DATA_DIR": str(self.data),
            "INDEX_DIR": str(index),
            "PHOTOS_DIR": str(photos),
            "WEB_LISTEN": "",
            "WORKERS": "1",
            **settings,
        }
        self._process: Process | None = None

    async def start(self) -> Self:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self.program, stdin=DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=ROOT
            )
        return self

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if the process is still there.

        Not by `send_signal`: it asks for the exit status, which then is missing where asyncio waits for it.
        """
        assert self._process is not None
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it has ended, and asyncio is about to hear of it
                os.kill(self._process.pid, number)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, and return the exit status when the process is gone."""
        self.send(number)
        return await self.wait()

    async def wait(self) -> int:
        assert self._process is not None
        return await self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def has_started(self) -> bool:
        return self._process is not None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def status(self) -> int | None:
        """The exit status; None while it runs."""
        return None if self._process is None else self._process.returncode

    @property
    def log_file(self) -> Path:
        return self._log

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.is_file() else ""  # a pipe is not for us to read

    async def logged(self, words: str, timeout_s: float = 60.0) -> None:
        """Wait until the log holds these words; nobody tells when a line is written, so it is looked for."""
        async with asyncio.timeout(timeout_s):
            while words not in self.log:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGKILL)


class QuickBot(RunningBot):
    """The same bot, which may send QUICKER times more messages a second: nothing else is another."""

    program = ("-m", "tests.support.quick_bot")
