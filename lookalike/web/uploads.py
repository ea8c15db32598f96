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
    """The bytes of all photos that are uploaded or matched; never more than twice `most`.

    Once `most` is reached, only uploads below the average may grow, so that small photos pass beside large ones.
    """

    def __init__(self, most: int = BUDGET_BYTES) -> None:
        self.most, self.used, self.uploads = most, 0, 0

    @contextlib.contextmanager
    def share(self) -> Iterator[Share]:
        """The part of one upload, which is given back at the end."""
        self.uploads += 1
        share = Share(self)
        try:
            yield share
        finally:
            self.uploads -= 1
            self.used -= share.used


class Share:
    """What one upload takes of a budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self.used = budget, 0

    def take(self, count: int) -> None:
        """Take so many bytes more; UploadError if all take too much, and this one more than the average."""
        used, in_all = self.used + count, self._budget.used + count
        if in_all > self._budget.most and used * self._budget.uploads > self._budget.most:
            raise UploadError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.used, self._budget.used = used, in_all


class _InMemory(MultiPartParser):
    spool_max_size = MAX_BODY_BYTES + 1  # bytes; a larger file would be written to the disk


async def receive(request: Request, share: Share, fields: tuple[str, ...]) -> Upload:
    """The first file of each of these fields; UploadError, or ClientDisconnect if the sender has gone."""
    if int(request.headers.get("content-length", 0)) > MAX_BODY_BYTES:
        raise UploadError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        async with asyncio.timeout(GRACE_S) as limit:
            parser = _InMemory(
                request.headers, _paced(request, share, limit),
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


async def _paced(request: Request, share: Share, limit: asyncio.Timeout) -> AsyncGenerator[bytes, None]:
    """The body, piece by piece; each moves the time limit, as far as the least rate allows."""
    began_s = asyncio.get_running_loop().time()
    async for piece in request.stream():
        share.take(len(piece))
        limit.reschedule(began_s + min(UPLOAD_S, GRACE_S + share.used / LEAST_BYTES_PER_S))
        yield piece
