"""The first load of an index, in a process of its own: a file that crashes nmslib ends that process, not the bot.

    python trial.py assets/index

The manifest's sizes and SHA-256 are checked before nmslib sees a byte (gallery.py). This is the second line, for an
index that is as its manifest says and yet wrong inside: nmslib trusts every byte, and no `except` stops a crash.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import numpy as np

from lookalike.core.child_process import RUN_MODULE, child_environment
from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery

PROGRAM = "lookalike.gallery.load_check"
QUERIES = 1000  # photos of the gallery, looked up; 5 s with a million celebrities (README, "Search")
LEAST_S = 30.0
BYTES_PER_S = 20_000_000  # of the index; with 20,000 celebrities (64 MB) it was 170 MB/s
LEAST_MEMORY_BYTES = 2_000_000_000  # of address space; the libraries take 0.2 GB of it
MEMORY_PER_BYTE = 8  # of the index; seen 4: a header that asks for more is damaged
REFUSED = 3  # exit status


async def check_load(directory: Path) -> None:
    """Load an index and query it in a child process; IndexRefused with the child's reason, or how it died.

    The child has an empty environment: no token.
    """
    size_bytes = _size_bytes(directory)
    process = await asyncio.create_subprocess_exec(
        *RUN_MODULE, PROGRAM, str(directory), str(LEAST_MEMORY_BYTES + MEMORY_PER_BYTE * size_bytes),
        stdout=PIPE, stderr=PIPE, start_new_session=True, env=child_environment(),
    )  # fmt: skip
    try:
        async with asyncio.timeout(LEAST_S + size_bytes / BYTES_PER_S):
            reason, trace = await process.communicate()
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
        last = trace.decode(errors="replace").strip().rpartition("\n")[2]
        raise IndexRefused(f"{directory}: cannot be loaded: {last}")


def _size_bytes(directory: Path) -> int:
    """Of all files; 0 if there are none, which the child will say better."""
    try:
        return sum(path.stat().st_size for path in directory.iterdir())
    except OSError:
        return 0


def main() -> int:
    """0 if the index serves; else REFUSED, with the reason on standard output."""
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
    """Look photos from all over the gallery up; IndexRefused unless each finds somebody, with numbers that are some."""
    rows = np.unique(np.linspace(0, len(gallery.photos) - 1, QUERIES).astype(int))
    for photo in gallery.photos[rows]:
        found = gallery.nearest(photo, 10)
        if not found or not all(np.isfinite(one.score) and 0 <= one.similarity <= 1 for one in found):
            raise IndexRefused(f"{directory}: finds nobody for a photo of its own")


if __name__ == "__main__":
    sys.exit(main())
