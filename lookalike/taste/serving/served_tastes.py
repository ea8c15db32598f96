"""The taste model in use, which a new one on the disk can replace while recommendations are made."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from lookalike.core.errors import TasteRefused
from lookalike.taste.model_directory import load_model
from lookalike.taste.taste_model import TasteModel

log = logging.getLogger(__name__)

DIRECTORY = "taste"  # in DATA_DIR


class ServedTastes:
    """Holds the model in use; `model` is None as long as there is none that can be used.

    Take `model` once for each answer: it may be another one the next time.
    """

    def __init__(self, directory: Path, on_refused: Callable[[], None] = lambda: None) -> None:
        self.directory = directory
        self.model: TasteModel | None = None
        self._on_refused = on_refused
        self._when_replaced: list[Callable[[], None]] = []
        self._loading = asyncio.Lock()

    def when_replaced(self, tell: Callable[[], None]) -> None:
        """Call `tell` each time another model, or none, has been taken into use."""
        self._when_replaced.append(tell)

    async def reload(self) -> str:
        """Take the model that is on the disk now; return why it was refused, '' if it was not.

        A model that is damaged or of another version is refused: that is logged and counted, and the previous one stays
        in use. Where there is no directory there is no model: none yet, or none any more.
        """
        async with self._loading:
            if not self.directory.exists():
                if self.model:
                    log.info("the taste model was deleted: there are no recommendations from ratings")
                    self._replace(None)
                return ""
            try:
                model = await asyncio.to_thread(load_model, self.directory)
            except Exception as error:  # an allocation that fails, say: answers go on as before
                self._on_refused()
                why = str(error) if isinstance(error, TasteRefused) else type(error).__name__
                stays = "the previous one stays in use" if self.model else "there are no recommendations from ratings"
                log.error("the taste model is refused, %s: %s", stays, why)
                return why
            log.info("taste model: %d items, %d ratings by %d users", len(model.items), model.ratings, model.users)
            self._replace(model)
        return ""

    def _replace(self, model: TasteModel | None) -> None:
        self.model = model
        for tell in self._when_replaced:
            tell()
