"""What one connection, and one address, may do to a server: over real sockets."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from http import HTTPStatus
from ipaddress import ip_network

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lookalike.core.http.limits import Connections, address_key, is_in
from lookalike.core.http.server import Server

GIVE_UP_S = 60.0  # only so that a failing test ends
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Site:
    """A server with these connections, its address, and what reached the application."""

    def __init__(self, connections: Connections) -> None:
        self.connections, self.requests, self.left = connections, 0, asyncio.Event()
        routes = [Route("/", self._answer, methods=["GET", "POST"]), Route("/never", self._never)]
        self._app = Starlette(routes=[*routes, Route("/endless", self._endless)])
        self._server = Server("page", connections)

    async def __aenter__(self) -> "Site":
        await self._server.start(self._app, "127.0.0.1", 0)
        self.port = int(self._server.url.rpartition(":")[2])
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @contextlib.asynccontextmanager
    async def connection(
        self, address: str = "127.0.0.1"
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """One that comes from an address of this machine."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0))
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, request: Request) -> Response:
        self.requests += 1
        return PlainTextResponse("done")

    async def _never(self, request: Request) -> Response:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self.left.set()
        return PlainTextResponse("")

    async def _endless(self, request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 100_000
                    await asyncio.sleep(0)  # so that it can be cancelled
            finally:
                self.left.set()

        return StreamingResponse(pieces())


async def status(reader: asyncio.StreamReader) -> int:
    """Of the next answer."""
    async with asyncio.timeout(GIVE_UP_S):
        return int((await reader.readuntil(b"\r\n")).split()[1])


async def ends(reader: asyncio.StreamReader) -> bool:
    """Wait until the server has closed the connection."""
    async with asyncio.timeout(GIVE_UP_S):
        with contextlib.suppress(ConnectionError):
            while await reader.read(1_000_000):
                pass
    return True


async def test_headers_that_do_not_end_are_given_up() -> None:
    async with Site(Connections(headers_s=0.2)) as site, site.connection() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert await ends(reader)
        assert site.requests == 0


async def test_headers_of_a_second_request_that_do_not_end_are_given_up() -> None:
    async with Site(Connections(headers_s=0.2)) as site, site.connection() as (reader, writer):
        writer.write(GET + b"GET / HTTP/1.1\r\n")
        assert await status(reader) == 200
        assert await ends(reader)
        assert site.requests == 1


async def test_a_request_that_is_never_answered_is_given_up() -> None:
    async with Site(Connections(request_s=0.2)) as site, site.connection() as (reader, writer):
        writer.write(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        assert await ends(reader)
        async with asyncio.timeout(GIVE_UP_S):
            await site.left.wait()


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with Site(Connections(request_s=0.2)) as site:
        with socket.create_connection(("127.0.0.1", site.port)) as unread:
            unread.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            async with asyncio.timeout(GIVE_UP_S):
                await site.left.wait()


@pytest.mark.parametrize("path", [b"/", b"/nowhere"])
async def test_a_body_without_a_length_is_refused_at_the_headers(path: bytes) -> None:
    async with Site(Connections()) as site, site.connection() as (reader, writer):
        writer.write(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"1\r\nx\r\n" * 100_000)  # none of which is parsed
        assert await status(reader) == 411
        assert site.requests == 0


async def test_a_malformed_request_is_answered_and_closed() -> None:
    async with Site(Connections()) as site, site.connection() as (reader, writer):
        writer.write(b"this is not HTTP\r\n\r\n")
        assert await status(reader) == 400
        writer.write_eof()
        assert await ends(reader)


async def test_an_address_with_too_many_connections_is_told_so_and_others_are_answered() -> None:
    async with Site(Connections(most_per_address=2)) as site, contextlib.AsyncExitStack() as held:
        for _ in range(2):
            reader, writer = await held.enter_async_context(site.connection())
            writer.write(GET)
            assert await status(reader) == 200
        async with site.connection() as (reader, writer):
            writer.write(GET)
            assert await status(reader) == 429
            assert b"\r\nretry-after: 5\r\n" in await reader.readuntil(b"\r\n\r\n")
        async with site.connection("127.0.0.2") as (reader, writer):
            writer.write(GET)
            assert await status(reader) == 200


async def test_a_trusted_proxy_may_have_more_connections() -> None:
    connections = Connections(most_per_address=1, exempt=(ip_network("127.0.0.1/32"),))
    async with Site(connections) as site, contextlib.AsyncExitStack() as held:
        for _ in range(3):
            reader, writer = await held.enter_async_context(site.connection())
            writer.write(GET)
            assert await status(reader) == 200


async def test_more_connections_than_the_server_takes_are_closed_at_once() -> None:
    async with Site(Connections(most=1)) as site, site.connection() as (reader, writer):
        writer.write(GET)
        assert await status(reader) == 200
        async with site.connection("127.0.0.2") as (other, _):
            assert await ends(other)


async def test_a_closed_connection_makes_room() -> None:
    connections = Connections(most=1)
    async with Site(connections) as site:
        for _ in range(3):
            async with site.connection() as (reader, writer):
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                assert await status(reader) == 200
                assert await ends(reader)
    assert (connections.open, dict(connections.by_address)) == (0, {})


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("fe80::1%eth0", "fe80::/64"),
        ("10.1.2.3:41234", "10.1.2.3"),
        ("[2001:db8:1:2::5]:443", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_addresses_of_one_customer_count_as_one(address: str, key: str) -> None:
    assert address_key(address) == key


def test_a_mapped_address_is_in_its_network_and_a_word_in_none() -> None:
    networks = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
    assert is_in("::ffff:10.1.2.3", networks)
    assert is_in("2001:db8::1", networks)
    assert not is_in("11.0.0.1", networks)
    assert not is_in("unknown", networks)


def test_the_refusal_depends_on_what_there_is_too_much_of() -> None:
    connections = Connections(most=2, most_per_address=1)
    assert connections.add("10.0.0.1") is None
    assert connections.add("10.0.0.1") is HTTPStatus.TOO_MANY_REQUESTS
    assert connections.add("10.0.0.2") is HTTPStatus.SERVICE_UNAVAILABLE
    assert connections.refused == 2
