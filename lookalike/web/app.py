"""The page and its API: a photo in, the stars it is like out.

    POST /api/match      field `photo` -> the object of `matcher.py --json`; `?details=1`: and what the page shows
    GET  /healthz        whether this process can answer, and from which index
    GET  /photos/{file}  a star's photo that the catalogue names
    GET  /               the page, and what it is made of under /static/

An upload is only ever in memory: Starlette's own form parser would spool it to a temporary file.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lookalike.core.paths import ASSETS_DIR
from lookalike.faces.types import MAX_BYTES, Reason, Refusal
from lookalike.gallery.catalogue import PHOTO_ENDINGS
from lookalike.gallery.gallery import Gallery, Neighbour
from lookalike.gallery.matching import Match, Outcome, percent, to_json

log = logging.getLogger(__name__)

PAGE_DIR = ASSETS_DIR / "page"
LANGUAGES = ("en", "ru")
MAX_WAITING = 32  # photos that are uploaded or matched at a time, 20 MB of memory each at the most
MAX_BODY_BYTES = MAX_BYTES + 64_000  # the photo and what multipart wraps around it
MAX_PARTS = 20  # each costs time: a body of nothing but parts would hold up everybody for 8 seconds
UPLOAD_S = 60.0  # 20 MB at 2.7 Mbit/s; the page itself sends less than 1 MB
RETRY_AFTER_S = 5
LINGER_S = 2.0  # how long a sender that is cut off may go on before the connection is closed (nginx: lingering_close)
PHOTO_AGE_S = 86_400

NO_PHOTO = "Send the photo as field `photo` of a multipart/form-data body."
BUSY = "Too many photos are waiting. Please try again in a moment."
TOO_SLOW = "The photo took too long to arrive."

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

MatchPhoto = Callable[[bytes], Awaitable[Outcome]]
FindGallery = Callable[[], Gallery]


def build_app(
    match: MatchPhoto, gallery: FindGallery, photos_dir: Path, healthy: Callable[[], bool] = lambda: True
) -> Starlette:
    """The page and its API over any matcher.

    `gallery` gives the one of this moment, for a running bot may take a new one. `photos_dir` may be empty or missing.
    """
    page = _Page(match, gallery, photos_dir, healthy)
    return Starlette(
        routes=[
            Route("/", page.index),
            Route("/api/match", page.match, methods=["POST"]),
            Route("/healthz", page.health),
            Route("/photos/{file:path}", page.photo),
            Mount("/static", StaticFiles(directory=PAGE_DIR)),
        ],
        middleware=[Middleware(_SecurityHeaders)],
        exception_handlers={HTTPException: _error, Exception: _error},
    )


class _Page:
    """The endpoints."""

    def __init__(self, match: MatchPhoto, gallery: FindGallery, photos_dir: Path, healthy: Callable[[], bool]) -> None:
        self._match, self._gallery, self._photos_dir, self._healthy = match, gallery, photos_dir, healthy
        self._waiting = 0
        self._named: tuple[Gallery | None, frozenset[str]] = None, frozenset()

    async def index(self, request: Request) -> Response:
        return FileResponse(PAGE_DIR / "index.html")

    async def match(self, request: Request) -> Response:
        if self._waiting >= MAX_WAITING:
            return _CutOff({"error": BUSY}, 503, {"retry-after": str(RETRY_AFTER_S)})
        self._waiting += 1
        try:
            upload = await _receive(request)
            if isinstance(upload, Response):
                return upload
            outcome = await _unless_gone(self._match(bytes(upload.photo)), request)
        finally:
            self._waiting -= 1
        if outcome is None:
            return Response(status_code=400)  # nobody is there to read it
        answer = to_json(upload.name, outcome)
        if request.query_params.get("details") == "1":
            answer = detailed_json(upload.name, outcome, language_of(request), self._photos_dir)
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    async def health(self, request: Request) -> Response:
        index, healthy = self._gallery().manifest, self._healthy()
        counts = {"celebrities": index.celebrities, "photos": index.photos, "built_at": index.built_at}
        return JSONResponse({"status": "ok" if healthy else "unhealthy", **counts}, 200 if healthy else 503)

    async def photo(self, request: Request) -> Response:
        file: str = request.path_params["file"]
        if file not in self._named_files() or not _is_photo(self._photos_dir, file):
            raise HTTPException(404)
        return FileResponse(self._photos_dir / file, headers={"cache-control": f"public, max-age={PHOTO_AGE_S}"})

    def _named_files(self) -> frozenset[str]:
        """The photo files that the gallery of this moment names."""
        gallery = self._gallery()
        if self._named[0] is not gallery:
            self._named = gallery, frozenset(photo.file for one in gallery.celebrities for photo in one.photos)
        return self._named[1]


def detailed_json(name: str, outcome: Outcome, language: str, photos_dir: Path) -> dict[str, Any]:
    """`to_json` with names in a language and, for each celebrity, what the page shows beside the name."""
    answer = to_json(name, outcome, language)
    if isinstance(outcome, Match):
        for face, found in zip(answer["faces"], outcome.faces, strict=True):
            for one, neighbour in zip(face["matches"], found.neighbours, strict=True):
                one |= _details(neighbour, language, photos_dir)
    return answer


def _details(neighbour: Neighbour, language: str, photos_dir: Path) -> dict[str, Any]:
    celebrity, photo = neighbour.celebrity, neighbour.photo
    shown = {
        "percent": percent(neighbour.similarity),
        "url": celebrity.url,
        "description": celebrity.description_in(language),
    }
    if photo is None or not _is_photo(photos_dir, photo.file):
        return shown | {"photo": None, "credit": None}
    credit = {key: getattr(photo, key) for key in ("author", "license", "license_url", "source_url")}
    return shown | {"photo": f"/photos/{quote(photo.file)}", "credit": credit}


def _is_photo(photos_dir: Path, file: str) -> bool:
    path = photos_dir / file
    return path.suffix.lower() in PHOTO_ENDINGS and path.is_file()


def language_of(request: Request) -> str:
    """The language of ours that comes first in the query's `lang` and in Accept-Language, else English."""
    wishes = [request.query_params.get("lang", ""), *request.headers.get("accept-language", "").split(",")]
    tags = (re.split("[-;]", wish.strip().lower())[0] for wish in wishes)
    return next((tag for tag in tags if tag in LANGUAGES), "en")


