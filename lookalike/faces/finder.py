"""Finds the faces of a photo, each with box and embedding; runs in worker processes.

    detect (detection.py) -> 5 landmarks -> aligned 150 px chips -> ResNet (ONNX Runtime) -> (128,)

dlib computes an embedding from any input without an error, so boxes, landmarks and embeddings are checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import dlib
import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.core.paths import MODELS_DIR
from lookalike.faces.decoding import Picture, Pixels, decode
from lookalike.faces.detection import FULL_PASS, FaceDetector, brightness, lit, main_first, width
from lookalike.faces.dlib_weights import model_file
from lookalike.faces.mmod_detector import MmodDetector
from lookalike.faces.onnx_network import check_model, load_network
from lookalike.faces.quality import doubt, texture, why_nobody
from lookalike.faces.types import (
    CHIP_PX,
    DETECTION_ONNX_SHA256,
    MODEL_SHA256,
    Box,
    Embedding,
    Eyes,
    Face,
    MeasuredFace,
    Reason,
    Refusal,
)

Landmarks = npt.NDArray[np.float64]  # (5, 2) x, y: two corners of each eye, then the nose

ONNX_NAME, DETECTION_ONNX_NAME = "dlib_face_recognition.onnx", "dlib_face_detection.onnx"
LANDMARKS_NAME = "shape_predictor_5_face_landmarks.dat"
LANDMARKS_SHA256 = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"

# Margin around the face, as a fraction of the chip's side, of each crop; the embedding is the mean over the crops and
# their mirror images. 0.25 is that of dlib's compute_face_descriptor. 0.20 to 0.30 name as many right within the
# noise, and so do two or five crops; without the mirror image it is fewer (bench/settings.py).
CHIP_PADDINGS: tuple[float, ...] = (0.25,)

MAX_BATCH = 16  # chips in one run of the network: bounds memory in a crowd, and more gains nothing
MAX_FACES = 32  # of one photo are answered: the time of a photo stays bounded
LEVEL_FROM_DEG = 25.0  # tilt from which landmarks are looked for again on a copy that is turned level
LEVEL_TURNS = 2  # times: the first estimate on a face at 45 degrees may be 20 off

# A gallery photo with a second face of at least half the main one's eye distance may be labelled with the wrong person;
# smaller faces are in the background. (Box widths are too coarse: for one face they differ by a third between passes.)
OTHER_FACE = 0.5
DETECTOR_EYES_PX = 30.0  # eye distance of the smallest face that dlib's HOG detector finds, 80 px wide

MIN_EYE_DISTANCE_PX = 10.0  # between the eyes' centres, in the original; fewer are too few to compare
# Ranges of real faces, with a margin: measured on 382 faces of LFW and of group photos (bench/landmarks.py).
EYES_PER_BOX = (0.20, 0.60)  # eye distance / box width; seen 0.27-0.49
NOSE_BELOW_EYES = (0.30, 1.30)  # in eye distances; seen 0.45-1.13
NOSE_ASIDE = 0.60  # in eye distances; seen up to 0.44
EMBEDDING_NORM = (1.0, 2.0)  # seen 1.23-1.62


@dataclass(frozen=True, eq=False)
class Found:
    """The faces of a picture with landmarks in px of its image, the main one first; the picture upright.

    `lit`: the same picture as the faces were found in it, brightened if it is dark.
    """

    picture: Picture
    lit: Picture
    faces: list[tuple[Face, Landmarks]]


class FaceFinder:
    """dlib's detector and landmarks and the ONNX network, loaded once per process; not thread-safe."""

    def __init__(self, models: Path = MODELS_DIR) -> None:
        landmarks = model_file(LANDMARKS_NAME)
        check_model(landmarks, LANDMARKS_SHA256)
        self._network = load_network(models / ONNX_NAME, MODEL_SHA256)
        self._landmarks = dlib.shape_predictor(str(landmarks))
        self.detector = FaceDetector(MmodDetector(load_network(models / DETECTION_ONNX_NAME, DETECTION_ONNX_SHA256)))

    def find(self, photo: bytes) -> tuple[Face, ...] | Refusal:
        """The faces of an encoded photo, the main one (large and central) first; or why there is none."""
        picture = decode(photo)
        found = picture if isinstance(picture, Refusal) else self.find_in(picture)
        return found if isinstance(found, Refusal) else tuple(face for face, _ in found.faces)

    def inspect(self, photo: bytes) -> MeasuredFace | Refusal:
        """The main face of an encoded photo, the first one of `find`, with the measures of its quality."""
        picture = decode(photo)
        if isinstance(picture, Refusal):
            return picture
        found = self.find_in(picture)
        return found if isinstance(found, Refusal) else self.measured(found)

    def measured(self, found: Found) -> MeasuredFace:
        """The main face of a picture with the measures of its quality."""
        (face, points), picture = found.faces[0], found.lit
        pixels = picture.pixels()
        tilt_deg, turn = pose(points)
        box = np.array(face.box, dtype=np.float64).reshape(2, 2)
        left, top, right, bottom = (round(edge) for edge in turned_back(box, face.turn, picture.size).ravel())
        eyes = np.array(eyes_of(points, picture.scale)).reshape(2, 2)
        x_left, y_left, x_right, y_right = turned_back(eyes, face.turn, picture.size).ravel().tolist()
        return MeasuredFace(
            embedding=face.embedding,
            box=(min(left, right), min(top, bottom), max(left, right), max(top, bottom)),
            eyes=(x_left, y_left, x_right, y_right),
            faces=1 + self._others(picture, points),
            eyes_px=eye_distance(points) * picture.scale,
            tilt_deg=tilt_deg,
            turn=turn,
            **texture(chips(pixels, points)[0]),
        )

    def _others(self, picture: Picture, main: Landmarks) -> int:
        """How many other faces have OTHER_FACE of the main one's eye distance or more; `detect` may miss them."""
        image, pixels = picture.image, picture.pixels()
        least_px = OTHER_FACE * eye_distance(main)
        side_px = round(max(image.size) * DETECTOR_EYES_PX / least_px)  # to detect the smallest
        size = (side_px, 0) if side_px <= max(image.size) else (min(side_px // 2, FULL_PASS[0]), 1)
        marks = [(box, self.landmarks(pixels, box)) for box, _ in self.detector.scan(image, *size)]
        return sum(
            plausible(box, points) and eye_distance(points) >= least_px and not same_eyes(points, main)
            for box, points in marks
        )

    def find_in(self, picture: Picture) -> Found | Refusal:
        """The faces of a decoded photo with their landmarks, or why there is none."""
        light = brightness(picture.image)
        seen = Picture(lit(picture.image, light), picture.size)
        detection = self.detector.detect(seen.image)
        picture, seen = picture.turned(detection.turn), seen.turned(detection.turn)
        pixels = seen.pixels()
        boxes = main_first(detection.boxes, picture.image.size)[:MAX_FACES]
        marks = [(box, self.level_landmarks(pixels, box)) for box in boxes]
        marks = [(box, points) for box, points in marks if plausible(box, points)]
        if not marks:
            return Refusal(why_nobody(picture.image, light))
        marks = [(box, points) for box, points in marks if eye_distance(points) * picture.scale >= MIN_EYE_DISTANCE_PX]
        if not marks:
            return Refusal(Reason.FACE_TOO_SMALL)
        cut = np.stack([chips(pixels, points) for _, points in marks])
        embeddings = self.embed(cut)
        found = [
            (_face(box, points, embedding, detection.turn, picture), points)
            for (box, points), embedding in zip(marks, embeddings, strict=True)
            if EMBEDDING_NORM[0] <= float(np.linalg.norm(embedding)) <= EMBEDDING_NORM[1]  # false for NaN as well
        ]
        if not found:
            return Refusal(Reason.NO_FACE)
        main, points = found[0]
        uncertain = doubt(cut[0, 0], CHIP_PADDINGS[0], pose(points)[1], light)
        return Found(picture, seen, [(replace(main, doubt=uncertain), points), *found[1:]])

    def level_landmarks(self, pixels: Pixels, box: Box) -> Landmarks:
        """`landmarks`, looked for again on a copy turned level where the face is tilted: the predictor knows 30°."""
        points = self.landmarks(pixels, box)
        for _ in range(LEVEL_TURNS):
            tilt = _tilt(points)
            if not LEVEL_FROM_DEG <= abs(np.degrees(tilt)) <= 90.0:
                break
            points = self._level(pixels, box, tilt)
        return points

    def _level(self, pixels: Pixels, box: Box, tilt: float) -> Landmarks:
        """Landmarks of a face that is tilted by so many radians, found on a copy of it that is turned back."""
        side = width(box)
        centre = np.array([box[0] + box[2], box[1] + box[3]]) / 2
        turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])  # level -> tilted
        corner = centre - turn @ (side, side)
        across, down = turn @ (1, 0), turn @ (0, 1)
        affine = (across[0], down[0], corner[0], across[1], down[1], corner[1])
        level = Image.fromarray(pixels).transform(
            (2 * side, 2 * side), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR
        )
        half = side // 2
        found = self.landmarks(np.asarray(level), (half, half, half + side, half + side))
        points: Landmarks = found @ turn.T + corner
        return points

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


