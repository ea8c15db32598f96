"""Metrics of one process, for Prometheus: counters, stage times, states. The only file that knows prometheus_client.

Counters and times are updated as things happen; states (queue lengths, workers, polling age) are read when Prometheus
scrapes. No metric or label names a person, a chat or a file.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.exposition import generate_latest

__all__ = ["CONTENT_TYPE", "Metrics"]

# Seconds; an idle bot answers in 0.07 s (README, "Under load"), a worker has 10 s for a photo.
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """All metrics of one process, in a registry of their own.

    `name` begins the name of each, so that two processes can answer one scrape.
    """

    def __init__(self, name: str = "lookalike") -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector("" if name == "lookalike" else name, registry=registry)
        if name == "lookalike":
            PlatformCollector(registry=registry)
        self._refresh: list[Callable[[], Awaitable[None]]] = []
        self._others: list[Callable[[], bytes]] = []
        self._updates = Counter(
            f"{name}_updates", "Updates taken into the journal, by kind", ["kind"], registry=registry
        )
        self._answers = Counter(f"{name}_answers", "Photos answered, by outcome", ["outcome"], registry=registry)
        self._failures = Counter(f"{name}_failures", "Failures, by what failed", ["what"], registry=registry)
        self._stages = Histogram(
            f"{name}_stage_seconds", "Time of a photo in each stage", ["stage"], registry=registry, buckets=BUCKETS_S
        )
        self._states = Gauge(f"{name}_state", "Present value of a state, by name", ["what"], registry=registry)
        self._gallery = Info(f"{name}_gallery", "The index in use", registry=registry)

    def update(self, kind: str) -> None:
        """Count an update that is in the journal."""
        self._updates.labels(kind).inc()

    def answer(self, outcome: str) -> None:
        """Count an answered photo: `match`, or the reason of its refusal."""
        self._answers.labels(outcome).inc()

    def failure(self, what: str) -> None:
        """Count a failure: `poll`, `update`, `index`, …."""
        self._failures.labels(what).inc()

    def observe(self, stage: str, seconds: float) -> None:
        """Add the time of one photo in one stage."""
        self._stages.labels(stage).observe(seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block, unless it raises."""
        began = time.perf_counter()
        yield
        self.observe(name, time.perf_counter() - began)

    def states(self, **values: float) -> None:
        """Set states by name."""
        for name, value in values.items():
            self._states.labels(name).set(value)

    def gallery(self, **facts: str) -> None:
        """Set the facts about the index in use."""
        self._gallery.info(facts)

    def before_scrape(self, refresh: Callable[[], Awaitable[None]]) -> None:
        """Call `refresh` before each scrape, to bring states up to date."""
        self._refresh.append(refresh)

    def append(self, other: Callable[[], bytes]) -> None:
        """Add what `other` returns to each scrape: the metrics of another process, under another name."""
        self._others.append(other)

    async def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        for refresh in self._refresh:
            await refresh()
        return b"".join([generate_latest(self.registry), *(other() for other in self._others)])
