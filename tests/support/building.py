"""A workspace for builds: photos of a few people, a place for their index, and real models that run in this process.

A pytest plugin: `workspace` has an index from a first build, `empty_workspace` nothing yet, `inspected` lists the
photos that were inspected.
"""

import contextlib
import csv
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from build_index import main
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import MeasuredFace, Refusal
from lookalike.gallery.gallery import Gallery
from lookalike.indexing import build
from tests.conftest import copy_people

PEOPLE = ["Al_Gore", "Alejandro_Toledo", "Amelie_Mauresmo"]
HOUR_NS = 3_600_000_000_000
NOBODY = 65534  # user id without rights


def settle(*photos: Path) -> None:
    """Make photos an hour older, so that their size and time of modification are trusted."""
    for photo in photos:
        then_ns = photo.stat().st_mtime_ns - HOUR_NS
        os.utime(photo, ns=(then_ns, then_ns))


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Without root's right to read and write everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """An empty directory that every user can read and write, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)
        for folder in Path(name).rglob("*/"):
            folder.chmod(0o700)


class BuildWorkspace:
    """A photos directory of three people with two photos each, and a place for the index."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.photos = directory / "photos"
        self.out = directory / "index"
        self.cache = directory / "index.embeddings"
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
        """All files of the index directory."""
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    def names(self) -> list[str]:
        """What lies in the workspace."""
        return sorted(path.name for path in self.directory.iterdir())

    def cached(self) -> int:
        """Photos in the embedding cache."""
        with contextlib.closing(sqlite3.connect(self.cache)) as database:
            return int(database.execute("SELECT count(*) FROM faces").fetchone()[0])


@pytest.fixture(scope="session")
def built(shared_faces: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> BuildWorkspace:
    """An index that was built once; tests take a copy."""
    workspace = BuildWorkspace(tmp_path_factory.mktemp("built"))
    copy_people(shared_faces, PEOPLE, workspace.photos, at_most=2)
    settle(*workspace.photos.rglob("*.jpg"))
    assert workspace.build() == 0
    return workspace


@pytest.fixture
def inspected(faces: FaceFinder, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The photos that were inspected, by the real models in this process: workers take a second to start."""
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

    monkeypatch.setattr(build, "WorkerPool", InProcess)
    return photos


@pytest.fixture
def workspace(built: BuildWorkspace, tmp_path: Path, inspected: list[bytes]) -> BuildWorkspace:
    """Three people, and their index from a first build."""
    shutil.copytree(built.directory, tmp_path / "workspace")
    return BuildWorkspace(tmp_path / "workspace")


@pytest.fixture
def empty_workspace(tmp_path: Path, inspected: list[bytes]) -> BuildWorkspace:
    """No photos, no index."""
    workspace = BuildWorkspace(tmp_path)
    workspace.photos.mkdir()
    return workspace