def chips(pixels: Pixels, points: Landmarks, paddings: Sequence[float] = CHIP_PADDINGS) -> Pixels:
    """The aligned face, uint8 (paddings, 150, 150, 3), cut by dlib's get_face_chip."""
    rectangle = dlib.rectangle(0, 0, 1, 1)  # unused: the chip follows the points
    shape = dlib.full_object_detection(rectangle, [dlib.point(round(x), round(y)) for x, y in points])
    return np.stack([dlib.get_face_chip(pixels, shape, size=CHIP_PX, padding=padding) for padding in paddings])


def eye_distance(points: Landmarks) -> float:
    """Distance in px between the centres of the eyes."""
    return float(np.linalg.norm(points[0:2].mean(axis=0) - points[2:4].mean(axis=0)))


def eyes_of(points: Landmarks, scale: float) -> Eyes:
    """The centres of the eyes, the left one first, in px of a picture that is so many times larger."""
    x_left, y_left, x_right, y_right = (np.stack([points[2:4].mean(axis=0), points[0:2].mean(axis=0)]) * scale).ravel()
    return float(x_left), float(y_left), float(x_right), float(y_right)


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
    return float(abs(np.degrees(_tilt(points)))), abs(nose(points)[0])


def _tilt(points: Landmarks) -> float:
    """Angle of the line through the eyes in radians, positive where the picture's right eye is lower."""
    across, down = points[0:2].mean(axis=0) - points[2:4].mean(axis=0)
    return float(np.arctan2(down, across))


