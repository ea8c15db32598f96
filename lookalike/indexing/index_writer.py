"""People with their embeddings -> an index directory: built whole, or brought up to date in seconds.

A change of few people builds no graph. Who is as before keeps the node in the graph and the hub correction, who is
fresh is compared one by one, who is gone is left out, and his embedding leaves the files (`search.PatchedIndex`,
`search.copy_graph`). The scale of the scores (mean radius, mu, sigma) stays that of the last whole build. When the
changes since then come to more than ANEW_SHARE, everything is built anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.errors import IndexRefused, UnknownCelebrities
from lookalike.faces.types import EMBEDDING_SIZE, MODEL_SHA256, RECIPE, Embedding
from lookalike.gallery.calibration import (
    Calibration,
    Floats,
    Owners,
    best_matches,
    calibration_of,
    corrections,
    hub_radii,
    sample,
)
from lookalike.gallery.catalogue import Celebrity
from lookalike.gallery.index_format import (
    CELEBRITIES,
    EMBEDDINGS,
    FORMAT_VERSION,
    GRAPH,
    METRIC,
    Arrays,
    Manifest,
    file_check,
    read_arrays,
    read_manifest,
    replace_directory,
    scratch_beside,
    write_manifest,
)
from lookalike.gallery.vector_index import (
    GONE,
    ExactIndex,
    HnswIndex,
    HnswParameters,
    Index,
    Rows,
    copy_graph,
    fresh_rows,
    over_rows,
    parameters_for,
    parameters_from,
    recall,
)

ANEW_BELOW = 5_000  # people; a whole build of so many takes 5 s of processor time (bench/freshness.py)
ANEW_SHARE = 0.05  # nodes gone and rows fresh, of the nodes; a query takes a quarter longer there (bench/freshness.py)
RECALL_QUERIES = 1000
QUICK_QUERIES, QUICK_SAMPLE = 100, 1_000  # the same and calibration.SAMPLE where it must take seconds


@dataclass(frozen=True, eq=False)
class Person:
    """A celebrity with at least one good photo: mean embedding (128,) and those of the good photos (k, 128)."""

    celebrity: Celebrity
    centroid: Embedding
    embeddings: Floats


@dataclass(frozen=True, eq=False)
class Written:
    """What was written: the manifest, and what a report of the gallery shows.

    `best_scores` (s,) f32: of a sample of photos, the best score against all other people (infinite where there is
    nobody else); `taken` (n,) i32: how many of these photos have each celebrity, in the index's order, as that best.
    """

    manifest: Manifest
    best_scores: Floats
    taken: Owners


@dataclass(frozen=True, eq=False)
class _People:
    """Everybody of an index to be written, as arrays like those of manifest.Arrays."""

    ids: list[str]
    centroids: Floats
    photos: Floats
    owners: Owners


@dataclass(frozen=True)
class _Before:
    """A usable index that is there already."""

    directory: Path
    manifest: Manifest
    ids: list[str]
    arrays: Arrays


@dataclass(frozen=True, eq=False)
class _Matching:
    """How people will be found: the graph, now in the new directory, whom its nodes stand for, the scale of scores.

    `stars` and `best` (s,): who is the best match of each photo of a sample, and the score.
    """

    graph: HnswIndex
    parameters: HnswParameters
    graph_rows: Rows
    corrections: Floats
    mean_radius: float
    calibration: Calibration
    calibrated_at: str
    stars: npt.NDArray[np.int64]
    best: Floats
    recall_queries: int


def write_index(people: Iterable[Person], directory: Path, previous: Path | None = None) -> Written:
    """Write a whole index of these people, in their order, into an empty directory.

    What has not changed since the index `previous`, if there is a usable one of the same recipe, is taken over. Names,
    texts and photo files may change freely. IndexRefused if there is nobody.
    """
    made = _write_people(people, directory / CELEBRITIES)
    if not made.ids:
        raise IndexRefused(f"{directory}: there is nobody to put into the index")
    try:
        before = _read(previous) if previous else None
    except IndexRefused:  # none yet, or none to build on
        before = None
    return _write(made, directory, before)


def remove_people(index: Path, ids: Collection[str]) -> Manifest:
    """Take people out of an index, which is replaced as a whole by one without them and without what else lay in it.

    (A report shows them, the rejects name them: the next build writes both again.) UnknownCelebrities, and nothing is
    changed, if one of them is not there; IndexRefused if nobody would be left or the index is not usable.
    """
    index = index.resolve()  # a link to the index stays a link
    before = _read(index)
    unknown = tuple(sorted(set(ids).difference(before.ids)))
    if unknown:
        raise UnknownCelebrities(f"{index}: not in this index: {', '.join(unknown)}", unknown)
    leaving = frozenset(ids)
    stays = np.array([id not in leaving for id in before.ids])
    if not stays.any():
        raise IndexRefused(f"{index}: nobody would be left")
    with scratch_beside(index) as directory:
        lines = _lines(index / CELEBRITIES)
        (directory / CELEBRITIES).write_bytes(b"".join(lines[row] + b"\n" for row in np.flatnonzero(stays)))
        written = _write(_of(before, stays), directory, before)
        replace_directory(directory, index)
    return written.manifest


def _write_people(people: Iterable[Person], path: Path) -> _People:
    """Write a line a person, and gather the numbers without ever holding them twice."""
    ids, counts, centroids, photos = [], [], bytearray(), bytearray()
    with path.open("w", encoding="utf-8") as lines:
        for person in people:
            lines.write(person.celebrity.model_dump_json(exclude_defaults=True) + "\n")
            ids.append(person.celebrity.id)
            counts.append(len(person.embeddings))
            centroids += np.asarray(person.centroid, np.float32).tobytes()
            photos += np.asarray(person.embeddings, np.float32).tobytes()
    return _People(
        ids=ids,
        centroids=np.frombuffer(centroids, np.float32).reshape(-1, EMBEDDING_SIZE),
        photos=np.frombuffer(photos, np.float32).reshape(-1, EMBEDDING_SIZE),
        owners=np.repeat(np.arange(len(ids), dtype=np.int32), counts),
    )


def _of(before: _Before, stays: npt.NDArray[np.bool_]) -> _People:
    """Those of the index who stay (n,)."""
    arrays, photos = before.arrays, stays[before.arrays.photo_owner]
    places = (np.cumsum(stays) - 1).astype(np.int32)
    return _People(
        ids=[id for id, stay in zip(before.ids, stays, strict=True) if stay],
        centroids=arrays.centroids[stays],
        photos=arrays.photos[photos],
        owners=places[arrays.photo_owner[photos]],
    )


def _read(directory: Path) -> _Before:
    """An index, checked but for the texts of its celebrities; IndexRefused with the reason if it is not usable."""
    manifest = read_manifest(directory, RECIPE, MODEL_SHA256)
    arrays = read_arrays(directory, manifest)
    try:
        ids = [json.loads(line)["id"] for line in _lines(directory / CELEBRITIES)]
    except (ValueError, LookupError, TypeError) as error:
        raise IndexRefused(f"{directory / CELEBRITIES}: {error}") from error
    if len(ids) != manifest.celebrities:
        raise IndexRefused(f"{directory / CELEBRITIES}: {len(ids)} lines, the manifest says {manifest.celebrities}")
    return _Before(directory, manifest, ids, arrays)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().removesuffix(b"\n").split(b"\n")


def _write(people: _People, directory: Path, before: _Before | None) -> Written:
    """Everything but the lines of the people, with what can be taken over of the index before."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    found = (before and _patched(people, directory, before)) or _anew(people, directory, now)
    arrays = Arrays(people.centroids, found.corrections, people.photos, people.owners, found.graph_rows)
    arrays.save(directory / EMBEDDINGS)
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        built_at=now,
        calibrated_at=found.calibrated_at,
        celebrities=len(people.ids),
        photos=len(people.photos),
        dimension=EMBEDDING_SIZE,
        metric=METRIC,
        hnsw=asdict(found.parameters),
        graph_nodes=len(found.graph_rows),
        mean_radius=found.mean_radius,
        **asdict(found.calibration),
        recall_at_10=measured_recall(
            over_rows(found.graph, found.graph_rows, people.centroids),
            people.centroids,
            sample(people.photos, people.owners, found.recall_queries)[0],
        ),
        recipe=RECIPE,
        model_sha256=MODEL_SHA256,
        files={name: file_check(directory / name) for name in (CELEBRITIES, EMBEDDINGS, GRAPH)},
        libraries={name: version(name) for name in ("nmslib", "numpy", "onnxruntime", "dlib-bin", "Pillow")},
    )
    write_manifest(manifest, directory)
    taken = np.bincount(found.stars[np.isfinite(found.best)], minlength=len(people.ids)).astype(np.int32)
    return Written(manifest, found.best, taken)


