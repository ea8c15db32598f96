"""A response -> its content, or what kind of failure it is (FailureKind).

Shapes: mediawiki.org/wiki/API:Errors_and_warnings; the query service's timeouts come with any status, even within a
body of status 200 that begins like a good one.
"""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from lookalike.core.errors import FailureKind, FetchFailed

ITEM_CODES = frozenset({"no-such-entity", "urlparamnormal"})  # one id or file of a batch spoils the whole batch
BUSY_CODES = frozenset({"maxlag", "ratelimited"})  # of the action API, with status 200
BUSY_STATUSES = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
GONE_STATUSES = frozenset({httpx.codes.NOT_FOUND, httpx.codes.GONE})
NO_SUCH_WIDTH = b"thumbnail steps"  # "Use thumbnail steps listed on …", with status 429 or 400
WORDS = 200  # characters of a server's own words that are shown
_TIMEOUT = re.compile(rb"TimeoutException|[Qq]uery timeout|[Tt]imed out|[Tt]ime limit", re.IGNORECASE)
_NO_PHOTO = re.compile(r"(text/|application/(?!octet-stream|x-download))")


def check_status(response: httpx.Response, body: bytes) -> None:
    """FetchFailed for every status but 200."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    reason = f"status {status}"
    if NO_SUCH_WIDTH in body:
        raise FetchFailed(f"{reason}: {server_words(body)}", FailureKind.REFUSED)
    if status in BUSY_STATUSES:
        raise FetchFailed(reason, FailureKind.BUSY, retry_after_s(response, datetime.now(UTC)), status)
    if status in GONE_STATUSES:
        raise FetchFailed(reason, FailureKind.GONE)
    if status == httpx.codes.GATEWAY_TIMEOUT or (status >= httpx.codes.INTERNAL_SERVER_ERROR and _TIMEOUT.search(body)):
        raise FetchFailed(f"{reason}: took the server too long", FailureKind.TIMED_OUT)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        raise FetchFailed(reason, FailureKind.BROKEN)
    words = server_words(body)
    raise FetchFailed(f"{reason}: {words}" if words else reason, FailureKind.REFUSED, status=status)


def server_words(body: bytes) -> str:
    """What a server says in a page or a text, as one line of at most WORDS characters."""
    text = re.sub(r"(?is)<(style|script|title)\b.*?</\1>|<[^>]*>", " ", body[:20_000].decode(errors="replace"))
    return " ".join(html.unescape(text).split())[:WORDS]


def retry_after_s(response: httpx.Response, now: datetime) -> float:
    """The Retry-After of a response in seconds, given as a number or a date (RFC 9110, 10.2.3); 0 if there is none."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - now).total_seconds())


def json_object(response: httpx.Response, body: bytes) -> dict[str, Any]:
    """The object of a body; FetchFailed for a truncated body, a page of HTML, and an error of an API."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        if _TIMEOUT.search(body):
            raise FetchFailed("took the server too long", FailureKind.TIMED_OUT) from None
        raise FetchFailed("not JSON") from None
    if not isinstance(answer, dict):
        raise FetchFailed("not a JSON object")
    if "exception" in answer:  # of QLever
        words = str(answer["exception"])
        kind = FailureKind.TIMED_OUT if _TIMEOUT.search(words.encode()) else FailureKind.WRONG
        raise FetchFailed(f"error {words[:WORDS]}", kind)
    if "error" in answer:
        raise _api_error(answer["error"], response)
    return answer


def _api_error(error: Any, response: httpx.Response) -> FetchFailed:
    code = str(error.get("code") if isinstance(error, dict) else error)
    reason = f"error {code}"
    if code in BUSY_CODES:
        return FetchFailed(code, FailureKind.BUSY, retry_after_s(response, datetime.now(UTC)))
    if code in ITEM_CODES:
        return FetchFailed(reason, FailureKind.ITEM)
    return FetchFailed(reason, FailureKind.BROKEN if code.startswith("internal_api_error") else FailureKind.WRONG)


def photo_bytes(response: httpx.Response, body: bytes) -> bytes:
    """The bytes of a photo; FetchFailed for a page or a text in its place."""
    if match := _NO_PHOTO.match(response.headers.get("content-type", "")):
        raise FetchFailed(f"{match[0].rstrip('/')} instead of a photo")
    return body


def transport_error(error: Exception) -> FetchFailed:
    """A request without a response, with one reason for each kind of error."""
    match error:
        case httpx.ConnectTimeout():
            return FetchFailed("not reached", FailureKind.UNREACHED)
        case TimeoutError() | httpx.TimeoutException():
            return FetchFailed("took too long", FailureKind.TIMED_OUT)
        case httpx.RemoteProtocolError() | httpx.ReadError() | httpx.DecodingError():
            return FetchFailed("connection broken")
        case httpx.TooManyRedirects():
            return FetchFailed("redirected in circles", FailureKind.GONE)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | UnicodeError():
            return FetchFailed("not a web address", FailureKind.GONE)
        case _:
            return FetchFailed("not reached", FailureKind.UNREACHED)
