"""Around every endpoint: which hosts and origins are answered, what every answer's headers say, errors.

A foreign web page may neither use a visitor's browser to send photos here (Origin, Sec-Fetch-Site: Fetch Metadata) nor
read the page by giving its own name this address (Host: DNS rebinding). An IP address is no name, so it is allowed.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookalike.core.http.limits import LINGER_S

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
PAGE_NAME = "lookalike.page_name"  # in an ASGI scope
HTTPS_PORT = "443"
WRONG_HOST = "This page is not known under that name; its maintainer can set WEB_ALLOWED_HOSTS."
WRONG_ORIGIN = "Photos and questions are taken from this page only."


class SecurityHeaders:
    """Headers of every answer: load nothing from elsewhere, be framed by nobody, guess no types, send no referrer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OwnNames:
    """Answers requests for the names in `public` (`*`: all) and `local`, `localhost`, IP addresses; own API calls.

    Only those in `public` are names of the page on the internet.
    """

    def __init__(self, app: ASGIApp, public: frozenset[str], local: frozenset[str] = frozenset()) -> None:
        self._app, self._public, self._allowed = app, public - {"localhost"}, public | local | {"localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        headers = Headers(scope=scope)
        name = _name_of(headers.get("host", ""))
        is_public = name in self._public and not _is_address(name)
        scope[PAGE_NAME] = f"{name}{_port_of(headers['host'])}" if is_public else ""
        if not self._is_own(name):
            await error_response(scope["path"], HTTPException(421, WRONG_HOST))(scope, receive, send)
        elif scope["path"].startswith("/api/") and self._is_foreign(headers):
            await error_response(scope["path"], HTTPException(403, WRONG_ORIGIN))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_own(self, name: str) -> bool:
        """Whether a host is this page, or an address."""
        return "*" in self._allowed or name in self._allowed or _is_address(name)

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a browser sends this for another site's page."""
        origin = headers.get("origin")
        if headers.get("sec-fetch-site") == "cross-site":
            return True
        if origin is None or origin.partition("://")[2].lower() == headers.get("host", "").lower():
            return False
        return _name_of(origin.partition("://")[2]) not in self._allowed - {"localhost"}  # other ports are other sites


def page_name(request: Request) -> str:
    """The name of this page on the internet, with its port, if a request was sent to one; else ''."""
    return str(request.scope[PAGE_NAME])


def _name_of(host: str) -> str:
    """`Example.org:8080` -> `example.org`; empty for what cannot be a host."""
    found = HOST.fullmatch(host.lower())
    return found[1].strip("[]").rstrip(".") if found else ""


def _port_of(host: str) -> str:
    """`example.org:8443` -> `:8443`; empty for the port of https, as in `example.org` and `example.org:443`."""
    port = host.rpartition(":")[2] if ":" in host else HTTPS_PORT
    return "" if port == HTTPS_PORT else f":{port}"


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


async def on_error(request: Request, error: Exception) -> Response:
    """The answer to what an endpoint or the router raised."""
    return error_response(
        request.url.path, error if isinstance(error, HTTPException) else HTTPException(500, headers=SECURITY_HEADERS)
    )


def error_response(path: str, error: HTTPException) -> Response:
    """JSON for the API, else text."""
    if path.startswith("/api/"):
        return JSONResponse({"error": error.detail}, error.status_code, error.headers)
    return PlainTextResponse(error.detail, error.status_code, error.headers)


class CutOffAnswer(JSONResponse):
    """An answer before the body is read: what still comes is discarded for LINGER_S, or the sender may miss it."""

    def __init__(self, content: Any, status: HTTPStatus, headers: dict[str, str] | None = None) -> None:
        super().__init__(content, status, {"connection": "close", "cache-control": "no-store", **(headers or {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while (await receive()).get("more_body", False):
                    pass
        await send({"type": "http.response.body", "body": b"", "more_body": False})
