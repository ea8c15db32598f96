"""Remove celebrities: from the index, the photos, the embedding cache, and from later builds by the deny-list.

The index comes last: after an interruption the same command can be run again, for the celebrity is still known.
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

from lookalike.core.errors import CatalogueError, IndexRefused, UnknownCelebrities
from lookalike.core.terminal import printable
from lookalike.faces.types import MODEL_SHA256, RECIPE
from lookalike.gallery.catalogue import Celebrity, photos_called, read_names
from lookalike.gallery.index_format import CELEBRITIES, read_manifest
from lookalike.indexing.embedding_cache import EmbeddingCache
from lookalike.indexing.index_writer import remove_celebrities
from lookalike.indexing.photo_selection import folder_names

RELOAD = "a running bot takes the new index on SIGHUP: pkill -HUP -f bot.py"


@dataclass(frozen=True)
class TakedownOptions:
    """Ids to remove from the index `out`, and what else is to forget them: lists of ids, and a photos directory."""

    out: Path
    ids: tuple[str, ...]
    deny: tuple[Path, ...] = ()
    photos: Path | None = None


@dataclass(frozen=True)
class Removed:
    """The celebrities to be removed from an index, and the photo files that the others name."""

    celebrities: tuple[Celebrity, ...]
    others_files: frozenset[str]


def take_down(options: TakedownOptions, cache: Path) -> int:
    """Remove celebrities and print what was done; 0.

    UnknownCelebrities, IndexRefused or CatalogueError, and nothing has changed, if it cannot be done.
    """
    removed = find_removed(options.out, options.ids)
    if options.photos and not options.photos.is_dir():
        raise CatalogueError(f"photos directory {options.photos} is missing")
    for path in options.deny:
        added = deny(path, options.ids)
        _say(f"{path}: " + (f"added {', '.join(added)}" if added else "nothing to add, the ids are in it"))
    deleted, sha1s = delete_photos(options.photos, removed) if options.photos else ([], [])
    for file in deleted:
        _say(f"deleted {options.photos}/{file}")
    erased = erase_from_cache(cache, removed, sha1s)
    manifest = remove_celebrities(options.out, options.ids)
    _say(f"{options.out}: removed {', '.join(options.ids)}; erased {erased} photos from the embedding cache")
    _say(f"{options.out}: {manifest.celebrities} celebrities, {manifest.photos} photos; {RELOAD}")
    return 0


def _say(text: str) -> None:
    print(printable(text))


def find_removed(index: Path, ids: Sequence[str]) -> Removed:
    """Celebrities by id; UnknownCelebrities if one is missing, IndexRefused if none would stay or it is not usable."""
    read_manifest(index, RECIPE, MODEL_SHA256)
    found: dict[str, Celebrity] = {}
    others_files: set[str] = set()
    others = 0
    with (index / CELEBRITIES).open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["id"] in ids:
                found[entry["id"]] = Celebrity.model_validate(entry)
            else:
                others += 1
                others_files.update(photo["file"] for photo in entry.get("photos", ()))
    unknown = tuple(id for id in ids if id not in found)
    if unknown:
        raise UnknownCelebrities(f"{index}: not in this index: {', '.join(unknown)}", unknown)
    if not others:
        raise IndexRefused(f"{index}: no celebrity would be left")
    return Removed(tuple(found.values()), frozenset(others_files))


def deny(path: Path, ids: Sequence[str], note: str = "removed") -> list[str]:
    """Add ids (or other words) to a list that is also edited by hand; those that were not in it."""
    known = read_names(path) if path.exists() else frozenset[str]()
    new = [id for id in ids if id not in known]
    today = datetime.now(UTC).date().isoformat()
    with path.open("a+", encoding="utf-8") as file:
        file.seek(0)
        text = file.read()
        if text and not text.endswith("\n"):
            file.write("\n")
        file.writelines(f"{id}  # {note} {today}\n" for id in new)
        file.flush()
        os.fsync(file.fileno())
    return new


def delete_photos(photos: Path, removed: Removed) -> tuple[list[str], list[bytes]]:
    """Delete the photo files and folders of removed celebrities; the files, and the SHA-1 of each that was read.

    A file that another celebrity names stays, and so does its folder.
    """
    deleted, sha1s = [], []
    for celebrity in removed.celebrities:
        stems = folder_names(celebrity)
        files = {photo.file for photo in celebrity.photos}.union(*(photos_called(stem, photos) for stem in stems))
        for file in sorted(files - removed.others_files):
            path = photos / file
            if path.is_file():
                sha1s.append(hashlib.sha1(path.read_bytes(), usedforsecurity=False).digest())
            if os.path.lexists(path):
                path.unlink()
                deleted.append(file)
        for stem in stems:
            folder = photos / stem
            is_shared = any(file.startswith(f"{stem}/") for file in removed.others_files)
            if not is_shared and os.path.isdir(folder):  # noqa: PTH112 - False for a name that is too long
                folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
                deleted.append(f"{stem}/")
    return deleted, sha1s


def erase_from_cache(cache: Path, removed: Removed, sha1s: Sequence[bytes] = ()) -> int:
    """Erase the photos of removed celebrities, and those with these SHA-1, from the cache file; how many."""
    known = [bytes.fromhex(photo.sha1) for one in removed.celebrities for photo in one.photos if photo.sha1]
    if not cache.is_file():
        return 0
    with EmbeddingCache(cache) as photos:
        return photos.erase({*known, *sha1s})