class _Upload:
    """The first part called `photo` of a multipart body that is fed in pieces; nothing else of the body is kept."""

    def __init__(self, boundary: bytes) -> None:
        self.name = ""
        self.photo = bytearray()
        self.size = 0
        self.is_whole = False  # the part called `photo` was there to its end
        self._is_seen = self._is_here = False  # that part has begun; what comes now belongs to it
        self._header, self._value, self._parts = bytearray(), bytearray(), 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_header_begin": self._on_header_begin,
                "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
                "on_header_end": self._on_header_end,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
            },
        )

    def feed(self, chunk: bytes) -> bool:
        """Take a piece of the body; False if it is one too many."""
        self.size += len(chunk)
        if self.size > MAX_BODY_BYTES:
            return False
        self._parser.write(chunk)
        return len(self.photo) <= MAX_BYTES

    def _on_header_begin(self) -> None:
        self._header.clear()
        self._value.clear()

    def _on_header_end(self) -> None:
        if self._is_seen or self._header.lower() != b"content-disposition":
            return
        _, options = parse_options_header(bytes(self._value))
        if options.get(b"name") == b"photo":
            self._is_seen = self._is_here = True
            self.name = options.get(b"filename", b"").decode("utf-8", "replace")

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_here:
            self.photo += data[start:end]

    def _on_part_end(self) -> None:
        self.is_whole |= self._is_here and bool(self.name or self.photo)  # a form without a chosen file has neither
        self._is_here = False
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise FormParserError


async def _receive(request: Request) -> _Upload | Response:
    """The photo that a request brings, or the answer to a request that does not bring one."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        return _CutOff({"error": NO_PHOTO}, 400)
    if int(request.headers.get("content-length", 0)) > MAX_BODY_BYTES:
        return _CutOff(to_json("", Refusal(Reason.TOO_LARGE)), 413)
    try:
        upload = _Upload(options[b"boundary"])
        async with asyncio.timeout(UPLOAD_S):
            async for chunk in request.stream():
                if not upload.feed(chunk):
                    return _CutOff(to_json(upload.name, Refusal(Reason.TOO_LARGE)), 413)
    except TimeoutError:
        return _CutOff({"error": TOO_SLOW}, 408)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except FormParserError:
        return _CutOff({"error": NO_PHOTO}, 400)
    return upload if upload.is_whole else JSONResponse({"error": NO_PHOTO}, 400)


async def _unless_gone(answer: Awaitable[Outcome], request: Request) -> Outcome | None:
    """The answer, or None as soon as the person who waits for it has gone; then nobody works on it any more."""
    matching = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(request.receive())  # the body is read: all that can come is a disconnect
    try:
        await asyncio.wait((matching, leaving), return_when=asyncio.FIRST_COMPLETED)
        return matching.result() if matching.done() else None
    finally:
        matching.cancel()
        leaving.cancel()
        await asyncio.gather(matching, leaving, return_exceptions=True)


class _CutOff(JSONResponse):
    """An answer before all is read. What still comes is thrown away for a moment, or the sender would never hear it."""

    def __init__(self, content: Any, status_code: int, headers: dict[str, str] | None = None) -> None:
        super().__init__(content, status_code, {"connection": "close", "cache-control": "no-store", **(headers or {})})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while (await receive()).get("more_body", False):
                    pass
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _SecurityHeaders:
    """What every answer says: load nothing from elsewhere, be framed by nobody, guess no types, tell no referrer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def _error(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, HTTPException) else HTTPException(500, headers=SECURITY_HEADERS)
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": known.detail}, known.status_code, known.headers)
    return PlainTextResponse(known.detail, known.status_code, known.headers)
