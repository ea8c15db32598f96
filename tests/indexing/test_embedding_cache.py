"""The embedding cache: what was kept is found again, by one process at a time, and what was erased is gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lookalike.core.errors import BuildRunning
from lookalike.faces.types import EMBEDDING_SIZE, MEASURES, MeasuredFace, Reason, Refusal
from lookalike.indexing import embedding_cache
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache
from tests.support.building import unprivileged

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[2]
KEEPS_AND_DIES = """
import os, signal, sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from lookalike.faces.types import Reason, Refusal
from lookalike.indexing.embedding_cache import EmbeddingCache
cache = EmbeddingCache(Path(sys.argv[2]))
for number in range(100):
    cache.keep(bytes([number]) * 20, Refusal(Reason.NO_FACE))
    cache.keep_file(bytes([number]) * 16, bytes([number]) * 20)
os.kill(os.getpid(), signal.SIGKILL)
"""


def sha1(number: int) -> bytes:
    return bytes(np.random.default_rng(number).integers(0, 256, 20, np.uint8))


def face(number: int) -> MeasuredFace:
    """A face with an embedding and measures of its own."""
    random = np.random.default_rng(number)
    measures: dict[str, Any] = {name: float(random.random()) for name in MEASURES} | {"faces": number % 3 + 1}
    eyes = (number + 0.25, number + 0.5, number + 50.0, number + 0.75)
    embedding = random.standard_normal(EMBEDDING_SIZE).astype(np.float32)
    return MeasuredFace(embedding, (number, number + 1, number + 100, number + 110), eyes, **measures)


def keep_many(cache: EmbeddingCache, count: int) -> None:
    for number in range(count):
        cache.keep(sha1(number), face(number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_what_was_kept_is_found_now_and_later(path: Path) -> None:
    """Bit for bit: a build that goes on gives the same index as one that was never interrupted."""
    with EmbeddingCache(path) as cache:
        kept = [cache.keep(sha1(number), face(number)) for number in range(5)]
        assert [cache.find(sha1(number)) for number in range(5)] == kept
        assert cache.find(sha1(7)).row == NONE
    with EmbeddingCache(path) as cache:
        assert len(cache) == 5
        found = cache.photos(np.array([hit.row for hit in kept])[::-1])

    for photo, number in zip(found, range(4, -1, -1), strict=True):
        assert isinstance(photo.face, MeasuredFace)
        assert (photo.sha1, photo.face.measures) == (sha1(number).hex(), face(number).measures)
        assert photo.face.embedding.tobytes() == face(number).embedding.tobytes()


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_kept_in_place_of_a_face(path: Path, reason: Reason) -> None:
    with EmbeddingCache(path) as cache:
        hit = cache.keep(sha1(1), Refusal(reason))

        assert (hit.has_face, cache.find(sha1(1)).has_face) == (False, False)
        assert [photo.face for photo in cache.photos(np.array([hit.row]))] == [reason]


def test_a_file_leads_to_its_photo(path: Path) -> None:
    with EmbeddingCache(path) as cache:
        cache.keep_file(b"known", sha1(1))
        assert cache.find_file(b"known").row == NONE  # the photo is not there yet
        hit = cache.keep(sha1(1), face(1))

        assert cache.find_file(b"known") == hit
        assert cache.find_file(b"unknown").row == NONE


def test_a_killed_process_loses_nothing(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KEEPS_AND_DIES, str(ROOT), str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL

    with EmbeddingCache(path) as cache:
        assert len(cache) == 100
        assert all(cache.find_file(bytes([number]) * 16).row != NONE for number in range(100))


@pytest.mark.parametrize("content", [b"", b"short", bytes(5000), b"SQLite format 3\0" + bytes(5000)])
def test_a_file_in_another_format_is_made_anew(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with EmbeddingCache(path) as cache:
        assert len(cache) == 0
        cache.keep(sha1(1), face(1))


def test_a_cache_of_other_measures_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddingCache(path) as cache:
        cache.keep(sha1(1), face(1))
    monkeypatch.setattr(embedding_cache, "MEASURES_VERSION", embedding_cache.MEASURES_VERSION + 1)

    with EmbeddingCache(path) as cache:
        assert cache.find(sha1(1)).row == NONE


def test_an_erased_photo_is_gone_from_the_disk(path: Path) -> None:
    with EmbeddingCache(path) as cache:
        for number in range(50):
            cache.keep(sha1(number), face(number))
            cache.keep_file(bytes([number]) * 16, sha1(number))
        assert cache.erase([sha1(4), sha1(99)]) == 1
        files = [file.read_bytes() for file in path.parent.iterdir()]
        assert not any(sha1(4) in data or face(4).embedding.tobytes() in data for data in files)
        assert any(face(5).embedding.tobytes() in data for data in files)
        assert cache.find_file(bytes([4]) * 16).row == NONE
        assert len(cache) == 49


def test_only_one_process_has_the_cache(path: Path) -> None:
    with EmbeddingCache(path), pytest.raises(BuildRunning, match="cache"):
        EmbeddingCache(path)
    EmbeddingCache(path).close()


def test_a_full_disk_is_an_error_and_the_cache_stays_whole(path: Path) -> None:
    with EmbeddingCache(path) as cache:
        cache.keep(sha1(1), face(1))
        cache._execute("PRAGMA max_page_count = 10")  # stands for a full disk
        with pytest.raises(OSError, match="full"):
            keep_many(cache, 1000)
    with EmbeddingCache(path) as cache:
        assert cache.find(sha1(1)).row != NONE


def test_a_cache_that_cannot_be_opened_is_an_error(open_directory: Path) -> None:
    open_directory.chmod(0o755)
    with unprivileged(), pytest.raises(OSError, match="cache"):
        EmbeddingCache(open_directory / "cache")


def test_a_damaged_cache_says_what_to_do(path: Path) -> None:
    with EmbeddingCache(path) as cache:
        keep_many(cache, 200)
    data = bytearray(path.read_bytes())
    data[8192:] = os.urandom(len(data) - 8192)
    path.write_bytes(data)

    with EmbeddingCache(path) as cache, pytest.raises(OSError, match="is damaged") as damaged:
        [cache.find(sha1(number)) for number in range(200)]
    assert "delete it" in str(damaged.value)
