"""A graph that was brought up to date beside exact search of the same rows: whoever came or went, the same answers."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery.vector_index import (
    GONE,
    ExactIndex,
    HnswIndex,
    HnswParameters,
    PatchedIndex,
    copy_graph,
    fresh_rows,
    over_rows,
    recall,
)

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]

NODES, DIMENSION, CLUSTER, QUERIES, K = 2_000, 32, 20, 100, 10
PARAMETERS = HnswParameters()
NOBODY = np.empty(0, np.int64)


def places(random: np.random.Generator, count: int) -> Floats:
    """In clusters of CLUSTER, one after another."""
    centres = np.repeat(random.normal(0, 0.1, (-(-count // CLUSTER), DIMENSION)), CLUSTER, axis=0)[:count]
    return (centres + random.normal(0, 0.03, (count, DIMENSION))).astype(np.float32)


@pytest.fixture(scope="module")
def before() -> Floats:
    return places(np.random.default_rng(71), NODES)


@pytest.fixture(scope="module")
def graph(before: Floats) -> HnswIndex:
    return HnswIndex.build(before, PARAMETERS)


def changed(before: Floats, gone: npt.NDArray[np.int64], fresh: Floats, seed: int) -> tuple[Rows, Floats]:
    """What the nodes stand for, and the rows, in any order, when some have gone and some have come."""
    stays = np.setdiff1d(np.arange(len(before)), gone)
    order = np.random.default_rng(seed).permutation(len(stays) + len(fresh))
    rows = np.empty((len(order), before.shape[1]), np.float32)
    rows[order] = np.concatenate([before[stays], fresh])
    nodes = np.full(len(before), GONE, np.int32)
    nodes[stays] = order[: len(stays)]
    return nodes, rows


@pytest.mark.parametrize("seed", range(8))
def test_whoever_came_or_went_the_answers_are_those_of_exact_search(
    before: Floats, graph: HnswIndex, seed: int
) -> None:
    random = np.random.default_rng(seed)
    gone = random.permutation(NODES)[: random.integers(0, NODES // 4)]
    nodes, rows = changed(before, gone, places(random, int(random.integers(0, 300))), seed)
    queries = rows[random.permutation(len(rows))[:QUERIES]] + random.normal(0, 0.02, (QUERIES, DIMENSION))
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(queries.astype(np.float32), K)
    _, right = ExactIndex(rows).nearest(queries.astype(np.float32), K)

    assert recall(distances, right) >= 0.999
    np.testing.assert_allclose(np.linalg.norm(rows[ids] - queries[:, None], axis=2), distances, rtol=1e-4)
    assert (np.diff(distances, axis=1) >= 0).all()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_all_the_nearest_may_be_gone(before: Floats, graph: HnswIndex, share: float) -> None:
    """A takedown of everybody who looks alike: asking the graph for a few more would find none that stay."""
    query = before[:1]
    gone = np.argsort(np.linalg.norm(before - query, axis=1))[: int(NODES * share)]
    nodes, rows = changed(before, gone, before[:0], seed=1)
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(query, K)
    _, right = ExactIndex(rows).nearest(query, K)

    assert len(set(ids[0])) == K
    np.testing.assert_allclose(distances, right, rtol=1e-4)


def test_the_only_one_who_stays_is_found(before: Floats, graph: HnswIndex) -> None:
    nodes, rows = changed(before, np.arange(1, NODES), before[:0], seed=1)
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(before[[0, NODES - 1]], K)

    assert ids.tolist() == [[0], [0]]
    np.testing.assert_allclose(distances[:, 0], np.linalg.norm(before[0] - before[[0, -1]], axis=1), rtol=1e-4)


def test_where_everybody_of_the_graph_is_gone_the_fresh_are_found(before: Floats, graph: HnswIndex) -> None:
    fresh = places(np.random.default_rng(3), 30)
    index = PatchedIndex(graph, np.full(NODES, GONE, np.int32), fresh)

    ids, distances = index.nearest(fresh, 7)
    right_ids, right_distances = ExactIndex(fresh).nearest(fresh, 7)

    np.testing.assert_array_equal(ids, right_ids)
    np.testing.assert_array_equal(distances, right_distances)


def test_where_nobody_is_fresh_the_graph_alone_answers(before: Floats, graph: HnswIndex) -> None:
    order = np.random.default_rng(4).permutation(NODES)
    rows = np.empty_like(before)
    rows[order] = before
    ids, _ = PatchedIndex(graph, order.astype(np.int32), rows).nearest(rows[:50], 1)

    assert ids[:, 0].tolist() == list(range(50))


def test_more_than_there_are_is_all_there_are(before: Floats, graph: HnswIndex) -> None:
    nodes, rows = changed(before, np.arange(NODES - 5), places(np.random.default_rng(5), 3), seed=2)
    ids, distances = PatchedIndex(graph, nodes, rows).nearest(before[:2], 100)

    assert ids.shape == distances.shape == (2, 8)
    assert [sorted(row) for row in ids] == [list(range(8))] * 2


@pytest.mark.parametrize("broken", [np.full(DIMENSION, np.nan), np.zeros(DIMENSION - 1)])
def test_a_query_that_is_none_is_refused(before: Floats, graph: HnswIndex, broken: Floats) -> None:
    with pytest.raises(ValueError, match="quer"):
        PatchedIndex(graph, *changed(before, NOBODY, before[:2] + 1, seed=1)).nearest(broken, 3)


def test_a_graph_of_just_these_rows_needs_no_patch(before: Floats, graph: HnswIndex) -> None:
    rows = np.arange(NODES, dtype=np.int32)

    assert over_rows(graph, rows, before) is graph
    assert isinstance(over_rows(graph, rows[::-1].copy(), before[::-1]), PatchedIndex)
    assert isinstance(over_rows(graph, rows, np.concatenate([before, before[:1] + 1])), PatchedIndex)


def test_fresh_rows_are_those_without_a_node() -> None:
    assert fresh_rows(np.array([3, GONE, 0], np.int32), 5).tolist() == [1, 2, 4]


# The vectors in the file.


@pytest.fixture
def saved(graph: HnswIndex, tmp_path: Path) -> Path:
    graph.save(tmp_path / "graph")
    return tmp_path / "graph"


EVERYBODY = np.arange(NODES, dtype=np.int32)


def without(saved: Path, before: Floats, gone: npt.NDArray[np.int64], name: str = "copy") -> Path:
    """A copy of a graph of everybody, without some."""
    nodes, rows = changed(before, gone, before[:0], seed=3)
    assert copy_graph(saved, saved.with_name(name), EVERYBODY, before, nodes, rows)
    return saved.with_name(name)


def holds(graph: Path, vector: Floats) -> bool:
    return vector.tobytes() in graph.read_bytes()


def test_a_copied_graph_has_forgotten_who_is_gone(saved: Path, before: Floats) -> None:
    gone = np.array([0, 7, NODES - 1])
    copied = without(saved, before, gone)

    assert all(holds(saved, vector) for vector in before[:20])
    assert [node for node in range(NODES) if not holds(copied, before[node])] == gone.tolist()


def test_a_copied_graph_still_finds_everybody_else(saved: Path, before: Floats) -> None:
    gone = np.random.default_rng(6).permutation(NODES)[: NODES // 20]
    nodes, rows = changed(before, gone, before[:0], seed=3)
    copied = HnswIndex.load(without(saved, before, gone), DIMENSION, NODES, PARAMETERS)
    queries = rows[:: NODES // QUERIES]
    _, found = PatchedIndex(copied, nodes, rows).nearest(queries, K)

    assert recall(found, ExactIndex(rows).nearest(queries, K)[1]) >= 0.999


def test_who_took_the_place_of_somebody_gone_can_go_too(saved: Path, before: Floats) -> None:
    """The nearest to whom is gone stands in for them in the file: once gone as well, nowhere."""
    nearest = int(np.argsort(np.linalg.norm(before - before[5], axis=1))[1])
    once = without(saved, before, np.array([5]), "once")
    assert once.read_bytes().count(before[nearest].tobytes()) == 2

    now = [changed(before, np.array(gone), before[:0], seed=3) for gone in ([5], [5, nearest])]
    assert copy_graph(once, saved.with_name("twice"), *now[0], *now[1])
    assert not holds(saved.with_name("twice"), before[nearest])


def test_who_has_a_twin_goes_alone(before: Floats, tmp_path: Path) -> None:
    """Two people with the same single photo: the vector is still somebody's."""
    vectors = before.copy()
    vectors[9] = vectors[4]
    HnswIndex.build(vectors, PARAMETERS).save(tmp_path / "graph")
    copied = without(tmp_path / "graph", vectors, np.array([4]))
    nodes, rows = changed(vectors, np.array([4]), before[:0], seed=3)
    index = PatchedIndex(HnswIndex.load(copied, DIMENSION, NODES, PARAMETERS), nodes, rows)

    assert index.nearest(vectors[4], 1)[0].tolist() == [[int(nodes[9])]]


@pytest.mark.parametrize("what", ["other rows", "another order", "more rows", "cut off", "no graph"])
def test_a_file_that_is_not_as_expected_is_not_copied(saved: Path, before: Floats, what: str) -> None:
    rows, nodes = before.copy(), EVERYBODY
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