def _anew(people: _People, directory: Path, now: str) -> _Matching:
    """A graph of everybody, and the scale of the scores from a large sample."""
    rows = np.arange(len(people.ids))
    radii = hub_radii(people.centroids, people.photos, people.owners, rows)
    mean_radius = float(radii.mean())
    hub_corrections = corrections(radii, mean_radius)
    stars, best = best_matches(people.centroids, hub_corrections, *sample(people.photos, people.owners))
    parameters = parameters_for(len(rows))
    graph = HnswIndex.build(people.centroids, parameters)
    graph.save(directory / GRAPH)
    return _Matching(
        graph, parameters, rows.astype(np.int32), hub_corrections, mean_radius, calibration_of(best), now,
        stars, best, RECALL_QUERIES,
    )  # fmt: skip


def _patched(people: _People, directory: Path, before: _Before) -> _Matching | None:
    """The graph, the corrections and the scale of the index before; None where everything is to be built anew."""
    old, manifest = before.arrays, before.manifest
    moved = _moved(people, before)
    graph_rows = np.where(old.graph_rows == GONE, GONE, moved[old.graph_rows])
    fresh = fresh_rows(graph_rows, len(people.ids))
    changes = len(fresh) + int((graph_rows == GONE).sum())
    if len(people.ids) < ANEW_BELOW or changes > ANEW_SHARE * len(graph_rows):
        return None
    source, target = before.directory / GRAPH, directory / GRAPH
    if not copy_graph(source, target, old.graph_rows, old.centroids, graph_rows, people.centroids):
        return None
    hub_corrections = _patched_corrections(people, before, moved)
    photos = sample(people.photos, people.owners, QUICK_SAMPLE)
    stars, best = best_matches(people.centroids, hub_corrections, *photos)
    parameters = parameters_from(manifest.hnsw)
    graph = HnswIndex.load(target, EMBEDDING_SIZE, len(graph_rows), parameters)
    calibration = Calibration(manifest.mu, manifest.sigma, manifest.min_similarity)
    return _Matching(
        graph, parameters, graph_rows, hub_corrections, manifest.mean_radius, calibration, manifest.calibrated_at,
        stars, best, QUICK_QUERIES,
    )  # fmt: skip


