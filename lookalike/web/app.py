"""The page and its API: a photo in, the stars it is like out; or two photos, and how alike they are.

    POST /api/match      fields `photo`, `where` -> the object of `matcher.py --json`; `?details=1`: and what is shown
    POST /api/compare    fields `a`, `b` -> the object of `matcher.py --compare --json`; `?details=1` as above
    GET  /api/similar, /api/stars, POST /api/recommend    stars by name and by ratings (stars/endpoints.py)
    GET  /healthz        whether the page and the bot can answer, and from which index
    GET  /photos/{file}  a star's photo that the catalogue names
    GET  /               the page in the language of `?lang=` or the browser, and what it is made of under /static/
    GET  /texts/{language}  the page's words, for its scripts

A photo is only ever in memory, and nothing of it is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lookalike.core.errors import FilterError
from lookalike.core.http.limits import RETRY_AFTER_S, Network
from lookalike.core.language.languages import languages
from lookalike.core.paths import ASSETS_DIR
from lookalike.faces.types import Reason, Refusal
from lookalike.gallery.filters import parse_filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Find, compare, comparison_json, match, to_json
from lookalike.web.answers import detailed_comparison, detailed_json, is_photo
from lookalike.web.guards import CutOffAnswer, OwnNames, SecurityHeaders, on_error
from lookalike.web.stars.endpoints import StarEndpoints, TakeModel
from lookalike.web.uploads import Budget, Upload, UploadError, receive
from lookalike.web.visitors import Visitors, visitor_of
from lookalike.web.words import language_asked, page_in, spoken

PAGE_DIR = ASSETS_DIR / "page"
MAX_UPLOADS = 32  # that are received or matched at a time
PHOTO_AGE_S = 86_400
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

FindGallery = Callable[[], Gallery]
Answer = dict[str, Any]  # JSON
Work = Callable[[Upload, Request], Awaitable[Answer]]


@dataclass(frozen=True)
class PageHealth:
    """`page` and `bot`: `ok`, `unhealthy`; the bot's also `off`."""

    page: str = "ok"
    bot: str = "off"

    @property
    def is_ok(self) -> bool:
        """Whether neither is unhealthy."""
        return "unhealthy" not in (self.page, self.bot)


def build_app(
    find: Find, gallery: FindGallery, photos_dir: Path, health: Callable[[], PageHealth] = PageHealth,
    *, hosts: frozenset[str] = frozenset(), proxies: tuple[Network, ...] = (), visitors: Visitors | None = None,
    answered: Callable[[str], None] = lambda _outcome: None, take_model: TakeModel = lambda: None,
    askers: Visitors | None = None,
) -> Starlette:  # fmt: skip
    """The page and its API over anything that finds faces.

    `gallery` returns the one in use. `photos_dir` may be empty or missing. `hosts`: names of the page besides
    `localhost`. `answered` is called with the outcome, or the HTTP status, of each photo. `take_model` gives the model
    of ratings in use, if there is one; `askers`: the limits of questions without a photo.
    """
    stars = StarEndpoints(gallery, take_model, photos_dir, proxies, askers)
    page = _Endpoints(find, gallery, photos_dir, health, proxies, visitors or Visitors(), answered)
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/texts/{language}", page.texts),
            Route("/api/match", page.match, methods=["POST"]),
            Route("/api/compare", page.compare, methods=["POST"]),
            *stars.routes(),
            Route("/healthz", page.health),
            Route("/photos/{file:path}", page.photo),
            Mount("/static", StaticFiles(directory=PAGE_DIR)),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(OwnNames, allowed=hosts)],
        exception_handlers={HTTPException: on_error, Exception: on_error},
    )


class _Endpoints:
    def __init__(
        self, find: Find, gallery: FindGallery, photos_dir: Path, health: Callable[[], PageHealth],
        proxies: tuple[Network, ...], visitors: Visitors, answered: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._find, self._gallery, self._photos_dir, self._health = find, gallery, photos_dir, health
        self._proxies, self._visitors, self._answered = proxies, visitors, answered
        self._budget = Budget()

    async def index(self, request: Request) -> Response:
        language = _language(request)
        headers = {"vary": "accept-language", "content-language": language}
        return HTMLResponse(page_in(language, PAGE_DIR / "index.html"), headers=headers)

    async def texts(self, request: Request) -> Response:
        language: str = request.path_params["language"]
        if language not in languages():
            raise HTTPException(404)
        return JSONResponse(spoken(language))

    async def match(self, request: Request) -> Response:
        return await self._answer(request, ONE_PHOTO, self._match)

    async def compare(self, request: Request) -> Response:
        return await self._answer(request, TWO_PHOTOS, self._compare)

    async def _match(self, upload: Upload, request: Request) -> Answer:
        (photo,) = upload.photos
        outcome = await match(photo.data, self._find, self._gallery(), where=parse_filter(upload.where))
        if not _is_detailed(request):
            return to_json(photo.name, outcome)
        return detailed_json(photo.name, outcome, _language(request), self._photos_dir)

    async def _compare(self, upload: Upload, request: Request) -> Answer:
        one, other = upload.photos
        outcome = await compare((one.data, other.data), self._find, self._gallery())
        return (detailed_comparison if _is_detailed(request) else comparison_json)((one.name, other.name), outcome)

    async def _answer(self, request: Request, fields: tuple[str, ...], work: Work) -> Response:
        if self._budget.uploads >= MAX_UPLOADS:
            return self._refused(HTTPStatus.SERVICE_UNAVAILABLE)
        visitor = visitor_of(request, self._proxies)
        if wait_s := self._visitors.begin(visitor, len(fields)):
            return self._refused(HTTPStatus.TOO_MANY_REQUESTS, wait_s=wait_s)
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
        self._answered(answer["outcome"])
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    def _refused(
        self, status: HTTPStatus, reason: str = "", *, name: str = "", wait_s: int = RETRY_AFTER_S
    ) -> Response:
        self._answered(str(status.value))
        if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return CutOffAnswer(to_json(name, Refusal(Reason.TOO_LARGE)), status)
        is_later = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
        error = {"error": ERRORS.get(status, reason)}
        return CutOffAnswer(error, status, {"retry-after": str(wait_s)} if is_later else {})

    async def health(self, request: Request) -> Response:
        index, health = self._gallery().manifest, self._health()
        return JSONResponse(
            {
                "status": "ok" if health.is_ok else "unhealthy", "page": health.page, "bot": health.bot,
                "celebrities": index.celebrities, "photos": index.photos, "built_at": index.built_at,
            },
            200 if health.is_ok else 503,
        )  # fmt: skip

    async def photo(self, request: Request) -> Response:
        file: str = request.path_params["file"]
        if not self._gallery().celebrities.has_photo(file) or not is_photo(self._photos_dir, file):
            raise HTTPException(404)
        return FileResponse(self._photos_dir / file, headers={"cache-control": f"public, max-age={PHOTO_AGE_S}"})


def _language(request: Request) -> str:
    return language_asked(request.query_params.get("lang", ""), request.headers.get("accept-language", ""))


def _is_detailed(request: Request) -> bool:
    return request.query_params.get("details") == "1"


async def _unless_gone(answer: Awaitable[Answer], request: Request) -> Answer:
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
