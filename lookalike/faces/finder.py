"""Finds the faces of a photo, each with box and embedding; runs in worker processes.

    detect (dlib HOG, small picture first) -> 5 landmarks -> aligned 150 px chips -> ResNet (ONNX Runtime) -> (128,)

dlib computes an embedding from any input without an error, so boxes, landmarks and embeddings are checked here.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import dlib
import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.core.errors import ModelError
from lookalike.core.paths import MODELS_DIR
from lookalike.faces.convert_model import CHIP_PX, model_file
from lookalike.faces.decoding import Picture, Pixels, decode
from lookalike.faces.quality import texture
from lookalike.faces.types import MODEL_SHA256, Box, Face, MeasuredFace, Reason, Refusal

Landmarks = npt.NDArray[np.float64]  # (5, 2) x, y: two corners of each eye, then the nose

ONNX_NAME = "dlib_face_recognition.onnx"
LANDMARKS_NAME = "shape_predictor_5_face_landmarks.dat"
LANDMARKS_SHA256 = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"

# Margin around the face, as a fraction of the chip's side, of each crop; the embedding is the mean over the crops and
# their mirror images. dlib's compute_face_descriptor uses 0.25. With 0.30 two passes of the network name as many people
# correctly as six or ten passes do (README, "How many crops").
CHIP_PADDINGS: tuple[float, ...] = (0.30,)

# Quick passes over small copies: longest side in px, and the least face width / shorter side of the picture at which a
# single face counts as a selfie and detection ends. Then the full pass (longest side in px, times upsampled), which
# finds the same main faces as 1280 px does (README, "Detection").
QUICK_PASSES = ((280, 0.33), (480, 0.15))
FULL_PASS = (640, 1)
MAX_BATCH = 16  # chips in one run of the network: bounds memory; larger batches are no faster
MAX_FACES = 32  # of one photo: bounds its time
SAME_FACE_IOU = 0.4  # boxes with a larger intersection over union are one face

# A gallery photo with a second face of at least half the main one's eye distance may be labelled with the wrong person;
# smaller faces are in the background. (Box widths are too coarse: for one face they differ by a third between passes.)
OTHER_FACE = 0.5
DETECTOR_EYES_PX = 30.0  # eye distance of the smallest face that dlib's HOG detector finds, 80 px wide

MIN_EYE_DISTANCE_PX = 10.0  # between the eyes' centres, in the original; see README, "Small faces"
# Ranges of real faces, with a margin: measured on 382 faces of LFW and of group photos (bench/landmarks.py).
EYES_PER_BOX = (0.20, 0.60)  # eye distance / box width; seen 0.27-0.49
NOSE_BELOW_EYES = (0.30, 1.30)  # in eye distances; seen 0.45-1.13
NOSE_ASIDE = 0.60  # in eye distances; seen up to 0.44
EMBEDDING_NORM = (1.0, 2.0)  # seen 1.23-1.62


class FaceFinder:
    """dlib's detector and landmarks and the ONNX network, loaded once per process; not thread-safe."""

    def __init__(self, models: Path = MODELS_DIR) -> None:
        landmarks = model_file(LANDMARKS_NAME)
        _check(landmarks, LANDMARKS_SHA256)
        self._detector = dlib.get_frontal_face_detector()
        self._landmarks = dlib.shape_predictor(str(landmarks))
        self._network = _load_network(models / ONNX_NAME)

    def find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
        """The faces of an encoded photo, the main one (large and central) first; or why there is none."""
        picture = decode(photo)
        return picture if isinstance(picture, Refusal) else self.find_in(picture)

    def find_in(self, picture: Picture) -> tuple[Face, ...] | Refusal:
        """The same of a decoded photo."""
        found = self._found(picture)
        return found if isinstance(found, Refusal) else tuple(face for face, _ in found)

    def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """The main face of an encoded photo, the first one of `find`, with the measures of its quality."""
        picture = decode(photo)
        if isinstance(picture, Refusal):
            return picture
        found = self._found(picture)
        if isinstance(found, Refusal):
            return found
        face, points = found[0]
        pixels = picture.pixels()
        tilt_deg, turn = pose(points)
        return MeasuredFace(
            embedding=face.embedding,
            faces=1 + self._others(picture.image, pixels, points),
            eyes_px=eye_distance(points) * picture.scale,
            tilt_deg=tilt_deg,
            turn=turn,
            **texture(chips(pixels, points)[0]),
        )

    def _others(self, image: Image.Image, pixels: Pixels, main: Landmarks) -> int:
        """How many other faces have OTHER_FACE of the main one's eye distance or more; `detect` may miss them."""
        least_px = OTHER_FACE * eye_distance(main)
        side_px = round(max(image.size) * DETECTOR_EYES_PX / least_px)  # to detect the smallest
        boxes = self.scan(image, side_px, 0) if side_px <= max(image.size) else self.scan(image, *_upsampled(side_px))
        marks = [(box, self.landmarks(pixels, box)) for box in boxes]
        return sum(
            plausible(box, points) and eye_distance(points) >= least_px and not same_eyes(points, main)
            for box, points in marks
        )

    def _found(self, picture: Picture) -> list[tuple[Face, Landmarks]] | Refusal:
        """The faces of a picture with landmarks in px of `picture.image`, the main one first; or why there is none."""
        pixels = picture.pixels()
        boxes = main_first(self.detect(picture.image), picture.image.size)[:MAX_FACES]
        marks = [(box, self.landmarks(pixels, box)) for box in boxes]
        marks = [(box, points) for box, points in marks if plausible(box, points)]
        if not marks:
            return Refusal(Reason.NO_FACE)
        marks = [(box, points) for box, points in marks if eye_distance(points) * picture.scale >= MIN_EYE_DISTANCE_PX]
        if not marks:
            return Refusal(Reason.FACE_TOO_SMALL)
        embeddings = self.embed(np.stack([chips(pixels, points) for _, points in marks]))
        found = [
            (Face(_scaled(box, picture.scale, picture.size), embedding), points)
            for (box, points), embedding in zip(marks, embeddings, strict=True)
            if EMBEDDING_NORM[0] <= float(np.linalg.norm(embedding)) <= EMBEDDING_NORM[1]  # false for NaN as well
        ]
        return found or Refusal(Reason.NO_FACE)

    def detect(self, image: Image.Image) -> list[Box]:
        """Boxes in px of `image`, by quick passes over small copies, then the full one unless they show a selfie."""
        seen: list[Box] = []
        boxes: list[Box] = []
        seen_px = 0
        for side_px, prominent in QUICK_PASSES:
            if seen_px < max(image.size):  # the pass before was not at full size
                boxes = self.scan(image, side_px, 0)
            seen_px = side_px
            if len(boxes) == 1 and _width(boxes[0]) >= prominent * min(image.size):
                return boxes
            seen = boxes + seen
        return distinct(self.scan(image, *FULL_PASS) + seen)

    def scan(self, image: Image.Image, side_px: int, upsample: int) -> list[Box]:
        """Boxes in px of `image`, by one pass over a copy with that longest side, upsampled that many times."""
        shrink = min(1.0, side_px / max(image.size))
        if shrink < 1:
            size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
            image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.1)  # mostly by integer factors
        rectangles = self._detector(np.ascontiguousarray(image, dtype=np.uint8), upsample)
        return [tuple(round(edge / shrink) for edge in (r.left(), r.top(), r.right(), r.bottom())) for r in rectangles]

    def landmarks(self, pixels: Pixels, box: Box) -> Landmarks:
        """The corners of both eyes and the nose, float64 (5, 2) x and y in px."""
        shape = self._landmarks(pixels, dlib.rectangle(*box))
        return np.array([(point.x, point.y) for point in shape.parts()], dtype=np.float64)

    def embed(self, chips: Pixels) -> npt.NDArray[np.float32]:
        """Embeddings float32 (n, 128) of chips uint8 (n, c, 150, 150, 3): means over c chips and their mirrors."""
        n, c = chips.shape[:2]
        crops = np.concatenate([chips, chips[:, :, :, ::-1]], axis=1).reshape(n * 2 * c, CHIP_PX, CHIP_PX, 3)
        embeddings = np.concatenate([self.run(crops[i : i + MAX_BATCH]) for i in range(0, len(crops), MAX_BATCH)])
        mean: npt.NDArray[np.float32] = embeddings.reshape(n, 2 * c, -1).mean(axis=1)
        return mean

    def run(self, chips: Pixels) -> npt.NDArray[np.float32]:
        """The network alone: chips uint8 (n, 150, 150, 3) -> float32 (n, 128), equal to dlib's within 1e-5."""
        embeddings: npt.NDArray[np.float32] = self._network.run(None, {"chips": chips})[0]
        return embeddings


