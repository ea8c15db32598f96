"""Celebrities and what was found in their photos -> the people of an index, and why everybody else is not in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lookalike.core.errors import CatalogueError
from lookalike.faces.quality import choose
from lookalike.faces.types import MeasuredFace
from lookalike.gallery.calibration import centroid
from lookalike.gallery.catalogue import (
    Celebrity,
    CelebrityPhoto,
    from_folder,
    no_garbage_collection,
    photos_called,
    read_catalogue,
    slug,
)
from lookalike.indexing.duplicate_check import Split, split
from lookalike.indexing.embed_photos import Embedded, EmbeddingStore
from lookalike.indexing.embedding_cache import NONE
from lookalike.indexing.index_writer import Person


@dataclass(frozen=True)
class Reject:
    """A photo, a person or a catalogue line that is not in the index, and why; '' where it is about no such thing."""

    celebrity: str
    photo: str
    reason: str


def celebrities_to_build(
    photos: Path, catalog: Path | None, deny: frozenset[str], link_template: str | None
) -> tuple[list[Celebrity], list[Reject]]:
    """Everybody with photos who is not on the deny-list, and what is left out."""
    if not photos.is_dir():
        raise CatalogueError(f"photos directory {photos} is missing")
    chosen, rejects = [], []
    with no_garbage_collection():
        for celebrity in read_catalogue(catalog, link_template) if catalog else from_folder(photos):
            if isinstance(celebrity, str):
                rejects.append(Reject("", "", celebrity))
            elif deny.intersection(folder_names(celebrity)):
                rejects.append(Reject(celebrity.id, "", "on the deny-list"))
            else:
                chosen.append(celebrity if celebrity.photos else with_photos_of_folder(celebrity, photos))
    return chosen, rejects


def with_photos_of_folder(celebrity: Celebrity, photos: Path) -> Celebrity:
    """A catalogue line that lists no photos has those in the folder, or the file, called like its id or its name."""
    for stem in folder_names(celebrity):
        found = photos_called(stem, photos)
        if found:
            return celebrity.model_copy(update={"photos": tuple(CelebrityPhoto(file=file) for file in found)})
    return celebrity


def folder_names(celebrity: Celebrity) -> list[str]:
    """What a celebrity's folder of photos, and a line of a deny-list, may be: the id or the English name."""
    return list(filter(None, dict.fromkeys((celebrity.id, slug(celebrity.name_in("en"))))))


def to_people(
    celebrities: Sequence[Celebrity], embedded: Embedded, store: EmbeddingStore, rejects: list[Reject],
    splits: list[Split],
) -> Iterator[Person | None]:  # fmt: skip
    """For each celebrity a person, or None for one without a usable photo.

    What is left out is added to `rejects`, and to `splits` who may be two people, before the fewer photos are dropped.

    `embedded` holds the photos of all celebrities, in their order.
    """
    start = 0
    for celebrity in celebrities:
        numbers = range(start, start + len(celebrity.photos))
        start = numbers.stop
        yield _to_person(celebrity, numbers, embedded, store, rejects, splits)


def _to_person(
    celebrity: Celebrity, numbers: range, embedded: Embedded, store: EmbeddingStore, rejects: list[Reject],
    splits: list[Split],
) -> Person | None:  # fmt: skip
    """The good ones of the photos with these numbers: of a face, each once, by quality.py, and like the others."""
    rows = embedded.rows[numbers.start : numbers.stop]
    reasons = {place: embedded.failures[numbers[place]] for place in np.flatnonzero(rows == NONE).tolist()}
    first: dict[int, int] = {}  # row -> the first place that has it
    for place, row in enumerate(rows.tolist()):
        if place not in reasons and first.setdefault(row, place) != place:
            reasons[place] = f"same as {celebrity.photos[first[row]].file}"
    found = dict(zip(first.values(), store.found(rows[list(first.values())]), strict=True)) if first else {}
    portraits: dict[int, MeasuredFace] = {}
    for place, one in found.items():
        if isinstance(one.portrait, str):
            reasons[place] = one.portrait
        else:
            portraits[place] = one.portrait
    for place, reason in zip(list(portraits), choose(list(portraits.values())), strict=True):
        if reason is not None:
            reasons[place] = reason
            del portraits[place]
    person = None
    if portraits:
        embeddings = np.stack([portrait.embedding for portrait in portraits.values()])
        splits += split(celebrity, embeddings, [celebrity.photos[place].file for place in portraits])
        mean, keep = centroid(embeddings)
        reasons |= dict.fromkeys(np.array(list(portraits))[~keep].tolist(), "unlike the person's other photos")
        photos = (_named(celebrity.photos[place], found[place].sha1) for place in portraits if place not in reasons)
        person = Person(celebrity.model_copy(update={"photos": tuple(photos)}), mean, embeddings[keep])
    rejects += [Reject(celebrity.id, celebrity.photos[place].file, reasons[place]) for place in sorted(reasons)]
    if person is None:
        rejects.append(Reject(celebrity.id, "", "no usable photo"))
    return person


def _named(photo: CelebrityPhoto, sha1: str) -> CelebrityPhoto:
    return photo if photo.sha1 == sha1 else photo.model_copy(update={"sha1": sha1})
