"""Photos that an index shows and has no embeddings of: added to it, and nothing else in it changes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from lookalike.core.directory_swap import scratch_beside
from lookalike.faces.types import MODEL_SHA256, RECIPE
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import Celebrities
from lookalike.gallery.index_format import CELEBRITIES, EMBEDDINGS, GRAPH, file_check, read_manifest, write_manifest
from lookalike.gallery.replacing.replace_directory import replace_directory


def people_without_photos(index: Path) -> list[Celebrity]:
    """The celebrities of an index who have no photo with an embedding; IndexRefused if it is not usable."""
    read_manifest(index, RECIPE, MODEL_SHA256)
    everybody = Celebrities.read(index / CELEBRITIES)
    return [one for one in everybody if not any(photo.embedded for photo in one.photos)]


def show_photos(index: Path, photos: Mapping[str, tuple[CelebrityPhoto, ...]]) -> int:
    """Give celebrities (ids) photos to be shown; how many there are who have one.

    The index is replaced whole, so that a running bot sees the old one or the new one. People who left it meanwhile are
    passed over; without a mention of theirs photos stay as they are. IndexRefused if the index is not usable.
    """
    index = index.resolve()  # a link to the index stays a link
    manifest = read_manifest(index, RECIPE, MODEL_SHA256)
    people = [_with_photos(one, photos.get(one.id)) for one in Celebrities.read(index / CELEBRITIES)]
    with scratch_beside(index) as directory:
        for path in index.iterdir():
            if path.is_file() and path.name != CELEBRITIES:
                shutil.copy2(path, directory)
        lines = (one.model_dump_json(exclude_defaults=True) + "\n" for one in people)
        (directory / CELEBRITIES).write_text("".join(lines), encoding="utf-8")
        files = {name: file_check(directory / name) for name in (CELEBRITIES, EMBEDDINGS, GRAPH)}
        write_manifest(manifest.model_copy(update={"files": files}), directory)
        replace_directory(directory, index)
    return sum(bool(one.photos) for one in people)


def _with_photos(one: Celebrity, shown: tuple[CelebrityPhoto, ...] | None) -> Celebrity:
    """With these photos besides those that have embeddings, in the place of those shown until now."""
    embedded = tuple(photo for photo in one.photos if photo.embedded)
    if embedded or shown is None:
        return one
    return one.model_copy(update={"photos": tuple(photo.model_copy(update={"embedded": False}) for photo in shown)})
