"""What is found in a photo: faces with embeddings, or the reason why there is none. Values only, light to import."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]  # left, top, right, bottom in px of the upright original
Embedding = npt.NDArray[np.float32]  # (128,), plain Euclidean space, norm about 1.4
EMBEDDING_SIZE = 128
# How pixels become an embedding, and the network that does it. Embeddings made in different ways must not be compared.
RECIPE = "dlib-resnet-v1, mean of the 150 px chip with padding 0.30 and its mirror image"
MODEL_SHA256 = "0272c2bed5c009c9c9fc93d1314e2c099ea390dfed2f947b594f0348808157f8"  # of the ONNX file

MAX_BYTES = 20_000_000  # what a Telegram bot can download (core.telegram.org/bots/api#getfile)
MAX_PIXELS = 40_000_000  # between Mastodon's 33 and imgproxy's 50 million


class Reason(StrEnum):
    """Why a photo has no answer."""

    NO_FACE = "no_face"
    FACE_TOO_SMALL = "face_too_small"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"

    @property
    def message(self) -> str:
        """One English sentence for the command line and the page's API."""
        return _MESSAGES[self]


_MESSAGES = {
    Reason.NO_FACE: "No face was found in this picture.",
    Reason.FACE_TOO_SMALL: "The face in this picture is too small to compare.",
    Reason.UNREADABLE: "This picture cannot be read; it may be damaged.",
    Reason.TOO_LARGE: f"This picture is over {MAX_BYTES // 10**6} MB or {MAX_PIXELS // 10**6} megapixels.",
    Reason.NOT_A_PICTURE: "This is not a picture in JPEG, PNG, WebP or GIF format.",
}


@dataclass(frozen=True)
class Refusal:
    """A photo that is not answered with stars, and why. A value, not an error: it is expected every day."""

    reason: Reason


@dataclass(frozen=True)
class Face:
    """One face: box in px of the upright original, embedding float32 (128,)."""

    box: Box
    embedding: Embedding


@dataclass(frozen=True)
class MeasuredFace:
    """The main face of a gallery photo, as `Face` would have it, and what says how good the photo is (quality.py)."""

    embedding: Embedding
    faces: int  # in the photo, with at least half as much between the eyes as the main one
    eyes_px: float  # between the eyes' centres, in px of the original
    tilt_deg: float  # of the line through the eyes, either way; 0 is level
    turn: float  # how far the nose is off the middle between the eyes, in eye distances; 0 is frontal
    sharpness: float  # of the chip, quality.texture; about 0.3, 0.05 is blurred
    contrast: float  # of the chip, standard deviation in grey levels of 0..255
    roughness: float  # of the chip, quality.texture; about 0.45, flat patches with hard edges have less
    white: float  # share of the chip, 0..1, that is as white as paper

    @property
    def measures(self) -> dict[str, float]:
        """Everything but the embedding, by name."""
        return {name: value for name, value in vars(self).items() if name != "embedding"}
