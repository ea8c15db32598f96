"""The graph compared with exact search: the same answers before and after saving; wrong queries are errors."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.gallery import calibration
from lookalike.gallery.vector_index import ExactIndex, HnswIndex, HnswParameters, Index, parameters_from, recall

Floats = npt.NDArray[np.float32]
Build = Callable[[Floats], Index]

ROWS, DIMENSION, CLUSTERS, QUERIES, K = 10_000, 128, 500, 500, 10
PARAMETERS = HnswParameters()


def exact(vectors: Floats) -> Index:
    return ExactIndex(vectors)


def graph(vectors: Floats) -> Index:
    return HnswIndex.build(vectors, PARAMETERS)


both = pytest.mark.parametrize("build", [exact, graph])

# A rectangle of 3 by 4 and a point far away, and the L2 distances from its corner.
CORNERS = np.array([[0, 0], [3, 0], [0, 4], [3, 4], [60, 80]], np.float32)
FROM_ORIGIN = [0, 3, 4, 5, 100]


@pytest.fixture(scope="module")
def clustered() -> tuple[Floats, Floats]:
    """Rows like embeddings: 500 clusters of 20 in 128 dimensions; and queries like them."""
    random = np.random.default_rng(11)
    centres = random.normal(0, 0.08, (CLUSTERS, DIMENSION))
    rows = np.repeat(centres, ROWS // CLUSTERS, axis=0) + random.normal(0, 0.03, (ROWS, DIMENSION))
    queries = rows[random.permutation(ROWS)[:QUERIES]] + random.normal(0, 0.03, (QUERIES, DIMENSION))
    return rows.astype(np.float32), queries.astype(np.float32)


@pytest.fixture(scope="module")
def large_graph(clustered: tuple[Floats, Floats]) -> HnswIndex:
    return HnswIndex.build(clustered[0], PARAMETERS)


def naive(vectors: Floats, query: Floats, k: int) -> Floats:
    """The k least distances by the definition, in double precision."""
    distances = [float(np.sqrt(((row - query) ** 2).sum())) for row in vectors.astype(np.float64)]
    return np.array(sorted(distances)[:k], np.float32)


# Both kinds of index.


@both
def test_distances_are_true_l2_in_ascending_order(build: Build) -> None:
    ids, distances = build(CORNERS).nearest(np.zeros((1, 2), np.float32), 5)

    assert ids.tolist() == [[0, 1, 2, 3, 4]]
    np.testing.assert_allclose(distances, [FROM_ORIGIN], rtol=1e-6)


@both
def test_every_query_gets_its_own_row(build: Build) -> None:
    ids, distances = build(CORNERS).nearest(CORNERS, 1)

    assert ids.tolist() == [[0], [1], [2], [3], [4]]
    np.testing.assert_allclose(distances, np.zeros((5, 1)), atol=1e-6)


@both
def test_a_single_vector_is_one_query(build: Build) -> None:
    ids, distances = build(CORNERS).nearest(np.array([59, 80], np.float32), 2)

    assert ids.tolist() == [[4, 3]]
    np.testing.assert_allclose(distances, [[1, np.hypot(56, 76)]], rtol=1e-6)


@both
@pytest.mark.parametrize("k", [5, 6, 1000])
def test_more_neighbours_than_rows_are_all_rows(build: Build, k: int) -> None:
    ids, distances = build(CORNERS).nearest(np.zeros(2, np.float32), k)

    assert ids.shape == distances.shape == (1, 5)
    assert sorted(ids[0]) == [0, 1, 2, 3, 4]


@both
def test_one_row_is_enough(build: Build) -> None:
    ids, distances = build(CORNERS[3:4]).nearest(np.zeros(2, np.float32), 10)

    assert (ids.tolist(), distances.tolist()) == ([[0]], [[5.0]])


@both
def test_equal_rows_are_all_found(build: Build) -> None:
    ids, distances = build(np.ones((7, 4), np.float32)).nearest(np.ones(4, np.float32), 7)

    assert sorted(ids[0]) == list(range(7))
    assert not distances.any()


@both
def test_a_distance_is_right_where_squares_would_cancel(build: Build) -> None:
    """Two vectors far from the origin and near each other: the short formula would say 0 or 0.02."""
    vectors = np.array([[100, 100], [100.001, 100], [0, 0]], np.float32)
    _, distances = build(vectors).nearest(vectors[0], 2)

    np.testing.assert_allclose(distances, [[0, 0.001]], rtol=0.02)


@both
@pytest.mark.parametrize("shape", [(1, 127), (1, 129), (1, 64), (1, 0), (128, 1), (1, 1, 128), ()])
def test_queries_of_another_shape_are_refused(build: Build, shape: tuple[int, ...]) -> None:
    """Some of these nmslib would answer without an error."""
    index = build(np.eye(128, dtype=np.float32))

    with pytest.raises(ValueError, match="128 dimensions"):
        index.nearest(np.zeros(shape, np.float32), 3)


@both
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_query_that_is_not_finite_is_refused(build: Build, value: float) -> None:
    index = build(CORNERS)

    with pytest.raises(ValueError, match="NaN or infinity"):
        index.nearest(np.array([[1, 2], [value, 0]], np.float32), 3)


@both
@pytest.mark.parametrize("dtype", [np.float64, np.int64])
def test_queries_of_any_number_type_are_converted(build: Build, dtype: type) -> None:
    assert build(CORNERS).nearest(np.array([3, 4]).astype(dtype), 1)[0].tolist() == [[3]]


def test_the_exact_index_equals_the_definition() -> None:
    random = np.random.default_rng(12)
    vectors, queries = (random.normal(size=(n, 32)).astype(np.float32) for n in (300, 20))
    ids, distances = ExactIndex(vectors).nearest(queries, 17)

    np.testing.assert_allclose(distances, [naive(vectors, query, 17) for query in queries], rtol=1e-5)
    np.testing.assert_allclose(
        np.linalg.norm(vectors[ids] - queries[:, None], axis=2), distances, rtol=1e-5
    )  # the ids belong to the distances


@pytest.mark.parametrize("block", [1, 7, 300, 900])
def test_many_queries_at_once_are_answered_as_one_by_one(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In blocks: all distances at once would not fit into memory."""
    random = np.random.default_rng(13)
    vectors, queries = (random.normal(size=(n, 8)).astype(np.float32) for n in (300, 20))
    expected = [ExactIndex(vectors).nearest(query, 5) for query in queries]
    monkeypatch.setattr(calibration, "BLOCK_CELLS", block)
    ids, distances = ExactIndex(vectors).nearest(queries, 5)

    np.testing.assert_array_equal(ids, np.concatenate([ids for ids, _ in expected]))
    np.testing.assert_allclose(distances, np.concatenate([near for _, near in expected]), rtol=1e-6)


