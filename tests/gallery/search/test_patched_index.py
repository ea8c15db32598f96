"""A patched graph compared with exact search of the same rows: whatever was added or removed, the same answers."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery.graph_file import read_graph
from lookalike.gallery.patched_index import REMOVED, PatchedIndex, added_rows, copy_graph, index_over
from lookalike.gallery.vector_index import ExactIndex, HnswIndex, HnswParameters, recall

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]

NODES, DIMENSION, CLUSTER, QUERIES, K = 2_000, 32, 20, 100, 10
PARAMETERS = HnswParameters()
NONE = np.empty(0, np.int64)


def places(random: np.random.Generator, count: int) -> Floats:
    """Rows (count, DIMENSION) in clusters of CLUSTER, one after another."""
    centres = np.repeat(random.normal(0, 0.1, (-(-count // CLUSTER), DIMENSION)), CLUSTER, axis=0)[:count]
    return (centres + random.normal(0, 0.03, (count, DIMENSION))).astype(np.float32)


@pytest.fixture(scope="module")
def before() -> Floats:
    return places(np.random.default_rng(71), NODES)


@pytest.fixture(scope="module")
def graph(before: Floats) -> HnswIndex:
    return HnswIndex.build(before, PARAMETERS)


def changed(before: Floats, removed: npt.NDArray[np.int64], added: Floats, seed: int) -> tuple[Rows, Floats]:
    """The row of each node, and the rows in random order, after some were removed and some added."""
    stays = np.setdiff1d(np.arange(len(before)), removed)
    order = np.random.default_rng(seed).permutation(len(stays) + len(added))
    rows = np.empty((len(order), before.shape[1]), np.float32)
    rows[order] = np.concatenate([before[stays], added])
    nodes = np.full(len(before), REMOVED, np.int32)
    nodes[stays] = order[: len(stays)]
    return nodes, rows


@pytest.mark.parametrize("seed", range(8))
def test_after_any_changes_the_answers_are_those_of_exact_search(before: Floats, graph: HnswIndex, seed: int) -> None:
    random = np.random.default_rng(seed)
    removed = random.permutation(NODES)[: random.integers(0, NODES // 4)]
    nodes, rows = changed(before, removed, places(random, int(random.integers(0, 300))), seed)
    queries = rows[random.permutation(len(rows))[:QUERIES]] + random.normal(0, 0.02, (QUERIES, DIMENSION))
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(queries.astype(np.float32), K)
    _, right = ExactIndex(rows).nearest(queries.astype(np.float32), K)

    assert recall(distances, right) >= 0.999
    np.testing.assert_allclose(np.linalg.norm(rows[ids] - queries[:, None], axis=2), distances, rtol=1e-4)
    assert (np.diff(distances, axis=1) >= 0).all()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_all_the_nearest_may_be_removed(before: Floats, graph: HnswIndex, share: float) -> None:
    """Asking the graph for a few more than k would find none that are left."""
    query = before[:1]
    removed = np.argsort(np.linalg.norm(before - query, axis=1))[: int(NODES * share)]
    nodes, rows = changed(before, removed, before[:0], seed=1)
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(query, K)
    _, right = ExactIndex(rows).nearest(query, K)

    assert len(set(ids[0])) == K
    np.testing.assert_allclose(distances, right, rtol=1e-4)


def test_the_only_row_left_is_found(before: Floats, graph: HnswIndex) -> None:
    nodes, rows = changed(before, np.arange(1, NODES), before[:0], seed=1)
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(before[[0, NODES - 1]], K)

    assert ids.tolist() == [[0], [0]]
    np.testing.assert_allclose(distances[:, 0], np.linalg.norm(before[0] - before[[0, -1]], axis=1), rtol=1e-4)


def test_with_all_nodes_removed_the_added_rows_are_found(before: Floats, graph: HnswIndex) -> None:
    added = places(np.random.default_rng(3), 30)
    index = PatchedIndex(graph, np.full(NODES, REMOVED, np.int32), added)

    ids, distances = index.nearest(added, 7)
    right_ids, right_distances = ExactIndex(added).nearest(added, 7)

    np.testing.assert_array_equal(ids, right_ids)
    np.testing.assert_array_equal(distances, right_distances)


def test_without_added_rows_the_graph_alone_answers(before: Floats, graph: HnswIndex) -> None:
    order = np.random.default_rng(4).permutation(NODES)
    rows = np.empty_like(before)
    rows[order] = before
    ids, _ = PatchedIndex(graph, order.astype(np.int32), rows).nearest(rows[:50], 1)

    assert ids[:, 0].tolist() == list(range(50))


def test_more_neighbours_than_rows_are_all_rows(before: Floats, graph: HnswIndex) -> None:
    nodes, rows = changed(before, np.arange(NODES - 5), places(np.random.default_rng(5), 3), seed=2)
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(before[:2], 100)

    assert ids.shape == distances.shape == (2, 8)
    assert [sorted(row) for row in ids] == [list(range(8))] * 2


@pytest.mark.parametrize("broken", [np.full(DIMENSION, np.nan), np.zeros(DIMENSION - 1)])
def test_a_query_of_another_length_or_with_nan_is_refused(before: Floats, graph: HnswIndex, broken: Floats) -> None:
    with pytest.raises(ValueError, match="quer"):
        PatchedIndex(graph, *changed(before, NONE, before[:2] + 1, seed=1)).nearest(broken, 3)


def test_a_graph_of_just_these_rows_needs_no_patch(before: Floats, graph: HnswIndex) -> None:
    rows = np.arange(NODES, dtype=np.int32)

    assert index_over(graph, rows, before) is graph
    assert isinstance(index_over(graph, rows[::-1].copy(), before[::-1]), PatchedIndex)
    assert isinstance(index_over(graph, rows, np.concatenate([before, before[:1] + 1])), PatchedIndex)


def test_added_rows_are_those_without_a_node() -> None:
    assert added_rows(np.array([3, REMOVED, 0], np.int32), 5).tolist() == [1, 2, 4]


# The vectors in the file.


@pytest.fixture
def saved(graph: HnswIndex, tmp_path: Path) -> Path:
    graph.save(tmp_path / "graph")
    return tmp_path / "graph"


ALL_ROWS = np.arange(NODES, dtype=np.int32)


def without(saved: Path, before: Floats, removed: npt.NDArray[np.int64], name: str = "copy") -> Path:
    """A copy of a graph of all rows, without some."""
    nodes, rows = changed(before, removed, before[:0], seed=3)
    assert copy_graph(saved, saved.with_name(name), ALL_ROWS, before, nodes, rows)
    return saved.with_name(name)


def holds(graph: Path, vector: Floats) -> bool:
    return vector.tobytes() in graph.read_bytes()


def test_a_copied_graph_holds_no_removed_vector(saved: Path, before: Floats) -> None:
    removed = np.array([0, 7, NODES - 1])
    copied = without(saved, before, removed)

    assert all(holds(saved, vector) for vector in before[:20])
    assert [node for node in range(NODES) if not holds(copied, before[node])] == removed.tolist()


def test_a_copied_graph_still_finds_all_other_rows(saved: Path, before: Floats) -> None:
    removed = np.random.default_rng(6).permutation(NODES)[: NODES // 20]
    nodes, rows = changed(before, removed, before[:0], seed=3)
    copied = HnswIndex.load(without(saved, before, removed), DIMENSION, NODES, PARAMETERS)
    queries = rows[:: NODES // QUERIES]
    _, found = PatchedIndex(copied, nodes, rows).nearest(queries, K)

    assert recall(found, ExactIndex(rows).nearest(queries, K)[1]) >= 0.999


def test_a_row_that_replaced_a_removed_one_can_be_removed_too(saved: Path, before: Floats) -> None:
    """The vector nearest to a removed one takes its place in the file; once it is removed too, it is nowhere."""
    nearest = int(np.argsort(np.linalg.norm(before - before[5], axis=1))[1])
    once = without(saved, before, np.array([5]), "once")
    assert once.read_bytes().count(before[nearest].tobytes()) == 2

    now = [changed(before, np.array(removed), before[:0], seed=3) for removed in ([5], [5, nearest])]
    assert copy_graph(once, saved.with_name("twice"), *now[0], *now[1])
    assert not holds(saved.with_name("twice"), before[nearest])


def test_a_copy_of_a_graph_with_memory_in_its_unused_links_holds_none(saved: Path, before: Floats) -> None:
    """As an index of an earlier version may be: nmslib leaves there whatever was in its memory."""
    data, layout = read_graph(saved)
    at = layout.upper_levels_at
    while not (size := int.from_bytes(data[at : at + 4], "little")):
        at += 4
    assert data[at + size - 20 : at + 4 + size] == bytes(24)  # the end of a list, unused
    data[at + size - 20 : at + 4 + size] = before[0].tobytes()[:24]
    saved.write_bytes(data)

    assert before[0].tobytes()[:24] not in without(saved, before, np.array([0])).read_bytes()


def test_one_of_two_equal_rows_can_be_removed(before: Floats, tmp_path: Path) -> None:
    """Two celebrities with the same single photo: the vector is still one of theirs."""
    vectors = before.copy()
    vectors[9] = vectors[4]
    HnswIndex.build(vectors, PARAMETERS).save(tmp_path / "graph")
    copied = without(tmp_path / "graph", vectors, np.array([4]))
    nodes, rows = changed(vectors, np.array([4]), before[:0], seed=3)
    index = PatchedIndex(HnswIndex.load(copied, DIMENSION, NODES, PARAMETERS), nodes, rows)

    assert index.nearest(vectors[4], 1)[0].tolist() == [[int(nodes[9])]]


@pytest.mark.parametrize("what", ["other rows", "another order", "more rows", "cut off", "no graph"])
def test_a_file_that_is_not_as_expected_is_not_copied(saved: Path, before: Floats, what: str) -> None:
    rows, nodes = before.copy(), ALL_ROWS
    if what == "other rows":
        rows[NODES // 2, 0] += np.float32(1e-3)
    elif what == "another order":
        nodes = nodes[::-1].copy()
    elif what == "more rows":
        rows, nodes = np.concatenate([rows, rows]), np.arange(2 * NODES, dtype=np.int32)
    elif what == "cut off":
        saved.write_bytes(saved.read_bytes()[: NODES * 100])
    else:
        saved.write_bytes(b"\x00" * 50)

    assert not copy_graph(saved, saved.with_name("copy"), nodes, rows, nodes, rows)
    assert not saved.with_name("copy").exists()
