"""The page over one real worker, for the tests of a module."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from lookalike.web.app import build_app
from lookalike.web.visitors import Visitors
from lookalike.workers.pool import WorkerPool
from tests.support.web.page import serving
from tests.support.web.portraits import Home

MANY = 10_000  # photos a minute


@pytest_asyncio.fixture(loop_scope="module")
async def studio(single: WorkerPool, portraits: Home) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the page over a real worker."""
    app = build_app(
        single.find, lambda: portraits.gallery, portraits.photos, visitors=Visitors(MANY), draws=single
    )  # fmt: skip
    async with serving(app) as client:
        yield client
