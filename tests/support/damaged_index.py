"""Changes to an index directory that its manifest vouches for, as if it had been built so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lookalike.core.errors import IndexRefused
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.index_format import CELEBRITIES, CHECKSUM, EMBEDDINGS, GRAPH, MANIFEST, checksum, file_check

Arrays = dict[str, npt.NDArray[Any]]


def edit_manifest(index: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest, with the checksum that belongs to it."""
    path = index / MANIFEST
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest | {CHECKSUM: checksum(manifest)}))


def sign(index: Path) -> None:
    """Make the manifest say that the files are as they should be."""
    files = {name: file_check(index / name).model_dump() for name in (CELEBRITIES, EMBEDDINGS, GRAPH)}
    edit_manifest(index, lambda manifest: manifest.update(files=files))


def edit_arrays(index: Path, change: Callable[[Arrays], object]) -> None:
    """Change the arrays, and sign."""
    with np.load(index / EMBEDDINGS) as file:
        arrays = {name: array.copy() for name, array in file.items()}
    change(arrays)
    np.savez(index / EMBEDDINGS, **arrays)
    sign(index)


def assert_refused(index: Path, *names: str) -> None:
    """Loading is refused in one line that names the index and these."""
    with pytest.raises(IndexRefused) as refused:
        Gallery.load(index)
    assert all(name in str(refused.value) for name in (str(index), *names))
    assert "\n" not in str(refused.value)
