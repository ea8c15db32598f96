"""468 points of a face, by Google's MediaPipe Face Mesh: where brows, eyes, nose, lips and jaw are.

Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019; the network is under
the Apache License 2.0 (assets/face_mesh/LICENSE.txt, made by convert.py there). 4 ms a pass. It is loaded when it is
first needed: 12 MB that most workers never use.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from lookalike.core.paths import MESH_DIR
from lookalike.faces.onnx_network import load_network
from lookalike.faces.types import Eyes

SHA256 = "057ca7cba0dd9b9221352601ebffcfddbc0b232290ec94326a824052965b280f"
SIDE_PX = 192  # of the network's picture
POINTS = 468
LEFT_EYE, RIGHT_EYE = (33, 133), (362, 263)  # corners of the eye that is left in the picture, and of the other
FIRST_SIDE, FIRST_BELOW = 3.4, 0.4  # of the first part looked at, in distances of the eyes: its side, and its middle
MARGIN = 1.5  # of the part's side beyond the face, as MediaPipe cuts it
PASSES = 2  # the second one looks where the first has found the face
SURE = 0.5  # probability that there is a face, as MediaPipe's min_tracking_confidence

Points = npt.NDArray[np.float64]  # (n, 2) x, y


def mesh(image: Image.Image, eyes: Eyes) -> Points | None:
    """The points (468, 2) of the face with these eyes, in px of an RGB image; None if there is no face."""
    left, right = np.array(eyes[:2]), np.array(eyes[2:])
    across = right - left
    down = np.array([-across[1], across[0]])
    middle, side = (left + right) / 2 + FIRST_BELOW * down, FIRST_SIDE * float(np.linalg.norm(across))
    for _ in range(PASSES):
        found = _points(image, middle, side, across)
        if found is None:
            return None
        across = found[list(RIGHT_EYE)].mean(axis=0) - found[list(LEFT_EYE)].mean(axis=0)
        axes = _axes(across)
        turned = found @ axes.T
        low, high = turned.min(axis=0), turned.max(axis=0)
        middle, side = (low + high) / 2 @ axes, MARGIN * float((high - low).max())
    return found


def _axes(across: Points) -> Points:
    """The unit vectors (2, 2) across and down a face."""
    x, y = across / max(float(np.linalg.norm(across)), 1e-9)
    return np.array([[x, y], [-y, x]])


def _points(image: Image.Image, middle: Points, side: float, across: Points) -> Points | None:
    """The points of the face in a square part of the image, turned so that `across` is level."""
    axes = _axes(across) * side / SIDE_PX
    corner = middle - axes.sum(axis=0) * SIDE_PX / 2
    (a, d), (b, e) = axes.tolist()
    affine = (a, b, float(corner[0]), d, e, float(corner[1]))
    part = image.transform((SIDE_PX, SIDE_PX), Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR)
    points, score = _network().run(None, {"input_1": np.asarray(part, dtype=np.float32)[None] / 255})
    if 1 / (1 + math.exp(-float(score.item()))) < SURE:
        return None
    flat = points.reshape(POINTS, 3)[:, :2].astype(np.float64)
    return np.asarray(flat @ axes + corner)


@functools.cache
def _network() -> Any:
    return load_network(MESH_DIR / "face_landmark.onnx", SHA256)
