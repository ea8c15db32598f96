"""A small gallery, and its page over a matcher that finds green faces (tests/support/web/page.py); portraits."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face
from lookalike.gallery.gallery import Gallery
from lookalike.web.app import build_app
from tests.support.web.page import find_green, make_gallery, serving
from tests.support.web.portraits import Home, portrait_gallery


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def gallery(home: Path) -> Gallery:
    return make_gallery(home)


@pytest.fixture
def app(gallery: Gallery, home: Path) -> Starlette:
    return build_app(find_green, lambda: gallery, home / "photos")


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(app) as client:
        yield client


@pytest.fixture(scope="module")
def face(faces: FaceFinder, astronaut: bytes) -> Face:
    found = faces.find(astronaut)
    assert isinstance(found, tuple)
    return found[0]


@pytest.fixture(scope="module")
def portraits(tmp_path_factory: pytest.TempPathFactory, astronaut: bytes, face: Face) -> Home:
    return portrait_gallery(tmp_path_factory.mktemp("portraits"), astronaut, face)
