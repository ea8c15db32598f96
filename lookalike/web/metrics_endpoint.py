"""GET /metrics: the process's metrics as Prometheus scrapes them."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lookalike.core.metrics import CONTENT_TYPE, Metrics


def build_metrics_app(metrics: Metrics) -> Starlette:
    """The application that is served on METRICS_LISTEN."""

    async def scrape(request: Request) -> Response:
        return Response(await metrics.text(), media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/metrics", scrape)])