@pytest.mark.parametrize("k", [1, 3, 100])
def test_the_exact_index_of_some_rows_finds_those_of_them(clustered: tuple[Floats, Floats], k: int) -> None:
    vectors, queries = clustered
    rows = np.arange(3, len(vectors), 7)
    ids, distances = ExactIndex(vectors, rows).nearest(queries[:5], k)
    expected, expected_distances = ExactIndex(vectors[rows]).nearest(queries[:5], k)

    np.testing.assert_array_equal(ids, rows[expected])
    np.testing.assert_allclose(distances, expected_distances, atol=1e-6)


def test_an_index_without_rows_finds_none() -> None:
    ids, distances = ExactIndex(CORNERS[:0]).nearest(CORNERS, 3)

    assert ids.shape == distances.shape == (5, 0)


# The graph.


def test_the_graph_finds_what_the_exact_index_finds(clustered: tuple[Floats, Floats], large_graph: HnswIndex) -> None:
    _, found = large_graph.nearest(clustered[1], K)
    _, right = ExactIndex(clustered[0]).nearest(clustered[1], K)

    assert recall(found, right) >= 0.999


def test_the_graph_names_the_rows_whose_distances_it_gives(
    clustered: tuple[Floats, Floats], large_graph: HnswIndex
) -> None:
    vectors, queries = clustered
    ids, distances = large_graph.nearest(queries, K)

    np.testing.assert_allclose(np.linalg.norm(vectors[ids] - queries[:, None], axis=2), distances, rtol=1e-4)
    assert (np.diff(distances, axis=1) >= 0).all()


