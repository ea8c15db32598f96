"""A house for builds: photos of a few people, a place for their index, and real models that answer in this process.

A pytest plugin: `house` has an index from a first run, `empty_house` nothing yet, `asked` holds what is inspected.
"""

import contextlib
import csv
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

import build_index
from build_index import main
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MeasuredFace, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.indexing.embed_photos import EmbeddingStore
from lookalike.indexing.embedding_cache import HEADER_BYTES
from tests.conftest import copy_people

PEOPLE = ["Al_Gore", "Alejandro_Toledo", "Amelie_Mauresmo"]
HOUR_NS = 3_600_000_000_000
RECORD_BYTES = EmbeddingStore.RECORD.itemsize


def settle(*photos: Path) -> None:
    """Make photos an hour older: they will hardly change within the same time stamp any more."""
    for photo in photos:
        then_ns = photo.stat().st_mtime_ns - HOUR_NS
        os.utime(photo, ns=(then_ns, then_ns))


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Root may read everything, so root is nobody meanwhile."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """An empty directory that everybody can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)
        for folder in Path(name).rglob("*/"):
            folder.chmod(0o700)


class Runtime:
    """A photos directory of three people with two photos each, and a place for the index."""

    def __init__(self, directory: Path) -> None:
        self.photos = directory / "photos"
        self.out = directory / "index"
        self.store = directory / "index.embeddings"
        self.hashes = directory / "index.hashes"
        self.catalogue = directory / "people.jsonl"

    def build(self, *arguments: str) -> int:
        return main(["--photos", str(self.photos), "--out", str(self.out), "--workers", "1", *arguments])

    def with_catalogue(self, *lines: dict[str, Any]) -> list[str]:
        self.catalogue.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return ["--catalog", str(self.catalogue)]

    def rejects(self) -> set[tuple[str, str, str]]:
        with (self.out / "rejects.csv").open(encoding="utf-8", newline="") as file:
            return {(row["celebrity"], row["photo"], row["reason"]) for row in csv.DictReader(file)}

    def people(self) -> dict[str, list[str]]:
        """Ids in the index and the photos of each."""
        return {one.id: [photo.file for photo in one.photos] for one in Gallery.load(self.out).celebrities}

    def bytes(self) -> dict[str, bytes]:
        """All there is in the index directory."""
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    def records(self) -> int:
        records, rest = divmod(self.store.stat().st_size - HEADER_BYTES, RECORD_BYTES)
        assert rest == 0
        return records


@pytest.fixture(scope="session")
def built(shared_faces: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """An index that was built once; tests take a copy."""
    house = Runtime(tmp_path_factory.mktemp("built"))
    copy_people(shared_faces, PEOPLE, house.photos, at_most=2)
    settle(*house.photos.rglob("*.jpg"))
    assert house.build() == 0
    return house


@pytest.fixture
def asked(faces: FaceFinder, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The photos whose faces are asked for; the real models answer in this process: workers take a second to start."""
    photos: list[bytes] = []

    class InProcess:
        size = 1

        def __init__(self, _: int | None) -> None:
            pass

        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

        async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
            photos.append(photo)
            return faces.inspect(photo)

    monkeypatch.setattr(build_index, "WorkerPool", InProcess)
    return photos


@pytest.fixture
def house(built: Runtime, tmp_path: Path, asked: list[bytes]) -> Runtime:
    """Three people, and their index from a first run."""
    shutil.copytree(built.photos.parent, tmp_path / "house")
    return Runtime(tmp_path / "house")


@pytest.fixture
def empty_house(tmp_path: Path, asked: list[bytes]) -> Runtime:
    """No photos, no index."""
    house = Runtime(tmp_path)
    house.photos.mkdir()
    return house
