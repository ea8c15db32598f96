"""The wire under `server.py`: HTTP/1.1 on asyncio, the ways to pass parameters, and the ways to answer badly.

Hand-written because it must be cheap (the benchmarks pay for it) and because a fault rig needs to cut, stall and
trickle below the level at which a web framework lets go of the connection. It reads what HTTP clients send, with a
Content-Length; chunked bodies are answered 411.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qsl, unquote

PHRASES = {status.value: status.phrase for status in HTTPStatus}
MAX_BODY_BYTES = 60_000_000  # the Bot API takes uploads up to 50 MB

# Parameters that are text although they may look like JSON ("123", "true"). PTB sends everything else JSON-encoded.
TEXT_PARAMETERS = frozenset(
    (
        "action", "callback_query_id", "caption", "description", "document", "file_id", "inline_message_id",
        "inline_query_id", "language_code", "name", "parse_mode", "photo", "secret_token", "short_description", "text",
        "title", "url",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """One whole HTTP request."""

    verb: str
    path: str
    query: str
    content_type: str
    body: bytes
    at: float  # time.monotonic() when its last byte had arrived


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart body."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back on the wire."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Fault:
    """How one call goes wrong. Its default is no fault at all: see `normal`."""

    reply: Reply | None = None  # this instead of the real reply
    stall_s: float = 0.0  # silence first
    accept: bool = False  # the call takes effect, at once, although `reply` or `keep_bytes` hide that
    keep_bytes: int | None = None  # close the connection after so many bytes of the response
    bytes_per_s: float = 0.0  # trickle the response; 0: at once


normal = Fault()
cut = Fault(keep_bytes=0)


def cut_after(keep_bytes: int) -> Fault:
    """Close the connection when this much of the real response has gone out."""
    return Fault(keep_bytes=keep_bytes, accept=True)


def stall(seconds: float, then: Fault = normal) -> Fault:
    """Say nothing for this long, then go on; a client that has hung up by then is not served."""
    return replace(then, stall_s=seconds)


def slow(bytes_per_s: float) -> Fault:
    """Send the real response at this speed."""
    return Fault(bytes_per_s=bytes_per_s)


def raw(body: bytes, status: int = 200, content_type: str = "application/json") -> Fault:
    """Answer exactly this, such as `raw(b"[]")`."""
    return Fault(reply=Reply(body, status, content_type))


def html(status: int = 200) -> Fault:
    """A proxy's error page or a captive portal: HTML, with 200 unless told otherwise."""
    return raw(b"<html><body><h1>Sorry</h1></body></html>", status, "text/html")


def error(status: int, description: str = "", **parameters: int) -> Fault:
    """Answer with a Bot API error; `parameters` are ResponseParameters (`retry_after`, `migrate_to_chat_id`)."""
    return Fault(reply=refusal(status, description or PHRASES.get(status, "Error"), parameters))


