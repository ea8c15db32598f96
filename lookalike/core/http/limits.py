"""Limits of an HTTP connection that uvicorn does not have: connections per address, deadlines, a length for each body.

A connection is aborted HEADERS_S after it was opened, or after its last answer, unless a request has come by then; and
REQUEST_S after the headers of a request, unless it is answered by then. A body must say its length in the headers: each
chunk of a chunked one costs an event, and a body of one-byte chunks would hold up everybody (RFC 9112 section 6.3 lets
a server ask for a length, 411).
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
import socket
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_S = 10.0  # nginx: 60 (client_header_timeout); imgproxy: 10
REQUEST_S = 120.0  # an upload may take 60 s (web/uploads.py), its match twice 10 s
LINGER_S = 2.0  # a refused sender is read, unparsed, for so long: else it may miss the answer (nginx: lingering_close)
MAX_CONNECTIONS = 512  # a process may usually open 1,024 files
RETRY_AFTER_S = 5
# As some proxies write in X-Forwarded-For (RFC 7239 section 6 has the same form).
WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")

Network = IPv4Network | IPv6Network


@dataclass
class Connections:
    """The open connections of a server: at most so many, and so many from an address that is not in `exempt`."""

    most: int = MAX_CONNECTIONS
    most_per_address: int = MAX_CONNECTIONS
    exempt: tuple[Network, ...] = ()
    headers_s: float = HEADERS_S
    request_s: float = REQUEST_S
    open: int = 0
    refused: int = 0
    by_address: Counter[str] = field(default_factory=Counter)

    def add(self, address: str) -> HTTPStatus | None:
        """Count one; the status to refuse it with, if it is one too many. `remove` takes it away in any case."""
        self.open += 1
        key = address_key(address)
        self.by_address[key] += 1
        if self.open > self.most:
            refusal = HTTPStatus.SERVICE_UNAVAILABLE
        elif self.by_address[key] > self.most_per_address and not is_in(address, self.exempt):
            refusal = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return None
        self.refused += 1
        return refusal

    def remove(self, address: str) -> None:
        """One is closed."""
        self.open -= 1
        key = address_key(address)
        self.by_address[key] -= 1
        if not self.by_address[key]:
            del self.by_address[key]


def address_key(address: str) -> str:
    """What limits are counted by: an IPv4 address, or the /64 network of an IPv6 address, which one customer has."""
    ip = _ip_of(address)
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or IPv6Network((int(ip) >> 64 << 64, 64)))
    return str(ip or address)


def is_in(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address is in one of the networks; text that is no address is in none."""
    ip = _ip_of(address)
    if ip is None:
        return False
    ip = (ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else ip
    return any(ip in network for network in networks)


def _ip_of(address: str) -> IPv4Address | IPv6Address | None:
    """Without the port that some proxies write, which is another one for each connection; None if it is no address."""
    with_port = WITH_PORT.fullmatch(address)
    with contextlib.suppress(ValueError):
        return ip_address((with_port[1] or with_port[2] if with_port else address).partition("%")[0])
    return None


class _Connection(h11.Connection):
    """A connection whose requests have no body, or one of a length that is known from the headers."""

    needs_length = False  # such a request came without

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request) and any(name == b"transfer-encoding" for name, _ in event.headers):
            self.needs_length = True
            raise h11.RemoteProtocolError("a body without a length", error_status_hint=HTTPStatus.LENGTH_REQUIRED)
        return event


def limited_protocol(connections: Connections) -> Any:
    """What uvicorn's Config takes as `http`: its HTTP/1.1 protocol within the limits of `connections`."""
    return functools.partial(_LimitedProtocol, connections)


class _LimitedProtocol(H11Protocol):
    def __init__(self, connections: Connections, **given: Any) -> None:
        super().__init__(**given)
        self.conn = _Connection(h11.SERVER, self.config.h11_max_incomplete_event_size or 16_384)
        self._counts, self._address = connections, ""
        self._deadline: asyncio.TimerHandle | None = None
        self._is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        super().connection_made(transport)
        # asyncio does so only where the listening socket names its protocol; else each answer waits 40 ms for an ACK
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._address = self.client[0] if self.client else ""
        refusal = self._counts.add(self._address)
        if refusal is HTTPStatus.SERVICE_UNAVAILABLE:
            transport.abort()  # an answer would take a file longer
        elif refusal:
            self._refuse(refusal)
        else:
            self._abort_in(self._counts.headers_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._counts.remove(self._address)
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._is_refused:
            super().data_received(data)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self._is_refused:
            self._abort_in(self._counts.request_s)

    def on_response_complete(self) -> None:
        self._abort_in(self._counts.headers_s)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        needs_length = isinstance(self.conn, _Connection) and self.conn.needs_length
        self._refuse(HTTPStatus.LENGTH_REQUIRED if needs_length else HTTPStatus.BAD_REQUEST)

    def shutdown(self) -> None:
        if self._is_refused:
            self.transport.abort()
        else:
            super().shutdown()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer without any application, then read nothing but the end."""
        self._is_refused = True
        head = [
            f"HTTP/1.1 {status.value} {status.phrase}", "connection: close", "content-type: text/plain; charset=utf-8",
            f"content-length: {len(status.phrase)}",
        ]  # fmt: skip
        if status is HTTPStatus.TOO_MANY_REQUESTS:
            head.append(f"retry-after: {RETRY_AFTER_S}")
        self.transport.write("\r\n".join([*head, "", status.phrase]).encode())
        self.transport.write_eof()
        self.flow.resume_reading()
        self._abort_in(LINGER_S)

    def _abort_in(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)
