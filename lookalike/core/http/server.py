"""Web applications on ports of their own, in the event loop that is running: the page, the webhook, the metrics.

With limits.py the only file that knows uvicorn.
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
from lookalike.core.http.limits import Connections, limited_protocol
from lookalike.core.runtime import Runtime

__all__ = ["ASGIApp", "Server"]

log = logging.getLogger(__name__)

# Connections of a webhook, or of the metrics, in the bot's process; Telegram opens at most 100 (setWebhook).
MAX_BESIDE = 128
CLOSE_S = 2.0  # how long answers under way may take once the server is told to close


class _Uvicorn(uvicorn.Server):
    """A uvicorn that leaves the signals to the program it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Server:
    """An application on a port, in the event loop that is running, between `start()` and `close()`."""

    def __init__(self, name: str, connections: Connections | None = None) -> None:
        """`name` is what log lines and errors call it: page, webhook, metrics. Without `connections`: its defaults."""
        self.url = ""
        self._name = name
        self._connections = connections or Connections()
        self._uvicorn: _Uvicorn | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, app: ASGIApp, host: str, port: int) -> None:
        """Listen and serve; port 0 takes a free one. PortError if it cannot listen there."""
        self.serve(app, await open_listener(self._name, host, port))

    def serve(self, app: ASGIApp, listener: socket.socket) -> None:
        """Serve on a socket that listens; it is closed with the server."""
        self.url = url_of(listener)
        # error: uvicorn warns of every malformed request, which anybody can send by the million
        config = uvicorn.Config(
            app, ws="none", lifespan="off", proxy_headers=False, server_header=False, log_config=None,
            log_level="error", access_log=False, timeout_graceful_shutdown=int(CLOSE_S),
            http=limited_protocol(self._connections),
        )  # fmt: skip
        config.load()
        self._uvicorn = _Uvicorn(config)
        self._task = asyncio.create_task(self._uvicorn.serve([listener]))  # until it runs, connections wait
        log.info("%s: %s", self._name, self.url)

    async def close(self) -> None:
        """Take no more requests, let those under way finish for CLOSE_S; a second call does nothing."""
        if self._uvicorn and self._task:
            self._uvicorn.should_exit = True
            await self._task
            self._uvicorn = self._task = None


async def open_listener(name: str, host: str, port: int) -> socket.socket:
    """A socket that listens; PortError, with the `name` of the server, if it cannot."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
    except OSError as error:
        raise PortError(f"the {name} cannot listen on {host}:{port}: {error.strerror}") from error


def url_of(listener: socket.socket) -> str:
    """The address of a listening socket for a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only to show it
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


async def listen(runtime: Runtime, name: str, app: ASGIApp, address: tuple[str, int]) -> None:
    """Serve an application until the process ends."""
    server = Server(name, Connections(MAX_BESIDE, MAX_BESIDE))
    await server.start(app, *address)
    runtime.opened.push_async_callback(server.close)
