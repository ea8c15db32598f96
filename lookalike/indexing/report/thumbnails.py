"""Photo files to small square pictures for the report, made in a worker process: a photo may be made to harm."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from lookalike.core.errors import WorkerDied
from lookalike.faces.photo_file import read_photo
from lookalike.workers.pool import WorkerPool


class Thumbnails:
    """Makes thumbnails in a worker of its own, which starts with the first photo. Use it as a context manager."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._pool: WorkerPool | None = None

    def __enter__(self) -> Thumbnails:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._runner.run(self._pool.close())
        self._runner.close()

    def __call__(self, file: Path) -> str | None:
        """The photo as the data URL of a square WebP; None if the file is missing or refused."""
        data = read_photo(file) if _is_file(file) else None
        small = self._runner.run(self._make(data)) if isinstance(data, bytes) else None
        return "data:image/webp;base64," + base64.b64encode(small).decode() if small else None

    async def _make(self, photo: bytes) -> bytes | None:
        if self._pool is None:
            self._pool = WorkerPool(1)
            await self._pool.start()
        try:
            answer = await self._pool.thumbnail(photo)
        except WorkerDied:
            return None
        return answer if isinstance(answer, bytes) else None


def _is_file(path: Path) -> bool:
    """Whether this is a regular file: reading a pipe would block."""
    try:
        return path.is_file()
    except OSError:  # no permission for the folder, or a name that is too long
        return False