def chips(pixels: Pixels, points: Landmarks) -> Pixels:
    """The aligned face, uint8 (paddings, 150, 150, 3), cut by dlib's get_face_chip."""
    rectangle = dlib.rectangle(0, 0, 1, 1)  # unused: the chip follows the points
    shape = dlib.full_object_detection(rectangle, [dlib.point(round(x), round(y)) for x, y in points])
    return np.stack([dlib.get_face_chip(pixels, shape, size=CHIP_PX, padding=padding) for padding in CHIP_PADDINGS])


def eye_distance(points: Landmarks) -> float:
    """Distance in px between the centres of the eyes."""
    return float(np.linalg.norm(points[0:2].mean(axis=0) - points[2:4].mean(axis=0)))


def same_eyes(one: Landmarks, other: Landmarks) -> bool:
    """Whether two sets of landmarks are of one face: their centres between the eyes are nearer than an eye distance."""
    apart = np.linalg.norm(one[0:4].mean(axis=0) - other[0:4].mean(axis=0))
    return bool(apart < max(eye_distance(one), eye_distance(other)))


def nose(points: Landmarks) -> tuple[float, float]:
    """Position of the nose relative to the middle between the eyes: sideways and down, in eye distances."""
    left_eye, right_eye = points[2:4].mean(axis=0), points[0:2].mean(axis=0)
    apart = eye_distance(points)
    along = (right_eye - left_eye) / apart
    aside, below = (points[4] - (left_eye + right_eye) / 2) @ np.array([along, (-along[1], along[0])]).T / apart
    return float(aside), float(below)


