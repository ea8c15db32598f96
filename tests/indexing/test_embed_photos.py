"""Photo files -> portraits: each photo is read and inspected once, in whatever order the answers come."""

import asyncio
import contextlib
import gc
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lookalike.core.errors import ModelError, WorkerDied
from lookalike.faces.types import EMBEDDING_SIZE, Embedding, MeasuredFace, Reason, Refusal
from lookalike.indexing import embed_photos as embedding
from lookalike.indexing.embed_photos import MEASURES, Embedded, EmbeddingStore, Hashes, embed
from lookalike.indexing.embedding_cache import NONE
from tests.support.building import nobody, settle

pytestmark = pytest.mark.fast


def portrait_of(photo: bytes) -> MeasuredFace | Refusal:
    """A photo says itself what is in it: `7` a portrait whose numbers are all 7, a word the reason why none."""
    if not photo.isdigit():
        return Refusal(Reason(photo.decode()))
    return portrait(np.full(EMBEDDING_SIZE, int(photo), np.float32), float(photo))


def portrait(embedding: Embedding, measure: float) -> MeasuredFace:
    """A portrait all measures of which are that number."""
    measures: dict[str, Any] = {one.name: int(measure) if one.type == "int" else measure for one in MEASURES}
    return MeasuredFace(embedding, **measures)


@dataclass
class Inspector:
    """Answers in an order of its own: always the photo that came last, once as many wait as it takes at once."""

    size: int = 4
    asked: list[bytes] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        self.asked.append(photo)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        for _ in range(0 if photo.startswith(b"broken") else 1000 - len(self.asked)):
            await asyncio.sleep(0)
        self.in_flight -= 1
        if photo == b"killer":
            raise WorkerDied("as it always does")
        if photo.startswith(b"broken"):
            raise ModelError("no model")
        return portrait_of(photo)


