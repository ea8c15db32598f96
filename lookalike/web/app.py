"""The page and its API: a photo in, the stars it is like out; or two photos, and how alike they are.

    POST /api/match      fields `photo`, `where` -> the object of `matcher.py --json`; `?details=1`: and what is shown
    POST /api/compare    fields `a`, `b` -> the object of `matcher.py --compare --json`; `?details=1` as above
    POST /api/pictures/{kind}    pictures made from a photo: card, morph, avatar (pictures/endpoints.py)
    GET  /api/similar, /api/stars, POST /api/recommend    stars by name and by ratings (stars/endpoints.py)
    GET  /healthz        whether the page and the bot can answer, and from which index
    GET  /photos/{file}  a star's photo that the catalogue names
    GET  /               the page in the language of `?lang=` or the browser, and what it is made of under /static/
    GET  /texts/{language}  the page's words, for its scripts

A photo is only ever in memory, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from lookalike.core.http.limits import Network
from lookalike.core.language.languages import languages
from lookalike.core.paths import ASSETS_DIR
from lookalike.gallery.filters import parse_filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Find, compare, comparison_json, match, to_json
from lookalike.web.answers import detailed_comparison, detailed_json, is_photo
from lookalike.web.guards import OwnNames, SecurityHeaders, on_error, page_name
from lookalike.web.photo_requests import ONE_PHOTO, TWO_PHOTOS, PhotoAnswer, PhotoRequests, as_json
from lookalike.web.pictures.endpoints import PictureEndpoints
from lookalike.web.pictures.making import Draws
from lookalike.web.stars.endpoints import StarEndpoints, TakeModel
from lookalike.web.uploads import Upload
from lookalike.web.visitors import Visitors
from lookalike.web.words import language_for, page_in, spoken

PAGE_DIR = ASSETS_DIR / "page"
PHOTO_AGE_S = 86_400

FindGallery = Callable[[], Gallery]


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
    askers: Visitors | None = None, draws: Draws | None = None, local_hosts: frozenset[str] = frozenset(),
) -> Starlette:  # fmt: skip
    """The page and its API over anything that finds faces.

    `gallery` returns the one in use. `photos_dir` may be empty or missing. `hosts`: names of the page on the internet;
    `local_hosts`: others that are answered, besides `localhost`. `answered` is called with the outcome, or the HTTP
    status, of each photo. `take_model` gives the model of ratings in use, if there is one; `askers`: the limits of
    questions without a photo; `draws`: what pictures are made with, none without.
    """
    stars = StarEndpoints(gallery, take_model, photos_dir, proxies, askers)
    photos = PhotoRequests(proxies, visitors or Visitors(), answered)
    page = _Endpoints(find, gallery, photos_dir, health, photos)
    pictures = [PictureEndpoints(draws, gallery, photos_dir, photos)] if draws else []
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/texts/{language}", page.texts),
            Route("/api/match", page.match, methods=["POST"]),
            Route("/api/compare", page.compare, methods=["POST"]),
            *(route for one in pictures for route in one.routes()),
            *stars.routes(),
            Route("/healthz", page.health),
            Route("/photos/{file:path}", page.photo),
            Mount("/static", StaticFiles(directory=PAGE_DIR)),
        ],
        middleware=[Middleware(SecurityHeaders), Middleware(OwnNames, public=hosts, local=local_hosts)],
        exception_handlers={HTTPException: on_error, Exception: on_error},
    )


class _Endpoints:
    def __init__(
        self, find: Find, gallery: FindGallery, photos_dir: Path, health: Callable[[], PageHealth],
        photos: PhotoRequests,
    ) -> None:  # fmt: skip
        self._find, self._gallery, self._photos_dir, self._health = find, gallery, photos_dir, health
        self._photos = photos

    async def index(self, request: Request) -> Response:
        language = language_for(request)
        headers = {"vary": "accept-language", "content-language": language}
        return HTMLResponse(page_in(language, PAGE_DIR / "index.html", page_name(request)), headers=headers)

    async def texts(self, request: Request) -> Response:
        language: str = request.path_params["language"]
        if language not in languages():
            raise HTTPException(404)
        return JSONResponse(spoken(language))

    async def match(self, request: Request) -> Response:
        return await self._photos.answer(request, ONE_PHOTO, self._match)

    async def compare(self, request: Request) -> Response:
        return await self._photos.answer(request, TWO_PHOTOS, self._compare)

    async def _match(self, upload: Upload, request: Request) -> PhotoAnswer:
        (photo,) = upload.photos
        outcome = await match(photo.data, self._find, self._gallery(), where=parse_filter(upload.where))
        if not _is_detailed(request):
            return as_json(to_json(photo.name, outcome))
        return as_json(detailed_json(photo.name, outcome, language_for(request), self._photos_dir))

    async def _compare(self, upload: Upload, request: Request) -> PhotoAnswer:
        one, other = upload.photos
        outcome = await compare((one.data, other.data), self._find, self._gallery())
        to_answer = detailed_comparison if _is_detailed(request) else comparison_json
        return as_json(to_answer((one.name, other.name), outcome))

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


def _is_detailed(request: Request) -> bool:
    return request.query_params.get("details") == "1"
