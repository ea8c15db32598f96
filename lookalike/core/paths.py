"""Where the project's own files lie, independent of the working directory; and paths that survive a power cut."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASSETS_DIR = ROOT / "assets"
MODELS_DIR = ASSETS_DIR / "models"
MESH_DIR = ASSETS_DIR / "face_mesh"


def sync(path: Path) -> None:
    """Write a file, or the names in a directory, to the disk; OSError if that fails."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file as a whole, on the disk when this returns; its folder must be there."""
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    sync(path.parent)