def plausible(box: Box, points: Landmarks) -> bool:
    """Whether five landmarks are in the proportions of a real face in that box."""
    if not np.isfinite(points).all() or width(box) <= 0:
        return False
    apart = eye_distance(points)
    if not apart > 0:
        return False
    aside, below = nose(points)
    return bool(
        EYES_PER_BOX[0] <= apart / width(box) <= EYES_PER_BOX[1]
        and NOSE_BELOW_EYES[0] <= below <= NOSE_BELOW_EYES[1]
        and abs(aside) <= NOSE_ASIDE
    )


def turned_back(points: Landmarks, turn: int, size: tuple[int, int]) -> Landmarks:
    """Points (p, 2) x, y of a picture of that size that was turned counter-clockwise, as they lay before the turn."""
    x, y, (width_px, height_px) = points[:, 0], points[:, 1], size
    before = {0: (x, y), 90: (height_px - y, x), 180: (width_px - x, height_px - y), 270: (y, width_px - x)}
    return np.column_stack(before[turn])


def _face(box: Box, points: Landmarks, embedding: Embedding, turn: int, picture: Picture) -> Face:
    """A face that was found in the image of an upright picture, in px of the original."""
    return Face(_scaled(box, picture.scale, picture.size), embedding, turn, eyes=eyes_of(points, picture.scale))


def _scaled(box: Box, scale: float, size: tuple[int, int]) -> Box:
    """The box in px of the original, clipped to the picture."""
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return max(0, left), max(0, top), min(size[0], right), min(size[1], bottom)
