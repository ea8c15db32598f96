"""Celebrities and what was found in their photos -> the entries of an index, and why everything else is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import numpy as np

from lookalike.core.errors import CatalogueError
from lookalike.faces.quality import MORE_FACES, choose
from lookalike.faces.types import MeasuredFace
from lookalike.gallery.catalogue import (
    Celebrity,
    CelebrityPhoto,
    from_folder,
    no_garbage_collection,
    photos_called,
    read_catalogue,
    slug,
)
from lookalike.gallery.pooling import SAME_PERSON, centroid
from lookalike.indexing.clear_cases import clear_entries
from lookalike.indexing.duplicate_check import MixedPhotos, find_mixed
from lookalike.indexing.embed_photos import EmbeddedPhotos
from lookalike.indexing.embedding_cache import NONE, EmbeddingCache
from lookalike.indexing.index_entries import IndexEntry

DENIED = "on the deny-list"


AT_A_TIME = 1_000  # celebrities whose photos are in memory at once, 3 MB with four photos each


@dataclass(frozen=True)
class IndexReject:
    """A photo, celebrity or catalogue line that is not in the index, and why; '' where there is none."""

    celebrity: str  # id
    photo: str  # file, relative to the photos directory
    reason: str


@dataclass
class Selection:
    """What a build leaves out or suspects; grows while its entries are made. `deny`: lines of the deny-lists."""

    deny: frozenset[str] = frozenset()
    rejects: list[IndexReject] = field(default_factory=list)
    mixed: list[MixedPhotos] = field(default_factory=list)


def celebrities_to_build(
    photos: Path, catalog: Path | None, deny: frozenset[str], link_template: str | None
) -> tuple[list[Celebrity], list[IndexReject]]:
    """All celebrities that are not on the deny-list, with their photos, and what is left out.

    CatalogueError if there is no photos directory or the catalogue cannot be read.
    """
    if not photos.is_dir():
        raise CatalogueError(f"photos directory {photos} is missing")
    chosen, rejects = [], []
    with no_garbage_collection():
        for celebrity in read_catalogue(catalog, link_template) if catalog else from_folder(photos):
            if isinstance(celebrity, str):
                rejects.append(IndexReject("", "", celebrity))
            elif deny.intersection(folder_names(celebrity)):
                rejects.append(IndexReject(celebrity.id, "", DENIED))
            else:
                found = celebrity if celebrity.photos else with_photos_of_folder(celebrity, photos)
                allowed = tuple(photo for photo in found.photos if deny.isdisjoint(deny_lines(photo)))
                if len(allowed) < len(found.photos):
                    denied = (photo for photo in found.photos if photo not in allowed)
                    rejects += [IndexReject(celebrity.id, photo.file, DENIED) for photo in denied]
                    found = found.model_copy(update={"photos": allowed})
                chosen.append(found)
    return chosen, rejects


def deny_lines(photo: CelebrityPhoto) -> set[str]:
    """The lines of a deny-list that name a photo: its file, SHA-1, link, and title at Commons, as for the collector."""
    title = unquote((photo.source_url or "").partition("/wiki/File:")[2]).replace("_", " ")
    names = (photo.file, photo.sha1, photo.source_url, title and f"File:{title}")
    return set(filter(None, names))


def with_photos_of_folder(celebrity: Celebrity, photos: Path) -> Celebrity:
    """A celebrity with the photos in the folder, or the file, called like its id or its English name."""
    for stem in folder_names(celebrity):
        found = photos_called(stem, photos)
        if found:
            return celebrity.model_copy(update={"photos": tuple(CelebrityPhoto(file=file) for file in found)})
    return celebrity


def folder_names(celebrity: Celebrity) -> list[str]:
    """What a celebrity's folder of photos, and a line of a deny-list, may be called: the id or the English name."""
    return list(filter(None, dict.fromkeys((celebrity.id, slug(celebrity.name_in("en"))))))


