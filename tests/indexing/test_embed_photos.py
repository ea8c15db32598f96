"""Photo files -> rows of the cache: each photo is read and inspected once, in whatever order results come."""

import asyncio
import gc
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lookalike.core.errors import ModelError, WorkerDied
from lookalike.faces.types import EMBEDDING_SIZE, MEASURES, MeasuredFace, Reason, Refusal
from lookalike.indexing import embed_photos as embedding
from lookalike.indexing.embed_photos import EmbeddedPhotos, embed_photos
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache
from tests.support.building import settle, unprivileged

pytestmark = pytest.mark.fast


def found_in(photo: bytes) -> MeasuredFace | Refusal:
    """What is in a photo is its text: `7` a face whose numbers are all 7, a word the reason why there is none."""
    if not photo.isdigit():
        return Refusal(Reason(photo.decode()))
    measures: dict[str, Any] = dict.fromkeys(MEASURES, int(photo))
    return MeasuredFace(np.full(EMBEDDING_SIZE, int(photo), np.float32), (0, 0, 1, 1), (0.0, 0.0, 1.0, 0.0), **measures)


@dataclass
class Inspector:
    """Answers in its own order: always the photo that came last, once as many wait as it takes at once."""

    size: int = 4
    inspected: list[bytes] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        self.inspected.append(photo)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        for _ in range(0 if photo.startswith(b"broken") else 1000 - len(self.inspected)):
            await asyncio.sleep(0)
        self.in_flight -= 1
        if photo == b"killer":
            raise WorkerDied("as it always does")
        if photo.startswith(b"broken"):
            raise ModelError("no model")
        return found_in(photo)