class Folder:
    """A photos directory and what is kept of it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.photos = directory / "photos"
        self.photos.mkdir()
        self.inspector = Inspector()
        self.progress = [0, 0]

    def put(self, **photos: str) -> list[str]:
        """Write photos that will not change any more; their names."""
        for name, text in photos.items():
            (self.photos / name).write_text(text)
            settle(self.photos / name)
        return list(photos)

    @contextlib.contextmanager
    def opened(self) -> Iterator[tuple[EmbeddingStore, Hashes]]:
        with EmbeddingStore(self.directory / "store") as store, Hashes(self.directory / "hashes") as hashes:
            yield store, hashes

    def embed(self, files: list[str], rehash: bool = False) -> list[str]:
        """What was found in each photo: the number in it, or the reason why there is none."""
        self.inspector.asked.clear()
        self.progress = [0, 0]

        def seen(done: int, rejected: int) -> None:
            self.progress[0] += done
            self.progress[1] += rejected

        with self.opened() as (store, hashes):
            run = embed(files, self.photos, store, hashes, self.inspector, rehash=rehash, seen=seen)
            return words(asyncio.run(run), store)


def words(embedded: Embedded, store: EmbeddingStore) -> list[str]:
    said = []
    for number, row in enumerate(embedded.rows):
        if row == NONE:
            said.append(embedded.failures[number])
        else:
            (found,) = store.found(np.array([row]))
            said.append(found.portrait if isinstance(found.portrait, str) else f"{found.portrait.embedding[127]:g}")
    return said


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_the_order_is_that_of_the_photos_whoever_answers_first(folder: Folder) -> None:
    photos = {f"{number}.jpg": str(number) for number in range(100)}

    assert folder.embed(folder.put(**photos)) == list(photos.values())
    assert folder.inspector.asked != sorted(folder.inspector.asked)


def test_a_few_photos_are_in_memory_at_a_time(folder: Folder) -> None:
    folder.embed(folder.put(**{f"{number}.jpg": str(number) for number in range(100)}))

    assert folder.inspector.most_in_flight == folder.inspector.size * embedding.IN_FLIGHT_PER_WORKER


def test_what_is_kept_is_what_was_found(folder: Folder) -> None:
    """Bit for bit in the embedding: a build that goes on gives the same index as one that never stopped."""
    random = np.random.default_rng(1)
    found = portrait(random.standard_normal(EMBEDDING_SIZE).astype(np.float32), float(np.float32(random.random())))
    with folder.opened() as (store, _):
        row = store.keep(bytes(range(20)), found)
    with folder.opened() as (store, _):
        (again,) = store.found(np.array([row]))

    assert again.sha1 == bytes(range(20)).hex()
    assert isinstance(again.portrait, MeasuredFace)
    assert again.portrait.measures == found.measures
    assert again.portrait.embedding.tobytes() == found.embedding.tobytes()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_fits_into_a_record(folder: Folder, reason: Reason) -> None:
    with folder.opened() as (store, _):
        row = store.keep(bytes(20), Refusal(reason))
        assert store.found(np.array([row]))[0].portrait == reason


def test_the_same_photo_under_many_names_is_inspected_once(folder: Folder) -> None:
    assert folder.embed(folder.put(a="7", b="7", c="8", d="7")) == ["7", "7", "8", "7"]
    assert sorted(folder.inspector.asked) == [b"7", b"8"]


def test_a_photo_that_was_seen_is_not_even_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert sorted(folder.inspector.asked) == [b"4", b"55"]


def test_a_photo_that_has_just_changed_is_not_trusted_next_time(folder: Folder) -> None:
    """It may change once more within the same time stamp."""
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


def test_more_photos_than_are_looked_up_at_a_time(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "LOOKED_UP", 7)
    photos = {f"{number}": str(number % 30) for number in range(50)}
    files = folder.put(**dict(list(photos.items())[::2]))
    folder.embed(files)
    folder.put(**photos)

    assert folder.embed(list(photos)) == list(photos.values())
    assert len(folder.inspector.asked) == len(set(folder.inspector.asked)) == 15


def test_progress_counts_every_photo_and_those_without_a_portrait(folder: Folder) -> None:
    files = [*folder.put(a="1", b="no_face", c="killer"), "missing"]
    folder.embed(files)
    assert folder.progress == [4, 3]

    folder.embed(files)
    assert folder.progress == [4, 3]


def test_a_photo_that_kills_is_a_failure_and_is_tried_again_next_time(folder: Folder) -> None:
    files = folder.put(a="killer", b="1", c="killer")

    assert folder.embed(files) == ["kills its worker", "1", "kills its worker"]
    assert folder.embed(files) == ["kills its worker", "1", "kills its worker"]
    assert set(folder.inspector.asked) == {b"killer"}


def test_a_broken_inspector_ends_the_run_and_what_was_found_is_kept(folder: Folder) -> None:
    files = folder.put(a="1", b="broken", c="2")
    with pytest.raises(ModelError):
        folder.embed(files)
    folder.put(b="3")

    assert folder.embed(files) == ["1", "3", "2"]


def test_when_many_fail_at_once_one_is_told_and_the_others_are_silent(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ModelError):
        folder.embed(folder.put(**{f"{number}": f"broken {number}" for number in range(20)}))

    gc.collect()  # asyncio complains of an exception that nobody asked for when its task goes
    assert caplog.text == ""


def test_what_is_no_readable_file_is_unreadable(folder: Folder) -> None:
    os.mkfifo(folder.photos / "pipe")
    (folder.photos / "device").symlink_to("/dev/zero")
    (folder.photos / "link").symlink_to("nowhere")
    (folder.photos / "circle").symlink_to("circle")
    files = ["missing", "pipe", "device", "link", "circle", ".", "a\0b", "x" * 300, "x/" * 3000, "\udcff"]

    assert folder.embed(files) == ["unreadable"] * len(files)


def test_photos_that_we_may_not_read_are_unreadable(open_directory: Path) -> None:
    folder = Folder(open_directory)
    files = folder.put(private="1", open="2")
    (folder.photos / "closed").mkdir()
    (folder.photos / "closed" / "1").write_text("3")
    (folder.photos / "private").chmod(0)
    (folder.photos / "closed").chmod(0)
    with folder.opened() as (store, hashes), nobody():
        said = words(asyncio.run(embed([*files, "closed/1"], folder.photos, store, hashes, folder.inspector)), store)

    assert said == ["unreadable", "2", "unreadable"]


def test_a_store_of_other_measures_is_made_anew(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.embed(folder.put(a="1"))
    monkeypatch.setattr(embedding, "MEASURES_VERSION", embedding.MEASURES_VERSION + 1)

    folder.embed(["a"])
    assert folder.inspector.asked == [b"1"]
