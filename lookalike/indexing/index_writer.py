"""Celebrities with their embeddings -> an index directory: built whole, or brought up to date in seconds.

A change of few celebrities builds no graph: those that have not changed keep their node and their hub correction, added
ones are searched exactly, removed ones are left out and their embeddings leave the files (gallery/patched_index.py).
The scale of the scores (mean radius, mu, sigma) stays that of the last whole build. When the changes since then come to
more than REBUILD_SHARE, everything is built anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lookalike.core.directory_swap import scratch_beside
from lookalike.core.errors import IndexRefused, UnknownCelebrities
from lookalike.core.settings import FAME_WEIGHT
from lookalike.faces.types import EMBEDDING_SIZE, MODEL_SHA256, RECIPE
from lookalike.gallery.calibration import (
    CALIBRATION_SAMPLE,
    BestMatches,
    Calibration,
    Floats,
    Owners,
    best_matches,
    corrections,
    fit,
    hub_radii,
    sample,
    score_corrections,
)
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
    write_manifest,
)
from lookalike.gallery.patched_index import REMOVED, Rows, added_rows, copy_graph, index_over
from lookalike.gallery.replacing.replace_directory import replace_directory
from lookalike.gallery.vector_index import (
    ExactIndex,
    HnswIndex,
    HnswParameters,
    Index,
    parameters_for,
    parameters_from,
    recall,
)
from lookalike.indexing.index_entries import AllEntries, IndexEntry, write_entries

REBUILD_BELOW = 5_000  # celebrities; building so many anew takes 5 s of processor time (bench/freshness.py)
REBUILD_SHARE = 0.05  # removed and added rows per node; a query takes a quarter longer there (bench/freshness.py)
RECALL_QUERIES = 1000
PATCH_RECALL_QUERIES, PATCH_SAMPLE = 100, 1_000  # instead of RECALL_QUERIES and CALIBRATION_SAMPLE, to take seconds


@dataclass(frozen=True, eq=False)
class WrittenIndex:
    """The manifest that was written, and what the gallery report shows of the matching.

    `best_scores` (s,) f32: of a sample of photos, the best score against all other celebrities, standardised (none if
    there are no others); `match_counts` (n,) i32: of how many of these photos each celebrity, in index order, is that
    best match. `previous`: of the usable index that was there, and `kept_rows` (n_previous,) i32 which row each of its
    celebrities has now, REMOVED for those who left or have other photos.
    """

    manifest: Manifest
    best_scores: Floats
    match_counts: Owners
    previous: Manifest | None = None
    kept_rows: Rows = field(default_factory=lambda: np.empty(0, np.int32))


@dataclass(frozen=True, eq=False)
class _PreviousIndex:
    """A usable index that exists already; `sitelinks` as in AllEntries."""

    directory: Path
    manifest: Manifest
    ids: list[str]
    sitelinks: Floats
    arrays: Arrays


@dataclass(frozen=True, eq=False)
class _Matching:
    """How probes will be matched: the graph, which is in the new directory, what its nodes stand for, the score scale.

    `corrections` (n,) are those of hubs; `best` are the matches of a sample of photos.
    """

    graph: HnswIndex
    parameters: HnswParameters
    graph_rows: Rows
    corrections: Floats
    mean_radius: float
    calibration: Calibration
    calibrated_at: str
    best: BestMatches
    recall_queries: int


def write_index(entries: Iterable[IndexEntry], directory: Path, previous: Path | None = None) -> WrittenIndex:
    """Write an index of these entries, in their order, into an empty directory; IndexRefused if there are none.

    What has not changed since the index `previous`, if that is usable and of the same recipe, is reused. Names, texts
    and photo files may change freely.
    """
    written = write_entries(entries, directory / CELEBRITIES)
    if not written.ids:
        raise IndexRefused(f"{directory}: an index needs at least one celebrity")
    try:
        before = _read_previous(previous) if previous else None
    except IndexRefused:  # none yet, or none that can be reused
        before = None
    return _write(written, directory, before)


def remove_celebrities(index: Path, ids: Collection[str]) -> Manifest:
    """Replace an index by one without these celebrities, and without any other file that lay in it.

    (The report shows them and rejects.csv names them: the next build writes both again.) UnknownCelebrities, and
    nothing changes, if an id is not there; IndexRefused if no celebrity would be left or the index is not usable.
    """
    index = index.resolve()  # a link to the index stays a link
    before = _read_previous(index)
    unknown = tuple(sorted(set(ids).difference(before.ids)))
    if unknown:
        raise UnknownCelebrities(f"{index}: not in this index: {', '.join(unknown)}", unknown)
    removed = frozenset(ids)
    stays = np.array([id not in removed for id in before.ids])
    if not stays.any():
        raise IndexRefused(f"{index}: no celebrity would be left")
    with scratch_beside(index) as directory:
        lines = _lines(index / CELEBRITIES)
        (directory / CELEBRITIES).write_bytes(b"".join(lines[row] + b"\n" for row in np.flatnonzero(stays)))
        written = _write(_kept_entries(before, stays), directory, before)
        replace_directory(directory, index)
    return written.manifest


def _kept_entries(before: _PreviousIndex, stays: npt.NDArray[np.bool_]) -> AllEntries:
    """The entries of an index for which `stays` (n,) is true."""
    arrays, photos = before.arrays, stays[before.arrays.photo_owner]
    new_rows = (np.cumsum(stays) - 1).astype(np.int32)
    return AllEntries(
        ids=[id for id, stay in zip(before.ids, stays, strict=True) if stay],
        sitelinks=before.sitelinks[stays],
        centroids=arrays.centroids[stays],
        photos=arrays.photos[photos],
        owners=new_rows[arrays.photo_owner[photos]],
        boxes=arrays.photo_boxes[photos],
        eyes=arrays.photo_eyes[photos],
    )


def _read_previous(directory: Path) -> _PreviousIndex:
    """An index, checked but for the texts of its celebrities; IndexRefused with the reason if it is not usable."""
    manifest = read_manifest(directory, RECIPE, MODEL_SHA256)
    arrays = read_arrays(directory, manifest)
    try:
        lines = [json.loads(line) for line in _lines(directory / CELEBRITIES)]
        ids = [line["id"] for line in lines]
        sitelinks = np.array([line.get("fame", np.nan) for line in lines], np.float32)
    except (ValueError, LookupError, TypeError) as error:
        raise IndexRefused(f"{directory / CELEBRITIES}: {error}") from error
    if len(ids) != manifest.celebrities:
        raise IndexRefused(f"{directory / CELEBRITIES}: {len(ids)} lines, the manifest says {manifest.celebrities}")
    return _PreviousIndex(directory, manifest, ids, sitelinks, arrays)


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().removesuffix(b"\n").split(b"\n")


def _write(entries: AllEntries, directory: Path, before: _PreviousIndex | None) -> WrittenIndex:
    """Write everything but celebrities.jsonl, reusing what can be reused of the previous index."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new_rows = _new_rows(entries, before) if before else np.empty(0, np.int32)
    matching = (before and _patch(entries, directory, before, new_rows)) or _build(entries, directory, now)
    Arrays(
        entries.centroids, matching.corrections, entries.photos, entries.owners, entries.boxes, entries.eyes,
        matching.graph_rows,
    ).save(directory / EMBEDDINGS)  # fmt: skip
    manifest = Manifest(
        format_version=FORMAT_VERSION,
        built_at=now,
        calibrated_at=matching.calibrated_at,
        celebrities=len(entries.ids),
        photos=len(entries.photos),
        dimension=EMBEDDING_SIZE,
        metric=METRIC,
        hnsw=asdict(matching.parameters),
        graph_nodes=len(matching.graph_rows),
        mean_radius=matching.mean_radius,
        fame_weight=FAME_WEIGHT,
        **asdict(matching.calibration),
        recall_at_10=measured_recall(
            index_over(matching.graph, matching.graph_rows, entries.centroids),
            entries.centroids,
            sample(entries.photos, entries.owners, matching.recall_queries)[0],
        ),
        recipe=RECIPE,
        model_sha256=MODEL_SHA256,
        files={name: file_check(directory / name) for name in (CELEBRITIES, EMBEDDINGS, GRAPH)},
        libraries={name: version(name) for name in ("nmslib", "numpy", "onnxruntime", "dlib-bin", "Pillow")},
    )
    write_manifest(manifest, directory)
    best = matching.best
    counts = np.bincount(best.rows[np.isfinite(best.scores)], minlength=len(entries.ids)).astype(np.int32)
    scores = best.standardised(matching.calibration)
    return WrittenIndex(manifest, scores, counts, before.manifest if before else None, new_rows)


