"""A person leaves: from the index, from the photos, from what earlier builds keep, and for good by the deny-list.

The index comes last: a takedown that was interrupted can be typed again, for the person is still known.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from lookalike.core.errors import IndexRefused, UnknownCelebrities
from lookalike.faces.types import MODEL_SHA256, RECIPE
from lookalike.gallery.catalogue import Celebrity, photos_called, read_names
from lookalike.gallery.index_format import CELEBRITIES, read_manifest
from lookalike.indexing.embed_photos import EmbeddingStore
from lookalike.indexing.photo_selection import folder_names


@dataclass(frozen=True)
class Leaving:
    """Who leaves an index, and the photo files of those who stay."""

    celebrities: tuple[Celebrity, ...]
    others_files: frozenset[str]


def leaving(index: Path, ids: Sequence[str]) -> Leaving:
    """The people with these ids; UnknownCelebrities if one is not there, IndexRefused if it is damaged or all leave."""
    read_manifest(index, RECIPE, MODEL_SHA256)
    found: dict[str, Celebrity] = {}
    others_files: set[str] = set()
    stay = 0
    with (index / CELEBRITIES).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["id"] in ids:
                found[entry["id"]] = Celebrity.model_validate(entry)
            else:
                stay += 1
                others_files.update(photo["file"] for photo in entry.get("photos", ()))
    unknown = tuple(id for id in ids if id not in found)
    if unknown:
        raise UnknownCelebrities(f"{index}: not in this index: {', '.join(unknown)}", unknown)
    if not stay:
        raise IndexRefused(f"{index}: nobody would be left")
    return Leaving(tuple(found.values()), frozenset(others_files))


def deny(path: Path, ids: Sequence[str]) -> list[str]:
    """Add ids to a list that people keep by hand; those that were not there before."""
    known = read_names(path) if path.exists() else frozenset[str]()
    new = [id for id in ids if id not in known]
    today = datetime.now(UTC).date().isoformat()
    with path.open("a+", encoding="utf-8") as file:
        file.seek(0)
        text = file.read()
        if text and not text.endswith("\n"):
            file.write("\n")
        file.writelines(f"{id}  # removed {today}\n" for id in new)
        file.flush()
        os.fsync(file.fileno())
    return new


def delete_photos(photos: Path, leaving: Leaving) -> tuple[list[str], list[bytes]]:
    """Delete the photo files of those who leave, and their folders; the files, and the SHA-1 of each that was read.

    What somebody else's line names too stays, and so does the folder it is in.
    """
    deleted, sha1s = [], []
    for celebrity in leaving.celebrities:
        stems = folder_names(celebrity)
        files = {photo.file for photo in celebrity.photos}.union(*(photos_called(stem, photos) for stem in stems))
        for file in sorted(files - leaving.others_files):
            path = photos / file
            if path.is_file():
                sha1s.append(hashlib.sha1(path.read_bytes(), usedforsecurity=False).digest())
            if os.path.lexists(path):
                path.unlink()
                deleted.append(file)
        for stem in stems:
            folder = photos / stem
            is_shared = any(file.startswith(f"{stem}/") for file in leaving.others_files)
            if not is_shared and os.path.isdir(folder):  # noqa: PTH112 - a name too long is no folder, not an error
                folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
                deleted.append(f"{stem}/")
    return deleted, sha1s


def forget_embeddings(store: Path, leaving: Leaving, sha1s: Sequence[bytes] = ()) -> int:
    """Erase what earlier builds keep of the photos of those who leave, and of those with these SHA-1; how many."""
    known = [bytes.fromhex(photo.sha1) for one in leaving.celebrities for photo in one.photos if photo.sha1]
    keys = sorted({*known, *sha1s})
    if not keys or not store.is_file():
        return 0
    with EmbeddingStore(store) as records:
        return records.erase(np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), -1))
