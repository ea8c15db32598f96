"""The page opened in this process: a matcher, the application, a server within limits."""

from __future__ import annotations

import socket
from collections.abc import Callable

from lookalike.core.http.limits import Connections
from lookalike.core.http.server import Server
from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings
from lookalike.web.app import PageHealth, build_app
from lookalike.web.matcher import Matcher, open_matcher

MAX_PER_ADDRESS = 16  # connections; a browser opens 6


async def open_page(
    runtime: Runtime, settings: Settings, listener: socket.socket, metrics: Metrics,
    *, workers: int | None, bot_status: Callable[[], str],
) -> Matcher:  # fmt: skip
    """Serve the page on a listening socket until the process ends; the matcher that it uses."""
    matcher = await open_matcher(runtime, settings, metrics, workers)
    listen_names = frozenset({settings.web_listen[0].lower()} if settings.web_listen else ())
    app = build_app(
        matcher.pool.find, matcher.gallery, settings.photos_dir,
        lambda: PageHealth("ok" if matcher.is_well() else "unhealthy", bot_status()),
        hosts=settings.web_allowed_hosts, local_hosts=listen_names, proxies=settings.trusted_proxies,
        answered=metrics.answer, take_model=lambda: matcher.tastes.model, draws=matcher.pool,
    )  # fmt: skip
    connections = Connections(most_per_address=MAX_PER_ADDRESS, exempt=settings.trusted_proxies)
    server = Server("page", connections)
    server.serve(app, listener)
    runtime.opened.push_async_callback(server.close)

    async def refresh() -> None:
        metrics.states(connections=connections.open, connections_refused=connections.refused)

    metrics.before_scrape(refresh)
    return matcher