def _build(entries: AllEntries, directory: Path, now: str) -> _Matching:
    """A graph of all entries, and the score scale from a large sample."""
    rows = np.arange(len(entries.ids))
    radii = hub_radii(entries.centroids, entries.photos, entries.owners, rows)
    mean_radius = float(radii.mean())
    hub_corrections = corrections(radii, mean_radius)
    best = _best_matches(entries, hub_corrections, CALIBRATION_SAMPLE)
    parameters = parameters_for(len(rows))
    graph = HnswIndex.build(entries.centroids, parameters)
    graph.save(directory / GRAPH)
    return _Matching(
        graph, parameters, rows.astype(np.int32), hub_corrections, mean_radius,
        _fitted(best, entries, CALIBRATION_SAMPLE), now, best, RECALL_QUERIES,
    )  # fmt: skip


def _fitted(best: BestMatches, entries: AllEntries, photos: int) -> Calibration:
    return fit(best.scores, best.radii, sample(entries.photos, entries.owners, photos)[1])


def _best_matches(entries: AllEntries, hub_corrections: Floats, photos: int) -> BestMatches:
    """The best match of each photo of a sample, with fame in the weight that the index is calibrated for."""
    added = score_corrections(hub_corrections, entries.owners, entries.sitelinks, FAME_WEIGHT)
    return best_matches(entries.centroids, added, *sample(entries.photos, entries.owners, photos))


