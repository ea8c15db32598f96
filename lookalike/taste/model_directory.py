"""The directory of a taste model: written whole, replaced atomically, checked before it is used.

manifest.json   format version, counts, sizes and SHA-256 of the files, and of itself
items.json      ids and names of the items, in the order of the arrays
model.npz       the arrays, never pickled
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.core.directory_swap import put_in_place, scratch_beside
from lookalike.core.errors import TasteRefused
from lookalike.taste.item_names import ItemNames
from lookalike.taste.predicting.baselines import Baselines
from lookalike.taste.predicting.factors import Factors
from lookalike.taste.predicting.rating_predictor import FEATURES, RatingPredictor
from lookalike.taste.sparse_weights import SparseWeights
from lookalike.taste.taste_model import TasteModel

FORMAT = "lookalike taste model"
FORMAT_VERSION = 1
MANIFEST, ITEMS, ARRAYS = "manifest.json", "items.json", "model.npz"
CHECKSUM = "sha256"
WEIGHTS = ("neighbours", "choices", "similarities")

Arrays = dict[str, npt.NDArray[Any]]


def save_model(model: TasteModel, directory: Path) -> None:
    """Write a model and put it in the place of the one in `directory`; until then that one stays, whatever happens.

    TasteRefused if there is something else than a model.
    """
    check_writable(directory)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with scratch_beside(directory) as scratch:
        np.savez(scratch / ARRAYS, **_arrays(model))  # type: ignore[arg-type]
        items = {"ids": model.items.ids, "names": model.items.names}
        (scratch / ITEMS).write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
        manifest = {
            "format": FORMAT, "format_version": FORMAT_VERSION,
            "trained_at": datetime.now(UTC).isoformat("T", "seconds"),
            "users": model.users, "items": len(model.items), "ratings": model.ratings,
            "files": {name: file_check(scratch / name) for name in (ITEMS, ARRAYS)},
        }  # fmt: skip
        text = json.dumps(manifest | {CHECKSUM: checksum(manifest)}, indent=2)
        (scratch / MANIFEST).write_text(text + "\n", encoding="utf-8")
        put_in_place(scratch, directory)


def check_writable(directory: Path) -> None:
    """TasteRefused if `directory` is a file, or a directory that is neither a taste model nor empty."""
    if not directory.exists() or (directory.is_dir() and not any(directory.iterdir())):
        return
    try:
        found = json.loads((directory / MANIFEST).read_bytes())
        is_model = isinstance(found, dict) and found.get("format") == FORMAT
    except (OSError, ValueError):
        is_model = False
    if not is_model:
        raise TasteRefused(f"{directory} is not a taste model: it is not replaced")


def load_model(directory: Path) -> TasteModel:
    """The model of a directory; TasteRefused if it is missing, damaged, of another version or inconsistent."""
    manifest = _read_manifest(directory)
    try:
        items = json.loads((directory / ITEMS).read_bytes())
        names = ItemNames(items["ids"], dict(zip(items["ids"], items["names"], strict=True)))
        arrays = _read_arrays(directory / ARRAYS)
        model = _model(names, arrays, manifest)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise TasteRefused(f"{directory}: damaged: {error}") from error
    return model


def trained_at(directory: Path) -> datetime | None:
    """When the model of a directory was trained; None if there is none, or none that can be read."""
    try:
        return datetime.fromisoformat(_read_manifest(directory)["trained_at"])
    except (TasteRefused, KeyError, ValueError, TypeError):
        return None


def _read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest, if all files are as it says."""
    path = directory / MANIFEST
    try:
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        raise TasteRefused(f"no taste model in {directory}: {path.name} {_why(error)}") from error
    except ValueError as error:
        raise TasteRefused(f"{path}: damaged: {error}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise TasteRefused(f"{path}: not of a taste model")
    if manifest.get("format_version") != FORMAT_VERSION:
        version = manifest.get("format_version")
        raise TasteRefused(f"{path}: format_version is {version!r}, this program needs {FORMAT_VERSION}: train anew")
    if manifest.get(CHECKSUM) != checksum(manifest):
        raise TasteRefused(f"{path}: damaged, its SHA-256 is not the one in it")
    for name in (ITEMS, ARRAYS):
        try:
            found = file_check(directory / name)
        except OSError as error:
            raise TasteRefused(f"{directory / name} {_why(error)}") from error
        if found != manifest["files"][name]:
            raise TasteRefused(f"{directory / name}: damaged, its size and SHA-256 are not the manifest's")
    return manifest


def file_check(path: Path) -> dict[str, Any]:
    """Size and SHA-256 of a file, as the manifest has them."""
    with path.open("rb") as file:
        return {"size_bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def checksum(manifest: dict[str, Any]) -> str:
    """SHA-256, hex, of everything in a manifest but the checksum."""
    rest = {name: value for name, value in manifest.items() if name != CHECKSUM}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _why(error: OSError) -> str:
    return "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"


def _arrays(model: TasteModel) -> Arrays:
    predictor = model.predictor
    weights = {"neighbours": predictor.neighbours, "choices": model.choices, "similarities": model.similarities}
    parts: dict[str, Any] = {"baselines": predictor.baselines, "factors": predictor.factors, **weights}
    found: Arrays = {
        f"{part}.{field.name}": np.asarray(getattr(value, field.name))
        for part, value in parts.items()
        for field in fields(value)
    }
    return found | {"counts": predictor.counts, "blend": predictor.blend, "scale": np.asarray(predictor.scale)}


def _read_arrays(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    for name, array in arrays.items():
        if array.dtype.kind not in "if" or not np.isfinite(array).all():
            raise ValueError(f"{name} holds something else than finite numbers")
    return arrays


def _model(names: ItemNames, arrays: Arrays, manifest: dict[str, Any]) -> TasteModel:
    """The model of these arrays; ValueError if their shapes do not fit together."""
    count = len(names)

    def of(part: str, *numbers: str) -> dict[str, Any]:
        """The fields of a part, those in `numbers` as Python numbers."""
        found = {name.split(".")[1]: array for name, array in arrays.items() if name.split(".")[0] == part}
        return {name: array.item() if name in numbers else array for name, array in found.items()}

    baselines = Baselines(**of("baselines", "mean"))
    factors = Factors(**of("factors", "mean", "spread", "noise", "count_center"))
    neighbours, choices, similarities = (SparseWeights(**of(part)) for part in WEIGHTS)
    size = factors.size
    expected = {
        "baselines.item_biases": (count,), "counts": (count,), "blend": (FEATURES,), "scale": (2,),
        "factors.traits": (count, size), "factors.moments": (count, size * (size + 1) // 2),
        "factors.offsets": (count, size), "factors.prior_of_item": (count, size), "factors.prior_of_count": (3, size),
        "factors.precision": (size, size), **{f"{part}.starts": (count + 1,) for part in WEIGHTS},
    }  # fmt: skip
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} is {arrays[name].shape}, expected {shape}")
    for part, weights in zip(WEIGHTS, (neighbours, choices, similarities), strict=True):
        _check_weights(part, weights)
    low, high = arrays["scale"].tolist()
    predictor = RatingPredictor(baselines, factors, neighbours, arrays["counts"], arrays["blend"], (low, high))
    return TasteModel(names, predictor, choices, similarities, int(manifest["users"]), int(manifest["ratings"]))


def _check_weights(part: str, weights: SparseWeights) -> None:
    starts, targets = weights.starts, weights.targets
    is_right = (
        starts[0] == 0 and starts[-1] == len(targets) == len(weights.weights) and (np.diff(starts) >= 0).all()
        and ((targets >= 0) & (targets < weights.n_items)).all()
    )  # fmt: skip
    if not is_right:
        raise ValueError(f"{part} names items that are not there")