def _moved(people: _People, before: _Before) -> Rows:
    """The new row (n,) of each person of the index before; GONE of who is not there any more, or has other photos."""
    places = {id: row for row, id in enumerate(people.ids)}
    moved = np.array([places.get(id, GONE) for id in before.ids], dtype=np.int32)
    there = np.flatnonzero(moved != GONE)
    changed = (before.arrays.centroids[there] != people.centroids[moved[there]]).any(axis=1)
    moved[there[changed]] = GONE
    return moved


def _patched_corrections(people: _People, before: _Before, moved: Rows) -> Floats:
    """The hub corrections (n,) of the index before, with new ones, to the same scale, for whom it did not know so."""
    found = np.empty(len(people.ids), dtype=np.float32)
    same = moved != GONE
    found[moved[same]] = before.arrays.corrections[same]
    new = fresh_rows(moved, len(people.ids))
    radii = hub_radii(people.centroids, people.photos, people.owners, new)
    found[new] = corrections(radii, before.manifest.mean_radius)
    return found


def measured_recall(index: Index, centroids: Floats, queries: Floats) -> float:
    """Recall@10 by distance of an index of the centroids (n, 128) against exact search, of queries (q, 128)."""
    _, found = index.nearest(queries, 10)
    _, exact = ExactIndex(centroids).nearest(queries, 10)
    return recall(found, exact)