def _patch(entries: AllEntries, directory: Path, before: _PreviousIndex, new_rows: Rows) -> _Matching | None:
    """The graph, corrections and score scale of the previous index; None if everything is to be built anew."""
    old, manifest = before.arrays, before.manifest
    graph_rows = np.where(old.graph_rows == REMOVED, REMOVED, new_rows[old.graph_rows])
    added = added_rows(graph_rows, len(entries.ids))
    changes = len(added) + int((graph_rows == REMOVED).sum())
    if len(entries.ids) < REBUILD_BELOW or changes > REBUILD_SHARE * len(graph_rows):
        return None
    source, target = before.directory / GRAPH, directory / GRAPH
    if not copy_graph(source, target, old.graph_rows, old.centroids, graph_rows, entries.centroids):
        return None
    hub_corrections = _patched_corrections(entries, before, new_rows)
    best = _best_matches(entries, hub_corrections, PATCH_SAMPLE)
    parameters = parameters_from(manifest.hnsw)
    graph = HnswIndex.load(target, EMBEDDING_SIZE, len(graph_rows), parameters)
    is_same = manifest.fame_weight == FAME_WEIGHT and (not FAME_WEIGHT or _are_as_famous(entries, before, new_rows))
    calibration = manifest.calibration if is_same else _fitted(best, entries, PATCH_SAMPLE)
    return _Matching(
        graph, parameters, graph_rows, hub_corrections, manifest.mean_radius, calibration, manifest.calibrated_at,
        best, PATCH_RECALL_QUERIES,
    )  # fmt: skip


def _new_rows(entries: AllEntries, before: _PreviousIndex) -> Rows:
    """The new row (n,) of each celebrity of the previous index; REMOVED for one that left or has other photos."""
    row_of = {id: row for row, id in enumerate(entries.ids)}
    new_rows = np.array([row_of.get(id, REMOVED) for id in before.ids], dtype=np.int32)
    kept = np.flatnonzero(new_rows != REMOVED)
    changed = (before.arrays.centroids[kept] != entries.centroids[new_rows[kept]]).any(axis=1)
    new_rows[kept[changed]] = REMOVED
    return new_rows


def _are_as_famous(entries: AllEntries, before: _PreviousIndex, new_rows: Rows) -> bool:
    kept = new_rows != REMOVED
    return np.array_equal(before.sitelinks[kept], entries.sitelinks[new_rows[kept]], equal_nan=True)


def _patched_corrections(entries: AllEntries, before: _PreviousIndex, new_rows: Rows) -> Floats:
    """Hub corrections (n,): those of the previous index; for added celebrities, new ones on the old scale."""
    found = np.empty(len(entries.ids), dtype=np.float32)
    kept = new_rows != REMOVED
    found[new_rows[kept]] = before.arrays.corrections[kept]
    added = added_rows(new_rows, len(entries.ids))
    radii = hub_radii(entries.centroids, entries.photos, entries.owners, added)
    found[added] = corrections(radii, before.manifest.mean_radius)
    return found


def measured_recall(index: Index, centroids: Floats, queries: Floats) -> float:
    """Recall@10 by distance of an index of the centroids (n, 128) against exact search, of queries (q, 128)."""
    _, found = index.nearest(queries, 10)
    _, exact = ExactIndex(centroids).nearest(queries, 10)
    return recall(found, exact)