def test_a_saved_graph_gives_the_same_answers(
    clustered: tuple[Floats, Floats], large_graph: HnswIndex, tmp_path: Path
) -> None:
    large_graph.save(tmp_path / "graph")
    loaded = HnswIndex.load(tmp_path / "graph", DIMENSION, ROWS, PARAMETERS)

    for before, after in zip(large_graph.nearest(clustered[1], K), loaded.nearest(clustered[1], K), strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_loaded_graph_uses_the_ef_search_of_its_parameters(
    clustered: tuple[Floats, Floats], large_graph: HnswIndex, tmp_path: Path
) -> None:
    """loadIndex resets it; a search with few candidates must show a lower recall."""
    large_graph.save(tmp_path / "graph")
    _, right = ExactIndex(clustered[0]).nearest(clustered[1], 1)
    recalls = []
    for ef_search in (1, 200):
        parameters = HnswParameters(m=PARAMETERS.m, ef_construction=PARAMETERS.ef_construction, ef_search=ef_search)
        loaded = HnswIndex.load(tmp_path / "graph", DIMENSION, ROWS, parameters)
        recalls.append(recall(loaded.nearest(clustered[1], 1)[1], right))

    assert recalls[0] < 0.95 < recalls[1]


def test_a_query_for_many_neighbours_considers_as_many_candidates(
    clustered: tuple[Floats, Floats], large_graph: HnswIndex
) -> None:
    """With the candidates for a few neighbours it would miss a third of a thousand."""
    ids, distances = large_graph.nearest(clustered[1][:20], 1000)
    _, right = ExactIndex(clustered[0]).nearest(clustered[1][:20], 1000)

    assert (ids >= 0).all()
    assert recall(distances, right) >= 0.95


def test_after_a_query_for_many_neighbours_ef_search_is_as_before(
    clustered: tuple[Floats, Floats], large_graph: HnswIndex, tmp_path: Path
) -> None:
    """With an efSearch so small that the results differ."""
    large_graph.save(tmp_path / "graph")
    narrow = HnswIndex.load(tmp_path / "graph", DIMENSION, ROWS, HnswParameters(ef_search=1))
    before = narrow.nearest(clustered[1], 1)
    narrow.nearest(clustered[1][:1], 1000)

    for one, again in zip(before, narrow.nearest(clustered[1], 1), strict=True):
        np.testing.assert_array_equal(one, again)


def test_a_graph_is_one_file(tmp_path: Path) -> None:
    HnswIndex.build(CORNERS, PARAMETERS).save(tmp_path / "graph")

    assert [path.name for path in tmp_path.iterdir()] == ["graph"]


# Recall, by hand.


@pytest.mark.parametrize(
    ("found", "right", "share"),
    [
        ([[1, 2]], [[1, 2]], 1.0),
        ([[1, 3]], [[1, 2]], 0.5),
        ([[3, 4]], [[1, 2]], 0.0),
        ([[1, 2], [1, 3]], [[1, 2], [1, 2]], 0.75),
        ([[2, 2]], [[2, 2]], 1.0),
        ([[1, 2]], [[1, 2.00001]], 1.0),
        ([[1, 2.00001]], [[1, 2]], 1.0),
        ([[1, 2.1]], [[1, 2]], 0.5),
        ([[1, np.inf]], [[1, 2]], 0.5),
        ([[np.inf, np.inf]], [[1, 2]], 0.0),
    ],
    ids=[
        "all",
        "half",
        "none",
        "two queries",
        "ties",
        "rounded down",
        "rounded up",
        "just missed",
        "too few",
        "none found",
    ],
)
def test_recall_counts_answers_as_near_as_the_last_right_one(
    found: list[list[float]], right: list[list[float]], share: float
) -> None:
    assert recall(np.array(found, np.float32), np.array(right, np.float32)) == share


# Parameters.


def test_parameters_come_back_from_a_manifest() -> None:
    assert parameters_from({"m": 7, "ef_construction": 8, "ef_search": 9}) == HnswParameters(7, 8, 9)
