"""Encoded bytes -> an upright RGB picture, or the reason for refusing them. The only place where pictures are decoded.

The bytes are untrusted. containers.py limits the structure of the file and its dimensions before Pillow sees it (a PNG
of 47 KB can decode to a gigabyte), and names its format, which keeps Pillow's forty other readers out.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from lookalike.faces.containers import walk
from lookalike.faces.heif.decoders import prepare
from lookalike.faces.types import MAX_BYTES, MAX_PIXELS, MAX_SIDE_PX, Reason, Refusal

Pixels = npt.NDArray[np.uint8]

MIN_SIDE_PX = 40  # the detector's smallest face: 80 px after upsampling once
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)  # the EXIF tag, and the values that swap width and height


TURNS = {
    90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270,
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """An upright RGB picture, reduced to a longest side, and its size (width, height) in px before that."""

    image: Image.Image
    size: tuple[int, int]

    @property
    def scale(self) -> float:
        """Pixels of the upright original per pixel of `image`."""
        return max(self.size) / max(self.image.size)

    def turned(self, turn: int) -> Picture:
        """The picture turned counter-clockwise by 0, 90, 180 or 270 degrees."""
        if not turn:
            return self
        size = self.size if turn == 180 else (self.size[1], self.size[0])
        return Picture(self.image.transpose(TURNS[turn]), size)

    def pixels(self) -> Pixels:
        """The picture as uint8 (height, width, 3) RGB, C-contiguous."""
        return np.ascontiguousarray(self.image, dtype=np.uint8)


def decode(data: bytes, max_side_px: int = MAX_SIDE_PX) -> Picture | Refusal:
    """Decode a photo of any supported format, orientation and colour mode; bad bytes are a refusal, never an error."""
    if len(data) > MAX_BYTES:
        return Refusal(Reason.TOO_LARGE)
    format = walk(data)
    if isinstance(format, Refusal):
        return format
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns about odd EXIF
            return _decode(data, format, max_side_px)
    except MemoryError:  # not a property of the picture: the worker is at its limit, a new one tries again
        raise
    except Exception:  # broken files raise OSError, SyntaxError, ValueError, struct.error and more
        return Refusal(Reason.UNREADABLE)


def _decode(data: bytes, format: str, max_side_px: int) -> Picture | Refusal:
    if format in ("HEIF", "AVIF"):
        prepare()
    with Image.open(io.BytesIO(data), formats=(format,)) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            return Refusal(Reason.TOO_LARGE)
        if min(width, height) < MIN_SIDE_PX:
            return Refusal(Reason.FACE_TOO_SMALL)
        shrink = min(1.0, max_side_px / max(width, height))
        if image.format in ("JPEG", "MPO"):  # decodes at 1/2, 1/4 or 1/8: faster, a tenth of the memory
            image.draft("RGB", (max(1, int(width * shrink)), max(1, int(height * shrink))))
        image.load()
        turned = image.getexif().get(ORIENTATION) in QUARTER_TURNS
        ImageOps.exif_transpose(image, in_place=True)  # makes no copy where nothing is rotated
        upright = _on_white(image)
    size = (height, width) if turned else (width, height)
    shrink = min(1.0, max_side_px / max(upright.size))
    if shrink < 1:
        target = (max(1, round(upright.width * shrink)), max(1, round(upright.height * shrink)))
        upright = upright.resize(target, Image.Resampling.BOX if shrink <= 0.5 else Image.Resampling.BILINEAR)
    return Picture(upright, size)


def _on_white(image: Image.Image) -> Image.Image:
    """Any colour mode -> RGB; transparency becomes white; 16 bits become 8."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        deep = np.asarray(image, dtype=np.float32)
        return Image.fromarray(np.clip(deep / 257, 0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image if image.mode == "RGB" else image.convert("RGB")
