"""Indexes of made-up celebrities that are brought up to date as large ones are."""

from pathlib import Path

import pytest

from lookalike.gallery import gallery
from lookalike.indexing import index_writer
from tests.support.crowds import LARGE, crowd, written


@pytest.fixture
def _as_if_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of so few celebrities would be built anew and searched exactly."""
    monkeypatch.setattr(index_writer, "REBUILD_BELOW", 2)
    monkeypatch.setattr(gallery, "EXACT_BELOW", 0)


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the first LARGE celebrities."""
    directory = tmp_path_factory.mktemp("before") / "index"
    written(crowd(range(LARGE)), directory)
    return directory
