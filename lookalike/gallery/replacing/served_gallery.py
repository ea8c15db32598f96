"""The gallery in use, which a new index on disk can replace while photos are matched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.replacing.hidden import NOTHING, HiddenFile
from lookalike.gallery.replacing.load_check import check_load

log = logging.getLogger(__name__)


class ServedGallery:
    """Holds the gallery in use; call it to get it. IndexRefused if the first index cannot be used.

    `hidden`: who is left out of it, from the moment at which the file says so.
    """

    def __init__(
        self,
        directory: Path,
        on_refused: Callable[[], None] = lambda: None,
        fame_weight: float | None = None,
        hidden: HiddenFile | None = None,
    ) -> None:
        self._directory, self._on_refused, self._fame_weight, self._hidden = directory, on_refused, fame_weight, hidden
        self._gallery = Gallery.load(directory, fame_weight)
        self._loading, self._is_stale, self._refusal = asyncio.Lock(), False, ""

    def __call__(self) -> Gallery:
        """The gallery in use; the same object until the index or what is hidden changes."""
        hidden = self._hidden.read() if self._hidden else NOTHING
        if hidden != self._gallery.celebrities.hidden:
            self._gallery = self._gallery.without(hidden)
            log.info("hidden: %d celebrities, %d photos", len(hidden.stars), len(hidden.photos))
        return self._gallery

    async def reload(self) -> str:
        """Take the index that is on disk now; return why it was refused, '' if it was not.

        After any failure, logged and counted, the previous gallery stays. One load at a time: those who ask during one
        wait for it, and then share the next one.
        """
        self._is_stale = True
        async with self._loading:
            if self._is_stale:
                self._is_stale = False
                self._refusal = await self._load()
            return self._refusal

    async def _load(self) -> str:
        try:
            await check_load(self._directory)
            self._gallery = await asyncio.to_thread(Gallery.load, self._directory, self._fame_weight)
        except IndexRefused as error:
            self._on_refused()
            log.error("the new index is refused, the previous one stays in use: %s", error)
            return str(error)
        except Exception as error:  # such as a fork or an allocation that fails: there is a gallery to serve
            self._on_refused()
            log.exception("the new index cannot be loaded, the previous one stays in use")
            return type(error).__name__
        log.info("new index: %d celebrities", len(self._gallery.celebrities))
        return ""
