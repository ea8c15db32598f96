"""A request with photos, from its first byte to its answer: limits, the upload, one turn of a visitor, errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from lookalike.core.errors import FilterError
from lookalike.core.http.limits import RETRY_AFTER_S, Network
from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.matching import to_json
from lookalike.web.guards import CutOffAnswer
from lookalike.web.uploads import Budget, Upload, UploadError, receive
from lookalike.web.visitors import Visitors, visitor_of

MAX_UPLOADS = 32  # that are received or matched at a time; a newcomer takes the place of the slowest that still comes
NEVER_STORED = {"cache-control": "no-store"}
ONE_PHOTO, TWO_PHOTOS = ("photo",), ("a", "b")  # the fields of a request
SEND_AS = {
    ONE_PHOTO: "Send the photo as field `photo` of a multipart/form-data body.",
    TWO_PHOTOS: "Send the photos as fields `a` and `b` of a multipart/form-data body.",
}
ERRORS = {
    HTTPStatus.REQUEST_TIMEOUT: "The photo took too long to arrive.",
    HTTPStatus.TOO_MANY_REQUESTS: "Those were many photos in a short time. Please wait a moment.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many photos are waiting. Please try again in a moment.",
}


@dataclass(frozen=True)
class PhotoAnswer:
    """What is answered to a photo. `outcome`: a word for the metrics."""

    outcome: str
    response: Response


Work = Callable[[Upload, Request], Awaitable[PhotoAnswer]]


def as_json(answer: dict[str, Any]) -> PhotoAnswer:
    """An answer with its outcome in it."""
    return PhotoAnswer(answer["outcome"], JSONResponse(answer, headers=NEVER_STORED))


def later(status: HTTPStatus, wait_s: int = RETRY_AFTER_S) -> CutOffAnswer:
    """The answer to one request too many: 429 of this visitor, 503 of all."""
    return CutOffAnswer({"error": ERRORS[status]}, status, {"retry-after": str(wait_s)})


class PhotoRequests:
    """Requests with photos of all visitors."""

    def __init__(self, proxies: tuple[Network, ...], visitors: Visitors, answered: Callable[[str], None]) -> None:
        self._proxies, self._visitors, self._answered = proxies, visitors, answered
        self._budget = Budget()

    async def answer(self, request: Request, fields: tuple[str, ...], work: Work, cost: int | None = None) -> Response:
        """What `work` makes of the photos in these fields, or why nothing is made of them.

        `cost`: as how many photos it counts for the visitor; None: as many as there are.
        """
        is_full, slowest = self._budget.uploads >= MAX_UPLOADS, self._budget.slowest()
        if is_full and slowest is None:
            return self.later(HTTPStatus.SERVICE_UNAVAILABLE)
        visitor = visitor_of(request, self._proxies)
        if wait_s := self._visitors.begin(visitor, len(fields) if cost is None else cost):
            return self.later(HTTPStatus.TOO_MANY_REQUESTS, wait_s)
        if is_full and slowest:
            slowest.give_up()
        try:
            with self._budget.share() as share:
                upload = await receive(request, share, fields)
                async with self._visitors.turn(visitor):
                    answer = await _unless_gone(work(upload, request), request)
        except UploadError as error:
            return self._refused(error.status, SEND_AS[fields], name=error.name)
        except FilterError as error:
            return self._refused(HTTPStatus.BAD_REQUEST, str(error))
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        finally:
            self._visitors.end(visitor)
        self._answered(answer.outcome)
        return answer.response

    def _refused(self, status: HTTPStatus, reason: str = "", *, name: str = "") -> Response:
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            return self.later(status)
        self._answered(str(status.value))
        if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return CutOffAnswer(to_json(name, Refusal(Reason.TOO_LARGE)), status)
        return CutOffAnswer({"error": ERRORS.get(status, reason)}, status)

    def later(self, status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE, wait_s: int = RETRY_AFTER_S) -> Response:
        """The answer to one request too many."""
        self._answered(str(status.value))
        return later(status, wait_s)


async def _unless_gone(answer: Awaitable[PhotoAnswer], request: Request) -> PhotoAnswer:
    """The answer; ClientDisconnect as soon as the sender has gone, and then the answer is cancelled."""
    matching = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(request.receive())  # the body is read: all that can come is a disconnect
    try:
        await asyncio.wait((matching, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not matching.done():
            raise ClientDisconnect
        return matching.result()
    finally:
        matching.cancel()
        leaving.cancel()
        await asyncio.gather(matching, leaving, return_exceptions=True)
