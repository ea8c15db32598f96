"""Where the project's own files lie, independent of the working directory."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASSETS_DIR = ROOT / "assets"
MODELS_DIR = ASSETS_DIR / "models"
