"""The index directory: what is in it, how it is replaced as a whole, how it is checked before anything trusts it.

manifest.json        this file's Manifest: everything needed to refuse a damaged, foreign or stale index
celebrities.jsonl    one Celebrity a line, in the order of the centroids
embeddings.npz       centroids (n, 128) f32, corrections (n,) f32, photos (m, 128) f32, photo_owner (m,) i32
index.hnsw           nmslib's graph of the centroids
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from errors import IndexRefused
from findings import EMBEDDING_SIZE
from search import HnswParameters

FORMAT_VERSION = 1
MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH = "manifest.json", "celebrities.jsonl", "embeddings.npz", "index.hnsw"
METRIC = "l2"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


class FileCheck(BaseModel):
    """Size and SHA-256 of one file of the index."""

    model_config = ConfigDict(frozen=True)

    size_bytes: int
    sha256: str


class Manifest(BaseModel):
    """What an index is made of; written last, read first."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    format_version: int
    built_at: str  # ISO 8601, UTC
    celebrities: int = Field(ge=1)
    photos: int = Field(ge=1)
    dimension: int
    metric: str
    hnsw: dict[str, int]
    mu: float = Field(allow_inf_nan=False)
    sigma: float = Field(gt=0, allow_inf_nan=False)
    min_similarity: float = Field(ge=0, le=1)
    recall_at_10: float
    recipe: str  # how pixels became embeddings; probes must be made the same way
    model_sha256: str
    files: dict[str, FileCheck]
    libraries: dict[str, str]

    @field_validator("hnsw")
    @classmethod
    def _is_whole(cls, hnsw: dict[str, int]) -> dict[str, int]:
        if set(hnsw) != set(asdict(HnswParameters())) or min(hnsw.values()) < 1:
            raise ValueError(f"must hold {', '.join(asdict(HnswParameters()))}, each at least 1")
        return hnsw


def file_check(path: Path) -> FileCheck:
    """Size and SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return FileCheck(size_bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def read_manifest(directory: Path, recipe: str, model_sha256: str) -> Manifest:
    """The manifest of an index whose files are whole and made for this program; else IndexRefused with the reason."""
    path = directory / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise IndexRefused(f"no index in {directory}: {path.name}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise IndexRefused(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    expected = {
        "format_version": FORMAT_VERSION, "metric": METRIC, "dimension": EMBEDDING_SIZE,
        "recipe": recipe, "model_sha256": model_sha256,
    }  # fmt: skip
    for key, value in expected.items():
        if getattr(manifest, key) != value:
            raise IndexRefused(f"{path}: {key} is {getattr(manifest, key)!r}, this program needs {value!r}")
    for name in (CELEBRITIES, EMBEDDINGS, GRAPH):
        _check_file(directory / name, manifest.files.get(name))
    return manifest


def _check_file(path: Path, check: FileCheck | None) -> None:
    if check is None:
        raise IndexRefused(f"{path.with_name(MANIFEST)}: no size and SHA-256 of {path.name}")
    try:
        found = file_check(path)
    except OSError as error:
        raise IndexRefused(f"{path}: {error.strerror}") from error
    if found.size_bytes != check.size_bytes:
        raise IndexRefused(f"{path}: {found.size_bytes} bytes, the manifest says {check.size_bytes}")
    if found.sha256 != check.sha256:
        raise IndexRefused(f"{path}: damaged, its SHA-256 is not the manifest's")


def replace_directory(new: Path, target: Path) -> None:
    """Put the directory `new` in the place of `target` in one step; what was there is deleted afterwards.

    IndexRefused if what is there is neither an index nor empty: nobody's photos are deleted by a slip.
    """
    check_replaceable(target)
    for path in [*new.iterdir(), new]:
        _sync(path)
    if not target.exists():
        new.rename(target)
    else:
        _exchange(new, target)
        shutil.rmtree(new)
    _sync(target.parent)


def check_replaceable(target: Path) -> None:
    """IndexRefused if a directory, or file, is there that is no index."""
    if target.exists() and not (target.is_dir() and ((target / MANIFEST).is_file() or not any(target.iterdir()))):
        raise IndexRefused(f"{target} is there and is no index: it is not replaced")


def _exchange(a: Path, b: Path) -> None:
    """Swap two directories atomically; Python has no name for renameat2(2)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(b))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
