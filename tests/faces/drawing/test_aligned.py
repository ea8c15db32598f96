"""Faces cut with their eyes level and at one place; no black where the photo ends."""

import numpy as np
import pytest
from PIL import Image

from lookalike.faces.decoding import Picture
from lookalike.faces.drawing.aligned import EYES_SHARE, MAX_ZOOM, align, room_for
from lookalike.faces.drawing.portrait import EYES_TOP
from lookalike.faces.finder import FaceFinder
from lookalike.faces.types import Face
from tests.faces.drawing.conftest import cut, found

GREEN = (30, 160, 60)
SIDE = 200


@pytest.mark.parametrize("degrees", [-20, 0, 25])
def test_the_eyes_of_a_tilted_face_are_level_and_where_they_are_said_to_be(
    scene: Image.Image, faces: FaceFinder, degrees: float
) -> None:
    tilted = scene.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="grey")
    one = cut(tilted, found(tilted, faces))
    again = found(one.image, faces).eyes

    assert again is not None
    apart = one.eyes[2] - one.eyes[0]
    assert one.eyes[1] == one.eyes[3] == pytest.approx(EYES_TOP * one.image.height)
    np.testing.assert_allclose(again, one.eyes, atol=0.12 * apart)


def test_eyes_are_so_far_apart_whatever_the_size_of_the_photo() -> None:
    for scale in (1, 3):
        image = Image.new("RGB", (400 * scale, 400 * scale), GREEN)
        eyes = (150.0 * scale, 180.0 * scale, 210.0 * scale, 180.0 * scale)
        one = align(Picture(image, image.size), (120 * scale, 120 * scale, 240 * scale, 240 * scale), eyes, SIDE)
        assert one.eyes[2] - one.eyes[0] == pytest.approx(EYES_SHARE * SIDE)


def test_beyond_the_photo_its_colours_go_on() -> None:
    image = Image.new("RGB", (120, 120), GREEN)
    one = align(Picture(image, image.size), (10, 10, 110, 110), (40.0, 50.0, 80.0, 50.0), SIDE)

    np.testing.assert_allclose(np.asarray(one.image).reshape(-1, 3), np.tile(GREEN, (SIDE * SIDE, 1)), atol=3)


def test_a_face_whose_eyes_are_outside_the_photo_is_cut_too() -> None:
    image = Image.new("RGB", (60, 60), GREEN)

    assert align(Picture(image, image.size), (-400, -400, -300, -300), (-380.0, -370.0, -330.0, -370.0), SIDE)


def test_a_photo_without_room_is_cut_more_closely_and_one_with_room_is_not(scene: Image.Image, face: Face) -> None:
    assert face.eyes
    assert room_for(Picture(scene, scene.size), face.box, face.eyes) == 1
    left, top, right, bottom = face.box
    close = scene.crop(face.box)
    eyes = (face.eyes[0] - left, face.eyes[1] - top, face.eyes[2] - left, face.eyes[3] - top)

    assert room_for(Picture(close, close.size), (0, 0, right - left, bottom - top), eyes) == MAX_ZOOM
