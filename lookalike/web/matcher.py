"""Face workers, a gallery and a taste model, opened together: what a process finds stars with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings
from lookalike.faces.drawing.card.design import design_chooser
from lookalike.gallery.replacing.hidden import FILE_NAME, HiddenFile
from lookalike.gallery.replacing.load_check import check_load
from lookalike.gallery.replacing.served_gallery import ServedGallery
from lookalike.taste.serving.served_tastes import DIRECTORY, ServedTastes
from lookalike.workers.pool import WorkerPool


@dataclass(frozen=True)
class Matcher:
    """All three, open until the process ends."""

    pool: WorkerPool
    gallery: ServedGallery
    tastes: ServedTastes

    def is_well(self) -> bool:
        """Whether photos can be matched."""
        return self.pool.is_healthy()

    def record_states(self, metrics: Metrics) -> None:
        """Bring the states of all up to date."""
        gallery, model = self.gallery(), self.tastes.model
        metrics.states(celebrities=len(gallery.celebrities), **self.pool.states())
        metrics.states(taste_items=len(model.items) if model else 0, taste_ratings=model.ratings if model else 0)
        metrics.gallery(built_at=gallery.manifest.built_at, recipe=gallery.manifest.recipe)


async def open_matcher(runtime: Runtime, settings: Settings, metrics: Metrics, workers: int | None) -> Matcher:
    """Start the workers (None: one a core), load the tastes and the index, which a process of its own checks before.

    SettingsError if the colours of cards cannot be chosen.
    """
    design = design_chooser(settings.card_design, lambda: datetime.now(UTC).date())
    checking = asyncio.create_task(check_load(settings.index_dir))  # beside the workers' start: each takes a second
    pool = await runtime.opened.enter_async_context(WorkerPool(workers, observe=metrics.observe, design=design))
    await checking
    hidden = HiddenFile(settings.data_dir / FILE_NAME)
    served = ServedGallery(settings.index_dir, lambda: metrics.failure("index"), settings.fame_weight, hidden)
    tastes = ServedTastes(settings.data_dir / DIRECTORY, lambda: metrics.failure("taste_model"))
    await tastes.reload()
    matcher = Matcher(pool, served, tastes)

    async def refresh() -> None:
        matcher.record_states(metrics)

    metrics.before_scrape(refresh)
    return matcher