def too_many(retry_after: int | None = None) -> Fault:
    """429 Too Many Requests, with `parameters.retry_after` if a number is given, without `parameters` if not."""
    if retry_after is None:
        return error(429, "Too Many Requests")
    return error(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def accepted(fault: Fault) -> Fault:
    """The call takes effect, and then goes wrong like this: the client cannot know."""
    return replace(fault, accept=True)


LATE = accepted(stall(3600))  # Telegram takes the message, and says so much later than anybody waits


def refusal(status: int, description: str, parameters: dict[str, int] | None = None) -> Reply:
    """Telegram's form of an error."""
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Reply(json.dumps(body).encode(), status)


def parameters(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Decode the query string and the body: parameters as Python values, and uploads by part name."""
    pairs = parse_qsl(request.query, keep_blank_values=True) if request.query else []
    uploads: dict[str, Upload] = {}
    kind = request.content_type
    if kind.startswith("multipart/form-data"):
        fields, uploads = _multipart(request.body, kind.partition("boundary=")[2].strip('"').encode())
        pairs += fields
    elif kind.startswith("application/x-www-form-urlencoded"):
        pairs += parse_qsl(request.body.decode(), keep_blank_values=True)
    params = {name: _value(name, text) for name, text in pairs}
    if kind.startswith("application/json") and request.body:
        params |= json.loads(request.body)
    return params, uploads


def _value(name: str, text: str) -> Any:
    if name in TEXT_PARAMETERS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _multipart(body: bytes, boundary: bytes) -> tuple[list[tuple[str, str]], dict[str, Upload]]:
    """Find the parts by their boundary; the bytes of a file are looked at once (find) and copied once."""
    fields: list[tuple[str, str]] = []
    uploads: dict[str, Upload] = {}
    mark = b"--" + boundary
    at = body.index(mark) + len(mark)
    while body[at : at + 2] != b"--":
        data_at = body.index(b"\r\n\r\n", at) + 4
        end = body.index(b"\r\n" + mark, data_at)
        name, file_name, mime = "", None, "application/octet-stream"
        for line in body[at:data_at].decode().split("\r\n"):
            header, _, value = line.partition(":")
            if header.lower() == "content-disposition":
                labels = dict(label.strip().partition("=")[::2] for label in value.split(";")[1:])
                name = labels["name"].strip('"')
                file_name = labels["filename"].strip('"') if "filename" in labels else None
            elif header.lower() == "content-type":
                mime = value.strip()
        if file_name is None:
            fields.append((name, body[data_at:end].decode()))
        else:
            uploads[name] = Upload(file_name, mime, body[data_at:end])
        at = end + 2 + len(mark)
    return fields, uploads


class Connection(asyncio.Protocol):
    """One client connection, kept alive; requests are handed on one at a time, the next one after the reply."""

    def __init__(self, handle: Callable[[Request, "Connection"], None], open_connections: set["Connection"]) -> None:
        """Call `handle` with each request; it answers through `send`, now or later, or `close`s."""
        self._handle = handle
        self._open = open_connections
        self._buffer = bytearray()
        self._head: tuple[str, str, str, int] | None = None  # verb, target, content type, content length
        self._busy = False
        self._transport: asyncio.Transport
        self.task: asyncio.Task[None] | None = None  # what works on the present request; ended if the client hangs up
        self.gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way back."""
        self._transport = cast(asyncio.Transport, transport)
        self._open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client hung up: nobody waits for this reply any more."""
        self._open.discard(self)
        if self.task is not None:
            self.task.cancel()
        self.gone.set()

    def data_received(self, data: bytes) -> None:
        """Collect bytes until a request is whole."""
        self._buffer += data
        if not self._busy:
            self._next_request()

    def _next_request(self) -> None:
        if self._head is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._head = self._read_head(self._buffer[:end].decode("latin-1"))
            del self._buffer[: end + 4]
        verb, target, content_type, length = self._head
        if length > MAX_BODY_BYTES:
            return self._give_up(413, "Request Entity Too Large")
        if length < 0:
            return self._give_up(411, "Length Required")
        if len(self._buffer) < length:
            return None
        body = bytes(memoryview(self._buffer)[:length])
        del self._buffer[:length]
        self._head = None
        self._busy = True
        path, _, query = target.partition("?")
        self._handle(Request(verb, unquote(path), query, content_type, body, time.monotonic()), self)
        return None

    def _read_head(self, head: str) -> tuple[str, str, str, int]:
        first, *lines = head.split("\r\n")
        verb, target, _ = first.split(" ", 2)
        content_type, length = "", 0
        for line in lines:
            name, _, value = line.partition(":")
            match name.lower():
                case "content-length":
                    length = int(value)
                case "content-type":
                    content_type = value.strip()
                case "transfer-encoding":
                    length = -1
                case "expect":
                    self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return verb, target, content_type, length

    def _give_up(self, status: int, description: str) -> None:
        self.send(refusal(status, description))
        self._transport.close()

    def send(self, reply: Reply) -> None:
        """Answer the present request."""
        self._transport.write(_response(reply))
        self._done()

    async def send_badly(self, reply: Reply, fault: Fault) -> None:
        """Answer in part, or slowly, as `fault` says."""
        response = _response(reply)
        if fault.keep_bytes is not None:
            self._transport.write(response[: fault.keep_bytes])
            return self.close() if fault.keep_bytes else self._transport.abort()
        step = max(1, round(fault.bytes_per_s / 10)) if fault.bytes_per_s else len(response)
        for at in range(0, len(response), step):
            if at:
                await asyncio.sleep(step / fault.bytes_per_s)
            self._transport.write(response[at : at + step])
        return self._done()

    def _done(self) -> None:
        self.task = None
        self._busy = False
        if self._buffer:
            self._next_request()

    def close(self) -> None:
        """Hang up after what was written."""
        self._transport.close()

    def abort(self) -> None:
        """Hang up now."""
        self._transport.abort()


def _response(reply: Reply) -> bytes:
    head = (
        f"HTTP/1.1 {reply.status} {PHRASES.get(reply.status, 'Error')}\r\n"
        f"Content-Type: {reply.content_type}\r\nContent-Length: {len(reply.body)}\r\n\r\n"
    )
    return head.encode() + reply.body
