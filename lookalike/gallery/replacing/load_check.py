"""Load an index in a child process before the bot does: a file that crashes nmslib ends the child, not the bot.

    .venv/bin/python -m lookalike.gallery.replacing.load_check assets/index 4000000000      (bytes of address space)

gallery.py checks the manifest's sizes and SHA-256 before nmslib reads a byte. This is the second line of defence, for
an index that matches its manifest and is wrong inside: nmslib does not check what it reads.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import numpy as np

from lookalike.core.child_process import start_child
from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery

PROGRAM = "lookalike.gallery.replacing.load_check"
QUERIES = 1000  # photos of the gallery that are searched for; 5 s with a million celebrities (bench/README.md)
MIN_TIMEOUT_S = 30.0
BYTES_PER_S = 20_000_000  # of the index; with 20,000 celebrities (64 MB) it was 170 MB/s
MIN_MEMORY_BYTES = 2_000_000_000  # of address space; the libraries take 0.2 GB of it
MEMORY_PER_BYTE = 8  # of the index; measured 4: a header that asks for more is damaged
REFUSED = 3  # exit status


async def check_load(directory: Path) -> None:
    """Load an index and query it in a child process; IndexRefused with the child's reason, or how the child ended.

    The child gets none of our environment, so no token. OSError if no child can be started.
    """
    size_bytes = _size_bytes(directory)
    address_space = MIN_MEMORY_BYTES + MEMORY_PER_BYTE * size_bytes
    process = await start_child(PROGRAM, str(directory), str(address_space), stderr=PIPE)
    try:
        async with asyncio.timeout(MIN_TIMEOUT_S + size_bytes / BYTES_PER_S):
            reason, traceback = await process.communicate()
            status = await process.wait()
    except TimeoutError:
        raise IndexRefused(f"{directory}: takes too long to load") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status < 0:
        raise IndexRefused(f"{directory}: crashes when it is loaded ({signal.Signals(-status).name})")
    if status == REFUSED:
        raise IndexRefused(reason.decode(errors="replace").strip())
    if status != 0:
        last = traceback.decode(errors="replace").strip().rpartition("\n")[2]
        raise IndexRefused(f"{directory}: cannot be loaded: {last}")


def _size_bytes(directory: Path) -> int:
    """Size of all files; 0 if there are none, for which the child has the better message."""
    try:
        return sum(path.stat().st_size for path in directory.iterdir())
    except OSError:
        return 0


def main() -> int:
    """0 if the index is usable; else REFUSED, with the reason on standard output."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
    try:
        directory = Path(sys.argv[1])
        check(Gallery.load(directory), directory)
    except IndexRefused as error:
        print(error)
        return REFUSED
    return 0


def check(gallery: Gallery, directory: Path) -> None:
    """Search for photos spread over the gallery; IndexRefused unless each has neighbours with finite scores."""
    rows = np.unique(np.linspace(0, len(gallery.photos) - 1, QUERIES).astype(int))
    for photo in gallery.photos[rows]:
        found = gallery.nearest(photo, 10)
        if not found or not all(np.isfinite(one.score) and 0 <= one.similarity <= 1 for one in found):
            raise IndexRefused(f"{directory}: finds no celebrity for a photo of its own")


if __name__ == "__main__":
    sys.exit(main())
