"""Faces that the HOG detector alone does not see, and what must not be taken for a face."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face, Refusal
from tests.faces.test_finder import png

SAME_PERSON = 0.6  # dlib's distance, face_recognition.py


@pytest.fixture(scope="module")
def portrait(shared_faces: Path) -> Image.Image:
    photo = sorted((shared_faces / "strangers").iterdir())[3]
    return Image.open(photo).convert("RGB").resize((750, 750), Image.Resampling.BICUBIC)


def only_face(faces: FaceFinder, image: Image.Image) -> Face:
    found = faces.find(png(image))
    assert not isinstance(found, Refusal)
    return found[0]


@pytest.mark.parametrize("degrees", [45, -45, 90, 180, 270])
def test_a_turned_face_is_found_and_is_the_same(faces: FaceFinder, portrait: Image.Image, degrees: int) -> None:
    upright = only_face(faces, portrait)
    face = only_face(faces, portrait.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(90, 90, 90)))

    assert np.linalg.norm(face.embedding - upright.embedding) < SAME_PERSON


@pytest.mark.parametrize(("degrees", "turn"), [(0, 0), (90, 270), (180, 180), (270, 90)])
def test_the_turn_makes_the_photo_upright_and_the_box_is_in_it(
    faces: FaceFinder, portrait: Image.Image, degrees: int, turn: int
) -> None:
    wide = portrait.crop((0, 60, 750, 690))
    upright = only_face(faces, wide)
    face = only_face(faces, wide.rotate(degrees, expand=True))

    assert face.turn == turn
    np.testing.assert_allclose(face.box, upright.box, rtol=0, atol=40)


def test_a_chin_upside_down_is_no_face(faces: FaceFinder, portrait: Image.Image) -> None:
    left, top, right, bottom = only_face(faces, portrait).box
    chin = portrait.crop((left, (top + bottom) // 2 + 20, right, min(750, bottom + 60))).rotate(180)

    assert isinstance(faces.find(png(chin.resize((600, 600)))), Refusal)


def test_a_blurred_wall_is_no_face(faces: FaceFinder) -> None:
    noise = Image.fromarray(np.random.default_rng(8).integers(0, 256, (600, 800, 3), np.uint8))

    assert isinstance(faces.find(png(noise.filter(ImageFilter.GaussianBlur(12)))), Refusal)
