"""A gallery of stars with well-known names, and the page over it with and without a model of ratings."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from lookalike.gallery.gallery import Gallery
from lookalike.taste.taste_model import TasteModel
from lookalike.web.app import build_app
from lookalike.web.visitors import Visitors
from tests.support.web.page import find_green, serving
from tests.support.web.stars import star_gallery, taste_of_two_camps

MANY = 10_000  # questions a minute


@pytest.fixture(scope="package")
def stars_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stars")


@pytest.fixture(scope="package")
def stars(stars_home: Path) -> Gallery:
    return star_gallery(stars_home)


@pytest.fixture(scope="package")
def model() -> TasteModel:
    return taste_of_two_camps()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def without_model(stars: Gallery, stars_home: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(find_green, lambda: stars, stars_home / "photos", askers=Visitors(MANY))
    async with serving(app) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def with_model(stars: Gallery, stars_home: Path, model: TasteModel) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(find_green, lambda: stars, stars_home / "photos", askers=Visitors(MANY), take_model=lambda: model)
    async with serving(app) as client:
        yield client
