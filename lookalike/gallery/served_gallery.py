"""The gallery in use, which a new index on the disk can replace while photos are being matched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.load_check import check_load

log = logging.getLogger(__name__)


class ServedGallery:
    """Holds the gallery of this moment; call it to get it."""

    def __init__(self, directory: Path, on_refused: Callable[[], None] = lambda: None) -> None:
        self._directory, self._on_refused = directory, on_refused
        self._gallery = Gallery.load(directory)

    def __call__(self) -> Gallery:
        """The gallery in use."""
        return self._gallery

    async def reload(self) -> None:
        """Take the index that is on the disk now; a refused one leaves the present one serving."""
        try:
            await check_load(self._directory)
            self._gallery = await asyncio.to_thread(Gallery.load, self._directory)
        except IndexRefused as error:
            self._on_refused()
            log.error("the new index is refused, the old one serves on: %s", error)
        else:
            log.info("new index: %d celebrities", len(self._gallery.celebrities))
