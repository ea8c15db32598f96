"""Made-up celebrities with embeddings, any number of them, for tests of an index that is brought up to date."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.faces.types import EMBEDDING_SIZE
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import EMBEDDINGS, MANIFEST
from lookalike.gallery.patched_index import PatchedIndex
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import WrittenIndex, write_index

Floats = npt.NDArray[np.float32]

LARGE = 300  # celebrities of the index that tests bring up to date


def person(number: int, *, take: int = 0) -> IndexEntry:
    """The entry of that number, always the same; another `take` is the same person with other photos."""
    photos = 3 + number % 2
    face = np.random.default_rng(number).normal(0, 0.065, EMBEDDING_SIZE)
    noise = np.random.default_rng([number, take]).normal(0, 0.03, (photos, EMBEDDING_SIZE))
    embeddings = (face + noise).astype(np.float32)
    files = tuple(CelebrityPhoto(file=f"{number}/{take}-{photo}.jpg") for photo in range(photos))
    celebrity = Celebrity(id=str(number), name={"en": f"Number {number}"}, photos=files)
    return IndexEntry(celebrity, embeddings.mean(axis=0, dtype=np.float64).astype(np.float32), embeddings)


def crowd(numbers: Sequence[int]) -> list[IndexEntry]:
    """The entries of these numbers."""
    return [person(number) for number in numbers]


def renamed(one: IndexEntry, name: str) -> IndexEntry:
    """The same entry under another name."""
    return replace(one, celebrity=one.celebrity.model_copy(update={"name": {"en": name}}))


def written(people: Sequence[IndexEntry], directory: Path, previous: Path | None = None) -> WrittenIndex:
    """Make an index of these entries at `directory`."""
    directory.mkdir()
    return write_index(iter(people), directory, previous)


def strangers(count: int, seed: int = 900) -> Floats:
    """Embeddings of photos of people who are in no crowd."""
    random = np.random.default_rng([seed, seed])
    return random.normal(0, np.hypot(0.065, 0.03), (count, EMBEDDING_SIZE)).astype(np.float32)


def ids(directory: Path) -> list[str]:
    """The ids in an index, which is loaded and so checked."""
    return [celebrity.id for celebrity in Gallery.load(directory).celebrities]


def holds(directory: Path, vector: Floats) -> bool:
    """Whether the bytes of an embedding are in any file of a directory."""
    return any(vector.tobytes() in path.read_bytes() for path in directory.rglob("*") if path.is_file())


def arrays_of(directory: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of an index by name."""
    with np.load(directory / EMBEDDINGS) as file:
        return dict(file)


def manifest_of(directory: Path) -> dict[str, Any]:
    """The manifest of an index as JSON."""
    manifest: dict[str, Any] = json.loads((directory / MANIFEST).read_text())
    return manifest


def is_patched(directory: Path) -> bool:
    """Whether an index was brought up to date and not built anew."""
    return isinstance(Gallery.load(directory).index, PatchedIndex)
