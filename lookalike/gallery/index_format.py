"""The index directory: what is in it, how it is replaced as a whole, how it is checked before anything trusts it.

manifest.json        this file's Manifest: everything needed to refuse a damaged, foreign or stale index
celebrities.jsonl    one Celebrity a line, in the order of the centroids
embeddings.npz       this file's Arrays
index.hnsw           nmslib's graph of the centroids, of this build or of an earlier one (search.PatchedIndex)
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lookalike.core.errors import IndexRefused
from lookalike.faces.types import EMBEDDING_SIZE
from lookalike.gallery.vector_index import GONE, HnswParameters

FORMAT_VERSION = 2
MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH = "manifest.json", "celebrities.jsonl", "embeddings.npz", "index.hnsw"
METRIC, CHECKSUM = "l2", "sha256"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h


@dataclass(frozen=True, eq=False)
class Arrays:
    """The numbers of an index; row i of what is a celebrity's belongs to line i of celebrities.jsonl."""

    centroids: npt.NDArray[np.float32]  # (n, 128)
    corrections: npt.NDArray[np.float32]  # (n,)
    photos: npt.NDArray[np.float32]  # (m, 128), all photos of a celebrity in a row
    photo_owner: npt.NDArray[np.int32]  # (m,), rows of the celebrities, in order
    graph_rows: npt.NDArray[np.int32]  # (g,), the celebrity of each node of the graph, or GONE

    def save(self, path: Path) -> None:
        """Write embeddings.npz; nothing in it is pickled or packed."""
        np.savez(path, **vars(self))


class FileCheck(BaseModel):
    """Size and SHA-256 of one file of the index."""

    model_config = ConfigDict(frozen=True)

    size_bytes: int
    sha256: str


class _Format(BaseModel):
    """What every manifest has said since the first format, so that an old one is called old and not damaged."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    format_version: int


class Manifest(_Format):
    """What an index is made of; written last, read first."""

    built_at: str  # ISO 8601, UTC
    calibrated_at: str  # when the graph, mu, sigma and mean_radius were made; later changes are few
    celebrities: int = Field(ge=1)
    photos: int = Field(ge=1)
    dimension: int
    metric: str
    hnsw: dict[str, int]
    graph_nodes: int = Field(ge=1)
    mean_radius: float = Field(allow_inf_nan=False)  # how near the celebrities are to strangers on average
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


def write_manifest(manifest: Manifest, directory: Path) -> None:
    """Write manifest.json, with a SHA-256 of itself: a bit that flips in `mu` would make every percentage wrong."""
    fields = manifest.model_dump(mode="json")
    text = json.dumps(fields | {CHECKSUM: checksum(fields)}, indent=2)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def checksum(fields: dict[str, Any]) -> str:
    """SHA-256 of all fields of a manifest but itself."""
    rest = {name: value for name, value in fields.items() if name != CHECKSUM}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read_manifest(directory: Path, recipe: str, model_sha256: str) -> Manifest:
    """The manifest of an index whose files are whole and made for this program; else IndexRefused with the reason."""
    path = directory / MANIFEST
    try:
        text = path.read_bytes()
        _check(path, _Format.model_validate_json(text), {"format_version": FORMAT_VERSION})
        manifest = Manifest.model_validate_json(text)
    except OSError as error:
        raise IndexRefused(f"no index in {directory}: {path.name}: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise IndexRefused(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    _check(
        path, manifest,
        {"metric": METRIC, "dimension": EMBEDDING_SIZE, "recipe": recipe, "model_sha256": model_sha256},
    )  # fmt: skip
    fields = json.loads(text)
    if fields.get(CHECKSUM) != checksum(fields):
        raise IndexRefused(f"{path}: damaged, its SHA-256 is not the one in it")
    for name in (CELEBRITIES, EMBEDDINGS, GRAPH):
        _check_file(directory / name, manifest.files.get(name))
    return manifest


def _check(path: Path, manifest: _Format, expected: dict[str, Any]) -> None:
    for key, value in expected.items():
        found = getattr(manifest, key)
        if found != value:
            raise IndexRefused(f"{path}: {key} is {found!r}, this program needs {value!r}: build the index anew")


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


def read_arrays(directory: Path, manifest: Manifest) -> Arrays:
    """The arrays of an index: of the right types and shapes, finite, in order; else IndexRefused with the reason."""
    path, n, m = directory / EMBEDDINGS, manifest.celebrities, manifest.photos
    expected = {
        "centroids": ("f4", (n, EMBEDDING_SIZE)), "corrections": ("f4", (n,)),
        "photos": ("f4", (m, EMBEDDING_SIZE)), "photo_owner": ("i4", (m,)),
        "graph_rows": ("i4", (manifest.graph_nodes,)),
    }  # fmt: skip
    try:
        with zipfile.ZipFile(path) as archive:
            arrays = {name: _read_array(archive, name) for name in expected}
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise IndexRefused(f"{path}: {error}") from error
    for name, (dtype, shape) in expected.items():
        found = arrays[name]
        if found.dtype != dtype or found.shape != shape:
            raise IndexRefused(f"{path}: {name} is {found.dtype} {found.shape}, expected {shape}")
        if not np.isfinite(found).all():
            raise IndexRefused(f"{path}: {name} holds NaN or infinity")
    owners, nodes = arrays["photo_owner"], arrays["graph_rows"][arrays["graph_rows"] != GONE]
    if owners[0] != 0 or owners[-1] != n - 1 or not np.isin(np.diff(owners), (0, 1)).all():
        raise IndexRefused(f"{path}: photo_owner is not in the order of the celebrities")
    if ((nodes < 0) | (nodes >= n)).any() or len(np.unique(nodes)) != len(nodes):
        raise IndexRefused(f"{path}: graph_rows names a celebrity twice, or one that is not there")
    return Arrays(**arrays)


def _read_array(archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        return array


@contextlib.contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """An empty directory beside `target`, on the same file system; gone afterwards unless it was put in place.

    What a killed process left is deleted first: after a takedown that may be the index with everybody in it.
    """
    prefix = f".{target.name}.unfinished."
    for left in target.parent.glob(f"{prefix}*"):
        with contextlib.suppress(FileNotFoundError), _locked(left) as is_ours:
            if is_ours:  # or else somebody is at work there
                shutil.rmtree(left, ignore_errors=True)
    directory = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
    directory.chmod(0o755)
    try:
        with _locked(directory):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[bool]:
    """Hold a directory until the end of the block or of the process; False if another holds it, or nobody can."""
    descriptor = os.open(directory, os.O_RDONLY)
    is_ours = False
    try:
        with contextlib.suppress(OSError):  # such as a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        yield is_ours
    finally:
        os.close(descriptor)


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
