"""The file of a graph: the same input gives the same bytes in any process, and nothing of the process's memory."""

import ctypes
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.gallery.graph_file import HEADER, read_graph, stored_vectors
from lookalike.gallery.vector_index import Floats, HnswIndex, HnswParameters
from tests.conftest import ROOT

ROWS, DIMENSION = 1_500, 32  # enough for three levels
PARAMETERS = HnswParameters()
# Builds and saves a graph after filling the freed memory of this process with a pattern.
BUILD = """
import sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from tests.gallery.search.test_graph_file import fill_freed_memory, vectors
from lookalike.gallery.vector_index import HnswIndex, HnswParameters
fill_freed_memory(int(sys.argv[3]))
HnswIndex.build(vectors(), HnswParameters()).save(Path(sys.argv[2]))
"""


def vectors() -> Floats:
    return np.random.default_rng(91).normal(0, 0.1, (ROWS, DIMENSION)).astype(np.float32)


def fill_freed_memory(byte: int) -> None:
    """Leave a pattern in memory that malloc will hand out again."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = (
        ctypes.c_void_p,
        [ctypes.c_size_t],
        [ctypes.c_void_p],
    )
    blocks = [libc.malloc(size) for size in range(100, 400, 4) for _ in range(50)]
    for block in blocks:
        ctypes.memset(block, byte, 100)
    for block in blocks:
        libc.free(block)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    HnswIndex.build(vectors(), PARAMETERS).save(tmp_path / "graph")
    return tmp_path / "graph"


def test_two_processes_write_the_same_bytes(tmp_path: Path, saved: Path) -> None:
    """Whatever their memory held before; and so does this process, which has built other graphs."""
    for byte in (0x5A, 0xA5):
        command = [sys.executable, "-c", BUILD, str(ROOT), str(tmp_path / f"{byte}"), str(byte)]
        subprocess.run(command, check=True, capture_output=True)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.iterdir()}

    assert len(list(tmp_path.iterdir())) == 3
    assert len(digests) == 1


def test_the_layout_is_that_of_the_vectors(saved: Path) -> None:
    data, layout = read_graph(saved)

    assert (layout.nodes, layout.dimension) == (ROWS, DIMENSION)
    assert (layout.max_links, layout.max_links_0) == (PARAMETERS.m, 2 * PARAMETERS.m)
    np.testing.assert_array_equal(stored_vectors(data, layout), vectors())


def test_unused_links_are_zero_and_the_used_ones_are_rows(saved: Path) -> None:
    data, layout = read_graph(saved)
    at, levels = layout.upper_levels_at, 0
    for _ in range(layout.nodes):
        size = int.from_bytes(data[at : at + 4], "little")
        lists = np.frombuffer(data, "<i4", size // 4, at + 4).reshape(-1, layout.max_links + 1)
        for links in lists:
            assert (links[1 : links[0] + 1] < ROWS).all()
            assert not links[links[0] + 1 :].any()
        levels = max(levels, len(lists))
        at += 4 + size

    assert at == len(data)
    assert levels >= 2


def test_clearing_changes_no_answer(tmp_path: Path) -> None:
    graph = HnswIndex.build(vectors(), PARAMETERS)
    graph._graph.saveIndex(str(tmp_path / "raw"), save_data=False)  # as nmslib leaves it
    (tmp_path / "cleared").write_bytes(read_graph(tmp_path / "raw")[0])
    raw, cleared = (HnswIndex.load(tmp_path / name, DIMENSION, ROWS, PARAMETERS) for name in ("raw", "cleared"))
    queries = vectors()[::10] + np.float32(0.01)

    assert (tmp_path / "raw").read_bytes() != (tmp_path / "cleared").read_bytes()
    for one, other in zip(raw.nearest(queries, 20), cleared.nearest(queries, 20), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_saved_graph_needs_no_clearing(saved: Path) -> None:
    assert read_graph(saved)[0] == saved.read_bytes()


@pytest.mark.parametrize("what", ["empty", "header", "cut off", "grown", "other flag", "other stride"])
def test_a_file_that_is_no_graph_is_refused(saved: Path, what: str) -> None:
    data = bytearray(saved.read_bytes())
    if what == "empty":
        data.clear()
    elif what == "header":
        del data[HEADER.size - 1 :]
    elif what == "cut off":
        data.pop()
    elif what == "grown":
        data.append(0)
    elif what == "other flag":
        data[0] = 0
    else:
        data[8] += 4
    saved.write_bytes(data)

    with pytest.raises(IndexRefused, match="graph"):
        read_graph(saved)


def test_the_shipped_graph_holds_nothing_in_unused_links() -> None:
    shipped = ROOT / "assets" / "starter" / "index.hnsw"

    assert read_graph(shipped)[0] == shipped.read_bytes()
