"""A web application on a port of its own."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lookalike.core.errors import PortError
from lookalike.core.http.server import MAX_BESIDE, Server, listen
from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.telegram_bot.delivery.webhook import build_webhook_app
from lookalike.web.metrics_endpoint import build_metrics_app
from tests.support.mongo_server import free_port


def application(answer: Callable[[], Awaitable[None]] | None = None) -> Starlette:
    async def endpoint(request: Request) -> Response:
        if answer:
            await answer()
        return PlainTextResponse("done")

    return Starlette(routes=[Route("/", endpoint)])


async def test_a_taken_port_is_named() -> None:
    first, second = Server("page"), Server("page")
    await first.start(application(), "127.0.0.1", 0)
    port = int(first.url.rpartition(":")[2])
    with pytest.raises(PortError, match=rf"127\.0\.0\.1:{port}: Address already in use"):
        await second.start(application(), "127.0.0.1", port)
    await second.close()
    await first.close()


async def take(_updates: object) -> None:
    """What a webhook does with updates; none comes."""


@pytest.mark.parametrize(
    "app", [build_metrics_app(Metrics()), build_webhook_app("/metrics", "secret", take)], ids=["metrics", "webhook"]
)
async def test_what_is_served_beside_the_bot_has_no_more_connections_than_its_limit(app: Starlette) -> None:
    runtime, port = Runtime(), free_port()
    async with runtime.opened, contextlib.AsyncExitStack() as opened, asyncio.timeout(60):
        await listen(runtime, "metrics", app, ("127.0.0.1", port))

        async def ask() -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.callback(writer.close)
            with contextlib.suppress(ConnectionError):
                writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                return await reader.readline()
            return b""

        assert all([(await ask()).startswith(b"HTTP/1.1 ") for _ in range(MAX_BESIDE)])
        assert await ask() == b""


async def test_an_unknown_host_is_named() -> None:
    with pytest.raises(PortError, match=r"999\.0\.0\.1:80"):
        await Server("page").start(application(), "999.0.0.1", 80)


async def test_the_server_leaves_signals_alone_and_closes_twice() -> None:
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    server = Server("page")
    await server.start(application(), "127.0.0.1", 0)
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(server.url)).status_code == 200
        await server.close()
        await server.close()
        with pytest.raises(httpx.ConnectError):
            await client.get(server.url)
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == handlers


async def test_the_server_closes_although_an_answer_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookalike.core.http.server.CLOSE_S", 0.0)
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def never() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    server = Server("page")
    await server.start(application(never), "127.0.0.1", 0)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        asking = asyncio.create_task(client.get(server.url))
        await begun.wait()
        async with asyncio.timeout(60):
            await server.close()
            await cancelled.wait()
        with contextlib.suppress(httpx.HTTPError):
            await asking


async def test_a_server_that_closes_lets_an_answer_finish() -> None:
    begun, release = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await release.wait()

    server = Server("page")
    await server.start(application(slow), "127.0.0.1", 0)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        asking = asyncio.create_task(client.get(server.url))
        await begun.wait()
        closing = asyncio.create_task(server.close())
        release.set()
        assert (await asking).text == "done"
        await closing


async def test_an_answer_does_not_wait_for_the_one_before_to_be_acknowledged() -> None:
    connection: list[socket.socket] = []

    async def look() -> None:
        assert server._uvicorn is not None
        [protocol] = server._uvicorn.server_state.connections
        connection.append(protocol.transport.get_extra_info("socket"))

    server = Server("page")
    await server.start(application(look), "127.0.0.1", 0)
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(server.url)
        no_delay = connection[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    await server.close()

    assert no_delay
