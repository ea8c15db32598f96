"""The API for pictures that are made from a photo.

    POST /api/pictures/card      fields `photo`, `where`, `face`, `star`, `format`
    POST /api/pictures/morph     fields `photo`, `where`, `face`, `star`, `format`
    POST /api/pictures/avatar    fields `photo`, `face`, `style`, `format`

`where` as for /api/match, `face` and `star` say which of that answer: places from 1, or a star's id. The answer is the
file; or 422 with JSON: `field` if a field is wrong, `outcome` if nothing can be made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lookalike.core.language.texts import all_texts
from lookalike.faces.types import Refusal
from lookalike.gallery.filters import parse_filter
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import match
from lookalike.web.guards import page_name
from lookalike.web.photo_requests import NEVER_STORED, ONE_PHOTO, PhotoAnswer, PhotoRequests, later
from lookalike.web.pictures.making import CardWords, Draws, NotMade, PictureFile, make
from lookalike.web.pictures.orders import PictureKind, PictureOrder, PictureOrderError, read_order
from lookalike.web.uploads import Upload
from lookalike.web.words import language_for

# As how many photos a picture counts for a visitor, who may send 20 a minute: an answer, cards, a morph as a video and
# as a strip, and a drawing. That is less than by its CPU time, so that all of them can be asked for; that others are
# answered meanwhile is by MAX_WAITING.
COST = {PictureKind.CARD: 1, PictureKind.MORPH: 5, PictureKind.AVATAR: 4}
MAX_WAITING = 4  # morphs and drawings of all visitors, made or about to be


class PictureEndpoints:
    """The endpoints.

    Few morphs and drawings wait at a time, and photos pass them (workers/job_queue.py): so whoever sends a photo waits
    for one of them at most, however many are asked for.
    """

    def __init__(
        self, draws: Draws, gallery: Callable[[], Gallery], photos_dir: Path, photos: PhotoRequests
    ) -> None:  # fmt: skip
        self._draws, self._gallery, self._photos_dir, self._photos = draws, gallery, photos_dir, photos
        self._waiting = 0

    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route(f"/api/pictures/{kind}", partial(self._answer, kind), methods=["POST"]) for kind in PictureKind]

    async def _answer(self, kind: PictureKind, request: Request) -> Response:
        if self._is_full(kind):
            return self._photos.later()
        return await self._photos.answer(request, ONE_PHOTO, partial(self._make, kind), COST[kind])

    def _is_full(self, kind: PictureKind) -> bool:
        return kind is not PictureKind.CARD and self._waiting >= MAX_WAITING

    async def _make(self, kind: PictureKind, upload: Upload, request: Request) -> PhotoAnswer:
        if self._is_full(kind):  # by now
            return PhotoAnswer(str(HTTPStatus.SERVICE_UNAVAILABLE.value), later(HTTPStatus.SERVICE_UNAVAILABLE))
        counted = kind is not PictureKind.CARD
        self._waiting += counted
        words = CardWords(all_texts()[language_for(request)], page_name(request))
        try:
            made = await self._made(read_order(kind, upload.texts), upload, words)
        except PictureOrderError as error:
            return _not_made("wrong_field", {"error": str(error), "field": error.name})
        finally:
            self._waiting -= counted
        if isinstance(made, NotMade):
            return _not_made(made.reason, {"outcome": made.reason, "error": made.why})
        headers = NEVER_STORED | {"content-disposition": f"attachment; filename={made.name}"}
        return PhotoAnswer(kind, Response(made.data, media_type=made.media_type, headers=headers))

    async def _made(self, order: PictureOrder, upload: Upload, words: CardWords) -> PictureFile | NotMade:
        (photo,) = upload.photos
        outcome = await match(photo.data, self._draws.find, self._gallery(), where=parse_filter(upload.where))
        if isinstance(outcome, Refusal):
            return NotMade(outcome.reason.value, outcome.reason.message)
        return await make(self._draws, photo.data, order, outcome.faces, self._photos_dir, words)


def _not_made(reason: str, body: dict[str, str]) -> PhotoAnswer:
    return PhotoAnswer(reason, JSONResponse(body, HTTPStatus.UNPROCESSABLE_ENTITY, NEVER_STORED))
