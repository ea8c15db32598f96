"""What can be measured of a running bot, for Prometheus, at /metrics: the only file that knows prometheus_client.

Counters and times are told as things happen; everything that is a state (queues, workers, polling age) is asked for
when somebody scrapes. Nothing here names a person, a chat or a file.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# Seconds; an idle bot answers in 0.07 s (README, "Under load"), a worker has 10 s for a photo.
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """All numbers of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._refresh: list[Callable[[], Awaitable[None]]] = []
        self._updates = Counter(
            "lookalike_updates", "Updates taken into the journal, by kind", ["kind"], registry=self.registry
        )
        self._answers = Counter("lookalike_answers", "Photos answered, by outcome", ["outcome"], registry=self.registry)
        self._failures = Counter(
            "lookalike_failures", "Things that went wrong, by what", ["what"], registry=self.registry
        )
        self._stages = Histogram(
            "lookalike_stage_seconds", "Time of a photo in each stage", ["stage"], registry=self.registry,
            buckets=BUCKETS_S,
        )  # fmt: skip
        self._states = Gauge("lookalike_state", "How much there is of something, now", ["what"], registry=self.registry)
        self._gallery = Info("lookalike_gallery", "The index in use", registry=self.registry)

    def update(self, kind: str) -> None:
        """An update is in the journal."""
        self._updates.labels(kind).inc()

    def answer(self, outcome: str) -> None:
        """A photo was answered: `match`, or the reason why not."""
        self._answers.labels(outcome).inc()

    def failure(self, what: str) -> None:
        """Something went wrong: `poll`, `update`, `buried`, …."""
        self._failures.labels(what).inc()

    def took(self, stage: str, seconds: float) -> None:
        """A stage of a photo took so long."""
        self._stages.labels(stage).observe(seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside, if it succeeds."""
        began = time.perf_counter()
        yield
        self.took(name, time.perf_counter() - began)

    def states(self, **values: float) -> None:
        """Set states by name."""
        for name, value in values.items():
            self._states.labels(name).set(value)

    def gallery(self, **facts: str) -> None:
        """Say which index answers."""
        self._gallery.info(facts)

    def refreshed_by(self, refresh: Callable[[], Awaitable[None]]) -> None:
        """Call this before each scrape, to bring states up to date."""
        self._refresh.append(refresh)

    async def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        for refresh in self._refresh:
            await refresh()
        return generate_latest(self.registry)


def build_metrics_app(metrics: Metrics) -> Starlette:
    """GET /metrics."""

    async def scrape(request: Request) -> Response:
        return Response(await metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/metrics", scrape)])
