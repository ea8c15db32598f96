"""The points of a face, by the real network, on a real face."""

import hashlib

import numpy as np
import pytest
from PIL import Image

from lookalike.core.errors import ModelError
from lookalike.core.paths import MESH_DIR
from lookalike.faces.drawing.face_mesh import LEFT_EYE, POINTS, RIGHT_EYE, SHA256, mesh
from lookalike.faces.onnx_network import load_network
from lookalike.faces.types import Face


def test_the_points_of_the_eyes_are_where_dlib_sees_them(scene: Image.Image, face: Face) -> None:
    assert face.eyes
    points = mesh(scene, face.eyes)

    assert points is not None
    assert points.shape == (POINTS, 2)
    apart = face.eyes[2] - face.eyes[0]
    eyes = [points[list(corners)].mean(axis=0) for corners in (LEFT_EYE, RIGHT_EYE)]
    np.testing.assert_allclose(np.concatenate(eyes), face.eyes, atol=0.1 * apart)


@pytest.mark.parametrize("degrees", [-30, 20])
def test_points_turn_with_the_photo(scene: Image.Image, face: Face, degrees: float) -> None:
    assert face.eyes
    upright = mesh(scene, face.eyes)
    middle, angle = np.array(scene.size) / 2, np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])  # as Pillow, y down
    eyes = ((np.array(face.eyes).reshape(2, 2) - middle) @ turn + middle).ravel()
    turned = mesh(scene.rotate(degrees, Image.Resampling.BICUBIC), (eyes[0], eyes[1], eyes[2], eyes[3]))

    assert upright is not None
    assert turned is not None
    apart = face.eyes[2] - face.eyes[0]
    assert np.linalg.norm(turned - ((upright - middle) @ turn + middle), axis=1).mean() < 0.06 * apart


def test_where_there_is_no_face_there_are_no_points(scene: Image.Image) -> None:
    assert mesh(Image.new("RGB", scene.size, "grey"), (200, 200, 250, 200)) is None


def test_eyes_at_one_place_are_no_error(scene: Image.Image) -> None:
    assert mesh(scene, (200, 200, 200, 200)) is None


def test_a_network_that_is_not_the_pinned_one_is_refused() -> None:
    file = MESH_DIR / "face_landmark.onnx"

    assert hashlib.sha256(file.read_bytes()).hexdigest() == SHA256
    with pytest.raises(ModelError, match="SHA-256"):
        load_network(file, "0" * 64)
