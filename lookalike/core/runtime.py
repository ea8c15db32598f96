"""What lives as long as the process: the order to stop, tasks beside the main work, and what must be closed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Runtime:
    """The lifetime of one process; `opened` is closed in reverse when it ends."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    opened: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)
    failure: BaseException | None = None

    def run_beside(self, work: Coroutine[Any, Any, object]) -> None:
        """Run `work` until the process ends; if it fails, the process ends, for its supervisor to start it again."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self.opened.push_async_callback(cancel, task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception():
            self.failure = task.exception()
            self.stop.set()

    def stop_at_signals(self) -> None:
        """SIGINT and SIGTERM, however often they come, stop the process."""
        for number in (signal.SIGINT, signal.SIGTERM):
            self.call_at_signal(number, self.stop.set)

    def call_at_signal(self, number: signal.Signals, act: Callable[[], object]) -> None:
        """Call `act` in the running event loop at that signal; once `opened` is closed, the signal is ignored.

        Not by the loop's own handlers: they end with the loop, and then a second SIGTERM would kill a process that is
        about to exit with status 0.
        """
        loop = asyncio.get_running_loop()

        def schedule(*_: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(act)

        signal.signal(number, schedule)
        self.opened.callback(signal.signal, number, signal.SIG_IGN)

    async def unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do `work`; False if told to stop before it is done, and then it is cancelled."""
        task, stopped = asyncio.create_task(work), asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            return task.done()
        finally:
            stopped.cancel()
            await cancel(task)


async def cancel(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended, however it ends."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
