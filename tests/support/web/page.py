"""What the tests of the page share: a small gallery, and a matcher whose answers can be told from the picture.

In these pictures a face is a green patch: one in the left half, one in the right half, or none.
"""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import httpx
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from lookalike.core.http.limits import Connections
from lookalike.core.http.server import ASGIApp, Server
from lookalike.faces.types import EMBEDDING_SIZE, Box, Doubt, Embedding, Face, Reason, Refusal
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.matching import Find
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import write_index

PEOPLE = 24
SHOWN_PHOTO = "Q0/a face, really.png"  # the only star's photo that is on disk
NAMED_BUT_GONE = "Q1/gone.png"
LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"
GREEN, BLUE = (0, 200, 0), (20, 30, 160)


def probe(number: int) -> Embedding:
    """The very embedding of celebrity `number`."""
    vector = np.random.default_rng(number).standard_normal(EMBEDDING_SIZE).astype(np.float32)
    return (vector / np.linalg.norm(vector) * 0.5).astype(np.float32)


def person(number: int) -> IndexEntry:
    photos = {
        0: CelebrityPhoto(
            file=SHOWN_PHOTO,
            author="A. Photographer",
            license="CC BY-SA 4.0",
            license_url=LICENCE,
            source_url="https://commons.wikimedia.org/wiki/File:Zero.png",
        ),
        1: CelebrityPhoto(file=NAMED_BUT_GONE, author="B. Photographer"),
        2: CelebrityPhoto(file="catalogue.txt"),
    }
    celebrity = Celebrity(
        id=f"Q{number}",
        name={"en": f"Nova Star{number}", "ru": f"Нова Звезда{number}"},
        description={"en": "film actress", "ru": "киноактриса"},
        url=f"https://en.wikipedia.org/wiki/Nova_{number}",
        gender=("female", "male")[number % 2],
        country=("US", "JP")[number % 2],
        roles=("chef",) if number == 9 else (),
        photos=(photos[number],) if number in photos else (),
    )
    return IndexEntry(celebrity, probe(number), probe(number)[None, :])


def make_gallery(directory: Path) -> Gallery:
    """An index of PEOPLE people, written and loaded; `directory/photos` holds a star's photo and a secret."""
    index, photos = directory / "index", directory / "photos"
    for folder in (index, photos / "Q0"):
        folder.mkdir(parents=True)
    write_index([person(number) for number in range(PEOPLE)], index)
    Image.linear_gradient("L").convert("RGB").save(photos / SHOWN_PHOTO)
    Image.linear_gradient("L").save(photos / "not in the catalogue.png")
    (photos / "catalogue.txt").write_text("named, but no photo")
    (directory / "secret.png").write_text("outside")
    return Gallery.load(index)


SHOWN_URL = f"/photos/{quote(SHOWN_PHOTO)}"


BLURRED_PX = (410, 300)


async def find_green(photo: bytes) -> tuple[Face, ...] | Refusal:
    """The fake of the face finder: green patches; the n-th of them is the very face of celebrity n.

    The first one is blurred in a picture of BLURRED_PX.
    """
    try:
        with Image.open(io.BytesIO(photo)) as image:
            pixels = np.asarray(ImageOps.exif_transpose(image).convert("RGB")).astype(int)
    except OSError:
        return Refusal(Reason.NOT_A_PICTURE)
    is_green = (pixels[:, :, 1] > 120) & (pixels[:, :, 0] < 90) & (pixels[:, :, 2] < 90)
    middle = pixels.shape[1] // 2
    boxes = [box for box in (_box(is_green[:, :middle], 0), _box(is_green[:, middle:], middle)) if box]
    doubt = Doubt.BLURRED if pixels.shape[1::-1] == BLURRED_PX else None
    found = [Face(box, probe(n), doubt=None if n else doubt) for n, box in enumerate(boxes)]
    return tuple(found) or Refusal(Reason.NO_FACE)


def _box(is_green: npt.NDArray[np.bool_], left: int) -> Box | None:
    rows, columns = np.nonzero(is_green)
    if not len(rows):
        return None
    return left + int(columns.min()), int(rows.min()), left + int(columns.max()) + 1, int(rows.max()) + 1


def picture(
    *faces: Box, size: tuple[int, int] = (400, 300), kind: str = "JPEG", orientation: int | None = None
) -> bytes:
    """A blue picture with green patches; with an orientation: stored as a camera that was held that way stores it."""
    image = Image.new("RGB", size, BLUE)
    for face in faces:
        image.paste(GREEN, face)
    exif = Image.Exif()
    if orientation:
        turn = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270, 3: Image.Transpose.ROTATE_180}
        image = image.transpose(turn[orientation])
        exif[0x0112] = orientation
        exif[0x8298] = "where I live"
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


ONE_FACE: Box = (60, 80, 140, 160)
OTHER_FACE: Box = (260, 80, 340, 160)


# The page over real HTTP.


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, connections: Connections | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """The application on a port, and a client of it."""
    server = Server("page", connections)
    await server.start(app, "127.0.0.1", 0)
    try:
        async with visitor(server.url) as client:
            yield client
    finally:
        await server.close()


def visitor(url: str, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client whose connections come from an address of this machine."""
    transport = httpx.AsyncHTTPTransport(local_address=address)
    return httpx.AsyncClient(base_url=url, timeout=120, transport=transport)


async def send(client: httpx.AsyncClient, photo: bytes, query: str = "", **headers: str) -> httpx.Response:
    """Post a photo as the page does."""
    return await client.post(f"/api/match{query}", files={"photo": ("me.jpg", photo)}, headers=headers)


async def raw(client: httpx.AsyncClient, request: bytes, more: bytes = b"", times: int = 0) -> tuple[bytes, int]:
    """Write bytes as they are, then `more` up to so many times; the answer, and how often `more` went out."""
    reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
    answer = bytearray()

    async def listen() -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await reader.read(10_000):
                answer.extend(piece)

    listening = asyncio.create_task(listen())
    sent = 0
    with contextlib.suppress(ConnectionError):
        writer.write(request)
        while sent < times and not listening.done():
            writer.write(more)
            await writer.drain()
            sent += 1
    async with asyncio.timeout(60):
        await listening
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return bytes(answer), sent


def constant(refusal: Refusal) -> Find:
    """A finder that refuses every photo."""

    async def refuse(photo: bytes) -> Refusal:
        return refusal

    return refuse


async def broken(photo: bytes) -> Refusal:
    """A finder with a mistake."""
    raise RuntimeError("a mistake of ours")


class Held:
    """A finder that answers `no_face` once released; counts the photos that it has."""

    def __init__(self) -> None:
        self.begun, self.ended, self.release = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.count = 0
        self.changed = asyncio.Condition()

    async def __call__(self, photo: bytes) -> Refusal:
        self.begun.set()
        await self._add(1)
        try:
            await self.release.wait()
            return Refusal(Reason.NO_FACE)
        finally:
            self.ended.set()
            await self._add(-1)

    async def has(self, count: int) -> None:
        """Wait until it has so many photos."""
        async with asyncio.timeout(60), self.changed:
            await self.changed.wait_for(lambda: self.count == count)

    async def _add(self, change: int) -> None:
        self.count += change
        async with self.changed:
            self.changed.notify_all()
