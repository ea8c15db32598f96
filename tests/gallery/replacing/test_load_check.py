"""Loading an index in a child process: whatever is in its files, it is refused with a reason, and we go on."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lookalike.core import child_process
from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH, MANIFEST
from lookalike.gallery.replacing import load_check
from lookalike.gallery.replacing.load_check import check_load
from lookalike.gallery.vector_index import Floats, HnswIndex, HnswParameters, Ids
from tests.conftest import ROOT, SmallIndex
from tests.support.damaged_index import edit_manifest, sign
from tests.support.pools import TOKEN, until

FLIPS = 200
HEADER = range(16, 48, 4)  # words of nmslib's header that it does not check (gallery/graph_file.py)


@pytest.fixture
def index(small_index: SmallIndex, tmp_path: Path) -> Path:
    """A copy of the small index, to be damaged."""
    return small_index.copy(tmp_path / "index")


async def refusal(index: Path) -> str:
    with pytest.raises(IndexRefused) as refused:
        await check_load(index)
    text = str(refused.value)
    assert str(index) in text
    assert "\n" not in text
    return text


def written(index: Path) -> dict[str, int]:
    """When each file was written."""
    return {path.name: path.stat().st_mtime_ns for path in index.iterdir()}


# A usable index.


async def test_a_good_index_passes(small_index: SmallIndex) -> None:
    await check_load(small_index.directory)


async def test_a_check_leaves_no_process_and_changes_nothing(index: Path) -> None:
    before = written(index)
    await check_load(index)

    assert written(index) == before
    assert children(index) == set()


# What the manifest shows to be wrong: nmslib reads nothing of it.


@pytest.mark.parametrize("name", [CELEBRITIES, EMBEDDINGS, GRAPH])
def test_two_hundred_flipped_bits_are_two_hundred_refusals(index: Path, name: str) -> None:
    whole, choice = (index / name).read_bytes(), random.Random(name)
    for _ in range(FLIPS):
        damaged, at = bytearray(whole), choice.randrange(8 * len(whole))
        damaged[at // 8] ^= 1 << at % 8
        (index / name).write_bytes(damaged)

        with pytest.raises(IndexRefused, match=name):
            Gallery.load(index)


@pytest.mark.parametrize(
    ("key", "value"),
    [("dimension", 64), ("recipe", "another"), ("model_sha256", "0" * 64), ("metric", "cosine"), ("format_version", 9)],
)
async def test_an_index_made_otherwise_is_refused(index: Path, key: str, value: object) -> None:
    edit_manifest(index, lambda manifest: manifest.update({key: value}))

    assert key in await refusal(index)


@pytest.mark.parametrize("name", [MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH])
async def test_a_missing_file_is_refused(index: Path, name: str) -> None:
    (index / name).unlink()

    assert name in await refusal(index)


@pytest.mark.parametrize("name", [MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH])
async def test_an_empty_file_is_refused(index: Path, name: str) -> None:
    (index / name).write_bytes(b"")

    assert name in await refusal(index)


async def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no index" in await refusal(tmp_path / "nowhere")


# What the manifest says to be right: only the child can tell.


@pytest.mark.parametrize("at", HEADER)
async def test_a_graph_that_crashes_its_reader_crashes_the_child_alone(index: Path, at: int) -> None:
    damaged = bytearray((index / GRAPH).read_bytes())
    damaged[at : at + 4] = b"\xff\xff\xff\x7f"
    (index / GRAPH).write_bytes(damaged)
    sign(index)

    assert "when it is loaded (SIG" in (text := await refusal(index)) or "cannot be loaded" in text


@pytest.mark.parametrize("share", [0, 0.01, 0.25, 0.5, 0.9, 0.98, 0.99, 0.9999])
async def test_a_graph_that_was_cut_off_before_it_was_signed_is_refused(index: Path, share: float) -> None:
    whole = (index / GRAPH).read_bytes()
    (index / GRAPH).write_bytes(whole[: int(share * len(whole))])
    sign(index)

    await refusal(index)


@pytest.mark.parametrize("name", [CELEBRITIES, EMBEDDINGS, GRAPH])
async def test_noise_is_refused(index: Path, name: str) -> None:
    size = (index / name).stat().st_size
    (index / name).write_bytes(random.Random(7).randbytes(size))
    sign(index)

    await refusal(index)


async def test_a_graph_of_another_width_is_refused(index: Path) -> None:
    with np.load(index / EMBEDDINGS) as arrays:
        narrow = np.ascontiguousarray(arrays["centroids"][:, :64])
    HnswIndex.build(narrow, HnswParameters()).save(index / GRAPH)
    sign(index)

    await refusal(index)


class EmptyIndex:
    """An index that finds nothing."""

    def nearest(self, queries: Floats, k: int) -> tuple[Ids, Floats]:
        return np.full((1, k), -1), np.full((1, k), np.inf, np.float32)


def test_a_gallery_that_finds_no_celebrity_is_refused(small_gallery: Gallery) -> None:
    load_check.check(small_gallery, Path("index"))
    with pytest.raises(IndexRefused, match="index: finds no celebrity"):
        load_check.check(replace(small_gallery, index=EmptyIndex()), Path("index"))


# The child itself.


def children(index: Path) -> set[int]:
    """The living child processes of this one that load the index."""
    found = set()
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdigit() and os.fsencode(index) in (process / "cmdline").read_bytes():
                state, ppid = (process / "stat").read_text().rpartition(")")[2].split()[:2]
                if int(ppid) == os.getpid() and state != "Z":
                    found.add(int(process.name))
    return found


def replace_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Have another program run in place of the check."""
    program = tmp_path / "child.py"
    program.write_text("\n".join(("import sys", f"sys.path.insert(0, {str(ROOT)!r})", *lines)))
    monkeypatch.setattr(child_process, "RUN_MODULE", (sys.executable,))
    monkeypatch.setattr(load_check, "PROGRAM", str(program))


async def test_a_load_that_never_ends_is_ended(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_child(tmp_path, monkeypatch, "import time", "time.sleep(3600)")
    monkeypatch.setattr(load_check, "MIN_TIMEOUT_S", 0.0)

    assert "takes too long" in await refusal(index)
    assert children(index) == set()


async def test_a_caller_that_is_cancelled_leaves_no_child(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_child(tmp_path, monkeypatch, "import time", "time.sleep(3600)")
    task = asyncio.create_task(check_load(index))
    await until(lambda: children(index) != set())
    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert children(index) == set()


async def test_a_child_that_is_killed_is_a_refusal(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the kernel, say, because memory is short."""
    replace_child(tmp_path, monkeypatch, "import os", f"os.kill(os.getpid(), {int(signal.SIGKILL)})")

    assert "SIGKILL" in await refusal(index)


async def test_a_child_has_no_secret_and_leaves_no_core_dump(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    replace_child(
        tmp_path, monkeypatch,
        "import os, resource", "from lookalike.gallery.replacing import load_check", "load_check.main()",
        "print(sys.argv[1], sorted(os.environ), resource.getrlimit(resource.RLIMIT_CORE)[0])",
        "sys.exit(load_check.REFUSED)",
    )  # fmt: skip
    printed = await refusal(index)

    assert "TELEGRAM_TOKEN" not in printed
    assert printed.endswith("'PATH', 'PYTHONPATH'] 0")
