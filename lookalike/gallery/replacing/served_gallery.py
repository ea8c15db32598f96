"""The gallery in use, which a new index on disk can replace while photos are matched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.replacing.load_check import check_load

log = logging.getLogger(__name__)


class ServedGallery:
    """Holds the gallery in use; call it to get it. IndexRefused if the first index cannot be used."""

    def __init__(
        self, directory: Path, on_refused: Callable[[], None] = lambda: None, fame_weight: float | None = None
    ) -> None:
        self._directory, self._on_refused, self._fame_weight = directory, on_refused, fame_weight
        self._gallery = Gallery.load(directory, fame_weight)
        self._is_reloading = self._is_stale = False

    def __call__(self) -> Gallery:
        """The gallery in use."""
        return self._gallery

    async def reload(self) -> None:
        """Take the index that is on disk now; after any failure, logged and counted, the previous gallery stays.

        One reload at a time: a call during another one returns at once, and the other one loads once more.
        """
        self._is_stale = True
        if self._is_reloading:
            return
        self._is_reloading = True
        try:
            while self._is_stale:
                self._is_stale = False
                await self._load()
        finally:
            self._is_reloading = False

    async def _load(self) -> None:
        try:
            await check_load(self._directory)
            self._gallery = await asyncio.to_thread(Gallery.load, self._directory, self._fame_weight)
        except IndexRefused as error:
            self._on_refused()
            log.error("the new index is refused, the previous one stays in use: %s", error)
        except Exception:  # such as a fork or an allocation that fails: whatever it is, there is a gallery to serve
            self._on_refused()
            log.exception("the new index cannot be loaded, the previous one stays in use")
        else:
            log.info("new index: %d celebrities", len(self._gallery.celebrities))
