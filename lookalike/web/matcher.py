"""Face workers and a gallery, opened together: what a process matches photos with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from lookalike.core.metrics import Metrics
from lookalike.core.runtime import Runtime
from lookalike.core.settings import Settings
from lookalike.gallery.replacing.hidden import FILE_NAME, HiddenFile
from lookalike.gallery.replacing.load_check import check_load
from lookalike.gallery.replacing.served_gallery import ServedGallery
from lookalike.workers.pool import WorkerPool


@dataclass(frozen=True)
class Matcher:
    """Both, open until the process ends."""

    pool: WorkerPool
    gallery: ServedGallery

    def is_well(self) -> bool:
        """Whether photos can be matched."""
        return self.pool.is_healthy()

    def record_states(self, metrics: Metrics) -> None:
        """Bring the states of both up to date."""
        gallery = self.gallery()
        metrics.states(celebrities=len(gallery.celebrities), **self.pool.states())
        metrics.gallery(built_at=gallery.manifest.built_at, recipe=gallery.manifest.recipe)


async def open_matcher(runtime: Runtime, settings: Settings, metrics: Metrics, workers: int | None) -> Matcher:
    """Start the workers (None: one a core) and load the index, which is checked in a process of its own before."""
    checking = asyncio.create_task(check_load(settings.index_dir))  # beside the workers' start: each takes a second
    pool = await runtime.opened.enter_async_context(WorkerPool(workers, observe=metrics.observe))
    await checking
    hidden = HiddenFile(settings.data_dir / FILE_NAME)
    served = ServedGallery(settings.index_dir, lambda: metrics.failure("index"), settings.fame_weight, hidden)
    matcher = Matcher(pool, served)

    async def refresh() -> None:
        matcher.record_states(metrics)

    metrics.before_scrape(refresh)
    return matcher
