"""The photos of a multipart request, in memory only, within limits of size, time and memory.

Starlette's own parser, with a spool that is never full: no part of an upload reaches a temporary file. Its memory is
that of the body (at most MAX_BODY_BYTES): parts, headers and fields are limited in number and in length.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from lookalike.faces.types import MAX_BYTES

MAX_BODY_BYTES = MAX_BYTES + 64_000  # the photo, or two together, and what multipart wraps around them
MAX_PARTS = 20  # each costs time: a body of nothing but parts would take 8 seconds
MAX_FIELD_BYTES = 16_000
UPLOAD_S = 60.0  # 20 MB at 2.7 Mbit/s; the page itself sends less than 1 MB
GRACE_S, LEAST_BYTES_PER_S = 5.0, 8_000  # Apache's RequestReadTimeout has the same rule, with 500 B/s after 20 s
YIELDS_AFTER_S = 1.0  # how long an upload may take however busy the page is; a photo of a phone has come by then
BUDGET_BYTES = 60_000_000  # of all uploads together: three of the largest, or 60 of those that the page sends


@dataclass(frozen=True)
class SentPhoto:
    """A photo as it was sent, with the name of its file."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Upload:
    """The photos of a request in the order of their fields, and the first of its text fields of each name."""

    photos: tuple[SentPhoto, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Among whom stars are looked for."""
        return self.texts.get("where") or "any"


class UploadError(Exception):
    """Why there is no photo to match: 400 none was sent, 408 too slow, 413 too large, 503 no memory for it now.

    `name`: of its file, where that is known.
    """

    def __init__(self, status: HTTPStatus, name: str = "") -> None:
        super().__init__(status.phrase)
        self.status, self.name = status, name


class Budget:
    """All photos that are uploaded or matched, and their bytes; never more than twice `most`.

    Once `most` is reached, only uploads below the average may grow, so that small photos pass beside large ones.
    """

    def __init__(self, most: int = BUDGET_BYTES) -> None:
        self.most, self.used = most, 0
        self._shares: set[Share] = set()

    @property
    def uploads(self) -> int:
        """How many there are."""
        return len(self._shares)

    @contextlib.contextmanager
    def share(self) -> Iterator[Share]:
        """The part of one upload, which is given back at the end."""
        share = Share(self)
        self._shares.add(share)
        try:
            yield share
        finally:
            self._shares.remove(share)
            self.used -= share.used

    def slowest(self) -> Share | None:
        """The upload that has come the most slowly until now, of those that have come for YIELDS_AFTER_S."""
        now_s = asyncio.get_running_loop().time()
        coming = [one for one in self._shares if one.comes_for_s(now_s) > YIELDS_AFTER_S]
        return min(coming, key=lambda one: one.used / one.comes_for_s(now_s), default=None)


class Share:
    """What one upload takes of a budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self.used = budget, 0
        self._limit: asyncio.Timeout | None = None  # while it comes
        self._began_s = 0.0

    @contextlib.asynccontextmanager
    async def coming(self) -> AsyncGenerator[None, None]:
        """Meanwhile the upload comes; TimeoutError if it is too slow, or is given up."""
        async with asyncio.timeout(GRACE_S) as self._limit:
            self._began_s = asyncio.get_running_loop().time()
            try:
                yield
            finally:
                self._limit = None

    def comes_for_s(self, now_s: float) -> float:
        """Seconds that the upload has been coming; 0 if it is here, or given up."""
        return now_s - self._began_s if self._limit else 0.0

    def give_up(self) -> None:
        """End the upload, which is still coming: another one gets its place."""
        if self._limit:
            self._limit.reschedule(self._began_s)
            self._limit = None

    def take(self, count: int) -> None:
        """Take so many bytes more, which moves the time limit as far as the least rate allows.

        UploadError if all take too much, and this one more than the average.
        """
        used, in_all = self.used + count, self._budget.used + count
        if in_all > self._budget.most and used * self._budget.uploads > self._budget.most:
            raise UploadError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.used, self._budget.used = used, in_all
        if self._limit:
            self._limit.reschedule(self._began_s + min(UPLOAD_S, GRACE_S + used / LEAST_BYTES_PER_S))


class _InMemory(MultiPartParser):
    spool_max_size = MAX_BODY_BYTES + 1  # bytes; a larger file would be written to the disk


async def receive(request: Request, share: Share, fields: tuple[str, ...]) -> Upload:
    """The first file of each of these fields; UploadError, or ClientDisconnect if the sender has gone."""
    if int(request.headers.get("content-length", 0)) > MAX_BODY_BYTES:
        raise UploadError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        async with share.coming():
            parser = _InMemory(
                request.headers, _taken(request, share),
                max_files=MAX_PARTS, max_fields=MAX_PARTS, max_part_size=MAX_FIELD_BYTES,
            )  # fmt: skip
            form = await parser.parse()
    except TimeoutError:
        raise UploadError(HTTPStatus.REQUEST_TIMEOUT) from None
    except (MultiPartException, KeyError):  # KeyError: no content type
        raise UploadError(HTTPStatus.BAD_REQUEST) from None
    try:
        photos = tuple([await _sent_photo(form, field) for field in fields])
        texts = {name: value for name, value in reversed(form.multi_items()) if isinstance(value, str)}
    finally:
        await form.close()
    return Upload(photos, texts)


async def _sent_photo(form: FormData, field: str) -> SentPhoto:
    file = next(iter(form.getlist(field)), None)
    if not isinstance(file, UploadFile):
        raise UploadError(HTTPStatus.BAD_REQUEST)
    photo = SentPhoto(file.filename or "", await file.read())
    if not photo.name and not photo.data:  # a form without a chosen file
        raise UploadError(HTTPStatus.BAD_REQUEST)
    if len(photo.data) > MAX_BYTES:
        raise UploadError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, photo.name)
    return photo


async def _taken(request: Request, share: Share) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece."""
    async for piece in request.stream():
        share.take(len(piece))
        yield piece
