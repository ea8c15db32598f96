"""The files of an index directory, and the checks that they pass before anything uses them.

manifest.json        Manifest: what is needed to refuse a damaged index, or one of another version, recipe or model
celebrities.jsonl    one Celebrity per line, in the order of the centroids
embeddings.npz       Arrays
index.hnsw           nmslib's graph of the centroids, of this build or of an earlier one (patched_index.py)
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lookalike.core.errors import IndexRefused
from lookalike.faces.types import EMBEDDING_SIZE
from lookalike.gallery.calibration import Calibration
from lookalike.gallery.patched_index import REMOVED
from lookalike.gallery.vector_index import HnswParameters

FORMAT_VERSION = 3
MANIFEST, CELEBRITIES, EMBEDDINGS, GRAPH = "manifest.json", "celebrities.jsonl", "embeddings.npz", "index.hnsw"
METRIC, CHECKSUM = "l2", "sha256"


@dataclass(frozen=True, eq=False)
class Arrays:
    """The numbers of an index; row i of centroids and corrections belongs to line i of celebrities.jsonl."""

    centroids: npt.NDArray[np.float32]  # (n, 128)
    corrections: npt.NDArray[np.float32]  # (n,)
    photos: npt.NDArray[np.float32]  # (m, 128), those of a celebrity one after another
    photo_owner: npt.NDArray[np.int32]  # (m,), row of the celebrity, ascending
    photo_boxes: npt.NDArray[np.int32]  # (m, 4), the face in px of the photo as its EXIF orientation shows it, or zeros
    photo_eyes: npt.NDArray[np.float32]  # (m, 4), x, y of its left eye's centre, of the right one's; the same px
    graph_rows: npt.NDArray[np.int32]  # (g,), the celebrity of each node of the graph, or REMOVED

    def save(self, path: Path) -> None:
        """Write embeddings.npz: no pickles, no compression."""
        np.savez(path, **vars(self))


class FileCheck(BaseModel):
    """Size and SHA-256 of one file of the index."""

    model_config = ConfigDict(frozen=True)

    size_bytes: int
    sha256: str


class _Format(BaseModel):
    """The one field that every format has had, so that an old manifest is called old and not damaged."""

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    format_version: int


class Manifest(_Format):
    """How an index was made and what its files must be; written last, read first."""

    built_at: str  # ISO 8601, UTC
    calibrated_at: str  # of the build that made the graph, mu, sigma and mean_radius; later ones changed few rows
    celebrities: int = Field(ge=1)
    photos: int = Field(ge=1)
    dimension: int
    metric: str
    hnsw: dict[str, int]
    graph_nodes: int = Field(ge=1)
    mean_radius: float = Field(allow_inf_nan=False)  # mean of the hub radii (calibration.py), L2
    fame_weight: float = Field(ge=0, allow_inf_nan=False)  # that mu and sigma are for
    mu: float = Field(allow_inf_nan=False)
    sigma: float = Field(gt=0, allow_inf_nan=False)
    radius_weight: float = Field(ge=0, allow_inf_nan=False)
    min_similarity: float = Field(ge=0, le=1)
    recall_at_10: float
    recipe: str  # how embeddings are made; probes must be made in the same way
    model_sha256: str
    files: dict[str, FileCheck]
    libraries: dict[str, str]

    @property
    def calibration(self) -> Calibration:
        """How scores become similarities."""
        return Calibration(self.mu, self.sigma, self.radius_weight, self.min_similarity)

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
    """Write manifest.json with a SHA-256 of itself: a flipped bit in `mu` would make every percentage wrong."""
    fields = manifest.model_dump(mode="json")
    text = json.dumps(fields | {CHECKSUM: checksum(fields)}, indent=2)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def checksum(fields: dict[str, Any]) -> str:
    """SHA-256, hex, of all fields of a manifest but the checksum."""
    rest = {name: value for name, value in fields.items() if name != CHECKSUM}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read_manifest(directory: Path, recipe: str, model_sha256: str) -> Manifest:
    """The manifest, if all files are as it says and made for this program; else IndexRefused with the reason."""
    path = directory / MANIFEST
    try:
        text = path.read_bytes()
        _check(path, _Format.model_validate_json(text), {"format_version": FORMAT_VERSION})
        manifest = Manifest.model_validate_json(text)
    except OSError as error:
        raise IndexRefused(f"no index in {directory}: {path.name} {_why(error)}") from error
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
        raise IndexRefused(f"{path} {_why(error)}") from error
    if found.size_bytes != check.size_bytes:
        raise IndexRefused(f"{path}: {found.size_bytes} bytes, the manifest says {check.size_bytes}")
    if found.sha256 != check.sha256:
        raise IndexRefused(f"{path}: damaged, its SHA-256 is not the manifest's")


def _why(error: OSError) -> str:
    return "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"


def read_arrays(directory: Path, manifest: Manifest) -> Arrays:
    """The arrays of an index; IndexRefused unless their types, shapes and order are right and all values finite."""
    path, n, m = directory / EMBEDDINGS, manifest.celebrities, manifest.photos
    expected = {
        "centroids": ("f4", (n, EMBEDDING_SIZE)), "corrections": ("f4", (n,)),
        "photos": ("f4", (m, EMBEDDING_SIZE)), "photo_owner": ("i4", (m,)),
        "photo_boxes": ("i4", (m, 4)), "photo_eyes": ("f4", (m, 4)), "graph_rows": ("i4", (manifest.graph_nodes,)),
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
    owners, nodes = arrays["photo_owner"], arrays["graph_rows"][arrays["graph_rows"] != REMOVED]
    if owners[0] != 0 or owners[-1] != n - 1 or not np.isin(np.diff(owners), (0, 1)).all():
        raise IndexRefused(f"{path}: photo_owner is not in the order of the celebrities")
    if ((nodes < 0) | (nodes >= n)).any() or len(np.unique(nodes)) != len(nodes):
        raise IndexRefused(f"{path}: graph_rows names a celebrity twice, or one that is not there")
    return Arrays(**arrays)


def _read_array(archive: zipfile.ZipFile, name: str) -> npt.NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
        return array
