"""Web applications on ports of their own, in the event loop that is running: the page, the webhook, the metrics.

The only file that knows uvicorn.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from lookalike.core.errors import PortError
from lookalike.core.runtime import Runtime

__all__ = ["ASGIApp", "Server"]

log = logging.getLogger(__name__)

CLOSE_S = 2.0  # how long answers under way may take once the server is told to close


class _Server(uvicorn.Server):
    """A uvicorn that leaves the signals to the program it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """An application on a port, in the event loop that is running, between `start()` and `close()`."""

    def __init__(self, name: str) -> None:
        """`name` is what log lines and errors call it: page, webhook, metrics."""
        self.url = ""
        self._name = name
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, app: ASGIApp, host: str, port: int) -> None:
        """Serve; port 0 takes a free one. PortError if it cannot listen there."""
        listener = await self._listen(host, port)
        shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only to show it
        self.url = f"http://{f'[{shown}]' if ':' in shown else shown}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="off", proxy_headers=False, server_header=False,
            log_config=None, log_level="warning", access_log=False, timeout_graceful_shutdown=int(CLOSE_S),
        )  # fmt: skip
        config.load()
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listener]))  # whoever comes before it runs is let wait
        log.info("the %s is at %s", self._name, self.url)

    async def close(self) -> None:
        """Take no more requests, let those under way finish for CLOSE_S; a second call does nothing."""
        if self._server and self._task:
            self._server.should_exit = True
            await self._task
            self._server = self._task = None

    async def _listen(self, host: str, port: int) -> socket.socket:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            return socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
        except OSError as error:
            raise PortError(f"the {self._name} cannot listen on {host}:{port}: {error.strerror}") from error


async def listen(runtime: Runtime, name: str, app: ASGIApp, address: tuple[str, int]) -> None:
    """Serve an application until the process ends."""
    server = Server(name)
    await server.start(app, *address)
    runtime.opened.push_async_callback(server.close)
