"""Build an index directory from photos: embed, select, write, report, put in place."""

from __future__ import annotations

import asyncio
import csv
import itertools
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from lookalike.core.directory_swap import scratch_beside
from lookalike.core.program import print_error
from lookalike.core.terminal import printable
from lookalike.gallery.calibration import Floats
from lookalike.gallery.catalogue import Celebrity, no_garbage_collection, read_names
from lookalike.gallery.index_format import Manifest, read_arrays
from lookalike.gallery.replacing.replace_directory import check_replaceable, replace_directory
from lookalike.indexing.duplicate_check import find_suspects
from lookalike.indexing.embed_photos import EmbeddedPhotos, embed_photos
from lookalike.indexing.embedding_cache import EmbeddingCache
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import WrittenIndex, write_index
from lookalike.indexing.near_pairs import NearPairs, find_near_pairs, read_near_pairs, update_near_pairs
from lookalike.indexing.photo_selection import IndexReject, Selection, celebrities_to_build, select_entries
from lookalike.indexing.report.collector_rejects import read_not_collected, rejects_of
from lookalike.indexing.report.commands import MaintainerCommands
from lookalike.indexing.report.namesakes import find_namesakes
from lookalike.indexing.report.page import REPORT, Report, write_report
from lookalike.indexing.takedown import deny
from lookalike.workers.pool import WorkerPool

if TYPE_CHECKING:
    from lookalike.indexing.dask_backend import DaskCluster

REJECTS = "rejects.csv"
PROGRAM = "build_index.py"


@dataclass(frozen=True)
class BuildOptions:
    """What to build: the options of build_index.py."""

    photos: Path
    out: Path
    catalog: Path | None = None
    deny: tuple[Path, ...] = ()
    deny_photos: tuple[str, ...] = ()  # files or SHA-1, added to the first deny-list
    checked: tuple[str, ...] = ()  # tokens of suspects that the report shows as solved from now on
    link_template: str | None = None
    forget_photos: bool = False
    workers: int | None = None  # None: one per core
    scheduler: str | None = None  # URL of a Dask scheduler
    rehash: bool = False


def cache_of(out: Path) -> Path:
    """The embedding cache beside an index."""
    return _beside(out, "embeddings")


def checked_of(out: Path) -> Path:
    """The list of checked suspects beside an index; it outlives the index."""
    return _beside(out, "checked")


def build(options: BuildOptions) -> int:
    """Build and install the index; 0, or 1 if no photo is usable: then the index in place stays.

    Any LookalikeError or OSError leaves the index in place too.
    """
    out = options.out
    _check_writable(out)
    _note_decisions(options)
    denied = frozenset[str]().union(*(read_names(file) for file in options.deny))
    celebrities, rejects = celebrities_to_build(options.photos, options.catalog, denied, options.link_template)
    for reject in rejects:
        if not reject.celebrity:  # a wrong line of the catalogue
            print_error(PROGRAM, reject.reason)
    selection, manifest = Selection(denied, rejects), None
    with EmbeddingCache(cache_of(out)) as cache:
        embedded = asyncio.run(_embed(celebrities, cache, options))
        entries = _with_progress(select_entries(celebrities, embedded, cache, selection), len(celebrities), rejects)
        if options.forget_photos:
            entries = map(without_photos, entries)
        first = next(entries, None)
        if first is not None:
            manifest = _install(itertools.chain([first], entries), options, celebrities, selection)
    for reason, count in Counter(reject.reason for reject in rejects).most_common(10):
        print(printable(f"left out: {count} × {reason}"), file=sys.stderr)
    if manifest is None:
        write_rejects(rejects, _beside(out, REJECTS))
        print_error(PROGRAM, f"no usable photo in {options.photos}, {out} stays as it was")
        return 1
    print(
        f"{printable(str(out))}: {manifest.celebrities} celebrities, {manifest.photos} photos, "
        f"recall@10 {manifest.recall_at_10:.4f}, best matches at {manifest.mu:.3f} ± {manifest.sigma:.3f}"
    )
    return 0


def _note_decisions(options: BuildOptions) -> None:
    """Keep what the maintainer decided: photos that are denied, suspects that are none."""
    if options.deny_photos:
        deny(options.deny[0], options.deny_photos, "does not show the person, denied")
    if options.checked:
        deny(checked_of(options.out), options.checked, "checked")


def _check_writable(out: Path) -> None:
    """IndexRefused if `out` is something else than an index, OSError if it cannot be written; makes its parents."""
    check_replaceable(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out.parent):
            pass
    except OSError as error:
        raise OSError(error.errno, f"cannot be written: {error.strerror}", str(out)) from error


