"""One attack on the page, from one address, in a process of its own.

    python -m faults.attacks.page_attacker ATTACK PORT CONNECTIONS < nothing

Runs until it is killed. Each connection is opened again as soon as the page has closed it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator

from faults.materials import portrait
from tests.support.hostile.pictures import SCANS, many_scans

PAUSE_S = 0.05  # between two connections of one attacker
PIECE = 64_000  # bytes of one write
HEAD = b"POST /api/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
OF_DRAWING = HEAD.replace(b"/api/match", b"/api/pictures/avatar")
PART = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
END = b"\r\n--b--\r\n"


def one_byte_chunks() -> list[bytes]:
    """F1: a chunked body of one-byte chunks."""
    return [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n" * (PIECE // 6)] * 100]


def expensive_picture() -> list[bytes]:
    """F2: a progressive picture of very many scans."""
    return upload(many_scans(8000, 5000, SCANS))


def unfinished_headers() -> list[bytes]:
    """F3: headers without an end."""
    return [HEAD]


def idle_upload() -> list[bytes]:
    """F5: a body that does not come."""
    return [HEAD + b"Content-Length: 1000000\r\n\r\n" + PART]


def large_upload() -> list[bytes]:
    """F6: as many bytes as a photo may have."""
    return upload(b"\xff\xd8" + b"x" * 19_900_000)


def drawings() -> list[bytes]:
    """F13: drawings of a good photo, each of which takes a worker as long as ten photos."""
    return upload(portrait(800), OF_DRAWING)


def upload(photo: bytes, head: bytes = HEAD) -> list[bytes]:
    """A whole request, in pieces."""
    body = PART + photo + END
    pieces = [body[at : at + PIECE] for at in range(0, len(body), PIECE)]
    return [head + b"Content-Length: %d\r\n\r\n" % len(body), *pieces]


ATTACKS = {
    "F1": one_byte_chunks, "F2": expensive_picture, "F3": unfinished_headers, "F5": idle_upload, "F6": large_upload,
    "F13": drawings,
}  # fmt: skip


async def attack(port: int, pieces: list[bytes], address: str = "127.0.0.1") -> None:
    """Send the pieces over one connection after the other, for ever."""
    while True:
        with contextlib.suppress(OSError):
            async with connection(port, address) as (reader, writer):
                reading = asyncio.create_task(_discarded(reader))
                for piece in pieces:
                    if reading.done():
                        break
                    writer.write(piece)
                    await writer.drain()
                await reading
        await asyncio.sleep(PAUSE_S)


async def _discarded(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(OSError):
        await reader.read(-1)


@contextlib.asynccontextmanager
async def connection(port: int, address: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection that is closed, however it ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    try:
        yield reader, writer
    finally:
        writer.close()


async def main() -> None:
    """Run one attack."""
    name, port, connections = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    os.nice(5)  # an attacker has a machine of its own
    pieces = ATTACKS[name]()
    await asyncio.gather(*(attack(port, pieces) for _ in range(connections)))


if __name__ == "__main__":
    asyncio.run(main())
