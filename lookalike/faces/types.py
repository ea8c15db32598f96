"""Value types of the room: faces with embeddings, or the reason why a photo has none. Imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Box = tuple[int, int, int, int]  # left, top, right, bottom in px of the upright original
Eyes = tuple[float, float, float, float]  # x, y of the left eye's centre, of the right one's; left in the upright face
Embedding = npt.NDArray[np.float32]  # (128,), plain Euclidean space, norm about 1.4
EMBEDDING_SIZE = 128
# How pixels become an embedding, and the network that does it. Embeddings made in different ways must not be compared.
RECIPE = "dlib-resnet-v1, mean of the 150 px chip with padding 0.25 and its mirror image"
MODEL_SHA256 = "0272c2bed5c009c9c9fc93d1314e2c099ea390dfed2f947b594f0348808157f8"  # of the ONNX file
DETECTION_ONNX_SHA256 = "ce4eabcbdc9261536c854ef398a37fbf25f292fa5e75e8b9cf60634ece728308"
CHIP_PX = 150  # side of the aligned face that the recognition network takes

MAX_BYTES = 20_000_000  # what a Telegram bot can download (core.telegram.org/bots/api#getfile)
MAX_PIXELS = 40_000_000  # between Mastodon's 33 and imgproxy's 50 million
MAX_SIDE_PX = 1280  # of a photo as it is looked at: Telegram's own largest; detection gains nothing beyond (bench/)


class Reason(StrEnum):
    """Why a photo has no answer."""

    NO_FACE = "no_face"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
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
    Reason.TOO_DARK: "No face was found: this picture is too dark.",
    Reason.BLURRED: "No face was found: this picture is too blurred.",
    Reason.FACE_TOO_SMALL: "The face in this picture is too small to compare.",
    Reason.UNREADABLE: "This picture cannot be read; it may be damaged.",
    Reason.TOO_LARGE: f"This picture is over {MAX_BYTES // 10**6} MB or {MAX_PIXELS // 10**6} megapixels.",
    Reason.NOT_A_PICTURE: "This is not a picture in JPEG, PNG, HEIC, WebP, AVIF or GIF format.",
}


class Doubt(StrEnum):
    """Why a match of a photo is less certain than others."""

    DARK = "dark"
    BLURRED = "blurred"
    COVERED = "covered"
    TURNED = "turned"

    @property
    def message(self) -> str:
        """One English sentence for the command line."""
        return _DOUBTS[self]


_DOUBTS = {
    Doubt.DARK: "The picture is dark: another one may bring another star.",
    Doubt.BLURRED: "The face is blurred: another photo may bring another star.",
    Doubt.COVERED: "Part of the face is covered: another photo may bring another star.",
    Doubt.TURNED: "The face is turned away: another photo may bring another star.",
}


@dataclass(frozen=True)
class Refusal:
    """Why a photo is not matched. A value and not an error: photos without a face are ordinary."""

    reason: Reason


QUARTER_TURNS = (0, 90, 180, 270)  # degrees counter-clockwise


@dataclass(frozen=True, eq=False)  # arrays have no single truth value to compare by
class Face:
    """One face: box in px of the upright original, embedding float32 (128,).

    `turn`: degrees counter-clockwise (0, 90, 180, 270) by which the photo must be turned to be upright, beyond its EXIF
    orientation; the box is in the photo so turned, and so are the eyes, None where they are not known. `doubt`: why its
    match is uncertain; of the main face only.
    """

    box: Box
    embedding: Embedding
    turn: int = 0
    doubt: Doubt | None = None
    eyes: Eyes | None = None


@dataclass(frozen=True, eq=False)
class MeasuredFace:
    """The main face of a gallery photo: embedding, place, and the measures that quality.py judges the photo by.

    The place is in px of the photo as its EXIF orientation shows it. A photo that lies on its side keeps its box and
    eyes there, not in the copy that is turned upright.
    """

    embedding: Embedding
    box: Box
    eyes: Eyes
    faces: int  # in the photo, with at least half the eye distance of the main one; the main one included
    eyes_px: float  # between the eyes' centres, in px of the original
    tilt_deg: float  # angle of the line through the eyes, without sign; 0 is level
    turn: float  # sideways distance of the nose from the middle between the eyes, in eye distances; 0 is frontal
    sharpness: float  # of the chip, by quality.texture; typically 0.3, blurred below 0.05
    contrast: float  # of the chip, standard deviation in grey levels of 0..255
    roughness: float  # of the chip, by quality.texture; typically 0.45, drawings below 0.11
    white: float  # share of the chip, 0..1, that is white (grey level 250 and more)

    @property
    def measures(self) -> dict[str, float]:
        """The fields that are numbers, by name."""
        return {name: vars(self)[name] for name in MEASURES}


MEASURES = tuple(one.name for one in fields(MeasuredFace) if one.name not in ("embedding", "box", "eyes"))
