"""What the tests of a whole run share: a small Wikimedia of 3 people with 3 photos each, and the command."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.wikimedia.collect_runner import CollectRunner
from tests.support.wikimedia.data import WikimediaData, small_data
from tests.support.wikimedia.server import WikimediaStandIn


@pytest.fixture
def data() -> WikimediaData:
    return small_data(people=3, photos=3)


@pytest.fixture
async def runner(data: WikimediaData, tmp_path: Path) -> AsyncIterator[CollectRunner]:
    async with WikimediaStandIn(data) as server:
        yield CollectRunner(tmp_path, server)