class Folder:
    """A photos directory and its embedding cache."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.photos = directory / "photos"
        self.photos.mkdir()
        self.inspector = Inspector()
        self.progress = [0, 0]

    def put(self, **photos: str) -> list[str]:
        """Write photos whose size and time of modification are trusted; their names."""
        for name, text in photos.items():
            (self.photos / name).write_text(text)
            settle(self.photos / name)
        return list(photos)

    def cache(self) -> EmbeddingCache:
        return EmbeddingCache(self.directory / "cache")

    def embed(self, files: list[str], rehash: bool = False) -> list[str]:
        """What was found in each photo: the number in it, or the reason why there is none."""
        self.inspector.inspected.clear()
        self.progress = [0, 0]

        def on_progress(done: int, without_face: int) -> None:
            self.progress[0] += done
            self.progress[1] += without_face

        with self.cache() as cache:
            run = embed_photos(files, self.photos, cache, self.inspector, rehash=rehash, on_progress=on_progress)
            return words(asyncio.run(run), cache)


def words(embedded: EmbeddedPhotos, cache: EmbeddingCache) -> list[str]:
    found = []
    for number, row in enumerate(embedded.rows):
        if row == NONE:
            found.append(embedded.failures[number])
        else:
            (photo,) = cache.photos(np.array([row]))
            found.append(photo.face if isinstance(photo.face, str) else f"{photo.face.embedding[127]:g}")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_results_are_in_the_order_of_the_photos_whichever_comes_first(folder: Folder) -> None:
    photos = {f"{number}.jpg": str(number) for number in range(100)}

    assert folder.embed(folder.put(**photos)) == list(photos.values())
    assert folder.inspector.inspected != sorted(folder.inspector.inspected)


def test_few_photos_are_in_memory_at_a_time(folder: Folder) -> None:
    folder.embed(folder.put(**{f"{number}.jpg": str(number) for number in range(100)}))

    assert folder.inspector.most_in_flight == folder.inspector.size * embedding.IN_FLIGHT_PER_WORKER


def test_the_same_photo_under_many_names_is_inspected_once(folder: Folder) -> None:
    assert folder.embed(folder.put(a="7", b="7", c="8", d="7")) == ["7", "7", "8", "7"]
    assert sorted(folder.inspector.inspected) == [b"7", b"8"]


def test_a_photo_in_the_cache_is_not_even_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    files = folder.put(a="7", b="no_face")
    folder.embed(files)
    monkeypatch.setattr(embedding, "read_photo", None)

    assert folder.embed(files) == ["7", "no_face"]


def test_a_photo_with_another_time_or_size_is_read_again(folder: Folder) -> None:
    files = folder.put(a="1", b="2", c="3")
    folder.embed(files)
    settle(folder.photos / "a")
    folder.put(a="4")
    then = (folder.photos / "b").stat().st_mtime_ns
    (folder.photos / "b").write_text("55")
    os.utime(folder.photos / "b", ns=(then, then))

    assert folder.embed(files) == ["4", "55", "3"]
    assert sorted(folder.inspector.inspected) == [b"4", b"55"]


def test_a_photo_that_was_just_modified_is_read_again_next_time(folder: Folder) -> None:
    """It may be modified once more without a new time stamp."""
    file = folder.photos / "a"
    file.write_text("1")
    then = file.stat().st_mtime_ns
    folder.embed(["a"])
    file.write_text("2")
    os.utime(file, ns=(then, then))

    assert folder.embed(["a"]) == ["2"]


def test_every_file_can_be_read_again(folder: Folder) -> None:
    files = folder.put(a="1")
    then = (folder.photos / "a").stat().st_mtime_ns
    folder.embed(files)
    (folder.photos / "a").write_text("2")
    os.utime(folder.photos / "a", ns=(then, then))

    assert folder.embed(files) == ["1"]
    assert folder.embed(files, rehash=True) == ["2"]
    assert folder.embed(files) == ["2"]


def test_more_photos_than_are_reported_at_a_time(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "PROGRESS_EVERY", 7)
    photos = {f"{number}": str(number % 30) for number in range(50)}
    files = folder.put(**dict(list(photos.items())[::2]))
    folder.embed(files)
    folder.put(**photos)

    assert folder.embed(list(photos)) == list(photos.values())
    assert len(folder.inspector.inspected) == len(set(folder.inspector.inspected)) == 15
    assert folder.progress == [50, 0]


def test_progress_counts_every_photo_and_those_without_a_face(folder: Folder) -> None:
    files = [*folder.put(a="1", b="no_face", c="killer"), "missing"]
    folder.embed(files)
    assert folder.progress == [4, 3]

    folder.embed(files)
    assert folder.progress == [4, 3]


def test_a_photo_that_kills_is_a_failure_and_is_tried_again_next_time(folder: Folder) -> None:
    files = folder.put(a="killer", b="1", c="killer")

    assert folder.embed(files) == ["kills its worker", "1", "kills its worker"]
    assert folder.embed(files) == ["kills its worker", "1", "kills its worker"]
    assert set(folder.inspector.inspected) == {b"killer"}


def test_a_broken_inspector_ends_the_run_and_what_was_found_is_kept(folder: Folder) -> None:
    files = folder.put(a="1", b="broken", c="2")
    with pytest.raises(ModelError):
        folder.embed(files)
    folder.put(b="3")

    assert folder.embed(files) == ["1", "3", "2"]


def test_when_many_fail_at_once_one_error_is_raised_and_none_is_logged(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ModelError):
        folder.embed(folder.put(**{f"{number}": f"broken {number}" for number in range(20)}))

    gc.collect()  # asyncio logs an exception that nobody retrieved when its task is collected
    assert caplog.text == ""


def test_what_is_not_a_regular_file_is_unreadable(folder: Folder) -> None:
    os.mkfifo(folder.photos / "pipe")
    (folder.photos / "device").symlink_to("/dev/zero")
    (folder.photos / "link").symlink_to("nowhere")
    (folder.photos / "circle").symlink_to("circle")
    files = ["missing", "pipe", "device", "link", "circle", ".", "a\0b", "x" * 300, "x/" * 3000, "\udcff"]

    assert folder.embed(files) == ["unreadable"] * len(files)


def test_photos_that_may_not_be_read_are_unreadable(open_directory: Path) -> None:
    folder = Folder(open_directory)
    files = folder.put(private="1", open="2")
    (folder.photos / "closed").mkdir()
    (folder.photos / "closed" / "1").write_text("3")
    (folder.photos / "private").chmod(0)
    (folder.photos / "closed").chmod(0)
    with folder.cache() as cache, unprivileged():
        embedded = asyncio.run(embed_photos([*files, "closed/1"], folder.photos, cache, folder.inspector))
        found = words(embedded, cache)

    assert found == ["unreadable", "2", "unreadable"]
