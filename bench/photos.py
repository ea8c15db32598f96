"""Photos to measure on: real faces in the sizes that Telegram sends."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
FACES = ROOT.parent / "shared" / "faces"
TELEGRAM_PX = 800  # longest side of the photo size that the bot fetches
TELEGRAM_QUALITY = 87


def selfies(count: int, side_px: int = TELEGRAM_PX) -> list[bytes]:
    """Photos of one person each as Telegram would send them: JPEG, `side_px` square, the face a good third of it."""
    files = sorted((FACES / "probes").glob("*.jpg"))
    return [enlarged(file, side_px) for file in files[:: max(1, len(files) // count)][:count]]


def enlarged(file: Path, side_px: int) -> bytes:
    """A photo scaled to that longest side."""
    with Image.open(file) as image:
        scale = side_px / max(image.size)
        size = round(image.width * scale), round(image.height * scale)
        data = io.BytesIO()
        image.convert("RGB").resize(size, Image.Resampling.BICUBIC).save(data, "JPEG", quality=TELEGRAM_QUALITY)
    return data.getvalue()