def pose(points: Landmarks) -> tuple[float, float]:
    """Tilt of the line through the eyes in degrees, sideways offset of the nose in eye distances; both unsigned."""
    across, down = points[0:2].mean(axis=0) - points[2:4].mean(axis=0)
    return float(abs(np.degrees(np.arctan2(down, across)))), abs(nose(points)[0])


def plausible(box: Box, points: Landmarks) -> bool:
    """Whether five landmarks are in the proportions of a real face in that box."""
    if not np.isfinite(points).all() or _width(box) <= 0:
        return False
    apart = eye_distance(points)
    if not apart > 0:
        return False
    aside, below = nose(points)
    return bool(
        EYES_PER_BOX[0] <= apart / _width(box) <= EYES_PER_BOX[1]
        and NOSE_BELOW_EYES[0] <= below <= NOSE_BELOW_EYES[1]
        and abs(aside) <= NOSE_ASIDE
    )


def distinct(boxes: list[Box]) -> list[Box]:
    """The boxes without those that overlap an earlier one."""
    kept: list[Box] = []
    for box in boxes:
        if all(overlap(box, other) < SAME_FACE_IOU for other in kept):
            kept.append(box)
    return kept


def main_first(boxes: list[Box], size: tuple[int, int]) -> list[Box]:
    """Boxes in a picture of that size (width, height), sorted by size and centrality."""
    return sorted(boxes, key=lambda box: _prominence(box, size), reverse=True)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0..1."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0, width) * max(0, height)
    return shared / (_area(a) + _area(b) - shared)


def _width(box: Box) -> int:
    return box[2] - box[0]


def _area(box: Box) -> int:
    return _width(box) * (box[3] - box[1])


def _prominence(box: Box, size: tuple[int, int]) -> float:
    """Area, weighted from 1 in the middle to 0 in a corner: the main face is large and central."""
    centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2
    off_centre = np.linalg.norm(centre / size - 0.5) / np.sqrt(0.5)  # 0 in the middle, 1 in a corner
    return float(_area(box) * (1 - off_centre))


def _upsampled(side_px: int) -> tuple[int, int]:
    """Arguments of a pass that upsamples once to about that longest side, at most the full pass."""
    return min(side_px // 2, FULL_PASS[0]), 1


def _scaled(box: Box, scale: float, size: tuple[int, int]) -> Box:
    """The box in px of the original, clipped to the picture."""
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return max(0, left), max(0, top), min(size[0], right), min(size[1], bottom)


def _load_network(path: Path) -> Any:
    """The network as an ONNX Runtime session.

    Since 1.29 importing ONNX Runtime starts a telemetry thread, unless this variable is set before (its Privacy.md,
    "Disabling Telemetry").
    """
    _check(path, MODEL_SHA256)
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one worker per core already
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _check(path: Path, sha256: str) -> None:
    """ModelError unless the file has this SHA-256."""
    if not path.is_file():
        raise ModelError(f"model file {path} is missing: run `make setup`")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise ModelError(f"model file {path} is damaged: its SHA-256 is not {sha256}; delete it and run `make setup`")