def select_entries(
    celebrities: Sequence[Celebrity], embedded: EmbeddedPhotos, cache: EmbeddingCache, selection: Selection
) -> Iterator[IndexEntry | None]:
    """For each celebrity an entry, or None if no photo is usable; `embedded`: all their photos, in their order."""
    start = 0
    for first in range(0, len(celebrities), AT_A_TIME):
        some = celebrities[first : first + AT_A_TIME]
        photos = sum(len(one.photos) for one in some)
        clear = clear_entries(some, embedded.rows[start : start + photos], cache, selection.deny)
        for celebrity, entry in zip(some, clear, strict=True):
            numbers = range(start, start + len(celebrity.photos))
            start = numbers.stop
            yield entry or _select(celebrity, numbers, embedded, cache, selection)


def _select(
    celebrity: Celebrity, numbers: range, embedded: EmbeddedPhotos, cache: EmbeddingCache, selection: Selection
) -> IndexEntry | None:
    """The entry of the photos with these numbers that have a face, are no duplicates, good enough and no outliers."""
    rows = embedded.rows[numbers.start : numbers.stop]
    reasons = {place: embedded.failures[numbers[place]] for place in np.flatnonzero(rows == NONE).tolist()}
    first: dict[int, int] = {}  # row of the cache -> the first place that has it
    for place, row in enumerate(rows.tolist()):
        if place not in reasons and first.setdefault(row, place) != place:
            reasons[place] = f"same as {celebrity.photos[first[row]].file}"
    found = dict(zip(first.values(), cache.photos(rows[list(first.values())]), strict=True)) if first else {}
    faces: dict[int, MeasuredFace] = {}
    for place, one in found.items():
        if one.sha1 in selection.deny:
            reasons[place] = DENIED
        elif isinstance(one.face, str):
            reasons[place] = one.face
        else:
            faces[place] = one.face
    for place, reason in zip(list(faces), _choose(list(faces.values())), strict=True):
        if reason is not None:
            reasons[place] = reason
            del faces[place]
    entry = None
    if faces:
        embeddings = np.stack([face.embedding for face in faces.values()])
        selection.mixed += find_mixed(celebrity, embeddings, [celebrity.photos[place].file for place in faces])
        mean, keep = centroid(embeddings)
        reasons |= dict.fromkeys(np.array(list(faces))[~keep].tolist(), "unlike the person's other photos")
        photos = (_with_sha1(celebrity.photos[place], found[place].sha1) for place in faces if place not in reasons)
        entry = IndexEntry(
            celebrity=celebrity.model_copy(update={"photos": tuple(photos)}),
            centroid=mean,
            embeddings=embeddings[keep],
            boxes=np.array([face.box for face in faces.values()], np.int32)[keep],
            eyes=np.array([face.eyes for face in faces.values()], np.float32)[keep],
        )
    selection.rejects += [
        IndexReject(celebrity.id, celebrity.photos[place].file, reasons[place]) for place in sorted(reasons)
    ]
    if entry is None:
        selection.rejects.append(IndexReject(celebrity.id, "", "no usable photo"))
    return entry


def _choose(faces: list[MeasuredFace]) -> list[str | None]:
    """`quality.choose`, and of photos with more faces those whose main face is like the mean of the chosen ones."""
    reasons = choose(faces)
    chosen = [face.embedding for face, reason in zip(faces, reasons, strict=True) if reason is None]
    if not chosen:
        return reasons
    mean = np.mean(chosen, axis=0)
    return [
        None if reason == MORE_FACES and np.linalg.norm(face.embedding - mean) <= SAME_PERSON else reason
        for face, reason in zip(faces, reasons, strict=True)
    ]


def _with_sha1(photo: CelebrityPhoto, sha1: str) -> CelebrityPhoto:
    return photo if photo.sha1 == sha1 else photo.model_copy(update={"sha1": sha1})