async def _embed(celebrities: list[Celebrity], cache: EmbeddingCache, options: BuildOptions) -> EmbeddedPhotos:
    """Embed all photos of these celebrities, in order, with a progress bar."""
    files = [photo.file for celebrity in celebrities for photo in celebrity.photos]
    with tqdm(total=len(files), unit="photo", desc="photos", disable=None) as bar:
        rejected = 0

        def on_progress(done: int, without_face: int) -> None:
            nonlocal rejected
            rejected += without_face
            bar.set_postfix(rejected=rejected, refresh=False)
            bar.update(done)

        async with _inspector(options) as inspector:
            return await embed_photos(
                files, options.photos, cache, inspector, rehash=options.rehash, on_progress=on_progress
            )


def _inspector(options: BuildOptions) -> WorkerPool | DaskCluster:
    if not options.scheduler:
        return WorkerPool(options.workers)
    from lookalike.indexing.dask_backend import DaskCluster  # takes half a second to import, and few builds need it

    return DaskCluster(options.scheduler)


def _with_progress(
    entries: Iterable[IndexEntry | None], total: int, rejects: list[IndexReject]
) -> Iterator[IndexEntry]:
    """The entries that are not None, with a progress bar; `rejects` grows meanwhile."""
    with tqdm(total=total, unit="celebrity", desc="celebrities", disable=None) as bar:
        for entry in entries:
            bar.set_postfix(rejected=len(rejects), refresh=False)
            bar.update()
            if entry:
                yield entry


def without_photos(entry: IndexEntry) -> IndexEntry:
    """The entry without the names of its photo files."""
    return replace(entry, celebrity=entry.celebrity.model_copy(update={"photos": ()}))


def _install(
    entries: Iterable[IndexEntry], options: BuildOptions, celebrities: list[Celebrity], selection: Selection
) -> Manifest:
    """Write the index of these entries, rejects.csv and the report, and put them in the place of the previous index."""
    in_index: list[Celebrity] = []

    def noted() -> Iterator[IndexEntry]:
        for entry in entries:
            in_index.append(entry.celebrity)
            yield entry

    with no_garbage_collection(), scratch_beside(options.out) as directory:
        written = write_index(noted(), directory, previous=options.out)
        write_rejects(selection.rejects, directory / REJECTS)
        arrays = read_arrays(directory, written.manifest)
        pairs = _near_pairs(written, arrays.centroids, options.out)
        pairs.save(directory, written.manifest)
        rejected = {reject.celebrity for reject in selection.rejects}
        report = Report(
            celebrities=in_index,
            manifest=written.manifest,
            best_scores=written.best_scores,
            match_counts=written.match_counts,
            suspects=find_suspects(in_index, pairs, arrays.photos, arrays.photo_owner, selection.mixed),
            rejects=selection.rejects,
            photos_dir=None if options.forget_photos else options.photos,
            photos_link="" if options.forget_photos else os.path.relpath(options.photos, options.out),
            namesakes=find_namesakes(in_index, arrays.centroids),
            not_collected=read_not_collected(rejects_of(options.catalog, options.photos)),
            left_out={one.id: one for one in celebrities if one.id in rejected},
            checked=_checked(options.out),
            commands=_commands(options),
        )
        write_report(report, directory / REPORT)
        replace_directory(directory, options.out)
    return written.manifest


def _checked(out: Path) -> frozenset[str]:
    """The suspects that were checked and are none."""
    return read_names(checked_of(out)) if checked_of(out).exists() else frozenset()


def _commands(options: BuildOptions) -> MaintainerCommands:
    return MaintainerCommands(
        options.photos, options.out, options.catalog, options.deny, options.link_template, options.forget_photos
    )


def _near_pairs(written: WrittenIndex, centroids: Floats, previous: Path) -> NearPairs:
    """Pairs of near centroids (n, d); those of the previous index that have not changed are not compared again."""
    before = written.previous and read_near_pairs(previous, written.previous)
    return update_near_pairs(centroids, before, written.kept_rows) if before else find_near_pairs(centroids)


def write_rejects(rejects: Iterable[IndexReject], path: Path) -> None:
    """Write a CSV line per reject: celebrity, photo, reason."""
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        table = csv.writer(file)
        table.writerow(["celebrity", "photo", "reason"])
        table.writerows((reject.celebrity, reject.photo, reject.reason) for reject in rejects)


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(f"{out.name}.{ending}")
